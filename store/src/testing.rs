//! Fresh stores for this crate's tests, on both databases.
//!
//! SQLite: a migrated template file is copied. PostgreSQL: where `SITEWARD_TEST_POSTGRES` names a server on which
//! databases may be made, a migrated template database is copied; elsewhere one loud line says that it was not tested.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, Once, OnceLock};

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use secrecy::SecretString;
use siteward_domain::company::Region;
use siteward_domain::device::{DeviceAddress, DeviceKind, Scheme};
use siteward_domain::event::EventKind;
use siteward_domain::handover::{Asks, Offer};
use siteward_domain::link::{BindState, FoundBy, Sighting};
use siteward_domain::mail::MailLanguage;
use siteward_domain::observation::Identity;
use siteward_domain::staff::Right;
use siteward_domain::{CompanyId, DeviceId, EndUserId, HandoverId, LinkId, RoleId, SerialNumber, SiteId, StaffId};

use crate::companies::{NewCompany, create_company};
use crate::devices::{NewDevice, create_device, seal_password};
use crate::end_users::{NewEndUser, create_end_user};
use crate::events::{self, Event};
use crate::handovers::{NewHandover, create_handover};
use crate::links::{Link, NewLink, create_link, enrol};
use crate::roles::create_role;
use crate::sites::{NewSite, create_site};
use crate::staff::{NewStaff, StaffChange, create_staff, update_staff};
use crate::{DbConn, MasterKey, Store, StoreError, StoreSettings};

/// Runs a test on a fresh SQLite store, then on a fresh PostgreSQL one.
pub(crate) fn on_both(test: impl Fn(&Store)) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(sqlite_template(), folder.path().join("siteward.db")).unwrap();
    test(&open(None, folder.path().to_owned()));
    on_postgres(|database| test(&open(Some(database.url.clone()), folder.path().to_owned())));
}

/// Runs a test on the settings of an empty SQLite database, then of an empty PostgreSQL one.
pub(crate) fn on_both_empty(test: impl Fn(&dyn Fn() -> Store)) {
    let folder = tempfile::tempdir().unwrap();
    test(&|| open(None, folder.path().to_owned()));
    if let Some(server) = server() {
        let database = PostgresCopy::make(&server, "template0");
        test(&|| open(Some(database.url.clone()), folder.path().to_owned()));
    }
}

/// Runs a test on a fresh, migrated PostgreSQL database, where there is a server.
pub(crate) fn on_postgres(test: impl FnOnce(&PostgresCopy)) {
    if let Some(server) = server() {
        test(&PostgresCopy::make(&server, &postgres_template(&server)));
    }
}

/// The server to test on, or one loud line, past the capture of test output, that there is none.
fn server() -> Option<String> {
    static ONCE: Once = Once::new();
    let server = std::env::var("SITEWARD_TEST_POSTGRES").ok().filter(|server| !server.is_empty());
    if server.is_none() {
        ONCE.call_once(|| {
            let line = "\n*** SKIPPED on PostgreSQL: SITEWARD_TEST_POSTGRES is not set ***\n";
            let _ = std::io::stderr().write_all(line.as_bytes());
        });
    }
    server
}

/// A moment of the tests: `seconds` after a fixed start.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

/// A company for a test.
pub(crate) fn company(store: &Store) -> CompanyId {
    let new = NewCompany {
        id: CompanyId::generate(at(0)),
        name: "Lockwood".into(),
        region: Region::parse("PL").unwrap(),
        public_url: "http://localhost:8080".into(),
    };
    store.write(|conn| create_company(conn, &new, at(0))).unwrap();
    new.id
}

/// A site for a test.
pub(crate) fn site(store: &Store, company: &CompanyId, name: &str) -> SiteId {
    let new = NewSite {
        id: SiteId::generate(at(0)),
        company_id: company.clone(),
        name: name.into(),
        address: "Long Street 1".into(),
        time_zone: "Europe/Warsaw".into(),
        sync_time: false,
    };
    store.write(|conn| create_site(conn, &new, at(0))).unwrap();
    new.id
}

pub(crate) fn open(database_url: Option<String>, data_dir: PathBuf) -> Store {
    let master_key = MasterKey::parse(&"ab".repeat(32)).unwrap();
    Store::open(&StoreSettings { database_url, data_dir, pool_size: 4 }, master_key).unwrap()
}

fn sqlite_template() -> PathBuf {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    TEMPLATE
        .get_or_init(|| {
            let folder = tempfile::tempdir().unwrap().keep();
            let store = open(None, folder.clone());
            store.migrate().unwrap();
            let path = folder.join("siteward.db");
            store
                .read(|_| Ok(()))
                .and_then(|()| {
                    let mut conn = diesel::SqliteConnection::establish(&path.to_string_lossy()).unwrap();
                    conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").map_err(Into::into)
                })
                .unwrap();
            path
        })
        .clone()
}

