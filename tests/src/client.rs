//! A small client of the REST API, as a browser would use it: cookie kept, CSRF header sent.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client as Http;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// A connection that was not used for so long is not used again: the server closes it a little later.
const IDLE: Duration = Duration::from_secs(2);

/// Someone who talks to a server: their cookie and CSRF token.
#[derive(Clone)]
pub struct Client {
    base: String,
    prefix: &'static str,
    http: Http<HttpConnector, Full<Bytes>>,
    cookie: Option<String>,
    csrf_token: Option<String>,
    user_agent: Option<String>,
    header: Option<(&'static str, String)>,
}

/// An answer: its status and JSON body (`Null` when empty or not JSON).
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: http::HeaderMap,
    /// The body, when it is JSON.
    pub body: Value,
    /// The body as it came.
    pub text: String,
    /// The same, byte by byte.
    pub bytes: Bytes,
}

impl Answer {
    /// The stable error code of a refusal.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The body of a success; anything else is an error that shows the answer.
    pub fn ok(self) -> Result<Value> {
        if self.status.is_success() { Ok(self.body) } else { Err(anyhow!("{}: {}", self.status, self.body)) }
    }
}

impl Client {
    /// A stranger to the server at `base`, e.g. `http://127.0.0.1:8090`.
    pub fn new(base: impl Into<String>) -> Self {
        let http = Http::builder(TokioExecutor::new()).pool_idle_timeout(IDLE).build(HttpConnector::new());
        Self {
            base: base.into(),
            prefix: "/api/v1",
            http,
            cookie: None,
            csrf_token: None,
            user_agent: None,
            header: None,
        }
    }

    /// A client of another JSON API, whose paths have no prefix.
    pub fn bare(base: impl Into<String>) -> Self {
        Self { prefix: "", ..Self::new(base) }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.header = Some((name, value.to_owned()));
        self
    }

