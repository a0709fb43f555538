//! A panel played over plain sockets, written apart from the client: its own sums, its own idea of a session. It counts
//! what is done to it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use siteward_devices::{DeviceClient, Limits, Login, Target};
use siteward_domain::device::Scheme;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::fake::{LOOPBACK, PASSWORD, address, header, listen, read_head};

pub(crate) const INSTALLER: &str = "anna & co";

/// How the panel wants a password hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hashing {
    TwoSalts,
    OneSalt,
    NoSalt,
    /// As `TwoSalts`, told in JSON.
    Json,
}

/// What the panel does when asked.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Answers(u16, String),
    HangsUp,
    SaysNothing,
}

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) level: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) hashing: Hashing,
    pub(crate) password: String,
    pub(crate) cookie_in_header: bool,
    /// Sessions that are good now.
    pub(crate) sessions: Vec<String>,
    /// What is said in place of a login, whatever the password.
    pub(crate) instead_of_login: Option<(u16, String)>,
    /// Body of a 401 after a wrong password.
    pub(crate) refusal: String,
    /// Paths that answer 401 to everybody.
    pub(crate) forbidden: Vec<String>,
    /// What a request without a session is told beside 401.
    pub(crate) challenge: String,
    /// Lets in whoever answers the challenge, with whatever.
    pub(crate) takes_digest: bool,
    /// After this path the panel restarts and has another password.
    pub(crate) turns_after: Option<String>,
    pub(crate) replies: BTreeMap<String, Reply>,
    pub(crate) capabilities: u32,
    pub(crate) logins: u32,
    pub(crate) logouts: u32,
    /// Requests with `Authorization`.
    pub(crate) authorizations: u32,
    pub(crate) asked: Vec<Asked>,
    made: u32,
}

#[derive(Clone)]
pub(crate) struct Panel {
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
}

impl Panel {
    /// Starts a panel on loopback; it ends with the test's runtime.
    pub(crate) async fn start(hashing: Hashing) -> Self {
        let state = State {
            hashing,
            password: PASSWORD.into(),
            cookie_in_header: true,
            sessions: Vec::new(),
            instead_of_login: None,
            refusal: "<SessionUserCheck><statusValue>401</statusValue><lockStatus>unlock</lockStatus><retryTimes>4</retryTimes></SessionUserCheck>".into(),
            forbidden: Vec::new(),
            challenge: String::new(),
            takes_digest: false,
            turns_after: None,
            replies: BTreeMap::new(),
            capabilities: 0,
            logins: 0,
            logouts: 0,
            authorizations: 0,
            asked: Vec::new(),
            made: 0,
        };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let port = listen(move |stream| serve(stream, Arc::clone(&shared))).await;
        Self { port, state }
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
    }

    pub(crate) fn state(&self) -> State {
        self.state.lock().unwrap().clone()
    }

    /// What is answered to a method and path, e.g. `GET /ISAPI/System/deviceInfo`.
    pub(crate) fn answers(&self, to: &str, status: u16, body: &str) {
        self.does(to, Reply::Answers(status, body.to_owned()));
    }

    pub(crate) fn does(&self, to: &str, reply: Reply) {
        self.change(|state| {
            state.replies.insert(to.to_owned(), reply);
        });
    }

    /// All sessions end, as they do when a panel restarts.
    pub(crate) fn forget_sessions(&self) {
        self.change(|state| state.sessions.clear());
    }

    /// How often a method and path was let in.
    pub(crate) fn times(&self, to: &str) -> usize {
        self.state().asked.iter().filter(|one| format!("{} {}", one.method, one.path) == to).count()
    }

    pub(crate) fn client(&self) -> DeviceClient {
        self.client_with(PASSWORD)
    }

    pub(crate) fn client_with(&self, password: &str) -> DeviceClient {
        DeviceClient::new(target(self.port, password), Limits::default(), LOOPBACK)
    }
}

pub(crate) fn target(port: u16, password: &str) -> Target {
    let login = Login { user_name: INSTALLER.into(), password: SecretString::from(password) };
    Target { address: address(Scheme::Http, port), login, pin: None }
}

/// The challenge of a panel that takes digest too.
pub(crate) const DIGEST: &str =
    "WWW-Authenticate: Digest qop=\"auth\", realm=\"DS-PHA64\", nonce=\"n1\", stale=\"FALSE\"\r\n";

