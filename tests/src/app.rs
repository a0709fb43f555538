//! A server within the test process: on a free port, with a fresh database.
//!
//! SQLite in a temporary folder; or, where `SITEWARD_TEST_POSTGRES` names a server on which databases may be
//! made, a database of its own there, which is dropped with the server.

use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret as _;
use siteward_api::serve::{Application, StartOptions, StopHandle};
use siteward_domain::company::Region;
use siteward_domain::mail::MailLanguage;
use siteward_domain::staff::Right;
use siteward_domain::{CompanyId, RoleId, SiteId, StaffId};
use siteward_store::Store;
use siteward_store::companies::{NewCompany, create_company, list_companies};
use siteward_store::mails::{list_mails, list_of_platform, token_place};
use siteward_store::roles::create_role;
use siteward_store::site_managers::{self, Assignment};
use siteward_store::staff::{NewStaff, StaffChange, create_staff, find_by_email, update_staff};
use siteward_worker::clock::{SharedClock, SteppedClock, SystemClock};
use siteward_worker::settings::Settings;

use crate::client::Client;

/// The password of every account that the kit makes.
pub const PASSWORD: &str = "Correct-horse7";
/// The Admin that [`App::admin`] makes.
pub const ADMIN: &str = "admin@example.com";

/// How to start.
pub struct Start {
    settings: Vec<(String, String)>,
    worker: bool,
    clock: SharedClock,
}

impl Start {
    /// Without a worker, on the system's clock.
    pub fn plain() -> Self {
        Self { settings: Vec::new(), worker: false, clock: Arc::new(SystemClock) }
    }

    /// With a worker that polls every second, and devices on loopback; without their event streams, so that it can be counted what
    /// polling costs a device.
    pub fn with_devices() -> Self {
        let mut start = Self::plain().set("POLLING__PERIOD_SECONDS", "1").set("DEVICES__ALLOW_LOOPBACK", "true");
        start = start.set("POLLING__ALERT_STREAMS", "0");
        start.worker = true;
        start
    }

    /// The same with event streams.
    pub fn with_event_streams() -> Self {
        Self::with_devices().set("POLLING__ALERT_STREAMS", "100")
    }

    /// With a worker.
    #[must_use]
    pub fn with_worker(mut self) -> Self {
        self.worker = true;
        self
    }

    /// With a setting, named as in the environment but for `SITEWARD__`.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.push((format!("SITEWARD__{name}"), value.to_owned()));
        self
    }

    /// On a clock that the test moves.
    #[must_use]
    pub fn clock(mut self, clock: Arc<SteppedClock>) -> Self {
        self.clock = clock;
        self
    }

    /// Starts it.
    pub async fn run(self) -> Result<App> {
        let folder = tempfile::Builder::new().prefix("siteward-test-").tempdir()?;
        let database = TestDatabase::make()?;
        let mut settings = self.settings;
        settings.push(("SITEWARD__DATA__DIR".to_owned(), folder.path().display().to_string()));
        settings.push(("SITEWARD__SERVER__LISTEN".to_owned(), "127.0.0.1:0".to_owned()));
        settings.extend(database.iter().map(|database| ("DATABASE_URL".to_owned(), database.url.clone())));
        let settings = Settings::from_sources(None, settings)?;
        let options = StartOptions { worker: self.worker, clock: self.clock };
        let application = Application::build(settings.clone(), options.clone()).await?;
        let app = App {
            base: format!("http://{}", application.address()),
            setup_code: application.setup_code().map(str::to_owned),
            store: application.store(),
            handle: application.handle(),
            settings,
            options,
            folder,
            _database: database,
        };
        tokio::spawn(application.run());
        Ok(app)
    }
}

/// A running server; dropping it ends it.
pub struct App {
    /// Where it answers.
    pub base: String,
    /// The one-time set-up code.
    pub setup_code: Option<String>,
    /// The store behind it, to look at what no answer tells.
    pub store: Store,
    handle: StopHandle,
    settings: Settings,
    options: StartOptions,
    folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

impl Drop for App {
    fn drop(&mut self) {
        self.handle.stop_now();
    }
}

impl App {
    /// A plain server.
    pub async fn start() -> Result<Self> {
        Start::plain().run().await
    }