    /// The server's address.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// `GET` below `/api/v1`.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, None, Bytes::new()).await
    }

    /// The items of a list.
    pub async fn items(&self, path: &str) -> Result<Vec<Value>> {
        let list = self.get(path).await?.ok()?;
        list["items"].as_array().cloned().context("a list has items")
    }

    /// `POST` of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send_json(Method::POST, path, body).await
    }

    /// `PATCH` of JSON.
    pub async fn patch(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send_json(Method::PATCH, path, body).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Result<Answer> {
        self.send(Method::DELETE, path, None, Bytes::new()).await
    }

    /// `POST` of bytes, such as a picture.
    pub async fn post_bytes(&self, path: &str, content_type: &str, body: impl Into<Bytes>) -> Result<Answer> {
        self.send(Method::POST, path, Some(content_type), body.into()).await
    }

    /// `PUT` of bytes, such as a picture.
    pub async fn put_bytes(&self, path: &str, content_type: &str, body: impl Into<Bytes>) -> Result<Answer> {
        self.send(Method::PUT, path, Some(content_type), body.into()).await
    }

    /// Any method with a JSON body.
    pub async fn send_json(&self, method: Method, path: &str, body: &Value) -> Result<Answer> {
        self.send(method, path, Some("application/json"), Bytes::from(body.to_string())).await
    }

    /// Takes the session that a sign-in or set-up answered with.
    pub fn adopt(&mut self, answer: &Answer) -> Result<()> {
        self.adopt_cookie("siteward_session=", answer)
    }

    /// The same of an end user's session.
    pub fn adopt_end_user(&mut self, answer: &Answer) -> Result<()> {
        self.adopt_cookie("siteward_my=", answer)
    }

    fn adopt_cookie(&mut self, name: &str, answer: &Answer) -> Result<()> {
        let cookie = answer
            .headers
            .get_all(http::header::SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok()?.split(';').next().map(str::to_owned))
            .find(|pair| pair.trim_start_matches("__Host-").starts_with(name))
            .with_context(|| format!("no session cookie with {}: {}", answer.status, answer.body))?;
        self.cookie = Some(cookie);
        self.csrf_token = answer.body["csrf_token"].as_str().map(str::to_owned);
        Ok(())
    }

    /// Makes company and Installer Admin with the code from the set-up link, and signs in.
    pub async fn set_up(&mut self, setup_code: &str, company: &str) -> Result<Value> {
        let request = serde_json::json!({
            "setup_code": setup_code,
            "company": {"name": company, "region": "DE"},
            "admin": {"name": "Alex Admin", "email": "admin@example.com", "password": "Correct-horse7"},
            "public_url": self.base,
        });
        let answer = self.post("/setup", &request).await?;
        if answer.status != StatusCode::CREATED {
            bail!("set-up refused: {} {}", answer.status, answer.body);
        }
        self.adopt(&answer)?;
        Ok(answer.body)
    }

    /// Signs in.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Result<Answer> {
        let answer = self.post("/session", &serde_json::json!({"email": email, "password": password})).await?;
        if answer.status.is_success() {
            self.adopt(&answer)?;
        }
        Ok(answer)
    }

    /// Signs in as an end user.
    pub async fn sign_in_as_end_user(&mut self, email: &str, password: &str) -> Result<Answer> {
        let answer = self.post("/my/session", &serde_json::json!({"email": email, "password": password})).await?;
        if answer.status.is_success() {
            self.adopt_end_user(&answer)?;
        }
        Ok(answer)
    }

    /// The same person, who asks another server of the same data.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// What the browser calls itself from now on.
    pub fn call_itself(&mut self, user_agent: &str) {
        self.user_agent = Some(user_agent.to_owned());
    }

    /// Forgets cookie and token.
    pub fn forget(&mut self) {
        self.cookie = None;
        self.csrf_token = None;
    }

    /// Opens a stream of server-sent events; its body is read frame by frame.
    pub async fn stream(&self, path: &str) -> Result<http::Response<Incoming>> {
        self.raw(Method::GET, path, None, Bytes::new()).await
    }

    /// Any request; only the head of the answer is waited for, so that streams can be asked too.
    pub async fn head_of(&self, method: Method, path: &str, body: Option<&Value>) -> Result<http::Response<Incoming>> {
        let content_type = body.map(|_| "application/json");
        let bytes = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        self.raw(method, path, content_type, bytes).await
    }

    /// The session's cookie, as a browser sends it.
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// The CSRF token, as the session told it.
    pub fn csrf_token(&self) -> Option<&str> {
        self.csrf_token.as_deref()
    }

    /// `POST` of a form, as a page without a script sends it.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let form: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", form_encoded(value))).collect();
        self.post_bytes(path, "application/x-www-form-urlencoded", form.join("&")).await
    }

    /// Sends no CSRF token any more, as a foreign page would.
    pub fn forget_csrf_token(&mut self) {
        self.csrf_token = None;
    }

    /// Sends the CSRF token of somebody else's session from now on.
    pub fn take_csrf_token_of(&mut self, other: &Self) {
        self.csrf_token.clone_from(&other.csrf_token);
    }

    async fn send(&self, method: Method, path: &str, content_type: Option<&str>, body: Bytes) -> Result<Answer> {
        let response = self.raw(method, path, content_type, body).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await?.to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Answer { status, headers, body, text: String::from_utf8_lossy(&bytes).into_owned(), bytes })
    }

    async fn raw(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Bytes,
    ) -> Result<http::Response<Incoming>> {
        let mut request = Request::builder().method(method).uri(format!("{}{}{path}", self.base, self.prefix));
        if let Some(content_type) = content_type {
            request = request.header(http::header::CONTENT_TYPE, content_type);
        }
        if let Some((name, value)) = &self.header {
            request = request.header(*name, value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(http::header::COOKIE, cookie);
        }
        if let Some(token) = &self.csrf_token {
            request = request.header("X-CSRF-Token", token);
        }
        if let Some(name) = &self.user_agent {
            request = request.header(http::header::USER_AGENT, name);
        }
        Ok(self.http.request(request.body(Full::new(body))?).await?)
    }
}

fn form_encoded(value: &str) -> String {
    let encoded = value.bytes().map(|byte| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    encoded.collect()
}
