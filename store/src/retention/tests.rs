use chrono::Duration;
use siteward_domain::event::EventKind;

use super::*;
use crate::events::{self, NewEvent};
use crate::testing::{at, company, count_rows, on_both};

fn append(store: &crate::Store, count: i64) {
    let company = company(store);
    let events: Vec<NewEvent> = (0..count)
        .map(|hour| NewEvent {
            company_id: company.clone(),
            site_id: None,
            device_id: None,
            kind: EventKind::SiteUpdated,
            actor: "test".into(),
            at: at(0) + Duration::hours(hour),
            data: serde_json::json!({}),
        })
        .collect();
    store.write(|conn| events::append_all(conn, &events)).unwrap();
}

fn read_up_to(store: &crate::Store, readers: &str, seq: &str) {
    let sql = format!("UPDATE event_readers SET seq = {seq} WHERE name IN ({readers})");
    store.write(|conn| Select::new(&sql).execute(conn)).unwrap();
}

#[test]
fn old_events_go_and_newer_ones_stay() {
    on_both(|store| {
        append(store, 10);
        read_up_to(store, "'mail', 'webhooks'", "1000000");
        let before = at(0) + Duration::hours(4);
        assert_eq!(store.write(|conn| prune(conn, Log::Events, before)).unwrap(), 4);
        assert_eq!(store.write(|conn| prune(conn, Log::Events, before)).unwrap(), 0);
        assert_eq!(store.read(|conn| count_rows(conn, "events")).unwrap(), 6);
    });
}

#[test]
fn what_a_reader_has_not_read_yet_stays_however_old() {
    on_both(|store| {
        append(store, 10);
        read_up_to(store, "'mail'", "1000000");
        read_up_to(store, "'webhooks'", "(SELECT min(seq) + 2 FROM events)");
        let before = at(0) + Duration::days(100);
        assert_eq!(store.write(|conn| prune(conn, Log::Events, before)).unwrap(), 3);
    });
}

#[test]
fn every_log_can_be_pruned() {
    on_both(|store| {
        for log in [Log::Events, Log::DeviceEvents, Log::Transitions] {
            assert_eq!(store.write(|conn| prune(conn, log, at(0))).unwrap(), 0, "{log:?}");
        }
    });
}
