//! Exception rules (R-H4): who is told of what on a site. Every site begins with one, made in its own transaction.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use siteward_domain::device::DeviceKind;
use siteward_domain::exception::Severity;
use siteward_domain::exception_rule::{MOST_RULES, Receiver, ReceiverKind, Rule, Source};
use siteward_domain::incident::IncidentKind;
use siteward_domain::schedule::Schedule;
use siteward_domain::{CompanyId, DeviceId, ExceptionRuleId, SiteId, StaffId, WebhookId};

use crate::columns::{micros, number, read, read_or_none, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use crate::tellings;

/// A rule as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRule {
    /// Its id.
    pub id: ExceptionRuleId,
    /// What it says.
    pub rule: Rule,
    /// What became an incident before is not told by it.
    pub active_since: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Nullable<Text>)]
    device_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    device_kind: Option<String>,
    #[diesel(sql_type = Text)]
    severities: String,
    #[diesel(sql_type = Text)]
    kinds: String,
    #[diesel(sql_type = Nullable<Text>)]
    schedule: Option<String>,
    #[diesel(sql_type = Integer)]
    threshold_minutes: i32,
    #[diesel(sql_type = Bool)]
    enabled: bool,
    #[diesel(sql_type = BigInt)]
    active_since: i64,
}

