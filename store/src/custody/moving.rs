//! Moves a site with everything that hangs on it from one company to another.
//!
//! Three lists say what becomes of each table that names a company, a site or a device; a test compares them with the
//! schema, so that a table that is added later cannot be forgotten.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use siteward_domain::site::MOST_NAME_CHARACTERS;
use siteward_domain::{CompanyId, DeviceId, SiteId};

use crate::changes;
use crate::columns::read;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::monitoring;
use crate::select::Select;
use crate::sites;
use crate::vault::{Place, SealedText, Vault};

/// Rows of a table that hang on a site.
pub(super) struct Rows {
    pub(super) table: &'static str,
    /// What stands before the id of the site, and what after it.
    which: (&'static str, &'static str),
}

const BY_SITE: (&str, &str) = ("site_id = ", "");
const BY_DEVICE: (&str, &str) = ("device_id IN (SELECT d.id FROM devices d WHERE d.site_id = ", ")");
const BY_INCIDENT: (&str, &str) = ("incident_id IN (SELECT i.id FROM incidents i WHERE i.site_id = ", ")");

const fn rows(table: &'static str, which: (&'static str, &'static str)) -> Rows {
    Rows { table, which }
}

/// What goes with the site: its devices with their history, and the links in its network. Those that others hang on first.
pub(super) const MOVED: [Rows; 11] = [
    rows("devices", BY_SITE),
    rows("links", BY_SITE),
    rows("bindings", BY_DEVICE),
    rows("sightings", BY_SITE),
    rows("device_events", BY_SITE),
    rows("device_event_sources", BY_DEVICE),
    rows("exceptions", BY_SITE),
    rows("incidents", BY_SITE),
    rows("panels", BY_DEVICE),
    rows("panel_accounts", BY_DEVICE),
    rows("password_changes", BY_DEVICE),
];

/// What was the company's own way of looking after the site, and ends.
pub(super) const GONE: [Rows; 13] = [
    rows("remote_sessions", BY_DEVICE),
    rows("upgrade_devices", BY_DEVICE),
    rows("imports", BY_SITE),
    rows("additions", BY_SITE),
    rows("site_managers", BY_SITE),
    rows("notifications", BY_INCIDENT),
    rows("webhook_tellings", BY_INCIDENT),
    rows("tellings", BY_SITE),
    rows("exception_rules", BY_SITE),
    rows("maintenance_windows", BY_SITE),
    rows("linkage_pictures", BY_SITE),
    rows("linkage_firings", BY_SITE),
    rows("linkage_rules", BY_SITE),
];

/// What says who did or agreed to what, and stays true as it is; and what belongs to a company and not to a site.
#[cfg(test)]
pub(super) const STAYS: [&str; 32] = [
    "access_log",
    "alarm_mails",
    "company_invitations",
    "company_logos",
    "compatibility_rules",
    "device_changes",
    "device_transfers",
    "events",
    "firmware_files",
    "grant_requests",
    "grants",
    "handovers",
    "mails",
    "operations",
    "panel_exits",
    "panel_passwords",
    "panel_removals",
    "roles",
    "sessions",
    "share_channels",
    "share_code_channels",
    "share_codes",
    "share_offer_channels",
    "share_offers",
    "share_uses",
    "shares",
    "sites",
    "staff",
    "staff_invitations",
    "upgrades",
    "webhooks",
    "import_rows",
];

/// Secrets that go with the site: table, column, and the column that names the row in the vault.
pub(super) const SEALED: [(&str, &str, &str); 3] = [
    ("devices", "sealed_password", "id"),
    ("devices", "sealed_code", "id"),
    ("password_changes", "sealed_new", "device_id"),
];

#[derive(QueryableByName)]
struct SealedRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    sealed: String,
}

#[derive(QueryableByName)]
struct NamedRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    address: String,
}

#[derive(QueryableByName)]
struct NameRow {
    #[diesel(sql_type = Text)]
    name_lower: String,
}

/// Moves everything. Pollers and links are told; what the site is from now on is for the caller to write.
pub(super) fn move_site(
    conn: &mut DbConn,
    vault: &Vault,
    site: &SiteId,
    from: &CompanyId,
    to: &CompanyId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for gone in &GONE {
        gone.of("DELETE FROM ", "", site).execute(conn)?;
    }
    check_later(conn)?;
    rename(conn, site, to)?;
    for moved in &MOVED {
        // A poller that read the device before writes nothing of what it found.
        let also = if moved.table == "devices" { ", config_version = config_version + 1" } else { "" };
        let set = Select::new("UPDATE ").sql(moved.table).sql(" SET company_id = ").text(to.as_str()).sql(also);
        moved.and_which(set, site).execute(conn)?;
    }
    for (table, column, key) in SEALED {
        seal_anew(conn, vault, (table, column, key), site, from, to)?;
    }
    check_now(conn)?;
    end_link_sessions(conn, site)?;
    void_push_addresses(conn, site)?;
    let devices = changes::devices_of_site(conn, to, site)?;
    for (_, id) in &devices {
        let id: DeviceId = read(id.clone(), "devices.id")?;
        monitoring::judge(conn, &id, now)?;
    }
    changes::note_devices(conn, &devices, now)
}

