//! The story `sharing`: an owner shares a camera in three ways, takes one back, and loses the camera to whoever holds it in their hands.

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use siteward_simulator::{CloudState, SimulatorSettings, Site};
use siteward_tests::captcha::work;
use siteward_tests::client::Client;
use siteward_tests::foreign_mail::ForeignMail;
use siteward_tests::lan::{Lan, Link};
use siteward_tests::owner::hand_over;
use siteward_tests::process::{ServerProcess, free_port};
use siteward_tests::street::wait_until;

use crate::table;

const PASSWORD: &str = "Sunny-harbour8";
const OLGA: &str = "olga@example.com";

/// Everything that takes part.
struct Stage {
    base: String,
    office: ForeignMail,
    lan: Lan,
    link: Link,
    /// Olga, whose camera it is.
    owner: Client,
    device: String,
}

/// Tells the story; true when everything went as it should.
pub(crate) async fn tell(once: bool) -> Result<bool> {
    let folder = tempfile::Builder::new().prefix("siteward-demo-").tempdir()?;
    let server = ServerProcess::start(folder.path(), free_port()?, &[("SITEWARD__POLLING__PERIOD_SECONDS", "2")])?;
    let mut admin = Client::new(&server.base);
    admin.set_up(server.setup_code.as_deref().context("the server printed no set-up link")?, "Demo Installers").await?;
    let stage = Stage::open(&server.base, &admin).await?;

    let (eva, mut right) = stage.by_account().await?;
    let (nora, by_code) = stage.by_code().await?;
    let (sam, by_hand) = stage.face_to_face().await?;
    right &= by_code && by_hand && stage.takes_back(&eva).await?;
    right &= stage.is_unbound(&[("Nora", &nora), ("Sam", &sam)]).await?;
    right &= stage.shows_log().await?;
    println!("\n{}", if right { "Everything went as it should." } else { "Not everything went as it should." });
    if !once {
        println!("\nThe owner's side is {}/my: {OLGA}, password {PASSWORD}. Ctrl-C ends it.", server.base);
        tokio::signal::ctrl_c().await?;
    }
    Ok(right)
}

impl Stage {
    /// A camera behind a link is added by its label, and its site is handed over.
    async fn open(base: &str, admin: &Client) -> Result<Self> {
        let office = ForeignMail::start()?;
        office.be_server_of(admin).await?;
        let lan = Lan::start(SimulatorSettings::site(Site::CloudStates, 71)).await?;
        let link = lan.site_with_page(admin, "Villa Harbour").await?;
        let camera = lan.simulator.devices().get(CloudState::Ready.index()).context("a camera")?;
        let body = json!({"text": camera.label, "name": "Gate", "password": camera.password});
        let added = admin.post(&format!("/sites/{}/additions", link.site), &body).await?.ok()?;
        let device = added["device_id"].as_str().context("the camera was added")?.to_owned();
        let owner = register(&office, base, "Olga", OLGA).await?;
        hand_over(admin, &link.site, &owner, OLGA, &json!({"site": true, "devices": []})).await?;
        println!("1. “Villa Harbour” with the camera “Gate”, behind a link, is Olga's. Mails go to aiosmtpd");
        Ok(Self { base: base.to_owned(), office, lan, link, owner, device })
    }

    fn channels(&self, permissions: &Value) -> Value {
        json!([{"device_id": self.device, "channel": 1, "permissions": permissions}])
    }

    /// What somebody is answered who asks for the camera's picture, and how many bytes they get.
    async fn look(&self, who: &Client) -> Result<(u16, usize)> {
        let answer = who.get(&format!("/my/devices/{}/channels/1/picture", self.device)).await?;
        Ok((answer.status.as_u16(), answer.bytes.len()))
    }

