//! Finding one device: by id, by address, by serial.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use siteward_domain::device::{DeviceAddress, DeviceKind};
use siteward_domain::device_functions::Unwatched;
use siteward_domain::health::DeviceHealth;
use siteward_domain::{CompanyId, DeviceId, SerialNumber, SiteId};

use super::{Breaker, Device, DeviceLink, read_scheme};
use crate::columns::{number, read, read_or_none, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::monitoring::SwitchedOff;
use crate::select::Select;
use crate::vault::SealedText;

/// What of a device every query reads: a row of [`DeviceRow`].
pub(super) const SELECT: &str = "SELECT d.id, d.company_id, d.site_id, s.name AS site_name, d.name, d.name_lower, d.kind,
    d.kind_is_manual, d.model, d.firmware, d.serial, d.scheme, d.host, d.port, d.user_name, d.pin, d.pin_pending, d.health,
    d.health_since, m.reachability AS measured_at, d.breaker, d.breaker_until, d.breaker_credential, d.credential_version,
    d.config_version, d.check_requested_at, d.created_at, d.link_id, l.name AS link_name, l.online AS link_online, d.mac,
    d.sealed_code IS NOT NULL AS has_code, d.monitoring, d.monitoring_off_at, d.monitoring_off_by, d.unwatched_because
    FROM devices d LEFT JOIN sites s ON s.id = d.site_id LEFT JOIN measured m ON m.place = d.place
    LEFT JOIN links l ON l.id = d.link_id AND l.company_id = d.company_id WHERE ";

/// How to log in to a device.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The user name.
    pub user_name: String,
    /// The password, sealed for [`super::password_place`].
    pub sealed_password: SealedText,
    /// The version of the credential.
    pub version: i32,
}

/// The device that has an address or serial already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupant {
    /// The device.
    pub device_id: DeviceId,
    /// Its site.
    pub site_id: SiteId,
    /// The site's name.
    pub site_name: String,
    /// Its host in lower case.
    pub host: String,
    /// The port HTTP is on.
    pub port: u16,
    /// The port that its QR gave, where that is another.
    pub given_port: Option<u16>,
}

#[derive(QueryableByName)]
pub(super) struct DeviceRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    pub(super) name_lower: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    kind_is_manual: bool,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Text)]
    firmware: String,
    #[diesel(sql_type = Nullable<Text>)]
    serial: Option<String>,
    #[diesel(sql_type = Text)]
    scheme: String,
    #[diesel(sql_type = Text)]
    host: String,
    #[diesel(sql_type = Integer)]
    port: i32,
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pin: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pin_pending: Option<String>,
    #[diesel(sql_type = Text)]
    health: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    health_since: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    measured_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    breaker: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    breaker_until: Option<i64>,
    #[diesel(sql_type = Nullable<Integer>)]
    breaker_credential: Option<i32>,
    #[diesel(sql_type = Integer)]
    credential_version: i32,
    #[diesel(sql_type = Integer)]
    config_version: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    check_requested_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = Nullable<Text>)]
    link_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    link_name: Option<String>,
    #[diesel(sql_type = Nullable<Bool>)]
    link_online: Option<bool>,
    #[diesel(sql_type = Nullable<Text>)]
    mac: Option<String>,
    #[diesel(sql_type = Bool)]
    has_code: bool,
    #[diesel(sql_type = Bool)]
    monitoring: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    monitoring_off_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    monitoring_off_by: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    unwatched_because: Option<String>,
}

impl DeviceRow {
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn read(self) -> Result<Device, StoreError> {
        let breaker = breaker(self.breaker, self.breaker_until, self.breaker_credential, self.credential_version)?;
        let off_at = time_or_none(self.monitoring_off_at)?.filter(|_| !self.monitoring);
        Ok(Device {
            id: read(self.id, "devices.id")?,
            company_id: read(self.company_id, "devices.company_id")?,
            site_id: read(self.site_id, "devices.site_id")?,
            site_name: self.site_name,
            name: self.name,
            kind: word(DeviceKind::from_stored(&self.kind), "devices.kind")?,
            kind_is_manual: self.kind_is_manual,
            model: self.model,
            firmware: self.firmware,
            serial: read_or_none(self.serial, "devices.serial")?,
            address: DeviceAddress {
                scheme: read_scheme(&self.scheme)?,
                host: self.host,
                port: number(self.port, "devices.port")?,
            },
            link_id: read_or_none(self.link_id, "devices.link_id")?,
            link: self.link_name.map(|name| DeviceLink { name, online: self.link_online == Some(true) }),
            mac: self.mac,
            has_code: self.has_code,
            user_name: self.user_name,
            pin: self.pin,
            pin_pending: self.pin_pending,
            health: word(DeviceHealth::from_stored(&self.health), "devices.health")?,
            health_since: time_or_none(self.health_since)?,
            measured_at: time_or_none(self.measured_at)?,
            breaker,
            credential_version: self.credential_version,
            config_version: self.config_version,
            check_requested_at: time_or_none(self.check_requested_at)?,
            created_at: time(self.created_at)?,
            switched_off: off_at.map(|at| SwitchedOff { at, by: self.monitoring_off_by.unwrap_or_default() }),
            unwatched: unwatched(self.unwatched_because)?,
        })
    }
}

/// Why a device is not watched, as stored.
pub(crate) fn unwatched(because: Option<String>) -> Result<Option<Unwatched>, StoreError> {
    because.map(|because| word(Unwatched::from_stored(&because), "devices.unwatched_because")).transpose()
}

