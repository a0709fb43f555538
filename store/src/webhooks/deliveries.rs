//! Deliveries: one event told to one webhook.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::WebhookId;
use siteward_domain::webhook::DeliveryState;

use crate::columns::{micros, number, read, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, Event};
use crate::page::{self, Page};
use crate::select::Select;

/// The telling of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number: they are told in this order.
    pub id: i64,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The number of the event in the log.
    pub event_seq: i64,
    /// 0, or which replay it belongs to.
    pub again: u32,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last try failed: a stable code.
    pub error_code: Option<String>,
    /// What the receiver answered last.
    pub http_status: Option<u16>,
    /// From when on it is tried.
    pub waiting_since: DateTime<Utc>,
    /// When it was taken or given up.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What a try came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver took it, answering so.
    Delivered(u16),
    /// It did not; a stable code, and its answer where there was one. `for_good`: it is not tried again by itself.
    Failed {
        /// Why.
        code: &'static str,
        /// The HTTP status.
        status: Option<u16>,
        /// Whether it is given up.
        for_good: bool,
    },
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    webhook_id: String,
    #[diesel(sql_type = BigInt)]
    event_seq: i64,
    #[diesel(sql_type = Integer)]
    again: i32,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Nullable<Text>)]
    error_code: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    http_status: Option<i32>,
    #[diesel(sql_type = BigInt)]
    waiting_since: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    ended_at: Option<i64>,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = Text)]
    id: String,
}

const COLUMNS: &str =
    "SELECT id, webhook_id, event_seq, again, state, attempts, error_code, http_status, waiting_since, ended_at
     FROM webhook_deliveries WHERE webhook_id = ";

/// The delivery whose turn it is, with its event. An event that the log does not hold any more is `None`.
pub fn find_next(conn: &mut DbConn, webhook: &WebhookId) -> Result<Option<(Delivery, Option<Event>)>, StoreError> {
    let query = Select::new(COLUMNS).text(webhook.as_str());
    let rows: Vec<Row> = query.sql(" AND state = 'waiting' ORDER BY id LIMIT 1").load(conn)?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let delivery = delivery(row)?;
    let event = events::find(conn, delivery.event_seq)?;
    Ok(Some((delivery, event)))
}

/// Notes what a try came to, on the delivery and on its webhook.
pub fn note_outcome(
    conn: &mut DbConn,
    delivery: &Delivery,
    outcome: &Outcome,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (state, code, status) = match outcome {
        Outcome::Delivered(status) => (DeliveryState::Delivered, None, Some(*status)),
        Outcome::Failed { code, status, for_good: true } => (DeliveryState::Dead, Some(*code), *status),
        Outcome::Failed { code, status, for_good: false } => (DeliveryState::Waiting, Some(*code), *status),
    };
    let told = |query: Select| {
        let query = match code {
            Some(code) => query.sql(", error_code = ").text(code),
            None => query.sql(", error_code = NULL"),
        };
        match status {
            Some(status) => query.sql(", http_status = ").number(i64::from(status)),
            None => query.sql(", http_status = NULL"),
        }
    };
    let mut query = Select::new("UPDATE webhook_deliveries SET attempts = attempts + 1, state = ").text(state.as_str());
    if state != DeliveryState::Waiting {
        query = query.sql(", ended_at = ").number(micros(now));
    }
    told(query).sql(" WHERE state = 'waiting' AND id = ").number(delivery.id).execute(conn)?;
    let query = match outcome {
        Outcome::Delivered(_) => {
            Select::new("UPDATE webhooks SET failing_since = NULL, delivered_at = ").number(micros(now))
        }
        Outcome::Failed { .. } => {
            Select::new("UPDATE webhooks SET failing_since = coalesce(failing_since, ").number(micros(now)).sql(")")
        }
    };
    told(query).sql(" WHERE id = ").text(delivery.webhook_id.as_str()).execute(conn)?;
    Ok(())
}