/// A refusal or success as panels write it.
pub(crate) fn told(code: u32, sub: &str) -> String {
    format!(
        r#"{{"requestURL":"/x","statusCode":{code},"statusString":"s","subStatusCode":"{sub}","errorCode":1,"errorMsg":"{sub}"}}"#
    )
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    while let Some(head) = read_head(&mut stream).await {
        let length: usize = header(&head, "content-length").map_or(0, |text| text.parse().unwrap());
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.unwrap();
        let body = String::from_utf8(body).unwrap();
        let reply = state.lock().unwrap().answer(&head, body);
        match reply {
            (Reply::Answers(status, body), extra) => {
                let answer = format!(
                    "HTTP/1.1 {status} X\r\n{extra}Content-Type: text/html\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                );
                if stream.write_all(answer.as_bytes()).await.is_err() {
                    return;
                }
            }
            (Reply::HangsUp, _) => return,
            (Reply::SaysNothing, _) => std::future::pending().await,
        }
    }
}

impl State {
    fn answer(&mut self, head: &str, body: String) -> (Reply, String) {
        let mut words = head.split(' ').map(str::to_owned);
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let by_digest = header(head, "authorization").is_some();
        self.authorizations += u32::from(by_digest);
        let plain = |status, body: String| (Reply::Answers(status, body), String::new());
        let level = header(head, "x-userlevel");
        let cookie = header(head, "cookie").unwrap_or_default();
        let known = self.sessions.iter().position(|session| cookie == format!("WebSession={session}"));
        let asked = Asked { method, path, body, level };
        let (key, bare) =
            (format!("{} {}", asked.method, asked.path), asked.path.split('?').next().unwrap().to_owned());
        match bare.as_str() {
            "/ISAPI/Security/sessionLogin/capabilities" => {
                self.capabilities += 1;
                self.asked.push(asked);
                match self.replies.get("capabilities") {
                    Some(reply) => (reply.clone(), String::new()),
                    None => plain(200, self.login_capabilities()),
                }
            }
            "/ISAPI/Security/sessionLogin" => {
                self.logins += 1;
                self.asked.push(asked.clone());
                self.log_in(&asked.body)
            }
            "/ISAPI/Security/sessionLogout" => {
                self.logouts += 1;
                if let Some(known) = known {
                    self.sessions.remove(known);
                }
                match self.replies.get("logout") {
                    Some(reply) => (reply.clone(), String::new()),
                    None => plain(200, told(1, "ok")),
                }
            }
            _ if (known.is_none() && !(by_digest && self.takes_digest)) || self.forbidden.contains(&bare) => {
                (Reply::Answers(401, "<html>401 Unauthorized</html>".into()), self.challenge.clone())
            }
            _ => {
                if self.turns_after.as_ref() == Some(&asked.path) {
                    self.sessions.clear();
                    self.password.push('!');
                }
                self.asked.push(asked);
                match self.replies.get(&key) {
                    Some(reply) => (reply.clone(), String::new()),
                    None => plain(404, told(4, "notSupport")),
                }
            }
        }
    }

    fn login_capabilities(&self) -> String {
        let salts = match self.hashing {
            Hashing::TwoSalts | Hashing::Json => {
                "<isIrreversible>true</isIrreversible><sessionIDVersion>2.1</sessionIDVersion><salt>5A17</salt><salt2>5A172</salt2>"
            }
            Hashing::OneSalt => {
                "<isIrreversible>true</isIrreversible><sessionIDVersion>2</sessionIDVersion><salt>5A17</salt>"
            }
            Hashing::NoSalt => "",
        };
        if self.hashing == Hashing::Json {
            return r#"{"SessionLoginCap":{"sessionID":"f00d","challenge":"c4a1","iterations":100,"isIrreversible":true,"sessionIDVersion":"2.1","salt":"5A17","salt2":"5A172"}}"#.into();
        }
        format!(
            "<SessionLoginCap version=\"2.0\" xmlns=\"http://www.hikvision.com/ver20/XMLSchema\"><sessionID>f00d</sessionID><challenge>c4a1</challenge><iterations>100</iterations>{salts}</SessionLoginCap>"
        )
    }

    fn log_in(&mut self, body: &str) -> (Reply, String) {
        if let Some((status, body)) = self.instead_of_login.clone() {
            return (Reply::Answers(status, body), String::new());
        }
        let right = body.contains(&format!("<password>{}</password>", self.expected()))
            && body.contains("<userName>anna &amp; co</userName>")
            && body.contains("<sessionID>f00d</sessionID>")
            && (self.hashing == Hashing::NoSalt || body.contains("<sessionIDVersion>2"));
        if !right {
            return (Reply::Answers(401, self.refusal.clone()), String::new());
        }
        self.made += 1;
        let session = format!("session{}", self.made);
        self.sessions.push(session.clone());
        let told = "<statusValue>200</statusValue><statusString>OK</statusString><isActivated>true</isActivated>";
        if self.cookie_in_header {
            let cookie = format!("Set-Cookie: WebSession={session}; path=/; HttpOnly\r\n");
            (Reply::Answers(200, format!("<SessionLogin>{told}</SessionLogin>")), cookie)
        } else {
            (
                Reply::Answers(200, format!("<SessionLogin>{told}<sessionID>{session}</sessionID></SessionLogin>")),
                String::new(),
            )
        }
    }

    fn expected(&self) -> String {
        let h = |text: String| hex::encode(Sha256::digest(text));
        let password = &self.password;
        if self.hashing == Hashing::NoSalt {
            return (1..100).fold(h(password.clone()) + "c4a1", |text, _| h(text));
        }
        let mut text = h(format!("{INSTALLER}5A17{password}"));
        if self.hashing != Hashing::OneSalt {
            text = h(format!("{INSTALLER}5A172{text}"));
        }
        (2..100).fold(h(text + "c4a1"), |text, _| h(text))
    }
}
