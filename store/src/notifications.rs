//! Notifications: what each member of staff was told, once each; what the bell in the console shows.

mod receivers;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::incident::IncidentKind;
use siteward_domain::notification::Told;
use siteward_domain::{CompanyId, IncidentId, NotificationId, SiteId, StaffId};

use crate::columns::{micros, number, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::reach::{Listed, Reach};
use crate::select::Select;

pub use receivers::{Receiver, receivers};

/// The list of notifications of somebody, narrowed to the sites that they may still see.
const LISTED: Listed = Listed {
    from: "notifications n JOIN incidents i ON i.id = n.incident_id",
    key: "n.id",
    company: "n.company_id",
    site: "i.site_id",
    order: "n.id DESC",
};

const SELECT: &str = "SELECT n.id, n.what, n.incident_id, i.kind, i.name, i.site_id, s.name AS site_name, i.affected,
    i.cameras, n.created_at, n.read_at FROM notifications n JOIN incidents i ON i.id = n.incident_id
    JOIN sites s ON s.id = i.site_id WHERE ";

/// Something that a member of staff was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// What was told of it.
    pub what: Told,
    /// The incident.
    pub incident_id: IncidentId,
    /// What is or was wrong.
    pub kind: IncidentKind,
    /// The name of the cause.
    pub name: String,
    /// The site.
    pub site_id: SiteId,
    /// The site's name.
    pub site_name: String,
    /// Devices that were affected besides the cause.
    pub affected: u32,
    /// Those of them that are cameras.
    pub cameras: u32,
    /// When it was told.
    pub created_at: DateTime<Utc>,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = Text)]
    incident_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    site_name: String,
    #[diesel(sql_type = Integer)]
    affected: i32,
    #[diesel(sql_type = Integer)]
    cameras: i32,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    read_at: Option<i64>,
}

#[derive(QueryableByName)]
struct StaffRow {
    #[diesel(sql_type = Text)]
    staff_id: String,
}

