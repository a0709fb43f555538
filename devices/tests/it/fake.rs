//! A device played over plain sockets, written apart from the client: its own digest arithmetic,
//! its own idea of HTTP. It counts what is done to it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use md5::{Digest as _, Md5};
use secrecy::SecretString;
use sha2::Sha256;
use siteward_devices::{AddressPolicy, DeviceClient, Limits, Login, Target};
use siteward_domain::device::{DeviceAddress, Scheme};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const USER: &str = "admin";
pub(crate) const PASSWORD: &str = "correct horse 1";
pub(crate) const LOOPBACK: AddressPolicy = AddressPolicy { allow_loopback: true, allow_private: true };

/// How the device asks for a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Auth {
    Md5,
    Md5WithoutQop,
    Sha256,
    Both,
    Basic,
}

/// What can be changed while it runs, and what it counted.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) auth: Auth,
    pub(crate) password: String,
    pub(crate) pages: BTreeMap<String, (u16, String)>,
    /// The nonce now valid; another one is called stale, or, with `silent_stale`, merely refused.
    pub(crate) nonce: String,
    pub(crate) always_stale: bool,
    /// How often a nonce may be used; then it is refused without a challenge.
    pub(crate) nonce_uses: Option<u32>,
    /// Body of a 401 after a wrong login.
    pub(crate) refusal: String,
    /// Body of a 401 before a login.
    pub(crate) challenge_body: String,
    /// Answers 401 for these paths whatever the login.
    pub(crate) forbidden: Vec<String>,
    /// Closes each connection after its answer, saying so or not.
    pub(crate) close: Option<bool>,
    pub(crate) requests: u32,
    pub(crate) connections: u32,
    pub(crate) challenges: u32,
    pub(crate) accepted: u32,
    pub(crate) refused: u32,
    pub(crate) stale: u32,
    pub(crate) spent: u32,
    pub(crate) seen: Vec<String>,
}

#[derive(Clone)]
pub(crate) struct Fake {
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
}

