//! Linkage rules (R-H8), and each time that one fired with what became of its actions.
//!
//! Limits hold under concurrency: whoever writes a rule of a site holds the site, and looks at its other rules then. A rule
//! fires once an event ([`record`]), whoever reads it how often.

mod acting;
mod firings;
mod known;
mod pictures;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Text};
use sha2::{Digest as _, Sha256};
use siteward_domain::linkage::{Content, MOST_RULES, camera_actions_fit};
use siteward_domain::{CompanyId, DeviceId, LinkageRuleId, SiteId};

use crate::columns::{micros, read, time};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use crate::sites;

pub use acting::{Begun, Claim, Outcome, claim, end_action, put_back};
pub use firings::{
    FiredAction, Firing, FiringFilter, NewFiring, Planned, count_since, get_firing, last_fired, list_firings,
    mailed_since, prune, record,
};
pub use known::{known, names_of};
pub use pictures::{PICTURES_OF_A_SITE, find_picture, keep_picture, picture_place};

/// The name of the position in the events of devices.
pub const READER: &str = "linkage";
/// Most rules that events are matched with at once.
const MOST_MATCHED: i64 = 5000;

const COLUMNS: &str =
    "SELECT id, company_id, site_id, name, enabled, content, created_at, updated_at FROM linkage_rules WHERE ";

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: LinkageRuleId,
    /// The company.
    pub company_id: CompanyId,
    /// The site.
    pub site_id: SiteId,
    /// Its name.
    pub name: String,
    /// Whether it fires.
    pub enabled: bool,
    /// What it says.
    pub content: Content,
    /// When it was made: what happened before sets nothing off.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What to change of a rule; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct RuleChange {
    /// Its name.
    pub name: Option<String>,
    /// Whether it fires.
    pub enabled: Option<bool>,
    /// What it says.
    pub content: Option<Content>,
}

/// Why a rule is not taken, beside what it says itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// The site has as many as it may.
    TooMany,
    /// The site has one that says the same.
    Identical,
    /// Its source would set off more actions of cameras than it may, with its other rules.
    TooManyCameraActions,
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
    name: String,
    #[diesel(sql_type = Bool)]
    enabled: bool,
    #[diesel(sql_type = Text)]
    content: String,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = BigInt)]
    updated_at: i64,
}

/// Makes a rule. [`StoreError::NotFound`] where the company has no such site.
pub fn create_rule(conn: &mut DbConn, rule: &Rule) -> Result<Result<(), NotTaken>, StoreError> {
    sites::hold_site(conn, &rule.company_id, &rule.site_id)?;
    let others = list_rules(conn, &rule.company_id, &rule.site_id)?;
    if others.len() >= usize::try_from(MOST_RULES).unwrap_or(0) {
        return Ok(Err(NotTaken::TooMany));
    }
    if let Err(refused) = fits(&rule.content, &others) {
        return Ok(Err(refused));
    }
    let source = &rule.content.source;
    let query = Select::new(
        "INSERT INTO linkage_rules (id, company_id, site_id, name, enabled, source_device_id, source_kind, content,
         identity_hash, created_at, updated_at, camera_actions, source_channel) VALUES (",
    )
    .text(rule.id.as_str())
    .sql(", ")
    .text(rule.company_id.as_str())
    .sql(", ")
    .text(rule.site_id.as_str())
    .sql(", ")
    .text(rule.name.as_str())
    .sql(", ")
    .sql(truth(conn, rule.enabled))
    .sql(", ")
    .text(source.device.as_str())
    .sql(", ")
    .text(source.kind.as_str())
    .sql(", ")
    .text(stored(&rule.content)?)
    .sql(", ")
    .text(hash(&rule.content))
    .sql(", ")
    .number(micros(rule.created_at))
    .sql(", ")
    .number(micros(rule.updated_at));
    let query = query.sql(", ").number(i64::from(rule.content.camera_actions())).sql(", ");
    firings::number_or_none(query, source.channel).sql(")").execute(conn)?;
    Ok(Ok(()))
}

