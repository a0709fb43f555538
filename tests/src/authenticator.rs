//! An authenticator app: it takes the address in a QR, and tells codes.

use anyhow::{Result, anyhow};
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use totp_rs::Totp;

use crate::client::{Answer, Client};

/// Seconds that a code is for.
pub const STEP_SECONDS: i64 = 30;

/// An app with one account in it.
#[derive(Debug, Clone)]
pub struct Authenticator(Totp);

impl Authenticator {
    /// Takes the account that a QR hands over.
    pub fn scan(uri: &str) -> Result<Self> {
        Totp::from_url(uri).map(Self).map_err(|error| anyhow!("{error}"))
    }

    /// The code that it shows at a time.
    pub fn code_at(&self, time: DateTime<Utc>) -> String {
        self.0.generate(u64::try_from(time.timestamp()).unwrap_or_default()).to_string()
    }

    /// The code that it shows so many steps later.
    pub fn code_after(&self, time: DateTime<Utc>, steps: i64) -> String {
        self.code_at(time + Duration::seconds(steps * STEP_SECONDS))
    }

    /// Sets up the second factor of somebody signed in, with the code of `now`; gives the app and the recovery codes.
    pub async fn set_up(client: &mut Client, password: &str, now: DateTime<Utc>) -> Result<(Self, Vec<String>)> {
        let begun = client.post("/profile/two_factor", &json!({"password": password})).await?.ok()?;
        let app = Self::scan(begun["uri"].as_str().unwrap_or_default())?;
        let answer =
            client.send_json(http::Method::PUT, "/profile/two_factor", &json!({"code": app.code_at(now)})).await?;
        let codes = recovery_codes(&answer.clone().ok()?);
        client.adopt_step_up(&answer)?;
        Ok((app, codes))
    }
}

/// The recovery codes of an answer.
pub fn recovery_codes(body: &Value) -> Vec<String> {
    let codes = body["recovery_codes"].as_array().cloned().unwrap_or_default();
    codes.iter().filter_map(|code| code.as_str().map(str::to_owned)).collect()
}

impl Client {
    /// Takes the session under which one goes on after a second factor was set up.
    pub fn adopt_step_up(&mut self, answer: &Answer) -> Result<()> {
        let session = Answer { body: answer.body["session"].clone(), ..answer.clone() };
        self.adopt(&session)
    }

    /// Signs in with a code too.
    pub async fn sign_in_with(&mut self, email: &str, password: &str, code: &str) -> Result<Answer> {
        let answer = self.post("/session", &json!({"email": email, "password": password, "code": code})).await?;
        if answer.status.is_success() {
            self.adopt(&answer)?;
        }
        Ok(answer)
    }
}
