use proptest::prelude::*;

use super::*;

const STRICT: AddressPolicy = AddressPolicy { allow_loopback: false, allow_private: true };

/// Every spelling of what must not be dialled that we know of (T8).
const FORBIDDEN: &[&str] = &[
    // this machine, IPv4 and its spellings
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "127.8.9.10",
    "2130706433",
    "0x7f000001",
    "0X7F000001",
    "0x7f.0.0.1",
    "0x7f.0x0.0x0.0x1",
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.01",
    "127.0.0.01",
    "127.00.0.1",
    "127.0.0.0x1",
    "00000177.0.0.1",
    " 127.0.0.1 ",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "camera.localhost",
    "localhost.localdomain",
    "0.0.0.0",
    "0.0.0.0.",
    "0",
    "0.1.2.3",
    "00.0.0.0",
    "0x0",
    // this machine, IPv6
    "::1",
    "[::1]",
    "0:0:0:0:0:0:0:1",
    "0000:0000:0000:0000:0000:0000:0000:0001",
    "::",
    "[::]",
    "0:0:0:0:0:0:0:0",
    "::127.0.0.1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "[::ffff:127.0.0.1]",
    "::ffff:7f00:1",
    "0:0:0:0:0:ffff:7f00:0001",
    "::FFFF:127.0.0.1",
    "::ffff:0:127.0.0.1",
    "::ffff:0.0.0.0",
    "64:ff9b::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2002:7f00:0001::1",
    "2001:0:0:0:0:0:80ff:fffe",
    "fd00::5efe:127.0.0.1",
    "fd00::200:5efe:127.0.0.1",
    // link-local
    "169.254.0.1",
    "169.254.169.253",
    "0xa9fe0001",
    "fe80::1",
    "[fe80::1]",
    "fe80::1%eth0",
    "[fe80::1%25eth0]",
    "fe80::1%1",
    "febf::1",
    "fec0::1",
    "::ffff:169.254.1.1",
    // a zone makes no other address good
    "fd00::1%eth0",
    "::1%lo",
    // metadata
    "169.254.169.254",
    "169.254.169.254.",
    "2852039166",
    "0xa9fea9fe",
    "0xA9.0xFE.0xA9.0xFE",
    "0251.0376.0251.0376",
    "169.254.43518",
    "169.16689662",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "64:ff9b::169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::",
    "fd00:ec2::254",
    "[fd00:ec2::254]",
    "fd00:0ec2:0:0:0:0:0:254",
    "fd20:ce::254",
    "100.100.100.200",
    "::ffff:100.100.100.200",
    "64:ff9b::6464:64c8",
    "168.63.129.16",
    "192.0.0.192",
    "metadata.google.internal",
    "Metadata.Google.Internal.",
    "metadata",
    "instance-data",
    // many, all or nobody
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "240.0.0.1",
    "4294967295",
    "ff02::1",
    "ff05::c",
    "::ffff:224.0.0.1",
    "100::1",
    // private in a spelling that programs read differently
    "192.168.1",
    "192.168.257",
    "3232235777",
    "0xc0a80101",
    "0300.0250.1.1",
    "192.168.001.001",
    "10.1",
    "0xcamera",
    "camera.0x1f",
    "camera.1",
    // no host at all
    "",
    " ",
    ".",
    "..",
    "127.0.0.1..",
    "a..b",
    "[::1",
    "::1]",
    "[]",
    "[127.0.0.1]",
    "256.1.1.1",
    "1.2.3.4.5",
    "192.168.1.10:80",
    "http://127.0.0.1",
    "user@127.0.0.1",
    "127.0.0.1/x",
    "127.0.0.1#x",
    "127.0.0.1?x",
    "127.0.0.1\\x",
    "127。0。0。1",
    "127.0.0.1",
    "①②⑦.0.0.1",
    "local\u{200b}host",
    "127.0.0.1\n",
    "127.0.0.1\0",
    "%31%32%37.0.0.1",
    "-camera",
    "camera-",
    "käfer.example",
];

