//! Incidents whose beginning or end may still have to be told to somebody: what a rule, a schedule or a maintenance
//! window holds back waits here, whoever dies meanwhile.
//!
//! A row says when to look at its incident next. Whatever may change the answer before (a rule, a window, something that
//! joins the incident) makes it due.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use siteward_domain::device::DeviceKind;
use siteward_domain::exception_rule::Fault;
use siteward_domain::incident::{CauseKind, IncidentKind};
use siteward_domain::notification::Told;
use siteward_domain::{CompanyId, DeviceId, ExceptionRuleId, IncidentId, SiteId, WebhookId};

use crate::columns::{micros, read, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::incidents::Incident;
use crate::maintenance::Quiet;
use crate::select::Select;

/// Most things that are wrong within one incident that are looked at.
const MOST_FAULTS: i64 = 10_000;

/// An incident that is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The incident.
    pub incident_id: IncidentId,
    /// Its company.
    pub company_id: CompanyId,
    /// What may have to be told of it.
    pub what: Told,
    /// When it became an incident.
    pub since: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct DueRow {
    #[diesel(sql_type = Text)]
    incident_id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = BigInt)]
    since: i64,
}

#[derive(QueryableByName)]
struct FaultRow {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    device_kind: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    since: i64,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = Text)]
    id: String,
}

/// An incident opened: whether anybody is told of it is to be looked at now.
pub fn begin(
    conn: &mut DbConn,
    incident: &IncidentId,
    site: &SiteId,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    insert(conn, incident, site, Told::IncidentOpened, since, now).map(drop)
}

/// An incident is over: from now on only that is told of it.
pub fn turn_to_end(
    conn: &mut DbConn,
    incident: &IncidentId,
    site: &SiteId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if insert(conn, incident, site, Told::IncidentClosed, now, now)? {
        return Ok(());
    }
    Select::new("UPDATE tellings SET what = ")
        .text(Told::IncidentClosed.as_str())
        .sql(", due_at = ")
        .number(micros(now))
        .sql(" WHERE incident_id = ")
        .text(incident.as_str())
        .execute(conn)?;
    Ok(())
}

fn insert(
    conn: &mut DbConn,
    incident: &IncidentId,
    site: &SiteId,
    what: Told,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    // What is gone meanwhile cannot be told of.
    let made = Select::new("INSERT INTO tellings (incident_id, site_id, what, since, due_at) SELECT i.id, ")
        .text(site.as_str())
        .sql(", ")
        .text(what.as_str())
        .sql(", ")
        .sql(&micros(since).to_string())
        .sql(", ")
        .sql(&micros(now).to_string())
        .sql(" FROM incidents i WHERE i.id = ")
        .text(incident.as_str())
        .sql(" ON CONFLICT DO NOTHING")
        .execute(conn)?;
    Ok(made > 0)
}

/// Whether any incident is due, only to look.
pub fn is_due(conn: &mut DbConn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let rows: Vec<IdRow> = Select::new("SELECT incident_id AS id FROM tellings WHERE due_at <= ")
        .number(micros(now))
        .sql(" ORDER BY due_at LIMIT 1")
        .load(conn)?;
    Ok(!rows.is_empty())
}

/// Takes incidents that are due, those that wait longest first: until the end of the transaction nobody else makes them
/// due or looks at them, so that nothing that changes meanwhile is missed.
pub fn take_due(conn: &mut DbConn, now: DateTime<Utc>, limit: u32) -> Result<Vec<Due>, StoreError> {
    let rows: Vec<IdRow> = Select::new(
        "UPDATE tellings SET due_at = due_at WHERE incident_id IN (SELECT incident_id FROM tellings WHERE due_at <= ",
    )
    .number(micros(now))
    .sql(" ORDER BY due_at, incident_id LIMIT ")
    .number(i64::from(limit))
    .sql(") RETURNING incident_id AS id")
    .load(conn)?;
    let rows: Vec<DueRow> = Select::new(
        "SELECT t.incident_id, i.company_id, t.what, t.since FROM tellings t JOIN incidents i ON i.id = t.incident_id
         WHERE t.incident_id IN ",
    )
    .texts(rows.iter().map(|row| row.id.as_str()))
    .sql(" ORDER BY t.since, t.incident_id LIMIT ")
    .number(i64::from(limit))
    .load(conn)?;
    let due = |row: DueRow| {
        Ok(Due {
            incident_id: read(row.incident_id, "tellings.incident_id")?,
            company_id: read(row.company_id, "incidents.company_id")?,
            what: word(Told::from_stored(&row.what), "tellings.what")?,
            since: time(row.since)?,
        })
    };
    rows.into_iter().map(due).collect()
}

/// Says when to look at an incident next; none: when something changes.
pub fn set_due(conn: &mut DbConn, incident: &IncidentId, due_at: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    let query = Select::new("UPDATE tellings SET due_at = ");
    let query = match due_at {
        Some(due_at) => query.number(micros(due_at)),
        None => query.sql("NULL"),
    };
    query.sql(" WHERE incident_id = ").text(incident.as_str()).execute(conn)?;
    Ok(())
}

