//! An import as people see it: never a password.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::import::{ImportKind as KindOfImport, RowState as State};
use siteward_domain::{ImportId, SiteId};
use siteward_store::imports::{self as stored, get_import};
use siteward_store::reach::{Object, Reach};
use siteward_store::{DbConn, StoreError, companies};
use utoipa::ToSchema;

use crate::devices::Access;
use crate::words::{ImportKind, ImportState, RowState, Scheme};

/// An import.
#[derive(Serialize, ToSchema)]
pub(crate) struct Import {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The site that devices are added to.
    #[schema(format = "uuid")]
    site_id: String,
    /// What was scanned.
    kind: ImportKind,
    /// Where it stands.
    state: ImportState,
    /// When the QR was made, as it says.
    #[schema(required = true)]
    qr_created_at: Option<DateTime<Utc>>,
    /// The QR's age in whole days.
    #[schema(required = true)]
    age_days: Option<i64>,
    /// Whether it is past the company's limit (or, under a limit, of unknown age): only the Admin imports it.
    older_than_limit: bool,
    /// Whether anyone with the picture has the passwords of its devices.
    weak: bool,
    /// Whether new passwords are offered for what was added from it: see `POST /sites/{site_id}/password_changes`.
    password_change_offered: bool,
    /// When it expires unless confirmed.
    expires_at: DateTime<Utc>,
    /// The devices of the QR, in its order; none while its password is not given.
    rows: Vec<ImportRow>,
    /// The rows counted.
    counts: ImportCounts,
}

/// A device of the QR.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportRow {
    /// Its place in the QR.
    index: u32,
    /// Its name; may be empty.
    name: String,
    /// How it is reached.
    access: Access,
    /// Its serial number, of a device that is reached through a link.
    #[schema(required = true)]
    serial: Option<String>,
    /// Its host; empty for a device that is reached through a link.
    host: String,
    /// The port that the QR gives; 0 where it cannot be read, and for a device that is reached through a link.
    port: u16,
    /// The user name.
    user_name: String,
    /// Where it stands.
    state: RowState,
    /// Why it cannot be ticked or was not added.
    #[schema(required = true)]
    reason: Option<Reason>,
    /// The other site that has the device; null where the caller may not work on it.
    #[schema(required = true)]
    other_site: Option<OtherSite>,
    /// The device it became.
    #[schema(required = true)]
    device_id: Option<String>,
    /// Where HTTP was found.
    #[schema(required = true)]
    found: Option<Found>,
}

/// Why a row cannot be ticked or was not added.
#[derive(Serialize, ToSchema)]
pub(crate) struct Reason {
    /// A stable code, of docs/errors.md.
    code: String,
    /// The same in English.
    message: String,
}

/// Another site of the company.
#[derive(Serialize, ToSchema)]
pub(crate) struct OtherSite {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
}

/// Where HTTP was found on a device.
#[derive(Serialize, ToSchema)]
pub(crate) struct Found {
    /// Plain or TLS.
    scheme: Scheme,
    /// The port.
    port: u16,
}

/// The rows of an import counted.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportCounts {
    /// All of them.
    total: usize,
    /// Those that were ticked.
    ticked: usize,
    /// Ticked and waiting.
    waiting: usize,
    /// Being tried.
    running: usize,
    /// Added.
    added: usize,
    /// Not added.
    failed: usize,
}

impl Import {
    /// Reads an import. Where another site has a device that is out of reach, not which one.
    pub(crate) fn read(
        conn: &mut DbConn,
        reach: &Reach,
        id: &ImportId,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let company = reach.company_id();
        let mut import = get_import(conn, company, id, now)?;
        let mut known: HashMap<SiteId, bool> = HashMap::new();
        for row in &mut import.rows {
            let Some((other, _)) = &row.other_site else { continue };
            let within = match known.get(other) {
                Some(within) => *within,
                None => reach.holds(conn, &Object::Site(other.clone()))?,
            };
            known.insert(other.clone(), within);
            if !within {
                row.other_site = None;
            }
        }
        let limit = companies::find_company(conn, company)?.and_then(|company| company.qr_age_limit_days);
        Ok(Self::new(import, limit, now))
    }

    pub(super) fn new(import: stored::Import, limit: Option<u32>, now: DateTime<Utc>) -> Self {
        let age = age_days(import.qr_created_at, now);
        Self {
            id: import.id.to_string(),
            site_id: import.site_id.to_string(),
            weak: import.kind == KindOfImport::VendorExport,
            password_change_offered: import.kind == KindOfImport::VendorExport,
            kind: ImportKind(import.kind),
            state: ImportState(import.state),
            qr_created_at: import.qr_created_at,
            age_days: age,
            older_than_limit: import.kind == KindOfImport::VendorExport && is_older(age, limit),
            expires_at: import.expires_at,
            counts: ImportCounts::of(&import.rows),
            rows: import.rows.into_iter().map(ImportRow::from).collect(),
        }
    }

    /// Whether nothing more will happen to it by itself.
    pub(crate) fn has_ended(&self) -> bool {
        use siteward_domain::import::ImportState as S;
        matches!(self.state.0, S::Done | S::Expired)
    }
}

/// The age of a QR in whole days; one from the future has none.
pub(super) fn age_days(created_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<i64> {
    created_at.map(|made| (now - made).num_days().max(0))
}

/// Whether a QR is past the limit; under a limit one of unknown age is.
pub(super) fn is_older(age_days: Option<i64>, limit: Option<u32>) -> bool {
    limit.is_some_and(|limit| age_days.is_none_or(|age| age > i64::from(limit)))
}

impl ImportCounts {
    fn of(rows: &[stored::ImportRow]) -> Self {
        let count = |state: State| rows.iter().filter(|row| row.state == state).count();
        let (waiting, running) = (count(State::Waiting), count(State::Running));
        let (added, failed) = (count(State::Added), count(State::Failed));
        Self { total: rows.len(), ticked: waiting + running + added + failed, waiting, running, added, failed }
    }
}

impl From<stored::ImportRow> for ImportRow {
    fn from(row: stored::ImportRow) -> Self {
        Self {
            index: row.index,
            name: row.name,
            access: if row.serial.is_some() { Access::Link } else { Access::Direct },
            serial: row.serial.map(Into::into),
            host: row.host,
            port: row.port,
            user_name: row.user_name,
            state: RowState(row.state),
            reason: row.reason.map(|reason| Reason { code: reason.code, message: reason.message }),
            other_site: row.other_site.map(|(id, name)| OtherSite { id: id.to_string(), name }),
            device_id: row.device_id.map(|id| id.to_string()),
            found: row.found.map(|(scheme, port)| Found { scheme: Scheme(scheme), port }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_is_older_only_past_the_day_of_the_limit() {
        for (age, limit, older) in [
            (Some(30), Some(30), false),
            (Some(31), Some(30), true),
            (Some(5000), None, false),
            (None, Some(30), true),
            (None, None, false),
        ] {
            assert_eq!(is_older(age, limit), older, "{age:?} {limit:?}");
        }
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        assert_eq!(age_days(Some(now + chrono::Duration::days(2)), now), Some(0));
        assert_eq!(age_days(Some(now - chrono::Duration::hours(47)), now), Some(1));
    }
}