    /// Another server on the same database, as a process of its own would be, without a worker.
    pub async fn beside(&self) -> Result<Beside> {
        self.another(false).await
    }

    /// The same with a worker of its own.
    pub async fn beside_with_worker(&self) -> Result<Beside> {
        self.another(true).await
    }

    async fn another(&self, worker: bool) -> Result<Beside> {
        let options = StartOptions { worker, ..self.options.clone() };
        let application = Application::build(self.settings.clone(), options).await?;
        let base = format!("http://{}", application.address());
        let beside = Beside { base, handle: application.handle() };
        tokio::spawn(application.run());
        Ok(beside)
    }

    /// Its data folder.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A stranger.
    pub fn stranger(&self) -> Client {
        Client::new(&self.base)
    }

    /// Sets the server up and gives its signed-in Admin.
    pub async fn admin(&self) -> Result<Client> {
        let code = self.setup_code.clone().context("the server has a company already")?;
        let mut client = self.stranger();
        client.set_up(&code, "Lockwood Alarms").await?;
        Ok(client)
    }

    /// Another company on the same server, which only the store can make, and its signed-in Admin.
    pub async fn other_admin(&self) -> Result<Client> {
        let company = NewCompany {
            id: CompanyId::generate(Utc::now()),
            name: "Rivals".to_owned(),
            region: Region::parse("PL")?,
            public_url: "http://localhost:8080".to_owned(),
        };
        self.store.write(|conn| create_company(conn, &company, Utc::now()))?;
        self.member(&company.id, "rival@example.com", true).await
    }

    /// A signed-in installer of the first company who is not the Admin, which only the store can make.
    pub async fn installer(&self) -> Result<Client> {
        self.member(&self.first_company()?, "installer@example.com", false).await
    }

    /// A signed-in member of the first company's staff with a role of their own that has these rights.
    pub async fn member_with(&self, email: &str, rights: &[Right]) -> Result<Client> {
        let client = self.member(&self.first_company()?, email, false).await?;
        self.set_rights(email, rights)?;
        Ok(client)
    }

    /// Gives a member of the first company's staff another role of their own that has these rights.
    pub fn set_rights(&self, email: &str, rights: &[Right]) -> Result<()> {
        let (company, id, now) = (self.first_company()?, self.staff_id(email)?, Utc::now());
        let role = RoleId::generate(now);
        let change = StaffChange { role_id: Some(role.clone()), ..StaffChange::default() };
        Ok(self.store.write(|conn| {
            create_role(conn, &company, &role, role.as_str(), rights, now)?;
            update_staff(conn, &company, &id, &change, now)
        })?)
    }

    /// A member of the first company's staff without a role who never signs in; gives their id.
    pub fn silent_member(&self, email: &str) -> Result<StaffId> {
        let new = new_staff(&self.first_company()?, email, false);
        self.store.write(|conn| create_staff(conn, &new, Utc::now()))?;
        Ok(new.id)
    }

    /// Makes somebody of the first company a manager of a site, besides those who are, even until a time that has passed.
    pub fn assign(&self, email: &str, site_id: &str, until: Option<DateTime<Utc>>) -> Result<()> {
        let (company, site, staff) = (self.first_company()?, site_id.parse::<SiteId>()?, self.staff_id(email)?);
        let already = self.store.read(|conn| site_managers::list_of_site(conn, &company, &site))?;
        let mut managers: Vec<Assignment> = already
            .into_iter()
            .map(|one| Assignment { staff_id: one.staff_id, expires_at: one.expires_at })
            .filter(|one| one.staff_id != staff)
            .collect();
        managers.push(Assignment { staff_id: staff.clone(), expires_at: until });
        let sites = std::slice::from_ref(&site);
        self.store.write(|conn| site_managers::set(conn, &company, sites, &managers, &staff, Utc::now()))?;
        Ok(())
    }

