//! The door against answers worked out here from RFC 7616, step by step.

use super::*;

const TARGET: &str = "/ISAPI/System/deviceInfo";

fn door(scheme: LoginScheme) -> Door {
    Door::new(scheme, "IP Camera(12345)".to_owned(), "admin", "right-1234", Duration::from_secs(5 * 60))
}

fn nonce_of(challenge: &str) -> String {
    challenge.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

fn answer(password: &str, nonce: &str, nc: &str) -> String {
    let user = hex::encode(md5::Md5::digest(format!("admin:IP Camera(12345):{password}")));
    let request = hex::encode(md5::Md5::digest(format!("GET:{TARGET}")));
    let response = hex::encode(md5::Md5::digest(format!("{user}:{nonce}:{nc}:0a4f113b:auth:{request}")));
    format!(
        "Digest username=\"admin\", realm=\"IP Camera(12345)\", nonce=\"{nonce}\", uri=\"{TARGET}\", \
         response=\"{response}\", qop=auth, nc={nc}, cnonce=\"0a4f113b\""
    )
}

#[test]
fn a_right_answer_opens_and_a_count_is_good_once() {
    let (mut door, now) = (door(LoginScheme::BareMd5), Instant::now());
    let nonce = nonce_of(&door.challenge(false, now));
    let mut ask = |nc: &str| door.check(Some(&answer("right-1234", &nonce, nc)), "GET", TARGET, now);
    assert_eq!(ask("00000001"), Verdict::Accepted);
    assert_eq!(ask("00000001"), Verdict::Challenge { stale: true });
    assert_eq!(ask("00000003"), Verdict::Accepted);
    assert_eq!(ask("00000002"), Verdict::Accepted, "requests may overtake each other");
    assert_eq!(ask("00000002"), Verdict::Challenge { stale: true });
}

#[test]
fn a_right_answer_for_an_old_or_unknown_nonce_is_stale_and_no_wrong_login() {
    let (mut door, now) = (door(LoginScheme::BareMd5), Instant::now());
    let nonce = nonce_of(&door.challenge(false, now));
    let later = now + Duration::from_secs(6 * 60);
    assert_eq!(
        door.check(Some(&answer("right-1234", &nonce, "00000001")), "GET", TARGET, later),
        Verdict::Challenge { stale: true }
    );
    let unknown = "0123456789abcdef0123456789abcdef";
    assert_eq!(
        door.check(Some(&answer("right-1234", unknown, "00000001")), "GET", TARGET, now),
        Verdict::Challenge { stale: true }
    );
    assert_eq!(door.tries_left(), TRIES);
}

#[test]
fn five_wrong_logins_lock_for_thirty_minutes() {
    let (mut door, now) = (door(LoginScheme::BareMd5), Instant::now());
    let nonce = nonce_of(&door.challenge(false, now));
    for nc in 1..=5 {
        let wrong = answer("wrong-1234", &nonce, &format!("{nc:08x}"));
        assert_eq!(door.check(Some(&wrong), "GET", TARGET, now), Verdict::Refused);
    }
    let mut ask = |nc: &str, after: Duration| {
        let at = now + after;
        let nonce = nonce_of(&door.challenge(false, at));
        door.check(Some(&answer("right-1234", &nonce, nc)), "GET", TARGET, at)
    };
    assert_eq!(ask("00000001", Duration::from_secs(1)), Verdict::Locked);
    assert_eq!(ask("00000001", Duration::from_secs(30 * 60 - 1)), Verdict::Locked);
    assert_eq!(ask("00000001", LOCK_TIME), Verdict::Accepted);
}

#[test]
fn a_right_login_forgets_the_wrong_ones_before_it() {
    let (mut door, now) = (door(LoginScheme::Basic), Instant::now());
    for password in ["bad", "bad", "bad", "bad", "right-1234", "bad"] {
        let field = format!("Basic {}", STANDARD.encode(format!("admin:{password}")));
        let expected = if password == "bad" { Verdict::Refused } else { Verdict::Accepted };
        assert_eq!(door.check(Some(&field), "GET", TARGET, now), expected);
    }
    assert_eq!(door.tries_left(), TRIES - 1);
}

#[test]
fn an_answer_to_another_request_is_malformed_and_basic_is_no_login_for_digest() {
    let (mut door, now) = (door(LoginScheme::BareMd5), Instant::now());
    let nonce = nonce_of(&door.challenge(false, now));
    let field = answer("right-1234", &nonce, "00000001");
    assert_eq!(door.check(Some(&field), "GET", "/ISAPI/System/time", now), Verdict::Malformed);
    assert_eq!(door.check(Some("Basic YWRtaW46eA=="), "GET", TARGET, now), Verdict::Challenge { stale: false });
    assert_eq!(door.tries_left(), TRIES);
}

#[test]
fn the_sha_256_offer_is_checked_with_sha_256() {
    let (mut door, now) = (door(LoginScheme::Sha256AndMd5), Instant::now());
    let challenge = door.challenge(false, now);
    assert_eq!(challenge.matches("WWW-Authenticate").count(), 2);
    let nonce = nonce_of(&challenge);
    let user = hex::encode(sha2::Sha256::digest("admin:IP Camera(12345):right-1234"));
    let request = hex::encode(sha2::Sha256::digest(format!("GET:{TARGET}")));
    let response = hex::encode(sha2::Sha256::digest(format!("{user}:{nonce}:00000001:abc:auth:{request}")));
    let field = format!(
        "Digest username=\"admin\",realm=\"IP Camera(12345)\",nonce=\"{nonce}\",uri=\"{TARGET}\",algorithm=SHA-256,\
         response=\"{response}\",qop=auth,nc=00000001,cnonce=\"abc\",opaque=\"{OPAQUE}\""
    );
    assert_eq!(door.check(Some(&field), "GET", TARGET, now), Verdict::Accepted);
}
