//! A WebSocket asked for by hand: what a server says to the very first request.

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Asks the server at `base` for a WebSocket at a path of the API, with one more header, and gives the status and the
/// connection.
pub async fn web_socket(base: &str, path: &str, header: &str) -> Result<(u16, TcpStream)> {
    let host = base.strip_prefix("http://").context("a base begins with http://")?;
    let mut stream = TcpStream::connect(host).await?;
    let request = format!(
        "GET /api/v1{path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{header}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8(head)?;
    let status = head.split(' ').nth(1).context("an answer has a status")?.parse()?;
    Ok((status, stream))
}