    /// To an address that has no account yet: the mail invites to register, and the offer waits.
    async fn by_account(&self) -> Result<(Client, bool)> {
        let body = json!({"login": "eva@example.com", "channels": self.channels(&json!(["playback"]))});
        let offer = self.owner.post("/my/share_offers", &body).await?.ok()?;
        println!(
            "2. By account: Olga offers Eva the gate, who has no account yet. The offer is {}",
            said(&offer["state"])
        );
        let eva = register(&self.office, &self.base, "Eva", "eva@example.com").await?;
        let offers = eva.get("/my/received_offers").await?.ok()?;
        let id = offers["items"][0]["id"].as_str().context("the offer waited")?;
        eva.post(&format!("/my/received_offers/{id}/accept"), &json!({})).await?.ok()?;
        let (status, bytes) = self.look(&eva).await?;
        println!(
            "   Eva registers with that address, finds the offer and accepts. The picture: {status}, {bytes} bytes"
        );
        Ok((eva, status == 200))
    }

    /// By a code for 300 seconds: its picture is read, its link looked at without an account, and applied with.
    async fn by_code(&self) -> Result<(Client, bool)> {
        let body = json!({"kind": "temporary", "label": "Neighbours", "channels": self.channels(&json!([]))});
        let code = self.owner.post("/my/share_codes", &body).await?.ok()?;
        let png = STANDARD.decode(code["pictures"]["png"].as_str().context("a picture")?)?;
        let read = siteward_qr::picture::read(&png, &|| true)?;
        let token = read.iter().find_map(|text| text.split_once('#')).context("the code holds a link")?.1;
        let seen = Client::new(&self.base).post("/my/share_codes/look", &json!({"token": token})).await?.ok()?;
        println!(
            "3. By QR: the code's picture is read. Without an account it tells: from {}",
            said(&seen["giver_name"])
        );
        let nora = register(&self.office, &self.base, "Nora", "nora@example.com").await?;
        nora.post("/my/share_applications", &json!({"token": token})).await?.ok()?;
        let before = self.look(&nora).await?.0;
        let waiting = self.owner.get("/my/share_applications").await?.ok()?;
        let id = waiting["items"][0]["id"].as_str().context("the application waits")?;
        let path = format!("/my/share_applications/{id}/accept");
        self.owner.post(&path, &json!({"channels": self.channels(&json!(["ptz"]))})).await?.ok()?;
        let after = self.look(&nora).await?.0;
        println!("   Nora applies: {before} before Olga accepts, {after} after");
        Ok((nora, before == 404 && after == 200))
    }

    /// Sam shows a code of theirs, which Olga reads.
    async fn face_to_face(&self) -> Result<(Client, bool)> {
        let sam = register(&self.office, &self.base, "Sam", "sam@example.com").await?;
        let code = sam.post("/my/account_codes", &json!({})).await?.ok()?;
        let token = code["url"].as_str().and_then(|url| url.split_once('#')).context("a link")?.1;
        let whose = self.owner.post("/my/account_codes/read", &json!({"token": token})).await?.ok()?;
        let body = json!({"account_token": token, "channels": self.channels(&json!(["alarm"]))});
        self.owner.post("/my/share_offers", &body).await?.ok()?;
        let offers = sam.get("/my/received_offers").await?.ok()?;
        let id = offers["items"][0]["id"].as_str().context("the offer is there")?;
        sam.post(&format!("/my/received_offers/{id}/accept"), &json!({})).await?.ok()?;
        let status = self.look(&sam).await?.0;
        println!(
            "4. Face to face: Olga reads the code on {}'s telephone and offers; the picture: {status}",
            said(&whose["name"])
        );
        let given = self.owner.get("/my/given_shares").await?.ok()?;
        let shares = given["items"].as_array().cloned().unwrap_or_default();
        let permissions = |share: &Value| {
            let all = share["channels"][0]["permissions"].as_array().cloned().unwrap_or_default();
            all.iter().map(|one| said(one).replace('_', " ")).collect::<Vec<_>>().join(", ")
        };
        let rows: Vec<Vec<String>> =
            shares.iter().map(|share| vec![said(&share["receiver_name"]).to_owned(), permissions(share)]).collect();
        table::print(&["shared with", "may"], &rows);
        Ok((sam, status == 200 && shares.len() == 3))
    }

    async fn takes_back(&self, eva: &Client) -> Result<bool> {
        let given = self.owner.get("/my/given_shares").await?.ok()?;
        let shares = given["items"].as_array().cloned().unwrap_or_default();
        let share = shares.iter().find(|share| share["receiver_name"] == "Eva").context("Eva's share")?;
        self.owner.delete(&format!("/my/given_shares/{}", said(&share["id"]))).await?.ok()?;
        let status = self.look(eva).await?.0;
        println!("5. Olga takes Eva's share back: the picture is {status} at once");
        let told = || async { Ok(self.mails().iter().any(|mail| mail.contains("does not share"))) };
        wait_until("Eva is told by mail", told).await?;
        Ok(status == 404)
    }