impl Fake {
    /// Starts a device on loopback; it ends with the test's runtime.
    pub(crate) async fn start(auth: Auth) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Self { port: listener.local_addr().unwrap().port(), state: Arc::new(Mutex::new(State::new(auth))) };
        let serving = fake.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let one = serving.clone();
                one.change(|state| state.connections += 1);
                tokio::spawn(async move { one.serve(stream).await });
            }
        });
        fake
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
    }

    pub(crate) fn state(&self) -> State {
        self.state.lock().unwrap().clone()
    }

    pub(crate) fn page(&self, path: &str, status: u16, body: &str) {
        self.change(|state| {
            state.pages.insert(path.to_owned(), (status, body.to_owned()));
        });
    }

    pub(crate) fn client(&self) -> DeviceClient {
        self.client_with(PASSWORD)
    }

    pub(crate) fn client_with(&self, password: &str) -> DeviceClient {
        let target = Target { address: address(Scheme::Http, self.port), login: login(password), pin: None };
        DeviceClient::new(target, Limits::default(), LOOPBACK)
    }

    /// Serves one connection until the other side closes it.
    pub(crate) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(&self, mut stream: S) {
        while let Some(head) = read_head(&mut stream).await {
            let path = head.split(' ').nth(1).unwrap_or("").to_owned();
            let close = self.state().close;
            let answer = self.answer(&head, &path);
            if stream.write_all(answer.as_bytes()).await.is_err() || close.is_some() {
                let _ = stream.shutdown().await;
                return;
            }
        }
    }

    fn answer(&self, head: &str, path: &str) -> String {
        let state = &mut *self.state.lock().unwrap();
        state.requests += 1;
        state.seen.push(path.to_owned());
        let close = if state.close == Some(true) { "Connection: close\r\n" } else { "" };
        let authorization = header(head, "authorization");
        let verdict = authorization.as_deref().map(|value| state.judge(value, path));
        let (status, extra, body) = match verdict {
            Some(Verdict::Good) if !state.forbidden.iter().any(|one| one == path) => {
                state.accepted += 1;
                let (status, body) = state.pages.get(path).cloned().unwrap_or((404, "<html>Not Found</html>".into()));
                (status, String::new(), body)
            }
            Some(Verdict::Stale) => {
                state.stale += 1;
                (401, state.challenge("TRUE"), state.challenge_body.clone())
            }
            Some(Verdict::Spent) => {
                state.spent += 1;
                (401, String::new(), "<userCheck><retryLoginTime>4</retryLoginTime></userCheck>".into())
            }
            Some(Verdict::Wrong | Verdict::Good) => {
                state.refused += 1;
                (401, state.challenge("FALSE"), state.refusal.clone())
            }
            None => {
                state.challenges += 1;
                if state.nonce_uses.is_some() {
                    state.nonce = format!("nonce{}", state.challenges);
                }
                (401, state.challenge("FALSE"), state.challenge_body.clone())
            }
        };
        format!(
            "HTTP/1.1 {status} X\r\n{extra}{close}Content-Type: application/xml\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    }
}

enum Verdict {
    Good,
    Wrong,
    Stale,
    Spent,
}

impl State {
    fn new(auth: Auth) -> Self {
        Self {
            auth,
            password: PASSWORD.into(),
            pages: BTreeMap::new(),
            nonce: "first".into(),
            always_stale: false,
            nonce_uses: None,
            refusal: "<html>401 Unauthorized</html>".into(),
            challenge_body: "<html>401 Unauthorized</html>".into(),
            forbidden: Vec::new(),
            close: None,
            requests: 0,
            connections: 0,
            challenges: 0,
            accepted: 0,
            refused: 0,
            stale: 0,
            spent: 0,
            seen: Vec::new(),
        }
    }

    fn challenge(&self, stale: &str) -> String {
        let nonce = &self.nonce;
        let md5 = format!(
            "WWW-Authenticate: Digest qop=\"auth\", realm=\"IP Camera(1)\", nonce=\"{nonce}\", stale=\"{stale}\"\r\n"
        );
        let sha = format!(
            "WWW-Authenticate: Digest realm=\"IP Camera(1)\", nonce=\"{nonce}\", qop=\"auth\", algorithm=SHA-256, opaque=\"\", stale=\"{stale}\"\r\n"
        );
        match self.auth {
            Auth::Md5 => md5,
            Auth::Md5WithoutQop => {
                format!("WWW-Authenticate: Digest realm=\"IP Camera(1)\", nonce=\"{nonce}\", stale=\"{stale}\"\r\n")
            }
            Auth::Sha256 => sha,
            Auth::Both => format!("{md5}{sha}WWW-Authenticate: Basic realm=\"x\"\r\n"),
            Auth::Basic => "WWW-Authenticate: Basic realm=\"index.html\"\r\n".into(),
        }
    }

    fn judge(&self, value: &str, path: &str) -> Verdict {
        if self.auth == Auth::Basic {
            use base64::Engine as _;
            let pair = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{}", self.password));
            return if value == format!("Basic {pair}") { Verdict::Good } else { Verdict::Wrong };
        }
        let field = |name: &str| parameter(value, name).unwrap_or_default();
        let sha = field("algorithm") == "SHA-256";
        let wrong_algorithm = matches!(self.auth, Auth::Sha256 | Auth::Both) != sha;
        if wrong_algorithm || field("uri") != path || field("username") != USER {
            return Verdict::Wrong;
        }
        if self.always_stale || field("nonce") != self.nonce {
            return Verdict::Stale;
        }
        let h = |text: String| if sha { hex::encode(Sha256::digest(text)) } else { hex::encode(Md5::digest(text)) };
        let secret = h(format!("{USER}:IP Camera(1):{}", self.password));
        let request = h(format!("GET:{path}"));
        let expected = if self.auth == Auth::Md5WithoutQop {
            h(format!("{secret}:{}:{request}", self.nonce))
        } else {
            h(format!("{secret}:{}:{}:{}:auth:{request}", self.nonce, field("nc"), field("cnonce")))
        };
        let uses = u32::from_str_radix(&field("nc"), 16).unwrap_or(0);
        match self.nonce_uses {
            _ if field("response") != expected => Verdict::Wrong,
            Some(most) if uses > most => Verdict::Spent,
            _ => Verdict::Good,
        }
    }
}

fn parameter(value: &str, name: &str) -> Option<String> {
    let start = value.find(&format!(" {name}="))? + name.len() + 2;
    let rest = &value[start..];
    Some(match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or("").to_owned(),
        None => rest.split([',', ' ']).next().unwrap_or("").to_owned(),
    })
}

pub(crate) fn header(head: &str, name: &str) -> Option<String> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
}

pub(crate) async fn read_head<S: AsyncRead + Unpin>(stream: &mut S) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

pub(crate) fn address(scheme: Scheme, port: u16) -> DeviceAddress {
    DeviceAddress { scheme, host: "127.0.0.1".into(), port }
}

pub(crate) fn login(password: &str) -> Login {
    Login { user_name: USER.into(), password: SecretString::from(password) }
}

/// A listener that treats every connection as `each` says; gives its port.
pub(crate) async fn listen<F, R>(each: F) -> u16
where
    F: Fn(TcpStream) -> R + Send + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(each(stream));
        }
    });
    port
}

pub(crate) const INFO: &str = "/ISAPI/System/deviceInfo";
pub(crate) const STATUS: &str = "/ISAPI/System/status";

/// Pages of a small camera.
pub(crate) fn small_camera(fake: &Fake) {
    fake.page(INFO, 200, "<DeviceInfo><deviceName>Yard</deviceName><model>DS-2CD2000X</model><serialNumber>DS-2CD2000X20200101AAWRG00000001</serialNumber><firmwareVersion>V5.7.3</firmwareVersion><firmwareReleasedDate>build 220112</firmwareReleasedDate><deviceType>IPCamera</deviceType></DeviceInfo>");
    fake.page(STATUS, 200, "<DeviceStatus><deviceUpTime>4711</deviceUpTime></DeviceStatus>");
    fake.page("/ISAPI/System/Video/inputs/channels", 200, "<VideoInputChannelList><VideoInputChannel><id>1</id><name>Yard</name></VideoInputChannel></VideoInputChannelList>");
}
