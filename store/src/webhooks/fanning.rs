//! From the event log to deliveries: what happens now, and what happened before once more.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Text};
use siteward_domain::webhook::MOST_REPLAYED;

use super::{Webhook, read_kinds};
use crate::columns::{contains, micros};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events;
use crate::select::Select;

/// The name of the position in the event log.
const READER: &str = "webhooks";
/// Most events read in one transaction.
const AT_ONCE: i64 = 500;

#[derive(QueryableByName)]
struct Listener {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    kinds: String,
    #[diesel(sql_type = BigInt)]
    created_at: i64,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    events: i64,
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = Integer)]
    again: i32,
}

/// Whether anything happened since [`fan_out`] was last called, only to look.
pub fn has_news(conn: &mut DbConn) -> Result<bool, StoreError> {
    Ok(events::last_seq(conn)? > events::look_at_reader(conn, READER)?)
}

/// Makes deliveries of what happened since it was last called, for every webhook that is on; gives how many. One that is
/// off is told nothing of it later.
pub fn fan_out(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let position = events::reader_position(conn, READER)?;
    let last = events::last_seq(conn)?;
    if last <= position {
        return Ok(0);
    }
    let enabled = super::truth(conn, true);
    let query = Select::new("SELECT id, company_id, kinds, created_at FROM webhooks WHERE enabled = ").sql(enabled);
    let listeners: Vec<Listener> = query.sql(" ORDER BY id LIMIT 100000").load(conn)?;
    let end = if listeners.is_empty() { last } else { last.min(position + AT_ONCE) };
    let mut made = 0;
    for listener in &listeners {
        let kinds = read_kinds(&listener.kinds)?;
        let query = begin(&listener.id, 0, now)
            .sql(" FROM events e WHERE e.company_id = ")
            .text(listener.company_id.as_str())
            .sql(" AND e.seq > ")
            .number(position)
            .sql(" AND e.seq <= ")
            .number(end)
            .sql(" AND e.at >= ")
            .number(listener.created_at);
        made += of_kinds(query, &listener.id, &kinds).sql(" ORDER BY e.seq").execute(conn)?;
    }
    events::move_reader(conn, READER, end)?;
    Ok(made)
}

/// Tells what happened from `from` to before `until` once more, in order; gives how many events that are.
/// [`StoreError::Stale`] where they are more than one replay takes.
pub fn replay(
    conn: &mut DbConn,
    webhook: &Webhook,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let range = |query: Select| {
        let query = query.sql(" FROM events e WHERE e.company_id = ").text(webhook.company_id.as_str());
        let query = query.sql(" AND e.at >= ").number(micros(from)).sql(" AND e.at < ").number(micros(until));
        of_kinds(query, webhook.id.as_str(), &webhook.kinds)
    };
    let counted: Vec<Count> = range(Select::new("SELECT count(*) AS events")).load(conn)?;
    if counted.first().is_some_and(|count| count.events > i64::from(MOST_REPLAYED)) {
        return Err(StoreError::Stale);
    }
    let last: Vec<Last> =
        Select::new("SELECT coalesce(max(again), 0) AS again FROM webhook_deliveries WHERE webhook_id = ")
            .text(webhook.id.as_str())
            .load(conn)?;
    let again = last.first().map_or(0, |last| last.again) + 1;
    range(begin(webhook.id.as_str(), again, now)).sql(" ORDER BY e.seq").execute(conn)
}

fn begin(webhook: &str, again: i32, now: DateTime<Utc>) -> Select {
    Select::new(
        "INSERT INTO webhook_deliveries (webhook_id, event_seq, again, state, attempts, waiting_since)
         SELECT ",
    )
    .text(webhook)
    .sql(", e.seq, ")
    .sql(&again.to_string())
    .sql(", 'waiting', 0, ")
    .sql(&micros(now).to_string())
}

fn of_kinds(query: Select, webhook: &str, kinds: &[siteward_domain::event::EventKind]) -> Select {
    // What a rule tells is for the webhook that it names, whatever kinds that wants, and for no other.
    let query = query.sql(" AND ((e.kind = 'incident_told' AND e.data LIKE ").text(contains(webhook));
    let query = query.sql(") OR (e.kind <> 'incident_told'");
    // Bells are the console's own; who wants all wants what happened, and what devices tell only where that is named.
    let query = if kinds.is_empty() {
        query.sql(" AND e.kind NOT IN ('notified', 'device_event')")
    } else {
        query.sql(" AND e.kind IN ").texts(kinds.iter().map(|kind| kind.as_str()))
    };
    query.sql("))")
}
