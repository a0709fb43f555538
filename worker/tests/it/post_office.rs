//! A mail server of the tests, made of sockets alone, with the faults that mail servers have.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What it does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// Answers a command with this instead of what it should.
    Says(&'static str, &'static str),
    /// Takes the connection and never says a word.
    Stalls,
    /// Ends the connection when the content begins.
    CutsBeforeContent,
    /// Takes the whole mail and ends the connection without a word.
    CutsAfterContent,
    /// Says one endless line.
    Babbles,
}

/// How it keeps others from listening.
#[derive(Clone)]
pub(crate) enum Cover {
    None,
    Starttls(TlsAcceptor),
    Implicit(TlsAcceptor),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) content: String,
}

impl Taken {
    /// A header, unfolded.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let head = self.content.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let line =
            head.split("\r\n").find(|line| line.to_lowercase().starts_with(&format!("{}:", name.to_lowercase())));
        line.map(|line| line.split_once(':').unwrap().1.trim().to_owned())
    }

    pub(crate) fn header_names(&self) -> Vec<String> {
        let head = self.content.split("\r\n\r\n").next().unwrap();
        let starts = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        starts.map(|line| line.split(':').next().unwrap().to_owned()).collect()
    }
}

#[derive(Default)]
struct Seen {
    taken: Vec<Taken>,
    lines: Vec<String>,
    connections: usize,
}

/// The server.
pub(crate) struct PostOffice {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    fault: Arc<Mutex<Fault>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl PostOffice {
    pub(crate) async fn open(cover: Cover, fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (seen, fault) = (Arc::new(Mutex::new(Seen::default())), Arc::new(Mutex::new(fault)));
        let (of_task, faults) = (Arc::clone(&seen), Arc::clone(&fault));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                of_task.lock().unwrap().connections += 1;
                let (seen, fault, cover) = (Arc::clone(&of_task), *faults.lock().unwrap(), cover.clone());
                tokio::spawn(async move { serve(stream, &cover, fault, &seen).await });
            }
        });
        Self { address, seen, fault, task }
    }

    pub(crate) fn set(&self, fault: Fault) {
        *self.fault.lock().unwrap() = fault;
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.seen.lock().unwrap().taken.clone()
    }

    /// Everything that clients said in commands.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen.lock().unwrap().lines.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }
}

/// A certificate for 127.0.0.1 that signs itself: what serves with it, and its PEM.
pub(crate) fn certificate() -> (TlsAcceptor, String) {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), made.cert.pem())
}

async fn serve(stream: TcpStream, cover: &Cover, fault: Fault, seen: &Mutex<Seen>) {
    match cover {
        Cover::None => drop(talk(stream, None, true, fault, seen).await),
        Cover::Implicit(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                drop(talk(stream, None, true, fault, seen).await);
            }
        }
        Cover::Starttls(acceptor) => {
            if let Some(stream) = talk(stream, Some(()), true, fault, seen).await
                && let Ok(stream) = acceptor.accept(stream).await
            {
                drop(talk(stream, None, false, fault, seen).await);
            }
        }
    }
}

/// One conversation; gives the stream back when the other side asked for TLS.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    starttls: Option<()>,
    greets: bool,
    fault: Fault,
    seen: &Mutex<Seen>,
) -> Option<S> {
    let mut stream = BufReader::new(stream);
    match fault {
        Fault::Stalls => {
            tokio::time::sleep(std::time::Duration::from_secs(3600)).await;
            return None;
        }
        Fault::Babbles => {
            while stream.get_mut().write_all(&[b'2'; 8192]).await.is_ok() {}
            return None;
        }
        _ => {}
    }
    if greets {
        stream.get_mut().write_all(b"220 post.example\r\n").await.ok()?;
    }
    let (mut from, mut to) = (String::new(), Vec::new());
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_owned();
        seen.lock().unwrap().lines.push(line.clone());
        let verb = line.split([' ', ':']).next().unwrap().to_uppercase();
        if let Fault::Says(command, answer) = fault
            && command == verb
        {
            stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
            continue;
        }
        let answer = match verb.as_str() {
            "EHLO" if starttls.is_some() => "250-post.example\r\n250-STARTTLS\r\n250 8BITMIME",
            "EHLO" => "250-post.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN",
            "STARTTLS" if starttls.is_some() => {
                stream.get_mut().write_all(b"220 go ahead\r\n").await.ok()?;
                return Some(stream.into_inner());
            }
            "AUTH" => "235 welcome",
            "MAIL" => {
                from.clone_from(&line);
                "250 ok"
            }
            "RCPT" => {
                to.push(line.clone());
                "250 ok"
            }
            "DATA" if fault == Fault::CutsBeforeContent => {
                stream.get_mut().write_all(b"354 go ahead\r\n").await.ok()?;
                return None;
            }
            "DATA" => {
                stream.get_mut().write_all(b"354 go ahead\r\n").await.ok()?;
                let content = content(&mut stream).await?;
                seen.lock().unwrap().taken.push(Taken { from: from.clone(), to: std::mem::take(&mut to), content });
                if fault == Fault::CutsAfterContent {
                    return None;
                }
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "502 what",
        };
        stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
}

async fn content<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>) -> Option<String> {
    let mut content = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line == ".\r\n" {
            return Some(content);
        }
        content.push_str(&line);
    }
}
