//! A client of alarm panels that works its proof out from the protocol notes alone.

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use siteward_simulator::DeviceHandle;
use tokio::net::TcpStream;

use crate::client::{Answer, address, ask, element};

/// Somebody signed in at a panel.
pub(crate) struct Session {
    device: DeviceHandle,
    /// Header lines.
    pub(crate) head: String,
}

/// A request of its own connection.
pub(crate) async fn call(device: &DeviceHandle, method: &str, path: &str, extra: &str, body: &str) -> Answer {
    let mut stream = TcpStream::connect(address(device)).await.unwrap();
    ask(&mut stream, method, path, extra, body).await
}

pub(crate) async fn capabilities(device: &DeviceHandle, user: &str, extra: &str) -> String {
    let path = format!("/ISAPI/Security/sessionLogin/capabilities?username={user}");
    let answer = call(device, "GET", &path, extra, "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

fn hash(text: String) -> String {
    hex::encode(Sha256::digest(text))
}

/// The three lines of the notes: with two salts, with one.
pub(crate) fn proof(told: &str, user: &str, password: &str) -> String {
    assert_eq!(element(told, "isIrreversible"), "true");
    let (salt, second) = (element(told, "salt"), element(told, "salt2"));
    let mut proof = hash(format!("{user}{salt}{password}"));
    if !second.is_empty() {
        proof = hash(format!("{user}{second}{proof}"));
    }
    proof = hash(proof + &element(told, "challenge"));
    for _ in 2..element(told, "iterations").parse().unwrap() {
        proof = hash(proof);
    }
    proof
}

pub(crate) async fn answer_challenge(device: &DeviceHandle, told: &str, user: &str, password: &str) -> Answer {
    let body = format!(
        "<SessionLogin><userName>{user}</userName><password>{}</password><sessionID>{}</sessionID>\
         <sessionIDVersion>{}</sessionIDVersion></SessionLogin>",
        proof(told, user, password),
        element(told, "sessionID"),
        element(told, "sessionIDVersion"),
    );
    call(device, "POST", "/ISAPI/Security/sessionLogin?timeStamp=1764288000", "", &body).await
}

pub(crate) async fn sign_in(device: &DeviceHandle, user: &str, password: &str) -> Answer {
    let told = capabilities(device, user, "").await;
    answer_challenge(device, &told, user, password).await
}

impl Session {
    /// A session of the device's own account.
    pub(crate) async fn own(device: &DeviceHandle) -> Self {
        Self::of(device, &device.user, &device.password).await
    }

    pub(crate) async fn of(device: &DeviceHandle, user: &str, password: &str) -> Self {
        let answer = sign_in(device, user, password).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        Self::from(device, &answer)
    }

    pub(crate) fn from(device: &DeviceHandle, answer: &Answer) -> Self {
        let (_, rest) = answer.head.split_once("Set-Cookie: ").unwrap();
        let cookie = rest.split(';').next().unwrap();
        assert_eq!(cookie, format!("WebSession={}", element(&answer.text(), "sessionID")));
        Self { device: device.clone(), head: format!("Cookie: {cookie}\r\n") }
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: &str) -> Answer {
        call(&self.device, method, path, &self.head, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.call("GET", path, "").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// Status and word of something written.
    pub(crate) async fn write(&self, method: &str, path: &str, body: &Value) -> (u16, String) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = self.call(method, path, &body).await;
        (answer.status, answer.json()["subStatusCode"].as_str().unwrap().to_owned())
    }
}

/// What a write that was done answers.
pub(crate) fn done() -> (u16, String) {
    (200, "ok".to_owned())
}

/// What a write that was refused answers.
pub(crate) fn refused(status: u16, word: &str) -> (u16, String) {
    (status, word.to_owned())
}