/// A webhook's deliveries, newest first; `state`: only those.
pub fn list_deliveries(
    conn: &mut DbConn,
    webhook: &WebhookId,
    state: Option<DeliveryState>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<(Delivery, Option<Event>)>, StoreError> {
    let mut query = Select::new(COLUMNS).text(webhook.as_str());
    if let Some(state) = state {
        query = query.sql(" AND state = ").text(state.as_str());
    }
    if let Some(cursor) = cursor {
        let [before] = page::decode(cursor)?;
        query = query.sql(" AND id < ").number(before.parse().map_err(|_| StoreError::BadCursor)?);
    }
    let rows: Vec<Row> = query.sql(" ORDER BY id DESC LIMIT ").number(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.to_string()]);
    let items = rows.into_iter().map(delivery).collect::<Result<Vec<_>, _>>()?;
    let seqs: Vec<i64> = items.iter().map(|delivery| delivery.event_seq).collect();
    let told = events::of_numbers(conn, &seqs)?;
    let with_event = |delivery: Delivery| {
        let event = told.iter().find(|event| event.seq == delivery.event_seq).cloned();
        (delivery, event)
    };
    Ok(Page { items: items.into_iter().map(with_event).collect(), next_cursor })
}

/// A delivery of a webhook.
pub fn get_delivery(conn: &mut DbConn, webhook: &WebhookId, id: i64) -> Result<Delivery, StoreError> {
    let query = Select::new(COLUMNS).text(webhook.as_str()).sql(" AND id = ").number(id);
    let rows: Vec<Row> = query.sql(" ORDER BY id LIMIT 1").load(conn)?;
    rows.into_iter().next().map(delivery).transpose()?.ok_or(StoreError::NotFound)
}

/// Puts a delivery that was given up back to wait, for another three days; [`StoreError::Stale`] for any other.
pub fn send_again(conn: &mut DbConn, webhook: &WebhookId, id: i64, now: DateTime<Utc>) -> Result<Delivery, StoreError> {
    get_delivery(conn, webhook, id)?;
    let again = Select::new("UPDATE webhook_deliveries SET state = 'waiting', ended_at = NULL, waiting_since = ")
        .number(micros(now))
        .sql(" WHERE state = 'dead' AND id = ")
        .number(id)
        .execute(conn)?;
    if again == 0 {
        return Err(StoreError::Stale);
    }
    get_delivery(conn, webhook, id)
}

/// Webhooks that are on and have something to tell, and no job of `job_kind` keyed by their id that does it.
pub fn find_unattended(conn: &mut DbConn, job_kind: &str) -> Result<Vec<WebhookId>, StoreError> {
    let enabled = super::truth(conn, true);
    let rows: Vec<IdRow> = Select::new("SELECT w.id FROM webhooks w WHERE w.enabled = ")
        .sql(enabled)
        .sql(
            " AND EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = 'waiting')
              AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.state <> 'dead' AND j.dedup_key = w.id AND j.kind = ",
        )
        .text(job_kind)
        .sql(") ORDER BY w.id LIMIT 1000")
        .load(conn)?;
    rows.into_iter().map(|row| read(row.id, "webhooks.id")).collect()
}

/// Forgets deliveries that ended before a time; gives how many.
pub fn prune_ended(conn: &mut DbConn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let query = Select::new("DELETE FROM webhook_deliveries WHERE state <> 'waiting' AND ended_at < ");
    query.number(micros(before)).execute(conn)
}

fn delivery(row: Row) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        id: row.id,
        webhook_id: read(row.webhook_id, "webhook_deliveries.webhook_id")?,
        event_seq: row.event_seq,
        again: number(row.again, "webhook_deliveries.again")?,
        state: word(DeliveryState::from_stored(&row.state), "webhook_deliveries.state")?,
        attempts: number(row.attempts, "webhook_deliveries.attempts")?,
        error_code: row.error_code,
        http_status: row.http_status.map(|status| number(status, "webhook_deliveries.http_status")).transpose()?,
        waiting_since: time(row.waiting_since)?,
        ended_at: time_or_none(row.ended_at)?,
    })
}
