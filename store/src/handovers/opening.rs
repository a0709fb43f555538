//! An invitation as its receiver sees it: found by the token of its link, or by the address of an account.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use siteward_domain::company::Region;
use siteward_domain::device::DeviceKind;
use siteward_domain::handover::{HandoverKind, HandoverState, Offer};
use siteward_domain::mail::MailLanguage;
use siteward_domain::{CompanyId, DeviceId, HandoverId, SiteId};

use crate::columns::{micros, read, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Most devices that are shown with an invitation.
const MOST_DEVICES: i64 = 1000;
/// Most invitations that an account is shown at once.
const MOST_OPEN: i64 = 100;

/// An invitation that can be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenHandover {
    /// Its id.
    pub id: HandoverId,
    /// The company that invites.
    pub company_id: CompanyId,
    /// Its name.
    pub company: String,
    /// Its region.
    pub region: Region,
    /// The site.
    pub site_id: SiteId,
    /// Its name.
    pub site: String,
    /// Its address; may be empty.
    pub site_address: String,
    /// Its time zone.
    pub time_zone: String,
    /// To own the site, or to see some of it.
    pub kind: HandoverKind,
    /// The address that it went to.
    pub email: String,
    /// The receiver's name, as the company knows it; may be empty.
    pub name: String,
    /// The language of the mail.
    pub language: MailLanguage,
    /// What the company has to say besides; may be empty.
    pub remark: String,
    /// What is offered, and what is asked for in return.
    pub offer: Offer,
    /// The name of who invites; none where they are not here any more.
    pub inviter: Option<String>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// The devices of the site, by name.
    pub devices: Vec<OfferedDevice>,
}

/// A device of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedDevice {
    /// Its id.
    pub id: DeviceId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Its model; may be empty.
    pub model: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    company: String,
    #[diesel(sql_type = Text)]
    region: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    site: String,
    #[diesel(sql_type = Text)]
    site_address: String,
    #[diesel(sql_type = Text)]
    time_zone: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    language: String,
    #[diesel(sql_type = Text)]
    remark: String,
    #[diesel(sql_type = Text)]
    asks: String,
    #[diesel(sql_type = Nullable<Text>)]
    inviter: Option<String>,
    #[diesel(sql_type = BigInt)]
    expires_at: i64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    model: String,
}

/// What can be accepted at `now`.
fn open(now: DateTime<Utc>) -> Select {
    Select::new(
        "SELECT h.id, h.company_id, c.name AS company, c.region, h.site_id, s.name AS site, s.address AS site_address,
         s.time_zone, h.kind, h.email, h.name, h.language, h.remark, h.asks, t.name AS inviter, h.expires_at
         FROM handovers h JOIN companies c ON c.id = h.company_id JOIN sites s ON s.id = h.site_id
         LEFT JOIN staff t ON t.id = h.invited_by
         WHERE s.closing_at IS NULL AND s.unserved_since IS NULL AND h.state = ",
    )
    .text(HandoverState::Pending.as_str())
    .sql(" AND h.expires_at > ")
    .number(micros(now))
}

/// The invitation of a link, if it can be accepted at `now`.
pub fn find_by_token(
    conn: &mut DbConn,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<OpenHandover>, StoreError> {
    let rows = open(now).sql(" AND h.token_hash = ").text(token_hash).load(conn)?;
    first(conn, rows)
}

/// An invitation by its id, if it went to this address and can be accepted at `now`.
pub fn find_by_id(
    conn: &mut DbConn,
    id: &HandoverId,
    email: &str,
    now: DateTime<Utc>,
) -> Result<Option<OpenHandover>, StoreError> {
    let query = open(now).sql(" AND h.id = ").text(id.as_str()).sql(" AND h.email_lower = ").text(email.to_lowercase());
    let rows = query.load(conn)?;
    first(conn, rows)
}

/// The invitations that went to this address and can be accepted at `now`, newest first.
pub fn list_open_of(conn: &mut DbConn, email: &str, now: DateTime<Utc>) -> Result<Vec<OpenHandover>, StoreError> {
    let rows: Vec<Row> = open(now)
        .sql(" AND h.email_lower = ")
        .text(email.to_lowercase())
        .sql(" ORDER BY h.id DESC LIMIT ")
        .number(MOST_OPEN)
        .load(conn)?;
    rows.into_iter().map(|row| with_devices(conn, row)).collect()
}

fn first(conn: &mut DbConn, rows: Vec<Row>) -> Result<Option<OpenHandover>, StoreError> {
    rows.into_iter().next().map(|row| with_devices(conn, row)).transpose()
}

fn with_devices(conn: &mut DbConn, row: Row) -> Result<OpenHandover, StoreError> {
    let kind = word(HandoverKind::from_stored(&row.kind), "handovers.kind")?;
    let site_id = read(row.site_id, "handovers.site_id")?;
    Ok(OpenHandover {
        id: read(row.id, "handovers.id")?,
        company_id: read(row.company_id, "handovers.company_id")?,
        company: row.company,
        region: read(row.region, "companies.region")?,
        devices: devices_of(conn, &site_id)?,
        site_id,
        site: row.site,
        site_address: row.site_address,
        time_zone: row.time_zone,
        kind,
        email: row.email,
        name: row.name,
        language: word(MailLanguage::from_stored(&row.language), "handovers.language")?,
        remark: row.remark,
        offer: word(Offer::from_stored(kind, &row.asks), "handovers.asks")?,
        inviter: row.inviter,
        expires_at: time(row.expires_at)?,
    })
}

/// How many devices a site has.
pub fn count_devices(conn: &mut DbConn, site: &SiteId) -> Result<usize, StoreError> {
    let query = Select::new("SELECT count(*) AS count FROM devices WHERE site_id = ").text(site.as_str());
    let rows: Vec<Count> = query.load(conn)?;
    Ok(rows.first().map_or(0, |row| usize::try_from(row.count).unwrap_or(0)))
}

/// The devices of a site, by name.
pub fn devices_of(conn: &mut DbConn, site: &SiteId) -> Result<Vec<OfferedDevice>, StoreError> {
    let rows: Vec<DeviceRow> = Select::new("SELECT d.id, d.name, d.kind, d.model FROM devices d WHERE d.site_id = ")
        .text(site.as_str())
        .sql(" ORDER BY d.name_lower, d.id LIMIT ")
        .number(MOST_DEVICES)
        .load(conn)?;
    let device = |row: DeviceRow| {
        Ok(OfferedDevice {
            id: read(row.id, "devices.id")?,
            name: row.name,
            kind: word(DeviceKind::from_stored(&row.kind), "devices.kind")?,
            model: row.model,
        })
    };
    rows.into_iter().map(device).collect()
}