/// A database copied from the template; dropped with it.
pub(crate) struct PostgresCopy {
    server: String,
    name: String,
    pub(crate) url: String,
}

impl PostgresCopy {
    fn make(server: &str, template: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("siteward_store_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut conn = PgConnection::establish(server).unwrap();
        conn.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).unwrap();
        Self { url: with_database(server, &name), server: server.to_owned(), name }
    }
}

impl Drop for PostgresCopy {
    fn drop(&mut self) {
        if let Ok(mut conn) = PgConnection::establish(&self.server) {
            let _ = conn.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

fn postgres_template(server: &str) -> String {
    static TEMPLATE: Mutex<Option<String>> = Mutex::new(None);
    let mut template = TEMPLATE.lock().unwrap();
    template
        .get_or_insert_with(|| {
            let name = format!("siteward_store_{}", std::process::id());
            let mut conn = PgConnection::establish(server).unwrap();
            conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
            conn.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
            open(Some(with_database(server, &name)), std::env::temp_dir()).migrate().unwrap();
            name
        })
        .clone()
}

/// The URL of another database on the same server.
fn with_database(server: &str, name: &str) -> String {
    let (address, options) =
        server.split_once('?').map_or((server, None), |(address, options)| (address, Some(options)));
    let (scheme, rest) = address.split_once("://").unwrap();
    let host = rest.split_once('/').map_or(rest, |(host, _)| host);
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    format!("{scheme}://{host}/{name}{options}")
}

/// A device to add, at `host` port 80, with a serial made of `number`.
pub(crate) fn new_device(store: &Store, company: &CompanyId, site: &SiteId, host: &str, number: u32) -> NewDevice {
    let id = DeviceId::generate(at(0));
    let password = SecretString::from("Canary-7");
    let identity = Identity {
        device_name: String::new(),
        model: "DS-2CD2146G2-ISU".into(),
        serial_number: format!("DS-2CD2146G2-ISU20210304AAWR{number:09}"),
        sub_serial_number: None,
        short_serial: SerialNumber::parse(&format!("{number:09}")).ok(),
        mac_address: None,
        firmware_version: "V5.7.3".into(),
        firmware_released: Some("build 220112".into()),
        hardware_version: None,
        manufacturer: None,
        device_type: "IPCamera".into(),
        kind: DeviceKind::Camera,
    };
    NewDevice {
        sealed_password: seal_password(store, company, &id, &password).unwrap(),
        id,
        company_id: company.clone(),
        site_id: site.clone(),
        name: format!("Camera {host}"),
        kind: DeviceKind::Camera,
        kind_is_manual: false,
        address: DeviceAddress { scheme: Scheme::Http, host: host.into(), port: 80 },
        given_port: None,
        user_name: "admin".into(),
        pin: None,
        identity: Some(identity),
        link_id: None,
        serial: None,
        sealed_code: None,
        mac: None,
    }
}

/// A device for a test.
pub(crate) fn device(store: &Store, company: &CompanyId, site: &SiteId, host: &str, number: u32) -> DeviceId {
    let new = new_device(store, company, site, host, number);
    store.write(|conn| create_device(conn, &new, at(0))).unwrap();
    new.id
}

/// An enrolled link for a test; its token's hash is `token of <name>`.
pub(crate) fn link(store: &Store, company: &CompanyId, site: &SiteId, name: &str) -> Link {
    let new = NewLink {
        id: LinkId::generate(at(0)),
        company_id: company.clone(),
        site_id: site.clone(),
        name: name.into(),
        enrol_code_hash: format!("code of {name}"),
        enrol_expires_at: at(86_400),
        actor: "test".into(),
    };
    store.write(|conn| create_link(conn, &new, at(0))).unwrap();
    let (code, token) = (format!("code of {name}"), format!("token of {name}"));
    store.write(|conn| enrol(conn, &code, &token, "0.1.0", "linux", at(0))).unwrap()
}

/// The serial that devices and sightings made of `number` have.
pub(crate) fn serial(number: u32) -> SerialNumber {
    SerialNumber::parse(&format!("{number:09}")).unwrap()
}

/// A camera in the network of a link.
pub(crate) fn sighting(number: u32, host: &str) -> Sighting {
    Sighting {
        serial: serial(number),
        long_serial: format!("DS-2CD2146G2-ISU20210304AAWR{number:09}"),
        mac: Some(format!("44:19:b6:00:{:02x}:{:02x}", number >> 8 & 255, number & 255)),
        model: "DS-2CD2146G2-ISU".into(),
        firmware: "V5.7.3build 220112".into(),
        host: host.into(),
        http_port: 80,
        dhcp: Some(true),
        activated: Some(true),
        service_enabled: Some(true),
        bind: BindState::Free,
        unbind_supported: Some(true),
        found_by: FoundBy::Sadp,
    }
}

/// A device to add behind a link.
pub(crate) fn new_linked(store: &Store, link: &Link, host: &str, number: u32) -> NewDevice {
    NewDevice {
        link_id: Some(link.id.clone()),
        serial: Some(serial(number)),
        mac: Some("44:19:b6:ff:ff:ff".into()),
        ..new_device(store, &link.company_id, &link.site_id, host, number)
    }
}

/// A device behind a link, for a test.
pub(crate) fn linked(store: &Store, link: &Link, host: &str, number: u32) -> DeviceId {
    let new = new_linked(store, link, host, number);
    store.write(|conn| create_device(conn, &new, at(0))).unwrap();
    new.id
}

/// A member of staff for a test.
pub(crate) fn member(store: &Store, company: &CompanyId, email: &str) -> StaffId {
    let new = NewStaff {
        id: StaffId::generate(at(0)),
        company_id: company.clone(),
        name: "Anna".into(),
        email: email.into(),
        password_hash: "$argon2id$".into(),
        is_admin: false,
        role_id: None,
        language: MailLanguage::En,
        time_zone: "UTC".to_owned(),
    };
    store.write(|conn| create_staff(conn, &new, at(0))).unwrap();
    new.id
}

/// A member of staff with a role of their own that has these rights, for a test.
pub(crate) fn member_with(store: &Store, company: &CompanyId, email: &str, rights: &[Right]) -> StaffId {
    let id = member(store, company, email);
    give_rights(store, company, &id, rights);
    id
}

/// Gives somebody a new role with these rights.
pub(crate) fn give_rights(store: &Store, company: &CompanyId, staff: &StaffId, rights: &[Right]) {
    let role = RoleId::generate(at(0));
    let change = StaffChange { role_id: Some(role.clone()), ..StaffChange::default() };
    store
        .write(|conn| {
            create_role(conn, company, &role, role.as_str(), rights, at(0))?;
            update_staff(conn, company, staff, &change, at(0)).map(drop)
        })
        .unwrap();
}

/// The events of a company of one kind.
pub(crate) fn events_of(store: &Store, company: &CompanyId, kind: EventKind) -> Vec<Event> {
    let all = store.read(|conn| events::after(conn, Some(company), 0, 1000)).unwrap();
    all.into_iter().filter(|event| event.kind == kind).collect()
}

/// How many rows a table has.
pub(crate) fn count_rows(conn: &mut DbConn, table: &str) -> Result<i64, StoreError> {
    let rows: Vec<Count> = crate::select::Select::new("SELECT count(*) AS count FROM ").sql(table).load(conn)?;
    Ok(rows[0].count)
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

/// An end user to make.
pub(crate) fn new_end_user(email: &str) -> NewEndUser {
    NewEndUser {
        id: EndUserId::generate(at(0)),
        name: "Olga".into(),
        email: email.into(),
        region: Region::parse("PL").unwrap(),
        language: MailLanguage::En,
        time_zone: "Europe/Warsaw".into(),
        password_hash: "$argon2id$".into(),
    }
}

/// An end user for a test.
pub(crate) fn end_user(store: &Store, email: &str) -> EndUserId {
    let new = new_end_user(email);
    store.write(|conn| create_end_user(conn, &new, at(0))).unwrap();
    new.id
}

/// Makes an end user the owner of a site.
pub(crate) fn own(store: &Store, site: &SiteId, owner: &EndUserId) {
    use diesel::prelude::*;
    let owned = crate::schema::sites::table.filter(crate::schema::sites::id.eq(site.as_str()));
    store
        .write(|conn| {
            diesel::update(owned).set(crate::schema::sites::owner_id.eq(Some(owner.as_str()))).execute(conn)?;
            Ok(())
        })
        .unwrap();
}

/// An invitation to own a site, good for a week, with nothing asked for.
pub(crate) fn invite(
    store: &Store,
    company: &CompanyId,
    site: &SiteId,
    by: &StaffId,
    token_hash: &str,
    now: DateTime<Utc>,
) -> HandoverId {
    let new = NewHandover {
        id: HandoverId::generate(now),
        company_id: company.clone(),
        site_id: site.clone(),
        email: "olga@example.com".into(),
        phone: None,
        name: "Olga".into(),
        language: MailLanguage::En,
        remark: String::new(),
        offer: Offer::Transfer(Asks::default()),
        token_hash: token_hash.into(),
        invited_by: by.clone(),
        expires_at: now + chrono::Duration::days(7),
    };
    store.write(|conn| create_handover(conn, &new, now)).unwrap();
    new.id
}
