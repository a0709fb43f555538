//! Webhooks: addresses that a company has told of what happens, and every telling with where it stands.
//!
//! [`fan_out`] reads the event log with a position of its own and makes a delivery for each event and webhook, in order.
//! They are told one after the other, so that a receiver that was down gets everything once and in order.

mod deliveries;
mod fanning;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
use siteward_domain::event::EventKind;
use siteward_domain::webhook::MOST_WEBHOOKS;
use siteward_domain::{CompanyId, WebhookId};

use crate::columns::{micros, number, read, time, time_or_none};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use crate::vault::{Place, SealedText};

pub use deliveries::{
    Delivery, Outcome, find_next, find_unattended, get_delivery, list_deliveries, note_outcome, prune_ended, send_again,
};
pub use fanning::{fan_out, has_news, replay};

/// A webhook to make.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// Its id.
    pub id: WebhookId,
    /// The company.
    pub company_id: CompanyId,
    /// Its name.
    pub name: String,
    /// Where it is sent to.
    pub url: String,
    /// The key of the signatures, sealed for [`secret_place`].
    pub sealed_secret: SealedText,
    /// The kinds of events that are told; none: all.
    pub kinds: Vec<EventKind>,
}

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// The company.
    pub company_id: CompanyId,
    /// Its name.
    pub name: String,
    /// Where it is sent to.
    pub url: String,
    /// The key of the signatures.
    pub sealed_secret: SealedText,
    /// The kinds of events that are told; none: all.
    pub kinds: Vec<EventKind>,
    /// Whether anything is told.
    pub enabled: bool,
    /// Since when the receiver takes nothing.
    pub failing_since: Option<DateTime<Utc>>,
    /// Why the last try failed: a stable code; none after one that went well.
    pub error_code: Option<String>,
    /// What the receiver answered last.
    pub http_status: Option<u16>,
    /// When it last took something.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it was made: what happened before is told by a replay only.
    pub created_at: DateTime<Utc>,
}

/// What to change of a webhook; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct WebhookChange {
    /// Its name.
    pub name: Option<String>,
    /// Where it is sent to.
    pub url: Option<String>,
    /// The kinds of events.
    pub kinds: Option<Vec<EventKind>>,
    /// Whether anything is told.
    pub enabled: Option<bool>,
    /// Another key of the signatures.
    pub sealed_secret: Option<SealedText>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    url: String,
    #[diesel(sql_type = Text)]
    sealed_secret: String,
    #[diesel(sql_type = Text)]
    kinds: String,
    #[diesel(sql_type = Bool)]
    enabled: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    failing_since: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    error_code: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    http_status: Option<i32>,
    #[diesel(sql_type = Nullable<BigInt>)]
    delivered_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
}

const COLUMNS: &str =
    "SELECT id, company_id, name, url, sealed_secret, kinds, enabled, failing_since, error_code, http_status,
     delivered_at, created_at FROM webhooks WHERE ";

/// Where the key of a webhook's signatures stands, for the vault.
pub fn secret_place<'a>(company: &'a CompanyId, id: &'a WebhookId) -> Place<'a> {
    Place { table: "webhooks", column: "sealed_secret", row: id.as_str(), company: company.as_str() }
}

/// Makes a webhook. [`StoreError::Stale`] where the company has as many as it may.
pub fn create_webhook(conn: &mut DbConn, new: &NewWebhook, now: DateTime<Utc>) -> Result<(), StoreError> {
    if list_webhooks(conn, &new.company_id)?.len() >= usize::try_from(MOST_WEBHOOKS).unwrap_or(0) {
        return Err(StoreError::Stale);
    }
    Select::new("INSERT INTO webhooks (id, company_id, name, url, sealed_secret, kinds, enabled, created_at) VALUES (")
        .text(new.id.as_str())
        .sql(", ")
        .text(new.company_id.as_str())
        .sql(", ")
        .text(new.name.as_str())
        .sql(", ")
        .text(new.url.as_str())
        .sql(", ")
        .text(new.sealed_secret.as_str())
        .sql(", ")
        .text(stored_kinds(&new.kinds))
        .sql(", ")
        .sql(truth(conn, true))
        .sql(", ")
        .number(micros(now))
        .sql(")")
        .execute(conn)?;
    Ok(())
}

