use siteward_domain::link::{BindState, FoundBy};

use super::*;

fn sighting(serial: &str, host: &str, port: u16) -> Sighting {
    Sighting {
        serial: SerialNumber::parse(serial).unwrap(),
        long_serial: serial.to_owned(),
        mac: None,
        model: "DS-2CD2000X".to_owned(),
        firmware: String::new(),
        host: host.to_owned(),
        http_port: port,
        dhcp: None,
        activated: Some(true),
        service_enabled: None,
        bind: BindState::Unknown,
        unbind_supported: None,
        found_by: FoundBy::Sadp,
    }
}

fn serial(text: &str) -> SerialNumber {
    SerialNumber::parse(text).unwrap()
}

#[test]
fn only_the_web_ports_of_found_devices_have_an_address() {
    let table = Table::new(false);
    table.take_round(vec![sighting("G00000001", "192.0.2.64", 8081)], Instant::now());
    for port in [80, 443, 8080, 8443, 8081] {
        let expected = Ok(SocketAddr::from(([192, 0, 2, 64], port)));
        assert_eq!(table.address(&serial("G00000001"), port), expected);
    }
    for port in [0, 22, 23, 25, 53, 554, 3306, 5432, 8000, 8082, 37020, 65535] {
        assert_eq!(table.address(&serial("G00000001"), port), Err(NotDialled::PortNotAllowed), "{port}");
    }
    assert_eq!(table.address(&serial("G00000002"), 80), Err(NotDialled::UnknownDevice));
}

#[test]
fn answers_that_name_a_forbidden_address_are_not_devices() {
    let table = Table::new(false);
    let own = local_address();
    let hosts = [
        "127.0.0.1",
        "127.1.2.3",
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "169.254.1.1",
        "100.100.100.200",
        "168.63.129.16",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "240.0.0.1",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fe80::1",
        "ff02::1",
        "fd00:ec2::254",
        "localhost",
        "192.0.2.1:80",
        "0x7f.1",
        "2130706433",
        "017700000001",
        "",
        own.as_str(),
    ];
    let answers = hosts.iter().enumerate().map(|(n, host)| sighting(&format!("G{n:08}"), host, 80)).collect();
    table.take_round(answers, Instant::now());
    let found: Vec<String> = table.all().iter().map(|found| found.host.clone()).collect();
    assert_eq!(found, Vec::<String>::new());
}

/// An address of this machine that is not loopback, as far as it has one; nothing is sent.
fn local_address() -> String {
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    let connected = socket.connect("192.0.2.1:9").and_then(|()| socket.local_addr());
    connected.map_or_else(|_| "127.0.0.1".to_owned(), |address| address.ip().to_string())
}

#[test]
fn a_device_is_lost_after_three_silent_rounds_or_two_minutes() {
    let table = Table::new(false);
    let start = Instant::now();
    let second = |n| start + Duration::from_secs(n);
    table.take_round(vec![sighting("G00000001", "192.0.2.64", 80)], start);
    table.take_round(Vec::new(), second(1));
    table.take_round(Vec::new(), second(2));
    assert_eq!(table.count(), 1);
    table.take_round(Vec::new(), second(3));
    assert_eq!(table.count(), 0);
    table.take_round(vec![sighting("G00000001", "192.0.2.64", 80)], second(4));
    table.take_round(Vec::new(), second(64));
    assert_eq!(table.count(), 1);
    table.take_round(Vec::new(), second(124));
    assert_eq!(table.count(), 0);
}

#[test]
fn a_device_that_moves_is_followed_and_one_that_is_forged_is_not() {
    let table = Table::new(false);
    let host = |table: &Table| table.find(&serial("G00000001")).unwrap().host.clone();
    table.take_round(vec![sighting("G00000001", "192.0.2.64", 80)], Instant::now());
    let both = vec![sighting("G00000001", "192.0.2.99", 80), sighting("G00000001", "192.0.2.64", 80)];
    table.take_round(both, Instant::now());
    assert_eq!(host(&table), "192.0.2.64");
    table.take_round(vec![sighting("G00000001", "192.0.2.65", 80)], Instant::now());
    assert_eq!(host(&table), "192.0.2.65");
}
