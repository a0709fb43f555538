//! Workers whose own network is gone: what they say of devices is nothing, and the console says so (R-H5).

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::own_network::NetworkNews;

use crate::columns::{micros, time_or_none};
use crate::companies;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::select::Select;

/// Who appends the events.
const ACTOR: &str = "system";

#[derive(QueryableByName)]
struct First {
    #[diesel(sql_type = Nullable<BigInt>)]
    lost_since: Option<i64>,
}

/// Writes down that a worker's network is gone or back, and tells every company.
pub fn note(conn: &mut DbConn, owner: &str, news: NetworkNews, now: DateTime<Utc>) -> Result<(), StoreError> {
    forget(conn, owner)?;
    let (kind, data) = match news {
        NetworkNews::Lost(since) => {
            Select::new("INSERT INTO network_losses (owner, lost_since) VALUES (")
                .text(owner)
                .sql(", ")
                .number(micros(since))
                .sql(")")
                .execute(conn)?;
            (EventKind::NetworkLost, json!({}))
        }
        NetworkNews::Back(since) => {
            (EventKind::NetworkBack, json!({ "duration_seconds": (now - since).num_seconds().max(0) }))
        }
    };
    let told = companies::list_companies(conn)?.into_iter().map(|company| NewEvent {
        company_id: company.id,
        site_id: None,
        device_id: None,
        kind,
        actor: ACTOR.to_owned(),
        at: now,
        data: data.clone(),
    });
    let told: Vec<NewEvent> = told.collect();
    events::append_all(conn, &told)
}

/// A worker ends: it says nothing of its network any more.
pub fn forget(conn: &mut DbConn, owner: &str) -> Result<(), StoreError> {
    Select::new("DELETE FROM network_losses WHERE owner = ").text(owner).execute(conn)?;
    Ok(())
}

/// Since when a worker that is still there has no network, the longest of them.
pub fn lost_since(conn: &mut DbConn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let rows: Vec<First> =
        Select::new("SELECT min(l.lost_since) AS lost_since FROM network_losses l JOIN workers w ON w.owner = l.owner")
            .load(conn)?;
    time_or_none(rows.into_iter().next().and_then(|row| row.lost_since))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::polling::note_worker;
    use crate::testing::{at, company, events_of, on_both};

    #[test]
    fn a_loss_is_known_while_it_lasts_and_told_twice() {
        on_both(|store| {
            let company = company(store);
            store.write(|conn| note_worker(conn, "one", at(0))).unwrap();
            let lost = NetworkNews::Lost(at(5));
            store.write(|conn| note(conn, "gone", NetworkNews::Lost(at(1)), at(9))).unwrap();
            store.write(|conn| note(conn, "one", lost, at(70))).unwrap();
            assert_eq!(store.read(lost_since).unwrap(), Some(at(5)), "a worker that is not there says nothing");
            store.write(|conn| note(conn, "one", NetworkNews::Back(at(5)), at(100))).unwrap();
            assert_eq!(store.read(lost_since).unwrap(), None);
            let back = events_of(store, &company, EventKind::NetworkBack);
            assert_eq!((back.len(), &back[0].data["duration_seconds"]), (1, &json!(95)));
            assert_eq!(events_of(store, &company, EventKind::NetworkLost).len(), 2);
        });
    }
}
