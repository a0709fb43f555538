use chrono::Duration;
use secrecy::SecretString;
use serde_json::json;
use siteward_domain::webhook::DeliveryState;

use super::*;
use crate::Store;
use crate::events::NewEvent;
use crate::testing::{at, company, on_both};

fn webhook(store: &Store, company: &CompanyId, kinds: &[EventKind], now: DateTime<Utc>) -> Webhook {
    let id = WebhookId::generate(now);
    let sealed_secret = store.vault().seal(secret_place(company, &id), &SecretString::from("secret")).unwrap();
    let new = NewWebhook {
        id: id.clone(),
        company_id: company.clone(),
        name: "Desk".into(),
        url: "https://desk.example/hook".into(),
        sealed_secret,
        kinds: kinds.to_vec(),
    };
    store.write(|conn| create_webhook(conn, &new, now)).unwrap();
    store.read(|conn| get_webhook(conn, company, &id)).unwrap()
}

fn happen(store: &Store, company: &CompanyId, kind: EventKind, now: DateTime<Utc>) {
    let event = NewEvent {
        company_id: company.clone(),
        site_id: None,
        device_id: None,
        kind,
        actor: "system".into(),
        at: now,
        data: json!({}),
    };
    store.write(|conn| crate::events::append(conn, &event)).unwrap();
}

fn waiting(store: &Store, webhook: &Webhook) -> Vec<i64> {
    let page = store.read(|conn| list_deliveries(conn, &webhook.id, Some(DeliveryState::Waiting), None, 100)).unwrap();
    page.items.iter().rev().map(|(delivery, _)| delivery.event_seq).collect()
}

#[test]
fn each_event_since_a_webhook_is_told_to_it_once_in_order_and_to_no_other_company() {
    on_both(|store| {
        let (ours, theirs) = (company(store), company(store));
        happen(store, &ours, EventKind::SiteCreated, at(-5));
        let (all, some) = (webhook(store, &ours, &[], at(0)), webhook(store, &ours, &[EventKind::DeviceAdded], at(0)));
        let other = webhook(store, &theirs, &[], at(0));
        for kind in [EventKind::SiteUpdated, EventKind::DeviceAdded, EventKind::DeviceDeleted] {
            happen(store, &ours, kind, at(1));
        }
        assert_eq!(store.write(|conn| fan_out(conn, at(2))).unwrap(), 4);
        assert_eq!(store.write(|conn| fan_out(conn, at(2))).unwrap(), 0);
        let told = waiting(store, &all);
        assert!(told.len() == 3 && told.is_sorted(), "{told:?}");
        assert_eq!(waiting(store, &some), told[1..2]);
        assert_eq!(waiting(store, &other), Vec::<i64>::new());
    });
}

#[test]
fn what_fails_is_tried_first_again_and_what_is_dead_can_be_sent_again() {
    on_both(|store| {
        let company = company(store);
        let hook = webhook(store, &company, &[], at(0));
        happen(store, &company, EventKind::SiteCreated, at(1));
        happen(store, &company, EventKind::SiteUpdated, at(1));
        store.write(|conn| fan_out(conn, at(1))).unwrap();
        let next = || store.read(|conn| find_next(conn, &hook.id)).unwrap().unwrap();
        let (first, event) = next();
        assert_eq!(event.unwrap().kind, EventKind::SiteCreated);
        let failed = |for_good| Outcome::Failed { code: "webhook_refused", status: Some(503), for_good };
        store.write(|conn| note_outcome(conn, &first, &failed(false), at(2))).unwrap();
        let after = next().0;
        assert_eq!((after.id, after.attempts, after.http_status), (first.id, 1, Some(503)));
        let seen = store.read(|conn| get_webhook(conn, &company, &hook.id)).unwrap();
        assert_eq!((seen.failing_since, seen.error_code.as_deref()), (Some(at(2)), Some("webhook_refused")));
        store.write(|conn| note_outcome(conn, &first, &failed(true), at(3))).unwrap();
        let second = next().0;
        assert_ne!(second.id, first.id);
        store.write(|conn| note_outcome(conn, &second, &Outcome::Delivered(200), at(4))).unwrap();
        assert_eq!(store.read(|conn| find_next(conn, &hook.id)).unwrap(), None);
        let seen = store.read(|conn| get_webhook(conn, &company, &hook.id)).unwrap();
        assert_eq!((seen.failing_since, seen.delivered_at), (None, Some(at(4))));
        let again = store.write(|conn| send_again(conn, &hook.id, first.id, at(5))).unwrap();
        assert_eq!((again.state, again.waiting_since), (DeliveryState::Waiting, at(5)));
        assert!(matches!(store.write(|conn| send_again(conn, &hook.id, second.id, at(5))), Err(StoreError::Stale)));
    });
}

#[test]
fn a_replay_tells_a_range_once_more_and_off_is_off() {
    on_both(|store| {
        let company = company(store);
        for second in 0..5 {
            happen(store, &company, EventKind::SiteUpdated, at(second));
        }
        let hook = webhook(store, &company, &[], at(10));
        store.write(|conn| fan_out(conn, at(10))).unwrap();
        assert_eq!(waiting(store, &hook), Vec::<i64>::new());
        for _ in 0..2 {
            assert_eq!(store.write(|conn| replay(conn, &hook, at(1), at(4), at(11))).unwrap(), 3);
        }
        let told = waiting(store, &hook);
        assert_eq!((told.len(), told[..3] == told[3..]), (6, true));
        let off = WebhookChange { enabled: Some(false), ..WebhookChange::default() };
        store.write(|conn| update_webhook(conn, &company, &hook.id, &off)).unwrap();
        assert_eq!(store.read(|conn| find_unattended(conn, "deliver_webhook")).unwrap(), vec![]);
        happen(store, &company, EventKind::SiteUpdated, at(12));
        assert_eq!(store.write(|conn| fan_out(conn, at(12))).unwrap(), 0);
        let done = store.read(|conn| find_next(conn, &hook.id)).unwrap().unwrap().0;
        store.write(|conn| note_outcome(conn, &done, &Outcome::Delivered(204), at(13))).unwrap();
        assert_eq!(store.write(|conn| prune_ended(conn, at(13) + Duration::seconds(1))).unwrap(), 1);
    });
}

#[test]
fn what_a_rule_tells_goes_to_the_webhook_that_it_names_and_to_no_other() {
    on_both(|store| {
        let company = company(store);
        let named = webhook(store, &company, &[EventKind::DeviceAdded], at(0));
        let others = [vec![], vec![EventKind::IncidentTold]].map(|kinds| webhook(store, &company, &kinds, at(0)));
        let event = NewEvent {
            company_id: company.clone(),
            site_id: None,
            device_id: None,
            kind: EventKind::IncidentTold,
            actor: "system".into(),
            at: at(1),
            data: json!({"webhook_id": named.id}),
        };
        store.write(|conn| crate::events::append(conn, &event)).unwrap();
        assert_eq!(store.write(|conn| fan_out(conn, at(2))).unwrap(), 1);
        assert_eq!(waiting(store, &named).len(), 1, "whatever kinds it wants else");
        assert!(others.iter().all(|other| waiting(store, other).is_empty()));
        assert_eq!(store.write(|conn| replay(conn, &named, at(0), at(5), at(6))).unwrap(), 1);
        assert_eq!(store.write(|conn| replay(conn, &others[0], at(0), at(5), at(6))).unwrap(), 0);
    });
}
