use proptest::prelude::*;

use super::challenge::{Challenge, Hash};
use super::*;

fn digest(header: &str) -> Challenge {
    match choose([header]) {
        Some(Scheme::Digest(challenge)) => challenge,
        other => panic!("{other:?}"),
    }
}

fn answer(header: &str, user: &str, password: &str, client_nonce: &str, target: &str) -> String {
    let mut session = Session::with_client_nonce(digest(header), user, password, client_nonce);
    session.authorize("GET", target)
}

/// RFC 7616 §3.9.1, both algorithms.
#[test]
fn the_vectors_of_rfc_7616_come_out() {
    let rest = r#"realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#;
    let client_nonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    for (algorithm, response) in [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ] {
        let header = format!("Digest {rest}, algorithm={algorithm}");
        let told = answer(&header, "Mufasa", "Circle of Life", client_nonce, "/dir/index.html");
        assert!(told.contains(&format!("response=\"{response}\"")), "{told}");
        assert!(told.contains("nc=00000001") && told.contains(&format!("algorithm={algorithm}")), "{told}");
    }
}

/// RFC 2617 §3.5 with qop, and RFC 2069's form without.
#[test]
fn older_forms_come_out_too() {
    let nonce = r#"Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41""#;
    let with = format!("{nonce}, qop=\"auth,auth-int\"");
    let told = answer(&with, "Mufasa", "Circle Of Life", "0a4f113b", "/dir/index.html");
    assert!(told.contains("response=\"6629fae49393a05397450978507c4ef1\""), "{told}");
    let told = answer(nonce, "Mufasa", "CircleOfLife", "", "/dir/index.html");
    assert!(told.contains("response=\"1949323746fe6a43ef61f9606e7febea\""), "{told}");
    assert!(!told.contains("qop") && !told.contains("algorithm"), "{told}");
}

#[test]
fn a_session_hash_is_bound_to_the_nonce() {
    let header = r#"Digest realm="r", nonce="n", qop="auth", algorithm=MD5-sess"#;
    // H(H(H(u:r:p):n:c):n:00000001:c:auth:H(GET:/x)), worked out with md5sum.
    let told = answer(header, "u", "p", "c", "/x");
    let inner = md5_hex("u:r:p");
    let secret = md5_hex(&format!("{inner}:n:c"));
    let expected = md5_hex(&format!("{secret}:n:00000001:c:auth:{}", md5_hex("GET:/x")));
    assert!(told.contains(&format!("response=\"{expected}\"")), "{told}");
}

fn md5_hex(text: &str) -> String {
    use md5::Digest as _;
    hex::encode(md5::Md5::digest(text.as_bytes()))
}

#[test]
fn a_cameras_challenge_is_read() {
    let header = r#"Digest qop="auth", realm="IP Camera(83813)", nonce="4e6a4d344d6a46684e446b364d6a", stale="FALSE""#;
    let challenge = digest(header);
    assert_eq!((challenge.realm.as_str(), challenge.hash, challenge.stale), ("IP Camera(83813)", Hash::Md5, false));
    assert_eq!((challenge.algorithm, challenge.opaque, challenge.qop_auth), (None, None, true));
    assert!(digest(r#"digest realm="x",nonce="y",stale=TRUE"#).stale);
    let odd = digest(
        r#"Digest realm="DVR \"1\"", domain="::", qop="auth", nonce="a,b=c", opaque="", algorithm="MD5", stale="FALSE""#,
    );
    assert_eq!((odd.realm.as_str(), odd.nonce.as_str(), odd.opaque.as_deref()), (r#"DVR \"1\""#, "a,b=c", Some("")));
}

#[test]
fn the_best_of_several_challenges_is_taken() {
    let md5 = r#"Digest realm="r", nonce="1", algorithm=MD5, qop="auth""#;
    let sha = r#"Digest realm="r", nonce="2", algorithm=SHA-256, qop="auth""#;
    let basic = r#"Basic realm="r""#;
    let both = format!("{basic}, {md5}, {sha}");
    for offered in [vec![md5, sha, basic], vec![sha, md5], vec![both.as_str()]] {
        let Some(Scheme::Digest(challenge)) = choose(offered) else { panic!("digest") };
        assert_eq!(challenge.nonce, "2");
    }
    assert_eq!(choose([basic]), Some(Scheme::Basic));
    // A digest we cannot answer is no reason to send the password in clear.
    assert_eq!(choose([r#"Digest realm="r", nonce="1", algorithm=SHA-512-256"#, basic]), None);
    assert_eq!(choose([r#"Digest realm="r", nonce="1", qop="auth-int""#]), None);
    assert_eq!(choose([r#"Bearer realm="r""#, ""]), None);
}

#[test]
fn the_nonce_is_counted_and_the_user_name_escaped() {
    let challenge = digest(r#"Digest realm="r", nonce="n", qop="auth""#);
    let mut session = Session::new(challenge, r#"a"b\c"#, "p");
    for count in 1..=17_u32 {
        let told = session.authorize("GET", "/x");
        assert!(told.contains(&format!("nc={count:08x},")), "{told}");
        assert!(told.starts_with(r#"Digest username="a\"b\\c", realm="#), "{told}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn any_header_is_read_or_refused(header in "(Digest|Basic|[a-z=\", \\\\]){0,12}|.{0,200}") {
        if let Some(Scheme::Digest(challenge)) = choose([header.as_str()]) {
            let told = Session::new(challenge, "user", "password").authorize("GET", "/ISAPI/System/status");
            prop_assert!(told.starts_with("Digest username="));
            prop_assert!(!told.contains("password"));
        }
    }

    #[test]
    fn a_challenge_written_is_the_challenge_read(
        realm in "[A-Za-z0-9 ()@._-]{0,30}", nonce in "[A-Za-z0-9+/=]{1,60}", opaque in proptest::option::of("[a-f0-9]{0,20}"),
        sha in any::<bool>(), stale in any::<bool>(), gap in "(,|, | ,  )",
    ) {
        let algorithm = if sha { "SHA-256" } else { "MD5" };
        let word = if stale { "TRUE" } else { "FALSE" };
        let mut parts = vec![format!("realm=\"{realm}\""), format!("nonce=\"{nonce}\""), format!("algorithm={algorithm}"), format!("stale=\"{word}\"")];
        parts.extend(opaque.iter().map(|opaque| format!("opaque=\"{opaque}\"")));
        let read = digest(&format!("Digest {}", parts.join(&gap)));
        prop_assert_eq!((read.realm, read.nonce, read.opaque), (realm, nonce, opaque));
        prop_assert_eq!((read.hash == Hash::Sha256, read.stale), (sha, stale));
    }
}