    fn mails(&self) -> Vec<String> {
        self.office.taken().iter().map(|mail| mail["subject"].to_string()).collect()
    }

    /// Whoever holds the camera, knows its password and is in its network frees it.
    async fn is_unbound(&self, receivers: &[(&str, &Client)]) -> Result<bool> {
        let hanna = register(&self.office, &self.base, "Hanna", "hanna@example.com").await?;
        let camera = self.lan.simulator.devices().get(CloudState::Ready.index()).context("a camera")?;
        let scanned = hanna.post("/my/scans", &json!({"text": camera.label})).await?.ok()?;
        println!(
            "6. Unbinding: Hanna scans the label of the camera in her hands: {}",
            said(&scanned["state"]).replace('_', " ")
        );
        let mut statuses = Vec::new();
        for password in ["Not-the-password1", &camera.password] {
            let captcha = hanna.post("/my/captchas", &json!({})).await?.ok()?;
            let captcha = json!({"id": captcha["id"], "work": work(&captcha["work"])?});
            let body = json!({
                "serial": camera.serial, "admin_password": password, "lan_code": self.link.code().await?, "captcha": captcha,
            });
            let answer = hanna.post("/my/unbindings", &body).await?;
            println!(
                "   with the code of the page in the network and the password {password}: {} {}",
                answer.status,
                answer.code()
            );
            statuses.push(answer.status.as_u16());
        }
        let gone = self.owner.get(&format!("/my/devices/{}", self.device)).await?.status.as_u16();
        let mut left = 0;
        for (name, client) in receivers {
            let (status, shares) = (self.look(client).await?.0, client.get("/my/shares").await?.ok()?);
            left += shares["items"].as_array().map_or(1, Vec::len);
            println!("   {name}: the picture is {status}");
        }
        println!("   The camera is free; to Olga it is {gone}");
        let told = || async { Ok(self.mails().iter().any(|mail| mail.contains("unbound"))) };
        wait_until("Olga is told by mail", told).await?;
        Ok(statuses.first() == Some(&422) && statuses.last() == Some(&201) && gone == 404 && left == 0)
    }

    async fn shows_log(&self) -> Result<bool> {
        let log = self.owner.get(&format!("/my/sites/{}/access_log?limit=100", self.link.site)).await?.ok()?;
        let entries = log["items"].as_array().cloned().unwrap_or_default();
        let rows: Vec<Vec<String>> = entries
            .iter()
            .rev()
            .map(|entry| vec![said(&entry["actor_name"]).to_owned(), said(&entry["action"]).replace('_', " ")])
            .collect();
        println!("7. Olga's access log:");
        table::print(&["who", "what"], &rows);
        Ok(entries.iter().any(|entry| entry["action"] == "share_used"))
    }
}

fn said(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// An account as everybody makes theirs: registered, and confirmed by the link in the mail.
async fn register(office: &ForeignMail, base: &str, name: &str, email: &str) -> Result<Client> {
    let body = json!({
        "name": name, "email": email, "region": "DE", "language": "en", "time_zone": "Europe/Berlin", "password": PASSWORD,
    });
    Client::new(base).post("/my/registrations", &body).await?.ok()?;
    let find = || {
        let mails = office.taken();
        let texts =
            mails.iter().rev().filter(|mail| mail.to_string().contains(email)).filter_map(|mail| mail["text"].as_str());
        let mut words = texts.flat_map(str::split_whitespace);
        words.find_map(|word| word.find("/my/confirm/").and_then(|place| word.get(place..)).map(str::to_owned))
    };
    wait_until("mailed", || async { Ok(find().is_some()) }).await?;
    let path = find().context("a link")?;
    Client::bare(base).post_form(&path, &[("password", PASSWORD)]).await?;
    let mut client = Client::new(base);
    client.sign_in_as_end_user(email, PASSWORD).await?.ok()?;
    Ok(client)
}
