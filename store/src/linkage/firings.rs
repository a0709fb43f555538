//! Firings: each time that a rule fired, once an event, with what became of its actions.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::device_event::{DeviceEvent, DeviceEventKind};
use siteward_domain::linkage::{Action, ActionState};
use siteward_domain::{CompanyId, DeviceId, LinkageFiringId, LinkageRuleId, SiteId};

use super::Rule;
use crate::columns::{micros, number, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::reach::{Listed, Reach};
use crate::select::Select;

/// The list of firings, narrowed to the sites within reach.
const LISTED: Listed =
    Listed { from: "linkage_firings f", key: "f.id", company: "f.company_id", site: "f.site_id", order: "f.id DESC" };

const SELECT: &str = "SELECT f.id, f.company_id, f.site_id, f.rule_id, f.rule_name, f.event_seq, f.source_device_id,
    f.source_name, f.source_channel, f.source_kind, f.event_at, f.fired_at FROM linkage_firings f WHERE ";

/// A firing to write down.
#[derive(Debug, Clone)]
pub struct NewFiring<'a> {
    /// The rule.
    pub rule: &'a Rule,
    /// What set it off.
    pub event: &'a DeviceEvent,
    /// The name of the device that told it.
    pub source_name: &'a str,
    /// What becomes of each action, in the order of the rule.
    pub planned: &'a [Planned],
}

/// How an action begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// [`ActionState::Waiting`], or how it ended at once.
    pub state: ActionState,
    /// Why it was not done: a stable code.
    pub error_code: Option<&'static str>,
}

/// A firing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firing {
    /// Its id.
    pub id: LinkageFiringId,
    /// The company.
    pub company_id: CompanyId,
    /// The site.
    pub site_id: SiteId,
    /// The rule, which may be gone.
    pub rule_id: LinkageRuleId,
    /// Its name at that time.
    pub rule_name: String,
    /// The number of the event.
    pub event_seq: i64,
    /// The device that told it, which may be gone.
    pub source_device_id: DeviceId,
    /// Its name at that time.
    pub source_name: String,
    /// The channel, zone or door.
    pub source_channel: Option<u32>,
    /// What it told.
    pub source_kind: DeviceEventKind,
    /// When it told it.
    pub event_at: DateTime<Utc>,
    /// When the rule fired.
    pub fired_at: DateTime<Utc>,
    /// What became of the actions.
    pub actions: Vec<FiredAction>,
}

/// What became of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiredAction {
    /// Its place in the rule, from 0.
    pub position: u32,
    /// What was to be done.
    pub action: Action,
    /// Where it stands.
    pub state: ActionState,
    /// Why it was not done: a stable code.
    pub error_code: Option<String>,
    /// When it was begun.
    pub begun_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Whether a picture of it is kept.
    pub has_picture: bool,
}

/// Which firings.
#[derive(Debug, Clone, Default)]
pub struct FiringFilter {
    /// On this site.
    pub site_id: Option<SiteId>,
    /// Of this rule.
    pub rule_id: Option<LinkageRuleId>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    site_id: String,
    #[diesel(sql_type = Text)]
    rule_id: String,
    #[diesel(sql_type = Text)]
    rule_name: String,
    #[diesel(sql_type = BigInt)]
    event_seq: i64,
    #[diesel(sql_type = Text)]
    source_device_id: String,
    #[diesel(sql_type = Text)]
    source_name: String,
    #[diesel(sql_type = Nullable<Integer>)]
    source_channel: Option<i32>,
    #[diesel(sql_type = Text)]
    source_kind: String,
    #[diesel(sql_type = BigInt)]
    event_at: i64,
    #[diesel(sql_type = BigInt)]
    fired_at: i64,
}

