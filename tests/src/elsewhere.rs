//! Somebody who comes from another public address, as a proxy in front of the server says it.

use std::io;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::app::App;

/// The server as it is reached from elsewhere: its proxy says that whoever connects comes from `address`. The server has to
/// trust proxies on this machine.
pub async fn from_elsewhere(app: &App, address: &'static str) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    let server = app.base.strip_prefix("http://").context("a server without TLS")?.to_owned();
    tokio::spawn(async move {
        while let Ok((mut caller, _)) = listener.accept().await {
            let server = server.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n") {
                    head.push(caller.read_u8().await?);
                }
                // One request a connection, so that none goes without what the proxy says; a link's stays open.
                let stays = String::from_utf8_lossy(&head).contains("/link/session");
                let end = if stays { "" } else { "Connection: close\r\n" };
                head.extend_from_slice(format!("X-Forwarded-For: {address}\r\n{end}").as_bytes());
                let mut there = TcpStream::connect(server).await?;
                there.write_all(&head).await?;
                tokio::io::copy_bidirectional(&mut caller, &mut there).await?;
                Ok::<_, io::Error>(())
            });
        }
    });
    Ok(base)
}
