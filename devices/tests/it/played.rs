//! A device that a test plays by hand: digest for any method, bodies, and an answer for each request. Written apart
//! from the client.

use std::sync::{Arc, Mutex};

use md5::{Digest as _, Md5};
use siteward_devices::{DeviceClient, Limits, Target};
use siteward_domain::device::Scheme;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::fake::{LOOPBACK, USER, address, header, listen, login, read_head};

/// A request, after its login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: String,
    /// Whether the login was right.
    pub(crate) logged_in: bool,
}

/// What the device does about it.
pub(crate) enum Does {
    Answers(u16, Vec<u8>),
    WantsLogin,
    HangsUp,
    SaysNothing,
}

pub(crate) fn xml(body: &str) -> Does {
    Does::Answers(200, body.as_bytes().to_vec())
}

pub(crate) fn refuses(status: u16, sub: &str) -> Does {
    let code = if status == 200 { 1 } else { 4 };
    let body = format!(
        "<ResponseStatus version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\"><statusCode>{code}</statusCode><statusString>x</statusString><subStatusCode>{sub}</subStatusCode></ResponseStatus>"
    );
    Does::Answers(status, body.into_bytes())
}

pub(crate) fn ok() -> Does {
    refuses(200, "ok")
}

/// The device, and what was asked of it.
#[derive(Clone)]
pub(crate) struct Played {
    pub(crate) port: u16,
    password: Arc<Mutex<String>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Played {
    /// Plays a device whose answers `play` gives; it sees whether the login was right and may do without.
    pub(crate) async fn start(password: &str, play: impl Fn(&Asked) -> Does + Send + Sync + 'static) -> Self {
        let password = Arc::new(Mutex::new(password.to_owned()));
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let play: Arc<dyn Fn(&Asked) -> Does + Send + Sync> = Arc::new(play);
        let (word, log) = (Arc::clone(&password), Arc::clone(&asked));
        let port = listen(move |stream| serve(stream, Arc::clone(&word), Arc::clone(&log), Arc::clone(&play))).await;
        Self { port, password, asked }
    }

    pub(crate) fn set_password(&self, password: &str) {
        password.clone_into(&mut self.password.lock().unwrap());
    }

    /// What was asked and let in, the knocking before a login left out.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The bodies written to a path.
    pub(crate) fn written(&self, path: &str) -> Vec<String> {
        let written = |one: &Asked| one.path == path && one.method != "GET";
        self.asked().into_iter().filter(written).map(|one| one.body).collect()
    }

    pub(crate) fn client(&self, password: &str, limits: Limits) -> DeviceClient {
        let target = Target { address: address(Scheme::Http, self.port), login: login(password), pin: None };
        DeviceClient::new(target, limits, LOOPBACK)
    }

    pub(crate) fn anonymous(&self) -> DeviceClient {
        DeviceClient::without_login(address(Scheme::Http, self.port), Limits::default(), LOOPBACK)
    }
}

async fn serve(
    mut stream: TcpStream,
    password: Arc<Mutex<String>>,
    log: Arc<Mutex<Vec<Asked>>>,
    play: Arc<dyn Fn(&Asked) -> Does + Send + Sync>,
) {
    while let Some(head) = read_head(&mut stream).await {
        let mut words = head.split(' ').map(str::to_owned);
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let length: usize = header(&head, "content-length").map_or(0, |text| text.parse().unwrap());
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.unwrap();
        let body = String::from_utf8(body).unwrap();
        let word = password.lock().unwrap().clone();
        let logged_in = header(&head, "authorization").is_some_and(|value| is_right(&value, &method, &path, &word));
        let asked = Asked { method, path, body, logged_in };
        let does = play(&asked);
        if !matches!(does, Does::WantsLogin) {
            log.lock().unwrap().push(asked);
        }
        let answer = match does {
            Does::Answers(status, body) => {
                let head = format!("HTTP/1.1 {status} X\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n", body.len());
                [head.into_bytes(), body].concat()
            }
            Does::WantsLogin => {
                b"HTTP/1.1 401 X\r\nWWW-Authenticate: Digest qop=\"auth\", realm=\"r\", nonce=\"n1\", stale=\"FALSE\"\r\nContent-Length: 0\r\n\r\n".to_vec()
            }
            Does::HangsUp => return,
            Does::SaysNothing => std::future::pending().await,
        };
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}

fn is_right(value: &str, method: &str, path: &str, password: &str) -> bool {
    let field = |name: &str| {
        let rest = &value[value.find(&format!(" {name}=")).unwrap() + name.len() + 2..];
        let rest = rest.strip_prefix('"').unwrap_or(rest);
        rest.split(['"', ',']).next().unwrap().to_owned()
    };
    let h = |text: String| hex::encode(Md5::digest(text));
    let (secret, request) = (h(format!("{USER}:r:{password}")), h(format!("{method}:{path}")));
    field("response") == h(format!("{secret}:n1:{}:{}:auth:{request}", field("nc"), field("cnonce")))
}
