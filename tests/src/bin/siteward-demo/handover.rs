//! The story `handover`: a site is handed over by a link in a mail, and its owner lets the installer back in for an hour.

use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use siteward_tests::client::{Answer, Client};
use siteward_tests::foreign_mail::ForeignMail;
use siteward_tests::process::{ServerProcess, SimulatorProcess, free_port, program};
use siteward_tests::street::{add_all, devices, make_site, wait_health, wait_until};

use crate::table;

const OWNER: &str = "olga@example.com";
const PASSWORD: &str = "Sunny-harbour8";

/// Everything that takes part.
struct Stage {
    admin: Client,
    office: ForeignMail,
    site: String,
    device: String,
}

/// Tells the story; true when everything went as it should.
pub(crate) async fn tell(once: bool) -> Result<bool> {
    let folder = tempfile::Builder::new().prefix("siteward-demo-").tempdir()?;
    let simulator = SimulatorProcess::start(&["--site", "mixed12", "--first", "127.60.0.1"])?;
    let simulated = simulator.ready["devices"].as_array().cloned().context("the simulator has devices")?;
    let server = ServerProcess::start(folder.path(), free_port()?, &[("SITEWARD__POLLING__PERIOD_SECONDS", "2")])?;
    let mut admin = Client::new(&server.base);
    admin.set_up(server.setup_code.as_deref().context("the server printed no set-up link")?, "Demo Installers").await?;
    let office = ForeignMail::start()?;
    office.be_server_of(&admin).await?;
    let site = make_site(&admin, "Villa Harbour").await?;
    add_all(&admin, &site, &simulated).await?;
    wait_health(&admin, &site, "healthy", simulated.len()).await?;
    let first = devices(&admin, &site).await?.into_iter().next().context("a device")?;
    let device = first["device"]["id"].as_str().or(first["id"].as_str()).context("a device has an id")?.to_owned();
    println!("1. “Villa Harbour” with {} devices is healthy. Mails go to aiosmtpd", simulated.len());

    let stage = Stage { admin, office, site, device };
    let (owner, mut right) = stage.hands_over(&server.base).await?;
    right &= stage.shows_pack(&owner).await?;
    right &= stage.lets_in_and_out(&owner, &server.base).await?;
    right &= stage.checks_log(&owner, folder.path()).await?;
    stage.shows_mails();
    println!("\n{}", if right { "Everything went as it should." } else { "Not everything went as it should." });
    if !once {
        println!("\nThe owner's side is {}/my: {OWNER}, password {PASSWORD}.", server.base);
        println!("The company's is {}: admin@example.com, password Correct-horse7. Ctrl-C ends it.", server.base);
        tokio::signal::ctrl_c().await?;
    }
    Ok(right)
}

impl Stage {
    /// The mail to an address whose text has a link below this path; gives the link's path.
    async fn link_in_mail(&self, below: &str) -> Result<String> {
        let find = || {
            let mails = self.office.taken();
            let texts = mails.iter().rev().filter_map(|mail| mail["text"].as_str());
            let mut words = texts.flat_map(str::split_whitespace);
            words.find_map(|word| word.find(below).and_then(|place| word.get(place..)).map(str::to_owned))
        };
        wait_until("mailed", || async { Ok(find().is_some()) }).await?;
        find().context("a link")
    }

    async fn status(&self) -> Result<String> {
        let site = self.admin.get(&format!("/sites/{}", self.site)).await?.ok()?;
        Ok(site["status"].as_str().unwrap_or_default().to_owned())
    }

    /// Invites the owner, who opens the link in the mail, makes an account on the page and accepts.
    async fn hands_over(&self, base: &str) -> Result<(Client, bool)> {
        let asked = json!({"site": true, "devices": [
            {"device_id": self.device, "permission": "live_view", "validity": "permanent"},
            {"device_id": self.device, "permission": "playback", "validity": "8h"},
        ]});
        let body = json!({"email": OWNER, "name": "Olga", "language": "en", "asks": asked});
        self.admin.post(&format!("/sites/{}/handovers", self.site), &body).await?.ok()?;
        println!("2. {OWNER} is invited; the site is {}", self.status().await?);
        let path = self.link_in_mail("/handover/").await?;
        let page = Client::bare(base).get(&path).await?;
        println!("3. The link in the mail opens a page without a script: {}", page.status);
        // Of what was asked for the owner ticks one box, the site.
        let fields = [
            ("allow.site", "on"),
            ("name", "Olga Meyer"),
            ("region", "DE"),
            ("password", PASSWORD),
            ("answer", "accept"),
        ];
        let done = Client::bare(base).post_form(&path, &fields).await?;
        let mut owner = Client::new(base);
        owner.sign_in_as_end_user(OWNER, PASSWORD).await?.ok()?;
        let again = Client::bare(base).get(&path).await?;
        let status = self.status().await?;
        println!("   She made an account and accepted, but lets nobody see her pictures: the site is {status}");
        println!("   The same link once more: {}", again.status);
        let right = page.status == 200 && done.status == 200 && again.status == 410 && status == "authorized";
        Ok((owner, right))
    }

