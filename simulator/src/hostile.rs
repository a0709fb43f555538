//! What a hostile device sends; each attack ends with the connection, or with the patience of the one attacked.

use std::io::{self, Write as _};
use std::sync::LazyLock;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use rand::Rng as _;
use tokio::io::AsyncWriteExt as _;

use crate::change::Hostile;
use crate::connection::Stream;
use crate::wire;

const XML: &str = "application/xml; charset=\"UTF-8\"";
const GIBIBYTE: usize = 1 << 30;
const DEPTH: usize = 100_000;

/// Plays an attack in answer to a request, whatever it asked for.
pub(crate) async fn attack<S: Stream>(stream: &mut S, kind: Hostile) -> io::Result<()> {
    match kind {
        Hostile::OneBytePerSecond => one_byte_per_second(stream).await,
        Hostile::HugeBody => huge_body(stream).await,
        Hostile::EndlessHeaders => endless_headers(stream).await,
        Hostile::GzipBomb => send(stream, 200, "Content-Encoding: gzip\r\n", gzip_bomb().await).await,
        Hostile::EntityBomb => send(stream, 200, "", entity_bomb().as_bytes()).await,
        Hostile::RedirectMetadata => {
            send(stream, 302, "Location: http://169.254.169.254/latest/meta-data/iam/security-credentials/\r\n", b"")
                .await
        }
        Hostile::DeepXml => {
            let text = format!("<?xml version=\"1.0\"?>{}{}", "<a>".repeat(DEPTH), "</a>".repeat(DEPTH));
            send(stream, 200, "", text.as_bytes()).await
        }
        Hostile::BrokenTls => broken_tls(stream).await,
        // Challenges are answers of the door, not of this module.
        Hostile::Garbage | Hostile::EndlessChallenges => garbage(stream).await,
    }
}

async fn send<S: Stream>(stream: &mut S, status: u16, extra: &str, body: &[u8]) -> io::Result<()> {
    let mut out = Vec::new();
    wire::answer(&mut out, status, XML, extra, false, body);
    stream.write_all(&out).await?;
    stream.shutdown().await
}

async fn one_byte_per_second<S: Stream>(stream: &mut S) -> io::Result<()> {
    let mut out = Vec::new();
    wire::answer(&mut out, 200, XML, "", true, "<DeviceInfo><deviceName>slow</deviceName></DeviceInfo>".as_bytes());
    for byte in out {
        stream.write_u8(byte).await?;
        stream.flush().await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

async fn huge_body<S: Stream>(stream: &mut S) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {XML}\r\nContent-Length: {GIBIBYTE}\r\n\r\n<?xml version=\"1.0\"?><DeviceInfo><deviceName>"
    );
    stream.write_all(head.as_bytes()).await?;
    let block = vec![b'A'; 64 * 1024];
    for _ in 0..GIBIBYTE / block.len() {
        stream.write_all(&block).await?;
    }
    Ok(())
}

/// At most a gibibyte, should the reader really read on.
async fn endless_headers<S: Stream>(stream: &mut S) -> io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
    let block = format!("X-Filler: {}\r\n", "a".repeat(500)).repeat(64);
    for _ in 0..GIBIBYTE / block.len() {
        stream.write_all(block.as_bytes()).await?;
    }
    Ok(())
}

/// 128 MiB of blanks inside an element; made once, away from the threads that serve.
async fn gzip_bomb() -> &'static [u8] {
    static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let blanks = vec![b' '; 64 * 1024];
        let _ = encoder.write_all(b"<?xml version=\"1.0\"?><DeviceInfo><deviceName>");
        for _ in 0..2_048 {
            let _ = encoder.write_all(&blanks);
        }
        let _ = encoder.write_all(b"</deviceName></DeviceInfo>");
        encoder.finish().unwrap_or_default()
    });
    tokio::task::spawn_blocking(|| BOMB.as_slice()).await.unwrap_or_default()
}

/// Ten entities of ten each, ten deep.
fn entity_bomb() -> String {
    use std::fmt::Write as _;
    let mut text = String::from("<?xml version=\"1.0\"?>\n<!DOCTYPE DeviceInfo [\n<!ENTITY e0 \"hikhikhik\">\n");
    for level in 1..=10 {
        let inner = format!("&e{};", level - 1).repeat(10);
        let _ = writeln!(text, "<!ENTITY e{level} \"{inner}\">");
    }
    text + "]>\n<DeviceInfo><deviceName>&e10;</deviceName><model>&e10;</model></DeviceInfo>\n"
}

/// The header of a handshake record of 16 KiB, then noise and silence.
pub(crate) async fn broken_tls<S: Stream>(stream: &mut S) -> io::Result<()> {
    stream.write_all(&[0x16, 0x03, 0x03, 0x40, 0x00, 0x02]).await?;
    garbage(stream).await?;
    tokio::time::sleep(Duration::from_secs(120)).await;
    Ok(())
}

async fn garbage<S: Stream>(stream: &mut S) -> io::Result<()> {
    let mut noise = [0; 4096];
    rand::rng().fill_bytes(&mut noise);
    stream.write_all(&noise).await?;
    stream.flush().await
}