#[test]
fn every_spelling_of_a_forbidden_address_is_refused() {
    assert!(FORBIDDEN.len() >= 60);
    for text in FORBIDDEN {
        // A line break around an address is cut off; what is left must be refused all the same.
        assert!(STRICT.check_host_text(text).is_err(), "{text:?} is allowed: {:?}", STRICT.check_host_text(text));
    }
}

#[test]
fn what_devices_have_is_allowed() {
    for text in [
        "192.168.1.64",
        "192.168.1.64.",
        "10.0.0.5",
        "172.16.31.9",
        "100.64.0.7",
        "8.8.8.8",
        "203.0.113.9",
        "fd12:3456::64",
        "[fd12:3456::64]",
        "2001:db8::1",
        "::ffff:192.168.1.64",
        "64:ff9b::192.168.1.64",
    ] {
        assert!(matches!(STRICT.check_host_text(text), Ok(Host::Ip(_))), "{text}");
    }
    for text in ["camera.example.com", "Camera.Example.COM.", "nvr", "my_nvr", "xn--kfer-5qa.example", "1a", "3com"] {
        assert!(matches!(STRICT.check_host_text(text), Ok(Host::Name(_))), "{text}");
    }
}

#[test]
fn loopback_is_allowed_only_where_it_is_configured_and_nothing_else_with_it() {
    let open = AddressPolicy { allow_loopback: true, allow_private: true };
    for text in ["127.0.0.1", "127.200.1.1", "::1", "localhost", "::ffff:127.0.0.1"] {
        assert!(open.check_host_text(text).is_ok(), "{text}");
    }
    for text in ["0.0.0.0", "::", "169.254.169.254", "0x7f000001", "127.1", "224.0.0.1", "fe80::1", "100.100.100.200"] {
        assert!(open.check_host_text(text).is_err(), "{text}");
    }
}

#[test]
fn private_ranges_can_be_forbidden() {
    let closed = AddressPolicy { allow_loopback: false, allow_private: false };
    for text in
        ["10.0.0.5", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd12::1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1"]
    {
        assert_eq!(closed.check_host_text(text), Err(AddressRefused::Private), "{text}");
    }
    assert!(closed.check_host_text("8.8.8.8").is_ok());
}

#[tokio::test]
async fn a_name_is_checked_by_the_address_it_resolves_to() {
    // `localhost` is refused by name; allowed by name, its address is still judged.
    let open = AddressPolicy { allow_loopback: true, allow_private: true };
    assert!(open.resolve("localhost", 80).await.unwrap().ip().is_loopback());
    assert_eq!(STRICT.resolve("localhost", 80).await, Err(AddressRefused::Loopback));
    assert_eq!(STRICT.resolve("192.168.7.7", 8000).await.unwrap().to_string(), "192.168.7.7:8000");
    assert_eq!(STRICT.resolve("no-such-name.invalid", 80).await, Err(AddressRefused::NotResolved));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn any_text_is_read_without_a_panic_and_an_address_is_never_a_name(text in "[0-9a-fA-Fx:.%\\[\\]]{0,40}|.{0,40}") {
        if let Ok(Host::Name(name)) = STRICT.check_host_text(&text) {
            prop_assert!(name.parse::<std::net::IpAddr>().is_err());
        }
    }

    #[test]
    fn loopback_in_any_number_form_is_refused(last in 0_u32..0x0100_0000) {
        let number = 0x7f00_0000 | last;
        let [a, b, c, d] = number.to_be_bytes();
        for text in [
            format!("{a}.{b}.{c}.{d}"),
            format!("{number}"),
            format!("0x{number:x}"),
            format!("0{number:o}"),
            format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
            format!("0x{a:x}.{b}.{c}.0x{d:x}"),
            format!("{a}.{}", number & 0x00ff_ffff),
            format!("::ffff:{a}.{b}.{c}.{d}"),
            format!("64:ff9b::{a}.{b}.{c}.{d}"),
        ] {
            prop_assert!(STRICT.check_host_text(&text).is_err(), "{}", text);
        }
    }
}