#[derive(QueryableByName)]
struct ReceiverRow {
    #[diesel(sql_type = Text)]
    rule_id: String,
    #[diesel(sql_type = Text)]
    receiver: String,
    #[diesel(sql_type = Nullable<Text>)]
    staff_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    webhook_id: Option<String>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Makes the rule that every site begins with.
pub(crate) fn create_usual(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    insert(conn, company, site, &ExceptionRuleId::generate(now), &Rule::usual(), now)
}

/// Makes a rule. [`StoreError::Stale`] where the site has as many as it may; [`StoreError::NotFound`] where something that
/// it names is not the company's, or the device on another site.
pub fn create_rule(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    id: &ExceptionRuleId,
    rule: &Rule,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if list_rules(conn, company, site)?.len() >= MOST_RULES {
        return Err(StoreError::Stale);
    }
    check_named(conn, company, site, rule)?;
    insert(conn, company, site, id, rule, now)?;
    tellings::touch_site(conn, site, now)
}

/// The rules of a site, oldest first.
pub fn list_rules(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<Vec<StoredRule>, StoreError> {
    let of_site = |query: Select| {
        query.sql(" r.company_id = ").text(company.as_str()).sql(" AND r.site_id = ").text(site.as_str())
    };
    let query = Select::new(
        "SELECT r.id, r.device_id, r.device_kind, r.severities, r.kinds, r.schedule, r.threshold_minutes, r.enabled,
         r.active_since FROM exception_rules r WHERE",
    );
    // A device that moved here may have brought rules beyond the limit.
    let rows: Vec<Row> = of_site(query).sql(" ORDER BY r.created_at, r.id LIMIT 10000").load(conn)?;
    let query = Select::new(
        "SELECT w.rule_id, w.receiver, w.staff_id, w.webhook_id FROM exception_rule_receivers w
         JOIN exception_rules r ON r.id = w.rule_id WHERE",
    );
    let query = of_site(query).sql(" ORDER BY w.rule_id, w.receiver, w.staff_id, w.webhook_id LIMIT 100000");
    let receivers: Vec<ReceiverRow> = query.load(conn)?;
    rows.into_iter().map(|row| stored(row, &receivers)).collect()
}

/// Puts a rule in the place of another, which goes on from then on if it was off.
pub fn update_rule(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    id: &ExceptionRuleId,
    rule: &Rule,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    check_named(conn, company, site, rule)?;
    let before = list_rules(conn, company, site)?.into_iter().find(|before| before.id == *id);
    let before = before.ok_or(StoreError::NotFound)?;
    let active_since = if rule.enabled && !before.rule.enabled { now } else { before.active_since };
    let query = values(Select::new("UPDATE exception_rules SET "), conn, rule);
    let query = query.sql(", active_since = ").number(micros(active_since));
    query.sql(" WHERE id = ").text(id.as_str()).execute(conn)?;
    Select::new("DELETE FROM exception_rule_receivers WHERE rule_id = ").text(id.as_str()).execute(conn)?;
    insert_receivers(conn, id, rule)?;
    tellings::touch_site(conn, site, now)
}

/// Deletes a rule.
pub fn delete_rule(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    id: &ExceptionRuleId,
) -> Result<(), StoreError> {
    let query = Select::new("DELETE FROM exception_rules WHERE company_id = ").text(company.as_str());
    let query = query.sql(" AND site_id = ").text(site.as_str()).sql(" AND id = ").text(id.as_str());
    if query.execute(conn)? == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Whether what a rule names is there.
fn check_named(conn: &mut DbConn, company: &CompanyId, site: &SiteId, rule: &Rule) -> Result<(), StoreError> {
    let mut wanted = Vec::new();
    if let Source::Device(device) = &rule.source {
        wanted.push(("devices", device.as_str(), Some(site)));
    }
    for receiver in &rule.receivers {
        match receiver {
            Receiver::Staff(staff) => wanted.push(("staff", staff.as_str(), None)),
            Receiver::Webhook(webhook) => wanted.push(("webhooks", webhook.as_str(), None)),
            Receiver::SiteManagers | Receiver::Admin => {}
        }
    }
    for (table, id, site) in wanted {
        let query = Select::new("SELECT count(*) AS count FROM ").sql(table).sql(" WHERE company_id = ");
        let mut query = query.text(company.as_str()).sql(" AND id = ").text(id);
        if let Some(site) = site {
            query = query.sql(" AND site_id = ").text(site.as_str());
        }
        if query.load::<Count>(conn)?.first().is_none_or(|row| row.count == 0) {
            return Err(StoreError::NotFound);
        }
    }
    Ok(())
}

fn insert(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    id: &ExceptionRuleId,
    rule: &Rule,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (device, kind) = source(rule);
    let optional = |query: Select, value: Option<&str>| match value {
        Some(value) => query.sql(", ").text(value),
        None => query.sql(", NULL"),
    };
    let query = Select::new(
        "INSERT INTO exception_rules (id, company_id, site_id, active_since, created_at, severities, kinds,
         threshold_minutes, enabled, device_id, device_kind, schedule) VALUES (",
    );
    let query = query.text(id.as_str()).sql(", ").text(company.as_str()).sql(", ").text(site.as_str());
    let query = query.sql(", ").number(micros(now)).sql(", ").number(micros(now));
    let query = query.sql(", ").text(severities(rule)).sql(", ").text(kinds(rule));
    let query = query.sql(", ").number(i64::from(rule.threshold_minutes)).sql(", ").sql(truth(conn, rule.enabled));
    let query = optional(optional(query, device), kind);
    optional(query, schedule(rule).as_deref()).sql(")").execute(conn)?;
    insert_receivers(conn, id, rule)
}

fn insert_receivers(conn: &mut DbConn, id: &ExceptionRuleId, rule: &Rule) -> Result<(), StoreError> {
    for receiver in &rule.receivers {
        let query =
            Select::new("INSERT INTO exception_rule_receivers (rule_id, receiver, staff_id, webhook_id) VALUES (")
                .text(id.as_str())
                .sql(", ")
                .text(receiver.kind().as_str());
        let query = match receiver {
            Receiver::Staff(staff) => query.sql(", ").text(staff.as_str()).sql(", NULL)"),
            Receiver::Webhook(webhook) => query.sql(", NULL, ").text(webhook.as_str()).sql(")"),
            Receiver::SiteManagers | Receiver::Admin => query.sql(", NULL, NULL)"),
        };
        query.sql(" ON CONFLICT DO NOTHING").execute(conn)?;
    }
    Ok(())
}

/// What a rule says, as assignments to its columns.
fn values(query: Select, conn: &DbConn, rule: &Rule) -> Select {
    let (device, kind) = source(rule);
    let optional = |query: Select, column: &str, value: Option<&str>| {
        let query = query.sql(", ").sql(column).sql(" = ");
        match value {
            Some(value) => query.text(value),
            None => query.sql("NULL"),
        }
    };
    let query = query.sql("severities = ").text(severities(rule)).sql(", kinds = ").text(kinds(rule));
    let query = query.sql(", threshold_minutes = ").number(i64::from(rule.threshold_minutes));
    let query = query.sql(", enabled = ").sql(truth(conn, rule.enabled));
    let query = optional(optional(query, "device_id", device), "device_kind", kind);
    optional(query, "schedule", schedule(rule).as_deref())
}

fn source(rule: &Rule) -> (Option<&str>, Option<&'static str>) {
    match &rule.source {
        Source::Site => (None, None),
        Source::Kind(kind) => (None, Some(kind.as_str())),
        Source::Device(device) => (Some(device.as_str()), None),
    }
}

fn severities(rule: &Rule) -> String {
    serde_json::Value::from(rule.severities.iter().map(|one| one.as_str()).collect::<Vec<_>>()).to_string()
}

fn kinds(rule: &Rule) -> String {
    serde_json::Value::from(rule.kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>()).to_string()
}

fn schedule(rule: &Rule) -> Option<String> {
    rule.schedule.as_ref().and_then(|schedule| serde_json::to_string(schedule).ok())
}

/// A truth value as each database writes it.
fn truth(conn: &DbConn, value: bool) -> &'static str {
    match (conn, value) {
        (DbConn::Sqlite(_), true) => "1",
        (DbConn::Sqlite(_), false) => "0",
        (DbConn::Postgresql(_), true) => "TRUE",
        (DbConn::Postgresql(_), false) => "FALSE",
    }
}

fn stored(row: Row, receivers: &[ReceiverRow]) -> Result<StoredRule, StoreError> {
    let device: Option<DeviceId> = read_or_none(row.device_id, "exception_rules.device_id")?;
    let source = match (device, row.device_kind) {
        (Some(device), _) => Source::Device(device),
        (None, Some(kind)) => Source::Kind(word(DeviceKind::from_stored(&kind), "exception_rules.device_kind")?),
        (None, None) => Source::Site,
    };
    let receivers = receivers.iter().filter(|receiver| receiver.rule_id == row.id);
    let mut receivers = receivers.map(receiver).collect::<Result<Vec<_>, _>>()?;
    receivers.sort_unstable();
    let schedule = row.schedule.map(|text| serde_json::from_str::<Schedule>(&text)).transpose();
    let rule = Rule {
        source,
        severities: words(&row.severities, "exception_rules.severities", Severity::from_stored)?,
        kinds: words(&row.kinds, "exception_rules.kinds", IncidentKind::from_stored)?,
        receivers,
        schedule: schedule.map_err(|_| StoreError::Unreadable { column: "exception_rules.schedule" })?,
        threshold_minutes: number(row.threshold_minutes, "exception_rules.threshold_minutes")?,
        enabled: row.enabled,
    };
    Ok(StoredRule { id: read(row.id, "exception_rules.id")?, rule, active_since: time(row.active_since)? })
}

fn receiver(row: &ReceiverRow) -> Result<Receiver, StoreError> {
    let missing = || StoreError::Unreadable { column: "exception_rule_receivers.receiver" };
    let staff: Option<StaffId> = read_or_none(row.staff_id.clone(), "exception_rule_receivers.staff_id")?;
    let webhook: Option<WebhookId> = read_or_none(row.webhook_id.clone(), "exception_rule_receivers.webhook_id")?;
    match ReceiverKind::from_stored(&row.receiver).ok_or_else(missing)? {
        ReceiverKind::SiteManagers => Ok(Receiver::SiteManagers),
        ReceiverKind::Admin => Ok(Receiver::Admin),
        ReceiverKind::Staff => staff.map(Receiver::Staff).ok_or_else(missing),
        ReceiverKind::Webhook => webhook.map(Receiver::Webhook).ok_or_else(missing),
    }
}

/// A word that this version does not know is left out.
fn words<T>(text: &str, column: &'static str, read: fn(&str) -> Option<T>) -> Result<Vec<T>, StoreError> {
    let words: Vec<String> = serde_json::from_str(text).map_err(|_| StoreError::Unreadable { column })?;
    Ok(words.iter().filter_map(|word| read(word)).collect())
}

#[cfg(test)]
mod tests;
