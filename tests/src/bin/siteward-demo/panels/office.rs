//! The company of the story: its Admin, an installer who is invited by mail, and what they do.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use siteward_tests::client::Client;
use siteward_tests::mailbox::Mailbox;
use siteward_tests::process::ServerProcess;

pub(crate) const ADMIN: &str = "admin@example.com";
pub(crate) const ADMIN_PASSWORD: &str = "Correct-horse7";
pub(crate) const INES: &str = "ines@example.com";
pub(crate) const INES_PASSWORD: &str = "Green-Door-41";
pub(crate) const INES_NEW_PASSWORD: &str = "Blue-Window-52";
const LONGEST: Duration = Duration::from_secs(40);

/// The company.
pub(crate) struct Office {
    pub(crate) admin: Client,
    mailbox: Mailbox,
}

impl Office {
    /// Sets the server up, and its mail.
    pub(crate) async fn open(server: &ServerProcess) -> Result<Self> {
        let code = server.setup_code.clone().context("the server printed no set-up link")?;
        let mut admin = Client::new(&server.base);
        admin.set_up(&code, "Demo Installers").await?;
        let mailbox = Mailbox::open().await?;
        let settings = json!({
            "host": "127.0.0.1", "port": mailbox.port, "security": "none", "sender_name": "Demo Installers",
            "sender_address": "office@example.com", "language": "en",
        });
        admin.send_json(http::Method::PUT, "/mail_settings", &settings).await?.ok()?;
        Ok(Self { admin, mailbox })
    }

    /// Invites Ines as an installer, and joins as her by the link in the mail; gives her id.
    pub(crate) async fn invite_and_join(&self, server: &ServerProcess) -> Result<String> {
        let roles = self.admin.get("/roles").await?.ok()?;
        let all = roles["items"].as_array().cloned().unwrap_or_default();
        let role = all.iter().find(|role| role["name"] == "Installer").context("the role Installer")?;
        let invitation = json!({"email": INES, "name": "Ines Moreau", "role_id": role["id"], "language": "en"});
        self.admin.post("/staff_invitations", &invitation).await?.ok()?;
        let link = self.wait(|| async { Ok(self.mailbox.newest_to(INES).and_then(|letter| letter.link())) }).await?;
        let path = link.strip_prefix(&server.base).context("a link to the server")?.to_owned();
        let reader = Client::bare(&server.base);
        let joined = reader.post_form(&path, &[("name", "Ines Moreau"), ("password", INES_PASSWORD)]).await?;
        if joined.status.as_u16() != 303 {
            bail!("joining answered {}", joined.status);
        }
        let staff = self.admin.get("/staff").await?.ok()?;
        let all = staff["items"].as_array().cloned().unwrap_or_default();
        let ines = all.iter().find(|member| member["email"] == INES).context("Ines among the staff")?;
        Ok(ines["id"].as_str().unwrap_or_default().to_owned())
    }

    /// Makes somebody the manager of a site.
    pub(crate) async fn assign(&self, site: &str, staff: &str, until: Option<DateTime<Utc>>) -> Result<()> {
        let body = json!({"site_ids": [site], "managers": [{"staff_id": staff, "expires_at": until}]});
        self.admin.send_json(http::Method::PUT, "/site_managers", &body).await?.ok().map(drop)
    }

    /// Signs somebody in.
    pub(crate) async fn sign_in(&self, server: &ServerProcess, email: &str, password: &str) -> Result<Client> {
        let mut client = Client::new(&server.base);
        client.sign_in(email, password).await?.ok()?;
        Ok(client)
    }

    /// Ines takes another password.
    pub(crate) async fn change_password(&self, ines: &Client) -> Result<()> {
        let body = json!({"password": INES_PASSWORD, "new_password": INES_NEW_PASSWORD});
        ines.post("/profile/password", &body).await?.ok().map(drop)
    }

    /// Waits for an account of a state on a panel; gives its id.
    pub(crate) async fn wait_for_state(&self, device: &str, state: &str) -> Result<String> {
        let path = format!("/devices/{device}/panel_accounts");
        self.wait(|| async {
            let listed = self.admin.get(&path).await?.ok()?;
            let all = listed["items"].as_array().cloned().unwrap_or_default();
            let found = all.iter().find(|account| account["state"] == state);
            Ok(found.and_then(|account| account["id"].as_str().map(str::to_owned)))
        })
        .await
    }

    /// Waits until the exit of a panel has ended; gives the proof.
    pub(crate) async fn wait_for_exit(&self, device: &str) -> Result<Value> {
        self.wait(|| async {
            let listed = self.admin.get("/panel_exits").await?.ok()?;
            let all = listed["items"].as_array().cloned().unwrap_or_default();
            let ended = all.iter().find(|exit| exit["device_id"] == device && exit["state"] != "running");
            match ended.and_then(|exit| exit["id"].as_str()) {
                Some(id) => Ok(Some(self.admin.get(&format!("/panel_exits/{id}")).await?.ok()?)),
                None => Ok(None),
            }
        })
        .await
    }

    async fn wait<T, F: Future<Output = Result<Option<T>>>>(&self, mut found: impl FnMut() -> F) -> Result<T> {
        let started = Instant::now();
        loop {
            if let Some(found) = found().await? {
                return Ok(found);
            }
            if started.elapsed() > LONGEST {
                bail!("it did not come about in time");
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