/// The addresses that devices push to are secrets that the company before knows.
fn void_push_addresses(conn: &mut DbConn, site: &SiteId) -> Result<(), StoreError> {
    let void = Select::new("UPDATE device_event_sources SET token_hash = NULL, token_made_at = NULL");
    rows("device_event_sources", BY_DEVICE).and_which(void, site).execute(conn)?;
    Ok(())
}

impl Rows {
    fn of(&self, verb: &str, rest: &str, site: &SiteId) -> Select {
        self.and_which(Select::new(verb).sql(self.table).sql(rest), site)
    }

    fn and_which(&self, query: Select, site: &SiteId) -> Select {
        query.sql(" WHERE ").sql(self.which.0).text(site.as_str()).sql(self.which.1)
    }

    /// How many there are, and how many of them name a company.
    #[cfg(test)]
    pub(super) fn count(&self, site: &SiteId) -> Select {
        self.of("SELECT count(*) AS count FROM ", "", site)
    }
}

/// For a moment rows name a company that has no such site: the database looks again at the end.
fn check_later(conn: &mut DbConn) -> Result<(), StoreError> {
    match conn {
        DbConn::Sqlite(conn) => conn.batch_execute("PRAGMA defer_foreign_keys = ON")?,
        DbConn::Postgresql(conn) => conn.batch_execute("SET CONSTRAINTS ALL DEFERRED")?,
    }
    Ok(())
}

/// On SQLite the commit looks.
fn check_now(conn: &mut DbConn) -> Result<(), StoreError> {
    if let DbConn::Postgresql(conn) = conn {
        conn.batch_execute("SET CONSTRAINTS ALL IMMEDIATE")?;
    }
    Ok(())
}

/// Gives the site to the company, under a name that it has no other site of.
fn rename(conn: &mut DbConn, site: &SiteId, to: &CompanyId) -> Result<(), StoreError> {
    let named: Vec<NamedRow> =
        Select::new("SELECT name, address FROM sites WHERE id = ").text(site.as_str()).load(conn)?;
    let NamedRow { name, address } = named.into_iter().next().ok_or(StoreError::NotFound)?;
    let taken: Vec<NameRow> = Select::new("SELECT name_lower FROM sites WHERE company_id = ")
        .text(to.as_str())
        .sql(" ORDER BY name_lower")
        .load(conn)?;
    let name = free_name(&name, &taken.into_iter().map(|row| row.name_lower).collect());
    Select::new("UPDATE sites SET company_id = ")
        .text(to.as_str())
        .sql(", name = ")
        .text(&name)
        .sql(", name_lower = ")
        .text(name.to_lowercase())
        .sql(", search = ")
        .text(sites::search_text(&name, &address))
        .sql(" WHERE id = ")
        .text(site.as_str())
        .execute(conn)?;
    Ok(())
}

/// The name, or the first of "name (2)", "name (3)" … that is not taken.
fn free_name(name: &str, taken: &HashSet<String>) -> String {
    let numbered = (2..).map(|n| {
        let end = format!(" ({n})");
        let most = MOST_NAME_CHARACTERS.saturating_sub(end.len());
        name.chars().take(most).collect::<String>() + &end
    });
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| !taken.contains(&name.to_lowercase()))
        .unwrap_or_default()
}

/// A sealed text opens only where it names its company.
fn seal_anew(
    conn: &mut DbConn,
    vault: &Vault,
    (table, column, key): (&str, &str, &str),
    site: &SiteId,
    from: &CompanyId,
    to: &CompanyId,
) -> Result<(), StoreError> {
    let which = if table == "devices" { BY_SITE } else { BY_DEVICE };
    let sealed: Vec<SealedRow> = Select::new(&format!("SELECT {key} AS id, {column} AS sealed FROM {table} WHERE "))
        .sql(&format!("{column} IS NOT NULL AND {}", which.0))
        .text(site.as_str())
        .sql(which.1)
        .sql(&format!(" ORDER BY {key}"))
        .load(conn)?;
    for row in sealed {
        let place = |company| Place { table, column, row: &row.id, company };
        let open = vault.open_bytes(place(from.as_str()), &SealedText::from_stored(row.sealed.clone()))?;
        let again = vault.seal_bytes(place(to.as_str()), &open)?;
        Select::new(&format!("UPDATE {table} SET {column} = "))
            .text(again.as_str())
            .sql(&format!(" WHERE {key} = "))
            .text(row.id.as_str())
            .execute(conn)?;
    }
    Ok(())
}

/// Whoever holds the session of a link lets go of it, and the link comes back for its new company.
fn end_link_sessions(conn: &mut DbConn, site: &SiteId) -> Result<(), StoreError> {
    Select::new("UPDATE links SET holder = NULL, holder_url = NULL, session = NULL, online = (1 = 0), enrol_code_hash = NULL WHERE site_id = ")
        .text(site.as_str())
        .execute(conn)?;
    Ok(())
}