/// The webhooks of a company, oldest first.
pub fn list_webhooks(conn: &mut DbConn, company: &CompanyId) -> Result<Vec<Webhook>, StoreError> {
    let query = Select::new(COLUMNS).sql("company_id = ").text(company.as_str());
    let rows: Vec<Row> = query.sql(" ORDER BY id LIMIT ").number(i64::from(MOST_WEBHOOKS)).load(conn)?;
    rows.into_iter().map(webhook).collect()
}

/// A webhook of a company.
pub fn get_webhook(conn: &mut DbConn, company: &CompanyId, id: &WebhookId) -> Result<Webhook, StoreError> {
    find_webhook(conn, id)?.filter(|webhook| webhook.company_id == *company).ok_or(StoreError::NotFound)
}

/// A webhook of whatever company, for the worker.
pub fn find_webhook(conn: &mut DbConn, id: &WebhookId) -> Result<Option<Webhook>, StoreError> {
    let rows: Vec<Row> = Select::new(COLUMNS).sql("id = ").text(id.as_str()).sql(" ORDER BY id LIMIT 1").load(conn)?;
    rows.into_iter().next().map(webhook).transpose()
}

/// Changes a webhook and gives it as it now is. Another address, key or switching it on forgets that it failed.
pub fn update_webhook(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &WebhookId,
    change: &WebhookChange,
) -> Result<Webhook, StoreError> {
    let before = get_webhook(conn, company, id)?;
    let enabled = change.enabled.unwrap_or(before.enabled);
    let anew = change.url.is_some() || change.sealed_secret.is_some() || (enabled && !before.enabled);
    let mut query = Select::new("UPDATE webhooks SET name = ")
        .text(change.name.as_ref().unwrap_or(&before.name).as_str())
        .sql(", url = ")
        .text(change.url.as_ref().unwrap_or(&before.url).as_str())
        .sql(", kinds = ")
        .text(stored_kinds(change.kinds.as_ref().unwrap_or(&before.kinds)))
        .sql(", sealed_secret = ")
        .text(change.sealed_secret.as_ref().unwrap_or(&before.sealed_secret).as_str())
        .sql(", enabled = ")
        .sql(truth(conn, enabled));
    if anew {
        query = query.sql(", failing_since = NULL, error_code = NULL, http_status = NULL");
    }
    query.sql(" WHERE id = ").text(id.as_str()).execute(conn)?;
    get_webhook(conn, company, id)
}

/// Deletes a webhook with its deliveries.
pub fn delete_webhook(conn: &mut DbConn, company: &CompanyId, id: &WebhookId) -> Result<(), StoreError> {
    let query = Select::new("DELETE FROM webhooks WHERE company_id = ").text(company.as_str());
    let deleted = query.sql(" AND id = ").text(id.as_str()).execute(conn)?;
    if deleted == 0 { Err(StoreError::NotFound) } else { Ok(()) }
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

fn stored_kinds(kinds: &[EventKind]) -> String {
    serde_json::Value::from(kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>()).to_string()
}

/// A kind that this version does not know is told by none of ours.
fn read_kinds(text: &str) -> Result<Vec<EventKind>, StoreError> {
    let words: Vec<String> =
        serde_json::from_str(text).map_err(|_| StoreError::Unreadable { column: "webhooks.kinds" })?;
    Ok(words.iter().filter_map(|word| EventKind::from_stored(word)).collect())
}

fn webhook(row: Row) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        id: read(row.id, "webhooks.id")?,
        company_id: read(row.company_id, "webhooks.company_id")?,
        name: row.name,
        url: row.url,
        sealed_secret: SealedText::from_stored(row.sealed_secret),
        kinds: read_kinds(&row.kinds)?,
        enabled: row.enabled,
        failing_since: time_or_none(row.failing_since)?,
        error_code: row.error_code,
        http_status: row.http_status.map(|status| number(status, "webhooks.http_status")).transpose()?,
        delivered_at: time_or_none(row.delivered_at)?,
        created_at: time(row.created_at)?,
    })
}

#[cfg(test)]
mod tests;