    /// The token of the link in the newest mail with one to an address, which the outbox shows to nobody.
    pub fn token_in_mail(&self, receiver: &str) -> Result<String> {
        let mails = self.store.read(|conn| {
            let mut all = list_of_platform(conn, 100)?;
            for company in list_companies(conn)? {
                all.extend(list_mails(conn, &company.id, None, None, 100)?.items);
            }
            Ok(all)
        })?;
        let with_link = mails.into_iter().filter(|mail| mail.receiver == receiver && mail.sealed_token.is_some());
        let mail = with_link.max_by_key(|mail| mail.id.clone()).context("a mail with a link, until it is sent")?;
        let sealed = mail.sealed_token.context("a token")?;
        Ok(self
            .store
            .vault()
            .open(token_place(mail.company_id.as_ref(), &mail.id), &sealed)?
            .expose_secret()
            .to_owned())
    }

    /// Somebody who opens pages from a mail.
    pub fn reader(&self) -> Client {
        Client::bare(&self.base)
    }

    /// The id of a member of staff.
    pub fn staff_id(&self, email: &str) -> Result<StaffId> {
        Ok(self.store.read(|conn| find_by_email(conn, email))?.context("somebody with this address")?.id)
    }

    fn first_company(&self) -> Result<CompanyId> {
        Ok(self.store.read(|conn| find_by_email(conn, ADMIN))?.context("the Admin is there")?.company_id)
    }

    async fn member(&self, company: &CompanyId, email: &str, is_admin: bool) -> Result<Client> {
        let (store, company, address) = (self.store.clone(), company.clone(), email.to_owned());
        tokio::task::spawn_blocking(move || -> Result<()> {
            // All accounts of the kit have one password, so that one hash does.
            let admin = store.read(|conn| find_by_email(conn, ADMIN))?;
            let known_hash = admin.map(|admin| admin.password_hash);
            let new = NewStaff {
                password_hash: known_hash.clone().unwrap_or_default(),
                ..new_staff(&company, &address, is_admin)
            };
            store.write(|conn| create_staff(conn, &new, Utc::now()))?;
            if known_hash.is_none() {
                siteward_api::staff::reset_password(&store, &address, PASSWORD, Utc::now())?;
            }
            Ok(())
        })
        .await??;
        let mut client = self.stranger();
        let answer = client.sign_in(email, PASSWORD).await?;
        answer.ok()?;
        Ok(client)
    }
}

fn new_staff(company: &CompanyId, email: &str, is_admin: bool) -> NewStaff {
    NewStaff {
        id: StaffId::generate(Utc::now()),
        company_id: company.clone(),
        name: email.to_owned(),
        email: email.to_owned(),
        password_hash: String::new(),
        is_admin,
        role_id: None,
        language: MailLanguage::En,
        time_zone: "UTC".to_owned(),
    }
}

/// A server beside another on the same database; dropping it ends it.
pub struct Beside {
    /// Where it answers.
    pub base: String,
    handle: StopHandle,
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.handle.stop_now();
    }
}

/// A moment to start a stepped clock at.
pub fn some_time() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap_or_default()
}

/// A fresh database on the PostgreSQL that `SITEWARD_TEST_POSTGRES` names; dropped with this.
pub struct TestDatabase {
    server: String,
    name: String,
    url: String,
}

impl TestDatabase {
    /// Makes one; `None` where no server is named.
    pub fn make() -> Result<Option<Self>> {
        let Ok(server) = std::env::var("SITEWARD_TEST_POSTGRES") else { return Ok(None) };
        let name = format!("siteward_it_{}", hex_name());
        psql(&server, &format!("CREATE DATABASE {name}"))?;
        let (base, query) = server.split_once('?').map_or((server.as_str(), None), |(base, query)| (base, Some(query)));
        let (scheme, rest) = base.split_once("://").context("a URL")?;
        let host = rest.split('/').next().unwrap_or_default();
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let url = format!("{scheme}://{host}/{name}{query}");
        Ok(Some(Self { server, name, url }))
    }

    /// Its URL.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let _ = psql(&self.server, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn hex_name() -> String {
    format!("{:016x}", rand::random::<u64>())
}

fn psql(server: &str, sql: &str) -> Result<()> {
    let output = Command::new("psql").args([server, "-qX", "-c", sql]).output().context("running psql")?;
    if !output.status.success() {
        bail!("psql: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
