//! Taking a code to the platform, once, and getting the token that makes this box a link.

use std::path::Path;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::{Method, Request};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::connection::{ConnectError, Platform, within};

/// Bytes of the answer, at most.
const MOST_BYTES: usize = 16 * 1024;

/// What the platform gave for the code.
#[derive(Debug, Deserialize)]
pub struct Enrolled {
    /// The link's id.
    pub link_id: String,
    /// Its token.
    pub token: SecretString,
}

#[derive(Serialize)]
struct Enrolment<'a> {
    code: &'a str,
    version: &'a str,
    system: &'a str,
}

/// Takes `code` to the platform at `url`.
pub async fn enrol(
    url: &str,
    code: &SecretString,
    ca: Option<&Path>,
    insecure_http: bool,
) -> Result<Enrolled, ConnectError> {
    let platform = Platform::new(url, ca, insecure_http)?;
    let wire = platform.connect().await?;
    let system = crate::system();
    let body = Enrolment { code: code.expose_secret().trim(), version: crate::VERSION, system: &system };
    let body = serde_json::to_vec(&body).map_err(|_| ConnectError::NotAPlatform)?;
    let request = Request::builder()
        .method(Method::POST)
        .uri(platform.path_of("/link/enrolment"))
        .header(HOST, platform.authority())
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body)))
        .map_err(|_| ConnectError::Url)?;
    within(async {
        let handshake = http1::handshake(TokioIo::new(wire)).await;
        let (mut sender, connection) = handshake.map_err(|_| ConnectError::NotAPlatform)?;
        tokio::spawn(connection);
        let answer = sender.send_request(request).await.map_err(|_| ConnectError::NotAPlatform)?;
        match answer.status().as_u16() {
            200 | 201 => {}
            404 | 410 => return Err(ConnectError::Code),
            status => return Err(ConnectError::Status(status)),
        }
        let body = Limited::new(answer.into_body(), MOST_BYTES).collect().await;
        let body = body.map_err(|_| ConnectError::NotAPlatform)?.to_bytes();
        serde_json::from_slice(&body).map_err(|_| ConnectError::NotAPlatform)
    })
    .await
}