/// A stored breaker; one of an older credential does not count any more.
pub(crate) fn breaker(
    reason: Option<String>,
    until: Option<i64>,
    of_credential: Option<i32>,
    credential_version: i32,
) -> Result<Option<Breaker>, StoreError> {
    let Some(reason) = reason.filter(|_| of_credential == Some(credential_version)) else { return Ok(None) };
    let reason = serde_json::from_str(&reason).map_err(|_| StoreError::Unreadable { column: "devices.breaker" })?;
    Ok(Some(Breaker { reason, until: time_or_none(until)?, credential_version }))
}

#[derive(QueryableByName)]
struct CredentialRow {
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(sql_type = Text)]
    sealed_password: String,
    #[diesel(sql_type = Integer)]
    credential_version: i32,
}

#[derive(QueryableByName)]
struct CodeRow {
    #[diesel(sql_type = Nullable<Text>)]
    sealed_code: Option<String>,
}

#[derive(QueryableByName)]
struct OccupantRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Text)]
    host_lower: String,
    #[diesel(sql_type = Integer)]
    port: i32,
    #[diesel(sql_type = Nullable<Integer>)]
    given_port: Option<i32>,
}

/// One device of a company; another company's is not found (R-S5).
pub fn get_device(conn: &mut DbConn, company: &CompanyId, id: &DeviceId) -> Result<Device, StoreError> {
    let rows: Vec<DeviceRow> = Select::new(SELECT)
        .sql("d.company_id = ")
        .text(company.as_str())
        .sql(" AND d.id = ")
        .text(id.as_str())
        .load(conn)?;
    rows.into_iter().next().ok_or(StoreError::NotFound)?.read()
}

/// How to log in to a device of a company.
pub fn get_credential(conn: &mut DbConn, company: &CompanyId, id: &DeviceId) -> Result<Credential, StoreError> {
    let rows: Vec<CredentialRow> =
        Select::new("SELECT user_name, sealed_password, credential_version FROM devices WHERE company_id = ")
            .text(company.as_str())
            .sql(" AND id = ")
            .text(id.as_str())
            .load(conn)?;
    let row = rows.into_iter().next().ok_or(StoreError::NotFound)?;
    Ok(Credential {
        user_name: row.user_name,
        sealed_password: SealedText::from_stored(row.sealed_password),
        version: row.credential_version,
    })
}

/// The verification code of a device of a company, sealed for [`super::code_place`], where it is kept.
pub fn find_code(conn: &mut DbConn, company: &CompanyId, id: &DeviceId) -> Result<Option<SealedText>, StoreError> {
    let rows: Vec<CodeRow> = Select::new("SELECT sealed_code FROM devices WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND id = ")
        .text(id.as_str())
        .load(conn)?;
    let row = rows.into_iter().next().ok_or(StoreError::NotFound)?;
    Ok(row.sealed_code.map(SealedText::from_stored))
}

/// The directly reached device of a company that has this host and port, be it the port of HTTP or the one its QR gave.
pub fn find_by_address(
    conn: &mut DbConn,
    company: &CompanyId,
    host: &str,
    port: u16,
) -> Result<Option<Occupant>, StoreError> {
    let found = find_by_hosts(conn, company, &[host])?;
    Ok(found.into_iter().find(|occupant| occupant.has_port(port)))
}

/// The directly reached devices of a company on any of some hosts, in any case: one query for a whole QR.
pub fn find_by_hosts(conn: &mut DbConn, company: &CompanyId, hosts: &[&str]) -> Result<Vec<Occupant>, StoreError> {
    let hosts: Vec<String> = hosts.iter().map(|host| host.to_lowercase()).collect();
    let rows: Vec<OccupantRow> = occupants(company)
        .sql(" AND d.link_id IS NULL AND d.host_lower IN ")
        .texts(hosts.iter().map(String::as_str))
        .sql(" ORDER BY d.host_lower, d.port")
        .load(conn)?;
    rows.into_iter().map(occupant).collect()
}

/// The device of a company that has this serial.
pub fn find_by_serial(
    conn: &mut DbConn,
    company: &CompanyId,
    serial: &SerialNumber,
) -> Result<Option<Occupant>, StoreError> {
    let rows: Vec<OccupantRow> = occupants(company).sql(" AND d.serial = ").text(serial.as_str()).load(conn)?;
    rows.into_iter().next().map(occupant).transpose()
}

impl Occupant {
    /// Whether it answers to this port, be it the one of HTTP or of its QR.
    pub fn has_port(&self, port: u16) -> bool {
        self.port == port || self.given_port == Some(port)
    }
}

fn occupants(company: &CompanyId) -> Select {
    Select::new(
        "SELECT d.id, d.site_id, s.name AS site_name, d.host_lower, d.port, d.given_port
         FROM devices d JOIN sites s ON s.id = d.site_id WHERE d.company_id = ",
    )
    .text(company.as_str())
}

fn occupant(row: OccupantRow) -> Result<Occupant, StoreError> {
    Ok(Occupant {
        device_id: read(row.id, "devices.id")?,
        site_id: read(row.site_id, "devices.site_id")?,
        site_name: row.site_name,
        host: row.host_lower,
        port: number(row.port, "devices.port")?,
        given_port: row.given_port.map(|port| number(port, "devices.given_port")).transpose()?,
    })
}

impl Device {
    /// The state a person sees at `now` (R-H1).
    pub fn shown_health(&self, now: DateTime<Utc>, period: chrono::Duration) -> DeviceHealth {
        self.health.shown(self.measured_at, now, period)
    }
}