#[derive(QueryableByName)]
struct ActionRow {
    #[diesel(sql_type = Text)]
    firing_id: String,
    #[diesel(sql_type = Integer)]
    position: i32,
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    error_code: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    begun_at: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    ended_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    pictures: i64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct LastRow {
    #[diesel(sql_type = Text)]
    rule_id: String,
    #[diesel(sql_type = BigInt)]
    fired_at: i64,
}

/// Writes down that a rule fired. `None`: it has for this event already.
pub fn record(
    conn: &mut DbConn,
    new: &NewFiring<'_>,
    now: DateTime<Utc>,
) -> Result<Option<LinkageFiringId>, StoreError> {
    let (id, rule, event) = (LinkageFiringId::generate(now), new.rule, new.event);
    let query = Select::new(
        "INSERT INTO linkage_firings (id, company_id, site_id, rule_id, rule_name, event_seq, source_device_id,
         source_name, source_kind, event_at, fired_at, source_channel) VALUES (",
    )
    .text(id.as_str())
    .sql(", ")
    .text(rule.company_id.as_str())
    .sql(", ")
    .text(rule.site_id.as_str())
    .sql(", ")
    .text(rule.id.as_str())
    .sql(", ")
    .text(rule.name.as_str())
    .sql(", ")
    .number(event.seq)
    .sql(", ")
    .text(event.device_id.as_str())
    .sql(", ")
    .text(new.source_name)
    .sql(", ")
    .text(event.kind.as_str())
    .sql(", ")
    .number(micros(event.at))
    .sql(", ")
    .number(micros(now))
    .sql(", ");
    let query = number_or_none(query, event.channel);
    if query.sql(") ON CONFLICT (rule_id, event_seq) DO NOTHING").execute(conn)? == 0 {
        return Ok(None);
    }
    for (position, (action, planned)) in rule.content.actions.iter().zip(new.planned).enumerate() {
        insert_action(conn, &id, position, action, *planned, now)?;
    }
    Ok(Some(id))
}

fn insert_action(
    conn: &mut DbConn,
    firing: &LinkageFiringId,
    position: usize,
    action: &Action,
    planned: Planned,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let stored =
        serde_json::to_string(action).map_err(|_| StoreError::Unreadable { column: "linkage_actions.action" })?;
    let over = !matches!(planned.state, ActionState::Waiting | ActionState::Running);
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    let query = Select::new(
        "INSERT INTO linkage_actions (firing_id, position, kind, action, state, ended_at, error_code) VALUES (",
    )
    .text(firing.as_str())
    .sql(", ")
    .number(position)
    .sql(", ")
    .text(action.kind().as_str())
    .sql(", ")
    .text(stored)
    .sql(", ")
    .text(planned.state.as_str())
    .sql(", ");
    let query = if over { query.number(micros(now)) } else { query.sql("NULL") }.sql(", ");
    let query = match planned.error_code {
        Some(code) => query.text(code),
        None => query.sql("NULL"),
    };
    query.sql(")").execute(conn)?;
    Ok(())
}

/// How often a rule fired since a time, at most 1,000.
pub fn count_since(conn: &mut DbConn, rule: &LinkageRuleId, since: DateTime<Utc>) -> Result<u32, StoreError> {
    let query = Select::new("SELECT count(*) AS count FROM (SELECT 1 FROM linkage_firings WHERE rule_id = ");
    let query = query.text(rule.as_str()).sql(" AND fired_at > ").number(micros(since)).sql(" LIMIT 1000) AS fired");
    query.load::<Count>(conn)?.first().map_or(Ok(0), |row| number(row.count, "count"))
}

/// Whether a rule sent mails since a time.
pub fn mailed_since(conn: &mut DbConn, rule: &LinkageRuleId, since: DateTime<Utc>) -> Result<bool, StoreError> {
    let query =
        Select::new("SELECT count(*) AS count FROM linkage_firings f JOIN linkage_actions a ON a.firing_id = f.id");
    let query = query.sql(" AND a.kind = 'notify' AND a.state = 'done' WHERE f.rule_id = ").text(rule.as_str());
    let rows: Vec<Count> = query.sql(" AND f.fired_at > ").number(micros(since)).load(conn)?;
    Ok(rows.first().is_some_and(|row| row.count > 0))
}

/// When each of some rules last fired.
pub fn last_fired(
    conn: &mut DbConn,
    rules: &[&LinkageRuleId],
) -> Result<HashMap<LinkageRuleId, DateTime<Utc>>, StoreError> {
    let query = Select::new("SELECT rule_id, max(fired_at) AS fired_at FROM linkage_firings WHERE rule_id IN ");
    let rows: Vec<LastRow> = query
        .texts(rules.iter().map(|id| id.as_str()))
        .sql(" GROUP BY rule_id ORDER BY rule_id LIMIT 1000")
        .load(conn)?;
    rows.into_iter().map(|row| Ok((read(row.rule_id, "linkage_firings.rule_id")?, time(row.fired_at)?))).collect()
}

/// A page of the firings within reach, newest first.
pub fn list_firings(
    conn: &mut DbConn,
    reach: &Reach,
    filter: &FiringFilter,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Firing>, StoreError> {
    let mut filters = Select::new("");
    if let Some(site) = &filter.site_id {
        filters = filters.sql(" AND f.site_id = ").text(site.as_str());
    }
    if let Some(rule) = &filter.rule_id {
        filters = filters.sql(" AND f.rule_id = ").text(rule.as_str());
    }
    if let Some(cursor) = cursor {
        let [id] = page::decode(cursor)?;
        filters = filters.sql(" AND f.id < ").text(id);
    }
    let query = Select::new(SELECT).then(reach.rows(&LISTED, filters)).sql(" ORDER BY f.id DESC LIMIT ");
    let rows: Vec<Row> = query.number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.clone()]);
    Ok(Page { items: with_actions(conn, rows)?, next_cursor })
}

