//! Sending firmware files, against a device that this test plays over plain sockets.

use std::sync::Arc;
use std::sync::Mutex;

use siteward_devices::upgrade::{self, Accepted, UpgradeError};
use siteward_devices::{CallError, DeviceClient, Limits, Package, Target};
use siteward_domain::device::Scheme;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::fake::{Auth, Fake, LOOPBACK, PASSWORD, address, login, read_head};

/// What the played device does with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    Takes,
    KnowsNoPut,
    WantsReboot,
    RefusesAtOnce,
    SaysNothing,
    BreaksOff,
}

/// Method and bytes of every file that came in whole.
type Came = Arc<Mutex<Vec<(String, u64)>>>;

struct Played {
    port: u16,
    came: Came,
}

async fn play(habit: Habit) -> Played {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, came) = (listener.local_addr().unwrap().port(), Came::default());
    let seen = Arc::clone(&came);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, habit, Arc::clone(&seen)));
        }
    });
    Played { port, came }
}

async fn serve(mut stream: TcpStream, habit: Habit, came: Came) {
    while let Some(head) = read_head(&mut stream).await {
        let method = head.split(' ').next().unwrap_or_default().to_owned();
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let length: u64 = length.unwrap_or(0);
        if !head.contains("authorization") && !head.contains("Authorization") {
            // The knock of a client without a nonce.
            let challenge =
                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";
            stream.write_all(challenge.as_bytes()).await.unwrap();
            continue;
        }
        assert!(head.to_ascii_lowercase().contains("content-type: application/octet-stream"), "{head}");
        if habit == Habit::RefusesAtOnce {
            let _ = stream.write_all(answer(403, 6, "badUpgradePackage").as_bytes()).await;
        }
        let mut left = length;
        let mut buffer = vec![0; 64 * 1024];
        while left > 0 {
            let Ok(count) = stream.read(&mut buffer).await else { return };
            if count == 0 || (habit == Habit::BreaksOff && left < length / 2) {
                return;
            }
            left -= count as u64;
        }
        came.lock().unwrap().push((method.clone(), length));
        let text = match habit {
            Habit::KnowsNoPut if method == "PUT" => answer(403, 4, "methodNotAllowed"),
            Habit::WantsReboot => answer(200, 7, "rebootRequired"),
            Habit::SaysNothing => return,
            Habit::RefusesAtOnce => continue,
            _ => answer(200, 1, "ok"),
        };
        stream.write_all(text.as_bytes()).await.unwrap();
    }
}

fn answer(status: u16, code: u32, word: &str) -> String {
    let body = format!(
        "<ResponseStatus><statusCode>{code}</statusCode><statusString>x</statusString><subStatusCode>{word}</subStatusCode></ResponseStatus>"
    );
    format!("HTTP/1.1 {status} X\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn client(port: u16) -> DeviceClient {
    let target = Target { address: address(Scheme::Http, port), login: login(PASSWORD), pin: None };
    DeviceClient::new(target, Limits::default(), LOOPBACK)
}

/// A file of so many bytes that takes no room on the disk.
fn file(size: u64) -> (tempfile::NamedTempFile, Package) {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(size).unwrap();
    let package = Package::new(file.path().to_owned(), size);
    (file, package)
}

async fn send(habit: Habit, size: u64) -> (Result<Accepted, UpgradeError>, Vec<(String, u64)>) {
    let (played, (_file, package)) = (play(habit).await, file(size));
    let sent = upgrade::send(&mut client(played.port), &package).await;
    let came = played.came.lock().unwrap().clone();
    (sent, came)
}

#[tokio::test]
async fn a_file_is_put_once_and_posted_where_the_device_knows_no_put() {
    let size = 3_000_000;
    let put = ("PUT".to_owned(), size);
    assert_eq!(send(Habit::Takes, size).await, (Ok(Accepted { needs_reboot: false }), vec![put.clone()]));
    assert_eq!(send(Habit::WantsReboot, size).await, (Ok(Accepted { needs_reboot: true }), vec![put.clone()]));
    let (sent, came) = send(Habit::KnowsNoPut, size).await;
    assert_eq!((sent, came), (Ok(Accepted { needs_reboot: false }), vec![put, ("POST".to_owned(), size)]));
}

#[tokio::test]
async fn an_answer_before_the_end_of_the_file_is_heard() {
    let (sent, _) = send(Habit::RefusesAtOnce, 40_000_000).await;
    assert_eq!(sent, Err(UpgradeError::BadPackage));
}

#[tokio::test]
async fn whether_all_of_it_was_sent_is_known_when_no_answer_comes() {
    assert_eq!(send(Habit::SaysNothing, 2_000_000).await.0, Err(UpgradeError::AnswerLost));
    let (broken, _) = send(Habit::BreaksOff, 40_000_000).await;
    assert!(matches!(broken, Err(UpgradeError::Call(CallError::Unreachable { .. }))), "{broken:?}");
    let gone = Package::new("/nowhere/firmware".into(), 10);
    let played = play(Habit::Takes).await;
    let error = upgrade::send(&mut client(played.port), &gone).await.unwrap_err();
    assert_eq!(error.code(), "firmware_file_missing");
    assert!(played.came.lock().unwrap().is_empty());
}

/// Kilobytes of this process that were in memory at most.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn a_large_file_costs_a_buffer_and_not_its_size() {
    let before = most_memory();
    let (sent, came) = send(Habit::Takes, 256 * 1024 * 1024).await;
    assert_eq!((sent, came.len()), (Ok(Accepted { needs_reboot: false }), 1));
    // Other tests run beside it.
    assert!(most_memory() - before < 128 * 1024, "{} kB more", most_memory() - before);
}

#[tokio::test]
async fn a_look_tells_what_runs_and_how_far_an_upgrade_is() {
    let fake = Fake::start(Auth::Md5).await;
    fake.page(
        "/ISAPI/System/deviceInfo",
        200,
        "<DeviceInfo><model>DS-X</model><serialNumber>DS-X20200101AAWR123456789</serialNumber>\
         <firmwareVersion>V5.4.5</firmwareVersion><firmwareReleasedDate>build 170124</firmwareReleasedDate></DeviceInfo>",
    );
    let unknown = upgrade::look(&mut fake.client()).await.unwrap();
    assert_eq!((unknown.identity.firmware_text().as_str(), unknown.progress), ("V5.4.5 build 170124", None));
    fake.page(
        "/ISAPI/System/upgradeStatus",
        200,
        "<upgradeStatus><upgrading>true</upgrading><percent>42</percent></upgradeStatus>",
    );
    let progress = upgrade::look(&mut fake.client()).await.unwrap().progress.unwrap();
    assert_eq!((progress.upgrading, progress.percent), (true, 42));
    let missing = upgrade::configuration(&mut fake.client()).await;
    assert_eq!(missing, Err(CallError::NotSupported));
    fake.page("/ISAPI/System/configurationData", 200, "\u{1}binary");
    assert_eq!(upgrade::configuration(&mut fake.client()).await.unwrap().as_ref(), b"\x01binary");
}
