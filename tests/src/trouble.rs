//! Things that go wrong when a test says so, on a clock that the test moves: exceptions are written as the poller writes
//! them, everything after that is the product's, and a mail server that is not ours counts what people are told.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use chrono::{DateTime, Duration, Utc};
use secrecy::SecretString;
use serde_json::{Value, json};
use siteward_domain::device::{DeviceAddress, DeviceKind, Scheme};
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::{CompanyId, DeviceId, ExceptionId, LinkId, SerialNumber, SiteId};
use siteward_store::devices::{NewDevice, create_device, seal_password};
use siteward_store::links::{NewLink, create_link};
use siteward_store::polling::{ClosedRow, OpenedRow, RoundWrite, write_round};
use siteward_worker::clock::{Clock as _, SteppedClock};

use crate::app::{ADMIN, App, PASSWORD, Start};
use crate::client::Client;
use crate::foreign_mail::ForeignMail;
use crate::street::wait_until;

/// A server whose devices nobody looks at, and which only the test puts out of order.
pub struct Trouble {
    /// The server.
    pub app: App,
    /// Its Admin.
    pub admin: Client,
    /// Its clock.
    pub clock: Arc<SteppedClock>,
    /// The mail server.
    pub mail: ForeignMail,
    company: CompanyId,
    open: Mutex<HashMap<(DeviceId, ExceptionKind), ExceptionId>>,
    made: AtomicU32,
}

impl Trouble {
    /// Starts it at a time.
    pub async fn start(at: DateTime<Utc>) -> Result<Self> {
        let mail = ForeignMail::start()?;
        let clock = Arc::new(SteppedClock::new(at));
        // Exceptions settle for two periods.
        let start =
            Start::plain().with_worker().set("POLLING__PERIOD_SECONDS", "1").set("DEVICES__ALLOW_LOOPBACK", "true");
        let app = start.clock(Arc::clone(&clock)).run().await?;
        let admin = app.admin().await?;
        mail.be_server_of(&admin).await?;
        let company = app.store.read(siteward_store::companies::list_companies)?;
        let company = company.first().context("a company")?.id.clone();
        Ok(Self { app, admin, clock, mail, company, open: Mutex::default(), made: AtomicU32::new(1) })
    }

    /// A site in Warsaw.
    pub async fn site(&self, name: &str) -> Result<String> {
        let made = self.admin.post("/sites", &json!({"name": name, "time_zone": "Europe/Warsaw"})).await?.ok()?;
        Ok(made["id"].as_str().context("an id")?.to_owned())
    }

    /// A device on a site, behind a link of its own that never came, so that nobody looks at it.
    pub fn device(&self, site: &str, name: &str, kind: DeviceKind) -> Result<DeviceId> {
        let (now, number) = (self.clock.now(), self.made.fetch_add(1, Ordering::Relaxed));
        let (id, link, site) = (DeviceId::generate(now), LinkId::generate(now), site.parse::<SiteId>()?);
        let new_link = NewLink {
            id: link.clone(),
            company_id: self.company.clone(),
            site_id: site.clone(),
            name: format!("Link of {name}"),
            enrol_code_hash: format!("code {number}"),
            enrol_expires_at: now + Duration::days(1),
            actor: "test".to_owned(),
        };
        let new = NewDevice {
            sealed_password: seal_password(&self.app.store, &self.company, &id, &SecretString::from("Canary-7"))?,
            id: id.clone(),
            company_id: self.company.clone(),
            site_id: site,
            name: name.to_owned(),
            kind,
            kind_is_manual: false,
            address: DeviceAddress {
                scheme: Scheme::Http,
                host: Ipv4Addr::from(0x0a00_0000 + number).to_string(),
                port: 80,
            },
            given_port: None,
            user_name: "admin".to_owned(),
            pin: None,
            identity: None,
            link_id: Some(link),
            serial: Some(SerialNumber::parse(&format!("{number:09}"))?),
            sealed_code: None,
            mac: None,
        };
        self.app.store.write(|conn| {
            create_link(conn, &new_link, now)?;
            create_device(conn, &new, now)
        })?;
        Ok(id)
    }

    /// Something goes wrong with a device now.
    pub fn open(&self, device: &DeviceId, kind: ExceptionKind) -> Result<()> {
        let (id, at) = (ExceptionId::generate(self.clock.now()), self.clock.now());
        let key = ExceptionKey::of_device(kind);
        let opened = vec![OpenedRow { id: id.clone(), device_id: device.clone(), key, at }];
        let round = RoundWrite { opened, ..RoundWrite::default() };
        self.app.store.write(|conn| write_round(conn, &round))?;
        self.open.lock().unwrap_or_else(PoisonError::into_inner).insert((device.clone(), kind), id);
        Ok(())
    }

    /// It is over.
    pub fn close(&self, device: &DeviceId, kind: ExceptionKind) -> Result<()> {
        let id = self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&(device.clone(), kind));
        let closed = vec![ClosedRow { id: id.context("it is open")?, at: self.clock.now() }];
        let round = RoundWrite { closed, ..RoundWrite::default() };
        Ok(self.app.store.write(|conn| write_round(conn, &round))?)
    }

    /// Moves the clock on by some minutes, and signs the Admin in again where the session is over.
    pub async fn pass(&mut self, minutes: i64) -> Result<()> {
        self.clock.advance(Duration::minutes(minutes));
        if self.admin.get("/session").await?.status.as_u16() != 200 {
            self.admin.sign_in(ADMIN, PASSWORD).await?.ok()?;
        }
        Ok(())
    }

    /// Moves the clock on until what went wrong has settled, and waits until it has become incidents.
    pub async fn settle(&self, open: usize) -> Result<()> {
        self.clock.advance(Duration::seconds(3));
        wait_until("incidents", || async { Ok(crate::street::incidents(&self.admin, true).await?.len() == open) }).await
    }

    /// Waits until the subjects of all mails are so many, and gives them, oldest first.
    pub async fn told(&self, count: usize) -> Result<Vec<String>> {
        wait_until("mails", || async { Ok(self.mail.subjects().len() >= count) }).await?;
        Ok(self.mail.subjects())
    }

    /// Adds a rule to a site: the usual one, with these fields in place of its own.
    pub async fn rule(&self, site: &str, changed: Value) -> Result<Value> {
        let made = self.admin.post(&format!("/sites/{site}/exception_rules"), &rule_body(changed)).await?;
        made.ok()
    }

    /// The rule that a site began with.
    pub async fn usual_rule(&self, site: &str) -> Result<String> {
        let list = self.admin.get(&format!("/sites/{site}/exception_rules")).await?.ok()?;
        Ok(list["items"][0]["id"].as_str().context("a rule")?.to_owned())
    }

    /// Puts another rule in the place of the one that a site began with.
    pub async fn replace_usual(&self, site: &str, changed: Value) -> Result<Value> {
        let path = format!("/sites/{site}/exception_rules/{}", self.usual_rule(site).await?);
        self.admin.send_json(http::Method::PUT, &path, &rule_body(changed)).await?.ok()
    }
}

/// What the usual rule says, with these fields in place of its own.
pub fn rule_body(changed: Value) -> Value {
    let mut body = json!({
        "severities": ["critical", "warning"], "kinds": [], "receivers": [{"kind": "site_managers"}, {"kind": "admin"}],
        "threshold_minutes": 0, "enabled": true,
    });
    if let (Some(body), Value::Object(changed)) = (body.as_object_mut(), changed) {
        body.extend(changed);
    }
    body
}