/// Changes a rule and gives it as it now is.
pub fn update_rule(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &LinkageRuleId,
    change: &RuleChange,
    now: DateTime<Utc>,
) -> Result<Result<Rule, NotTaken>, StoreError> {
    let site = get_rule(conn, company, id)?.site_id;
    sites::hold_site(conn, company, &site)?;
    let others = list_rules(conn, company, &site)?;
    let before = others.iter().find(|rule| rule.id == *id).cloned().ok_or(StoreError::NotFound)?;
    let others: Vec<Rule> = others.into_iter().filter(|rule| rule.id != *id).collect();
    let content = change.content.as_ref().unwrap_or(&before.content);
    if let Err(refused) = fits(content, &others) {
        return Ok(Err(refused));
    }
    let enabled = change.enabled.unwrap_or(before.enabled);
    let query = Select::new("UPDATE linkage_rules SET name = ")
        .text(change.name.as_ref().unwrap_or(&before.name).as_str())
        .sql(", enabled = ")
        .sql(truth(conn, enabled))
        .sql(", source_device_id = ")
        .text(content.source.device.as_str())
        .sql(", source_kind = ")
        .text(content.source.kind.as_str())
        .sql(", content = ")
        .text(stored(content)?)
        .sql(", identity_hash = ")
        .text(hash(content))
        .sql(", updated_at = ")
        .number(micros(now));
    let query = query.sql(", camera_actions = ").number(i64::from(content.camera_actions())).sql(", source_channel = ");
    firings::number_or_none(query, content.source.channel).sql(" WHERE id = ").text(id.as_str()).execute(conn)?;
    get_rule(conn, company, id).map(Ok)
}

/// Deletes a rule. What it did is still told of.
pub fn delete_rule(conn: &mut DbConn, company: &CompanyId, id: &LinkageRuleId) -> Result<(), StoreError> {
    let query = Select::new("DELETE FROM linkage_rules WHERE company_id = ").text(company.as_str());
    let deleted = query.sql(" AND id = ").text(id.as_str()).execute(conn)?;
    if deleted == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// The rules of a site, oldest first.
pub fn list_rules(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<Vec<Rule>, StoreError> {
    let query = Select::new(COLUMNS).sql("company_id = ").text(company.as_str());
    let query = query.sql(" AND site_id = ").text(site.as_str()).sql(" ORDER BY id LIMIT ");
    let rows: Vec<Row> = query.number(i64::from(MOST_RULES)).load(conn)?;
    rows.into_iter().map(rule).collect()
}

/// A rule of a company.
pub fn get_rule(conn: &mut DbConn, company: &CompanyId, id: &LinkageRuleId) -> Result<Rule, StoreError> {
    let query = Select::new(COLUMNS).sql("company_id = ").text(company.as_str()).sql(" AND id = ").text(id.as_str());
    query.sql(" ORDER BY id LIMIT 1").load::<Row>(conn)?.into_iter().next().map_or(Err(StoreError::NotFound), rule)
}

/// The rules that are on and have one of these devices as their source.
pub fn rules_of_sources(conn: &mut DbConn, devices: &[DeviceId]) -> Result<Vec<Rule>, StoreError> {
    let on = truth(conn, true);
    let query = Select::new(COLUMNS).sql("enabled = ").sql(on).sql(" AND source_device_id IN ");
    let query = query.texts(devices.iter().map(DeviceId::as_str)).sql(" ORDER BY id LIMIT ");
    let rows: Vec<Row> = query.number(MOST_MATCHED).load(conn)?;
    // One that a newer version wrote is left aside, and keeps no other back.
    Ok(rows.into_iter().filter_map(|row| rule(row).ok()).collect())
}

/// Whether the other rules of the site leave room for what one is to say.
fn fits(content: &Content, others: &[Rule]) -> Result<(), NotTaken> {
    let identity = content.identity();
    if others.iter().any(|other| other.content.identity() == identity) {
        return Err(NotTaken::Identical);
    }
    let of_source = |content: &Content| (content.source.channel, content.camera_actions());
    let beside: Vec<_> = others
        .iter()
        .filter(|other| other.content.source.device == content.source.device)
        .map(|other| of_source(&other.content))
        .collect();
    // What sets off no camera takes no place.
    if content.camera_actions() > 0 && !camera_actions_fit(of_source(content), &beside) {
        return Err(NotTaken::TooManyCameraActions);
    }
    Ok(())
}

fn stored(content: &Content) -> Result<String, StoreError> {
    serde_json::to_string(content).map_err(|_| StoreError::Unreadable { column: "linkage_rules.content" })
}

fn hash(content: &Content) -> String {
    BASE64.encode(Sha256::digest(content.identity()))
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

fn rule(row: Row) -> Result<Rule, StoreError> {
    Ok(Rule {
        id: read(row.id, "linkage_rules.id")?,
        company_id: read(row.company_id, "linkage_rules.company_id")?,
        site_id: read(row.site_id, "linkage_rules.site_id")?,
        name: row.name,
        enabled: row.enabled,
        content: serde_json::from_str(&row.content)
            .map_err(|_| StoreError::Unreadable { column: "linkage_rules.content" })?,
        created_at: time(row.created_at)?,
        updated_at: time(row.updated_at)?,
    })
}

#[cfg(test)]
mod tests;
