use super::*;

fn page(enabled: bool) -> LanPage {
    let settings = config::LanPage { enabled, ..config::LanPage::default() };
    LanPage::new(settings, "https://siteward.example/")
}

fn ask(page: &LanPage, method: &Method, path: &str, host: &str) -> Response<Full<Bytes>> {
    let mut headers = HeaderMap::new();
    headers.insert(header::HOST, host.parse().unwrap());
    page.answer(method, &path.parse().unwrap(), &headers, Instant::now())
}

#[test]
fn a_name_of_the_internet_is_not_answered_however_it_was_led_here() {
    let page = page(true);
    for (host, status) in [
        ("192.168.1.9:8087", 200),
        ("[fd00::9]:8087", 200),
        ("box", 200),
        ("box.local:8087", 200),
        ("box.home.arpa", 200),
        ("evil.example:8087", 421),
        ("192.168.1.9.evil.example", 421),
        ("", 421),
    ] {
        assert_eq!(ask(&page, &Method::GET, "/", host).status(), status, "{host}");
    }
    let nobody = page.answer(&Method::GET, &"/".parse().unwrap(), &HeaderMap::new(), Instant::now());
    assert_eq!(nobody.status(), 421);
}

#[test]
fn there_is_one_page_to_read_and_nothing_keeps_it() {
    let page = page(true);
    let host = "192.168.1.9:8087";
    assert_eq!(ask(&page, &Method::POST, "/", host).status(), 405);
    assert_eq!(ask(&page, &Method::GET, "/status", host).status(), 404);
    let read = ask(&page, &Method::GET, "/?lang=ru", host);
    assert_eq!(read.headers()[header::CACHE_CONTROL], "no-store");
    assert_eq!(read.headers()[header::X_FRAME_OPTIONS], "DENY");
    assert!(read.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN).is_none());
}

#[test]
fn only_addresses_of_a_network_of_its_own_are_served() {
    for (address, private) in [
        ("192.168.1.20", true),
        ("10.1.2.3", true),
        ("172.31.0.1", true),
        ("169.254.3.4", true),
        ("127.0.0.1", true),
        ("::ffff:192.168.1.20", true),
        ("fd12::1", true),
        ("fe80::1", true),
        ("172.32.0.1", false),
        ("203.0.113.7", false),
        ("2001:db8::1", false),
        ("::ffff:203.0.113.7", false),
    ] {
        assert_eq!(is_private(address.parse().unwrap()), private, "{address}");
    }
}

#[test]
fn a_link_without_the_page_says_so_and_one_with_it_says_where_it_is() {
    let beside = IpAddr::from([127, 0, 0, 1]);
    assert_eq!((page(false).take("12345678"), page(false).url_beside(beside)), (None, None));
    let page = page(true);
    assert_eq!(page.url_beside(beside).as_deref(), Some("http://127.0.0.1:8087"));
    assert_eq!(page.take("12345678"), Some(false));
    let shown = page.codes.show(Instant::now());
    assert_eq!((page.take(&shown), page.take(&shown)), (Some(true), Some(false)));
}

#[tokio::test]
async fn the_page_is_served_over_http() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let page = Arc::new(page(true));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap();
    tokio::spawn(Arc::clone(&page).accept(listener));
    let mut caller = TcpStream::connect(place).await.unwrap();
    let request = format!("GET / HTTP/1.1\r\nHost: {place}\r\nAccept-Language: ru\r\n\r\n");
    caller.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    caller.read_to_string(&mut answer).await.unwrap();
    let code = page.codes.show(Instant::now());
    let spaced = format!("{} {}", &code[..4], &code[4..]);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(&spaced), "{answer}");
    assert!(answer.contains("Вы в этой сети"), "{answer}");
}
