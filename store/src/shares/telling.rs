//! What is told of shares that change: the panels of the site follow, its owner reads it in the access log, and the event log hears of it.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::{CompanyId, ShareId, SiteId};

use crate::access_log::{self, Actor, NewEntry};
use crate::columns::read;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::panels;
use crate::select::Select;

/// A share that changed, and how.
#[derive(Debug, Clone)]
pub(super) struct Told {
    /// The share.
    pub(super) id: ShareId,
    /// Its site.
    pub(super) site_id: SiteId,
    /// `given`; `added`: more was accepted; `changed` by its giver or because a device is gone; or why it ended.
    pub(super) state: &'static str,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    company_id: String,
    #[diesel(sql_type = Text)]
    receiver: String,
    #[diesel(sql_type = BigInt)]
    channels: i64,
}

/// Tells of some shares. It comes last in a transaction.
pub(super) fn tell(conn: &mut DbConn, told: &[Told], actor: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut found = Vec::new();
    for one in told {
        let rows: Vec<Row> = Select::new(
            "SELECT t.company_id, u.name AS receiver,
             (SELECT count(*) FROM share_channels c WHERE c.share_id = s.id) AS channels
             FROM shares s JOIN sites t ON t.id = s.site_id JOIN end_users u ON u.id = s.receiver_id WHERE s.id = ",
        )
        .text(one.id.as_str())
        .load(conn)?;
        let Some(row) = rows.into_iter().next() else { continue };
        let company: CompanyId = read(row.company_id, "sites.company_id")?;
        // A receiver has an account on panels that are shared. Touched before anything is logged: nobody waits for the log with that held.
        panels::touch_site(conn, &company, &one.site_id, now)?;
        found.push((one, company, row.receiver, row.channels));
    }
    for (one, company, receiver, channels) in found {
        let action = match one.state {
            "given" => "share_given",
            "added" | "changed" => "share_changed",
            _ => "share_ended",
        };
        let entry = NewEntry {
            site_id: one.site_id.clone(),
            actor: actor_of(actor),
            company: None,
            action,
            device: None,
            detail: json!({ "receiver": receiver, "channels": channels, "state": one.state }),
        };
        access_log::append_if_owned(conn, &entry, now)?;
        let event = NewEvent {
            company_id: company,
            site_id: Some(one.site_id.clone()),
            device_id: None,
            kind: EventKind::SharesChanged,
            actor: actor.to_owned(),
            at: now,
            data: json!({ "share_id": one.id, "state": one.state }),
        };
        events::append(conn, &event)?;
    }
    Ok(())
}

/// Who an actor of the event log is in the access log.
pub(super) fn actor_of(actor: &str) -> Actor {
    let id = |kind: &str| actor.strip_prefix(kind).map(str::to_owned);
    if let Some(id) = id("end_user:").and_then(|id| id.parse().ok()) {
        Actor::EndUser(id)
    } else if let Some(id) = id("staff:").and_then(|id| id.parse().ok()) {
        Actor::Staff(id)
    } else {
        Actor::Platform
    }
}