#[derive(QueryableByName)]
struct UnmailedRow {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    staff_id: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Notes that somebody is told something of an incident; `false` where they were told that already. `mailed`: it goes
/// by mail on its own, and waits for no digest.
pub fn create(
    conn: &mut DbConn,
    company: &CompanyId,
    staff: &StaffId,
    incident: &IncidentId,
    what: Told,
    mailed: bool,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let mailed = truth(conn, mailed);
    let made = Select::new(
        "INSERT INTO notifications (id, company_id, staff_id, incident_id, what, created_at, mailed) VALUES (",
    )
    .text(NotificationId::generate(now).as_str())
    .sql(", ")
    .text(company.as_str())
    .sql(", ")
    .text(staff.as_str())
    .sql(", ")
    .text(incident.as_str())
    .sql(", ")
    .text(what.as_str())
    .sql(", ")
    .number(micros(now))
    .sql(", ")
    .sql(mailed)
    .sql(") ON CONFLICT DO NOTHING")
    .execute(conn)?;
    Ok(made > 0)
}

/// Who was told that an incident opened.
pub fn told_of(conn: &mut DbConn, incident: &IncidentId) -> Result<Vec<StaffId>, StoreError> {
    let rows: Vec<StaffRow> =
        Select::new("SELECT staff_id FROM notifications WHERE what = 'incident_opened' AND incident_id = ")
            .text(incident.as_str())
            .sql(" ORDER BY staff_id LIMIT 10000")
            .load(conn)?;
    rows.into_iter().map(|row| read(row.staff_id, "notifications.staff_id")).collect()
}

/// How many mails about incidents went to a company since a time, each on its own or in a digest.
pub fn count_mailed(conn: &mut DbConn, company: &CompanyId, since: DateTime<Utc>) -> Result<u32, StoreError> {
    let mailed = truth(conn, true);
    let rows: Vec<Count> = Select::new("SELECT count(*) AS count FROM notifications WHERE company_id = ")
        .text(company.as_str())
        .sql(" AND created_at > ")
        .number(micros(since))
        .sql(" AND mailed = ")
        .sql(mailed)
        .load(conn)?;
    rows.first().map_or(Ok(0), |row| number(row.count, "count"))
}

/// Who has something that was held back from the mails since `before` or longer.
pub fn find_unmailed(
    conn: &mut DbConn,
    before: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<(CompanyId, StaffId)>, StoreError> {
    let mailed = truth(conn, false);
    let rows: Vec<UnmailedRow> = Select::new("SELECT DISTINCT company_id, staff_id FROM notifications WHERE mailed = ")
        .sql(mailed)
        .sql(" AND created_at <= ")
        .number(micros(before))
        .sql(" ORDER BY staff_id LIMIT ")
        .number(i64::from(limit))
        .load(conn)?;
    let read = |row: UnmailedRow| Ok((read(row.company_id, "company_id")?, read(row.staff_id, "staff_id")?));
    rows.into_iter().map(read).collect()
}

/// What was held back from somebody's mails, oldest first, at most 1,000; it counts as mailed from now on. What is there
/// beyond that counts so too.
pub fn take_unmailed(conn: &mut DbConn, staff: &StaffId) -> Result<Vec<Notification>, StoreError> {
    let (held, sent) = (truth(conn, false), truth(conn, true));
    let rows: Vec<Row> = Select::new(SELECT)
        .sql("n.mailed = ")
        .sql(held)
        .sql(" AND n.staff_id = ")
        .text(staff.as_str())
        .sql(" ORDER BY n.id LIMIT 1000")
        .load(conn)?;
    Select::new("UPDATE notifications SET mailed = ")
        .sql(sent)
        .sql(" WHERE mailed = ")
        .sql(held)
        .sql(" AND staff_id = ")
        .text(staff.as_str())
        .execute(conn)?;
    rows.into_iter().map(notification).collect()
}

/// A page of what somebody was told, newest first, of sites that they may still see.
pub fn list(
    conn: &mut DbConn,
    reach: &Reach,
    staff: &StaffId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Notification>, StoreError> {
    let mut filters = Select::new(" AND n.staff_id = ").text(staff.as_str());
    if let Some(cursor) = cursor {
        let [id] = page::decode(cursor)?;
        filters = filters.sql(" AND n.id < ").text(id);
    }
    let query = Select::new(SELECT).then(reach.rows(&LISTED, filters)).sql(" ORDER BY n.id DESC LIMIT ");
    let rows: Vec<Row> = query.number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.clone()]);
    Ok(Page { items: rows.into_iter().map(notification).collect::<Result<_, _>>()?, next_cursor })
}

/// How many of what somebody was told they have not read, at most 100.
pub fn count_unread(conn: &mut DbConn, reach: &Reach, staff: &StaffId) -> Result<u32, StoreError> {
    let filters = Select::new(" AND n.read_at IS NULL AND n.staff_id = ").text(staff.as_str());
    let query = Select::new("SELECT count(*) AS count FROM (SELECT 1 FROM ").sql(LISTED.from).sql(" WHERE ");
    let rows: Vec<Count> = query.then(reach.rows(&LISTED, filters)).sql(" LIMIT 100) AS unread").load(conn)?;
    rows.first().map_or(Ok(0), |row| number(row.count, "count"))
}

/// Notes that somebody has read what they were told, up to and with `last`; gives how much of it was new.
pub fn mark_read(
    conn: &mut DbConn,
    staff: &StaffId,
    last: &NotificationId,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    Select::new("UPDATE notifications SET read_at = ")
        .number(micros(now))
        .sql(" WHERE read_at IS NULL AND staff_id = ")
        .text(staff.as_str())
        .sql(" AND id <= ")
        .text(last.as_str())
        .execute(conn)
}

/// Forgets what was told before a time; gives how much.
pub fn prune(conn: &mut DbConn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Select::new("DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE created_at < ")
        .number(micros(before))
        .sql(" ORDER BY id LIMIT 10000)")
        .execute(conn)
}

fn truth(conn: &DbConn, value: bool) -> &'static str {
    match (conn, value) {
        (DbConn::Sqlite(_), true) => "1",
        (DbConn::Sqlite(_), false) => "0",
        (DbConn::Postgresql(_), true) => "TRUE",
        (DbConn::Postgresql(_), false) => "FALSE",
    }
}

fn notification(row: Row) -> Result<Notification, StoreError> {
    Ok(Notification {
        id: read(row.id, "notifications.id")?,
        what: word(Told::from_stored(&row.what), "notifications.what")?,
        incident_id: read(row.incident_id, "notifications.incident_id")?,
        kind: word(IncidentKind::from_stored(&row.kind), "incidents.kind")?,
        name: row.name,
        site_id: read(row.site_id, "incidents.site_id")?,
        site_name: row.site_name,
        affected: number(row.affected, "incidents.affected")?,
        cameras: number(row.cameras, "incidents.cameras")?,
        created_at: time(row.created_at)?,
        read_at: time_or_none(row.read_at)?,
    })
}

#[cfg(test)]
mod tests;