/// Nothing more is to be told of an incident.
pub fn end(conn: &mut DbConn, incident: &IncidentId) -> Result<(), StoreError> {
    Select::new("DELETE FROM tellings WHERE incident_id = ").text(incident.as_str()).execute(conn)?;
    Ok(())
}

/// Something changed on a site that decides who is told of what.
pub fn touch_site(conn: &mut DbConn, site: &SiteId, now: DateTime<Utc>) -> Result<(), StoreError> {
    touch(conn, "site_id", site.as_str(), now)
}

/// Something joined an incident.
pub(crate) fn touch_incident(conn: &mut DbConn, incident: &IncidentId, now: DateTime<Utc>) -> Result<(), StoreError> {
    touch(conn, "incident_id", incident.as_str(), now)
}

fn touch(conn: &mut DbConn, column: &str, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    Select::new("UPDATE tellings SET due_at = ")
        .number(micros(now))
        .sql(" WHERE ")
        .sql(column)
        .sql(" = ")
        .text(id)
        .execute(conn)?;
    Ok(())
}

/// What is wrong now as part of an incident. What is the cause keeps everything quiet that follows from it.
pub fn faults(conn: &mut DbConn, incident: &Incident, quiet: &Quiet) -> Result<Vec<Fault>, StoreError> {
    let cause = DeviceId::parse(&incident.cause_id).ok().filter(|_| incident.cause == CauseKind::Device);
    let of_cause = quiet.until(cause.as_ref());
    if incident.cause == CauseKind::Link {
        let since = incident.opened_at;
        return Ok(vec![Fault { kind: incident.kind, device: None, since, quiet_until: of_cause }]);
    }
    let rows: Vec<FaultRow> = Select::new(
        "SELECT e.device_id, d.kind AS device_kind, e.kind, min(e.opened_at) AS since FROM incident_members m
         JOIN exceptions e ON e.id = m.exception_id JOIN devices d ON d.id = e.device_id
         WHERE e.closed_at IS NULL AND m.incident_id = ",
    )
    .text(incident.id.as_str())
    .sql(" GROUP BY e.device_id, d.kind, e.kind ORDER BY min(e.opened_at), e.device_id LIMIT ")
    .number(MOST_FAULTS)
    .load(conn)?;
    let fault = |row: FaultRow| {
        let device: DeviceId = read(row.device_id, "exceptions.device_id")?;
        let kind = word(DeviceKind::from_stored(&row.device_kind), "devices.kind")?;
        Ok(Fault {
            kind: word(IncidentKind::from_stored(&row.kind), "exceptions.kind")?,
            since: time(row.since)?,
            quiet_until: of_cause.max(quiet.until(Some(&device))),
            device: Some((device, kind)),
        })
    };
    rows.into_iter().map(fault).collect()
}

/// The rules that told an incident already.
pub fn fired(conn: &mut DbConn, incident: &IncidentId) -> Result<HashSet<ExceptionRuleId>, StoreError> {
    let rows: Vec<IdRow> = Select::new("SELECT rule_id AS id FROM rule_firings WHERE incident_id = ")
        .text(incident.as_str())
        .sql(" ORDER BY rule_id LIMIT 10000")
        .load(conn)?;
    rows.into_iter().map(|row| read(row.id, "rule_firings.rule_id")).collect()
}

/// Notes that a rule tells an incident.
pub fn note_fired(
    conn: &mut DbConn,
    incident: &IncidentId,
    rule: &ExceptionRuleId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Select::new("INSERT INTO rule_firings (incident_id, rule_id, at) VALUES (")
        .text(incident.as_str())
        .sql(", ")
        .text(rule.as_str())
        .sql(", ")
        .number(micros(now))
        .sql(") ON CONFLICT DO NOTHING")
        .execute(conn)?;
    Ok(())
}

/// Notes that a webhook is told of an incident; `false` where it was already.
pub fn note_webhook(conn: &mut DbConn, incident: &IncidentId, webhook: &WebhookId) -> Result<bool, StoreError> {
    let made = Select::new("INSERT INTO webhook_tellings (incident_id, webhook_id) VALUES (")
        .text(incident.as_str())
        .sql(", ")
        .text(webhook.as_str())
        .sql(") ON CONFLICT DO NOTHING")
        .execute(conn)?;
    Ok(made > 0)
}

/// The webhooks that were told of an incident.
pub fn webhooks_told(conn: &mut DbConn, incident: &IncidentId) -> Result<Vec<WebhookId>, StoreError> {
    let rows: Vec<IdRow> = Select::new("SELECT webhook_id AS id FROM webhook_tellings WHERE incident_id = ")
        .text(incident.as_str())
        .sql(" ORDER BY webhook_id LIMIT 10000")
        .load(conn)?;
    rows.into_iter().map(|row| read(row.id, "webhook_tellings.webhook_id")).collect()
}

#[cfg(test)]
mod tests;
