//! A mailbox: takes mails by SMTP on loopback, so that a story can open the links in them.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A mail as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Whom it was for.
    pub to: Vec<String>,
    /// Headers and body as they came.
    pub content: String,
}

impl Letter {
    /// The text part, decoded.
    pub fn text(&self) -> String {
        let parts = self.content.split("\r\n--");
        let part = parts.into_iter().find(|part| part.to_lowercase().contains("content-type: text/plain"));
        let (head, body) = part.unwrap_or(&self.content).split_once("\r\n\r\n").unwrap_or_default();
        match head.to_lowercase() {
            head if head.contains("content-transfer-encoding: base64") => {
                let bytes = STANDARD.decode(body.replace(['\r', '\n'], "")).unwrap_or_default();
                String::from_utf8_lossy(&bytes).into_owned()
            }
            head if head.contains("content-transfer-encoding: quoted-printable") => unquoted(body),
            _ => body.to_owned(),
        }
    }

    /// The first web address in it.
    pub fn link(&self) -> Option<String> {
        let text = self.text();
        let start = text.find("http")?;
        text.get(start..)?.split(|c: char| c.is_whitespace() || c == '>').next().map(str::to_owned)
    }
}

/// The text behind quoted-printable.
fn unquoted(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let mut parts = joined.split('=');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        bytes.extend(u8::from_str_radix(code, 16));
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The mailbox; it closes when it is dropped.
#[derive(Debug)]
pub struct Mailbox {
    /// The port on 127.0.0.1 where it takes mails.
    pub port: u16,
    letters: Arc<Mutex<Vec<Letter>>>,
    task: JoinHandle<()>,
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Mailbox {
    /// Opens it on a free port.
    pub async fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let letters = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&letters);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let taken = Arc::clone(&taken);
                tokio::spawn(async move { converse(stream, &taken).await });
            }
        });
        Ok(Self { port, letters, task })
    }

    /// All that arrived, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The newest mail to an address.
    pub fn newest_to(&self, receiver: &str) -> Option<Letter> {
        self.letters().into_iter().rev().find(|letter| letter.to.iter().any(|to| to == receiver))
    }
}

async fn converse(stream: TcpStream, taken: &Mutex<Vec<Letter>>) -> Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 mailbox\r\n").await?;
    let mut to = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        let answer = match command.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => "250-mailbox\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            "RCPT" => {
                let address = command.split(['<', '>']).nth(1).context("an address in brackets")?;
                to.push(address.to_owned());
                "250 ok\r\n"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let content = content(&mut stream).await?;
                let letter = Letter { to: std::mem::take(&mut to), content };
                taken.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
                "250 taken\r\n"
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok\r\n",
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}

async fn content(stream: &mut BufReader<TcpStream>) -> Result<String> {
    let mut content = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
            return Ok(content);
        }
        content.push_str(line.strip_prefix("..").map_or(line.as_str(), |_| line.get(1..).unwrap_or_default()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_found_in_each_encoding() {
        let link = "https://siteward.example/join/abc";
        for (encoding, body) in [
            ("7bit", format!("Open\r\n{link}\r\n")),
            ("quoted-printable", "Gr=C3=BC=C3=9Fe:\r\nhttps://siteward.ex=\r\nample/join/abc\r\n".to_owned()),
            ("base64", STANDARD.encode(format!("Grüße: {link} \r\n"))),
        ] {
            let content = format!(
                "Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}"
            );
            let letter = Letter { to: vec![], content };
            assert_eq!(letter.link().as_deref(), Some(link), "{encoding}");
        }
    }
}