    async fn shows_pack(&self, owner: &Client) -> Result<bool> {
        let answer = owner.get(&format!("/my/sites/{}/pack", self.site)).await?;
        let pack: Value = serde_json::from_slice(&answer.bytes)?;
        println!("4. Her handover pack, SHA-256 {}", hex::encode(Sha256::digest(&answer.bytes)));
        let checks = pack["checklist"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().replace('_', " ");
        let rows: Vec<Vec<String>> =
            checks.iter().map(|check| vec![text(&check["check"]), text(&check["outcome"])]).collect();
        table::print(&["check", "outcome"], &rows);
        let welcome = self.office.taken().into_iter().any(|mail| {
            mail["parts"].as_array().is_some_and(|parts| parts.iter().any(|part| part["type"] == "application/pdf"))
        });
        println!("   It came with the mail that welcomes her: {}", if welcome { "yes" } else { "no" });
        Ok(welcome && !rows.is_empty())
    }

    async fn reboot(&self) -> Result<Answer> {
        self.admin.post(&format!("/devices/{}/reboot", self.device), &Value::Null).await
    }

    /// Without a permission the company is refused; it applies, is let in for an hour, uses it, and is sent out by the link in the
    /// mail that told of the use.
    async fn lets_in_and_out(&self, owner: &Client, base: &str) -> Result<bool> {
        let before = self.reboot().await?;
        println!("5. The company restarts a device: {}, {}", before.status, before.code());
        let ask = json!({"device_id": self.device, "permission": "configuration", "validity": "1h"});
        let body = json!({"devices": [ask], "remark": "The gate camera hangs."});
        let request = self.admin.post(&format!("/sites/{}/grant_requests", self.site), &body).await?.ok()?;
        let path = format!("/my/grant_requests/{}/approve", request["id"].as_str().context("an id")?);
        owner.post(&path, &json!({})).await?.ok()?;
        let with = self.reboot().await?;
        println!("   It applies for one hour, she approves, and it tries again: {}", with.status);
        let link = self.link_in_mail("/revoke/").await?;
        let ended = Client::bare(base).post_form(&link, &[]).await?;
        let after = self.reboot().await?;
        println!("   She was mailed of the first use and takes it back by the link: {}", ended.status);
        println!("   And once more: {}, {}", after.status, after.code());
        let refused = |answer: &Answer| answer.code() == "permission_missing";
        Ok(refused(&before) && with.status.is_success() && ended.status.is_success() && refused(&after))
    }

    /// The log is downloaded and checked without the server.
    async fn checks_log(&self, owner: &Client, folder: &std::path::Path) -> Result<bool> {
        let file = folder.join("access-log.jsonl");
        let log = owner.get(&format!("/my/sites/{}/access_log/file", self.site)).await?;
        std::fs::write(&file, &log.bytes)?;
        let checked = Command::new(program("siteward")?).args(["log", "verify"]).arg(&file).output()?;
        if !checked.status.success() {
            bail!("siteward log verify: {}", String::from_utf8_lossy(&checked.stderr));
        }
        let said = String::from_utf8_lossy(&checked.stdout);
        println!("6. siteward log verify: {}", said.trim().replace('\n', "\n   "));
        Ok(true)
    }

    fn shows_mails(&self) {
        let rows: Vec<Vec<String>> = self
            .office
            .taken()
            .iter()
            .map(|mail| {
                let files = mail["parts"].as_array().map(Vec::len).unwrap_or_default();
                let to = mail["to"][0].as_str().unwrap_or_default().to_owned();
                vec![to, mail["subject"].as_str().unwrap_or_default().to_owned(), files.to_string()]
            })
            .collect();
        println!("7. The mails:");
        table::print(&["to", "subject", "files and pictures"], &rows);
    }
}