/// A firing within reach.
pub fn get_firing(conn: &mut DbConn, reach: &Reach, id: &LinkageFiringId) -> Result<Firing, StoreError> {
    let query = Select::new(SELECT).then(reach.rows(&LISTED, Select::new(" AND f.id = ").text(id.as_str())));
    let rows: Vec<Row> = query.sql(" ORDER BY f.id LIMIT 1").load(conn)?;
    with_actions(conn, rows)?.pop().ok_or(StoreError::NotFound)
}

/// Forgets pictures that were taken before a time, and firings before another, at most 1,000 of each; gives how many.
pub fn prune(conn: &mut DbConn, pictures: DateTime<Utc>, firings: DateTime<Utc>) -> Result<usize, StoreError> {
    let old = Select::new("DELETE FROM linkage_pictures WHERE firing_id IN (SELECT firing_id FROM linkage_pictures");
    let query = old.sql(" WHERE taken_at < ").number(micros(pictures)).sql(" ORDER BY taken_at LIMIT 1000)");
    let forgotten = query.sql(" AND taken_at < ").number(micros(pictures)).execute(conn)?;
    let query =
        Select::new("DELETE FROM linkage_firings WHERE id IN (SELECT id FROM linkage_firings WHERE fired_at < ");
    Ok(forgotten + query.number(micros(firings)).sql(" ORDER BY fired_at LIMIT 1000)").execute(conn)?)
}

fn with_actions(conn: &mut DbConn, rows: Vec<Row>) -> Result<Vec<Firing>, StoreError> {
    let query = Select::new(
        "SELECT a.firing_id, a.position, a.action, a.state, a.error_code, a.begun_at, a.ended_at,
         (SELECT count(*) FROM linkage_pictures p WHERE p.firing_id = a.firing_id AND p.position = a.position) AS pictures
         FROM linkage_actions a WHERE a.firing_id IN ",
    );
    let query =
        query.texts(rows.iter().map(|row| row.id.as_str())).sql(" ORDER BY a.firing_id, a.position LIMIT 20000");
    let mut of_firings: HashMap<String, Vec<FiredAction>> = HashMap::new();
    for row in query.load::<ActionRow>(conn)? {
        let firing = row.firing_id.clone();
        of_firings.entry(firing).or_default().push(fired_action(row)?);
    }
    rows.into_iter()
        .map(|row| {
            let actions = of_firings.remove(&row.id).unwrap_or_default();
            firing(row, actions)
        })
        .collect()
}

fn fired_action(row: ActionRow) -> Result<FiredAction, StoreError> {
    Ok(FiredAction {
        position: number(row.position, "linkage_actions.position")?,
        action: action(&row.action)?,
        state: word(ActionState::from_stored(&row.state), "linkage_actions.state")?,
        error_code: row.error_code,
        begun_at: time_or_none(row.begun_at)?,
        ended_at: time_or_none(row.ended_at)?,
        has_picture: row.pictures > 0,
    })
}

/// Adds a number, or that there is none.
pub(super) fn number_or_none(query: Select, number: Option<u32>) -> Select {
    match number {
        Some(number) => query.number(i64::from(number)),
        None => query.sql("NULL"),
    }
}

/// A stored action.
pub(super) fn action(text: &str) -> Result<Action, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Unreadable { column: "linkage_actions.action" })
}

fn firing(row: Row, actions: Vec<FiredAction>) -> Result<Firing, StoreError> {
    Ok(Firing {
        id: read(row.id, "linkage_firings.id")?,
        company_id: read(row.company_id, "linkage_firings.company_id")?,
        site_id: read(row.site_id, "linkage_firings.site_id")?,
        rule_id: read(row.rule_id, "linkage_firings.rule_id")?,
        rule_name: row.rule_name,
        event_seq: row.event_seq,
        source_device_id: read(row.source_device_id, "linkage_firings.source_device_id")?,
        source_name: row.source_name,
        source_channel: row
            .source_channel
            .map(|channel| number(channel, "linkage_firings.source_channel"))
            .transpose()?,
        source_kind: word(DeviceEventKind::from_stored(&row.source_kind), "linkage_firings.source_kind")?,
        event_at: time(row.event_at)?,
        fired_at: time(row.fired_at)?,
        actions,
    })
}
