use siteward_domain::exception::ExceptionKind;
use siteward_domain::schedule::{Day, Period};

use super::*;
use crate::Store;
use crate::devices::move_device;
use crate::staff::delete_staff;
use crate::testing::{at, company, device, member, on_both, site};

fn rules(store: &Store, company: &CompanyId, site: &SiteId) -> Vec<StoredRule> {
    store.read(|conn| list_rules(conn, company, site)).unwrap()
}

#[test]
fn every_site_begins_with_one_rule() {
    on_both(|store| {
        let company = company(store);
        let villa = site(store, &company, "Villa");
        let found = rules(store, &company, &villa);
        assert_eq!(found.iter().map(|one| &one.rule).collect::<Vec<_>>(), [&Rule::usual()]);
        assert_eq!(found[0].active_since, at(0));
    });
}

#[test]
fn a_rule_is_read_as_it_was_written_and_changed_as_a_whole() {
    on_both(|store| {
        let company = company(store);
        let villa = site(store, &company, "Villa");
        let camera = device(store, &company, &villa, "10.0.0.1", 1);
        let anna = member(store, &company, "anna@example.com");
        let night = Period { days: vec![Day::Friday, Day::Saturday], from: 1320, until: 360 };
        let rule = Rule {
            source: Source::Device(camera),
            severities: vec![Severity::Info],
            kinds: vec![IncidentKind::LinkOffline, IncidentKind::Exception(ExceptionKind::VideoLoss)],
            receivers: vec![Receiver::Admin, Receiver::Staff(anna.clone())],
            schedule: Some(Schedule::try_from(vec![night]).unwrap()),
            threshold_minutes: 30,
            enabled: false,
        };
        let id = ExceptionRuleId::generate(at(10));
        store.write(|conn| create_rule(conn, &company, &villa, &id, &rule, at(10))).unwrap();
        let read = || rules(store, &company, &villa).into_iter().find(|one| one.id == id).unwrap();
        assert_eq!(read(), StoredRule { id: id.clone(), rule: rule.clone(), active_since: at(10) });

        let on = Rule { enabled: true, source: Source::Kind(DeviceKind::Nvr), schedule: None, ..rule.clone() };
        store.write(|conn| update_rule(conn, &company, &villa, &id, &on, at(20))).unwrap();
        assert_eq!(read(), StoredRule { id: id.clone(), rule: on.clone(), active_since: at(20) });
        let later = Rule { threshold_minutes: 5, ..on };
        store.write(|conn| update_rule(conn, &company, &villa, &id, &later, at(30))).unwrap();
        assert_eq!(read().active_since, at(20), "it was on all the time");

        store.write(|conn| delete_staff(conn, &company, &anna, at(40)).map(drop)).unwrap();
        assert_eq!(read().rule.receivers, [Receiver::Admin], "whoever is gone is told nothing");
        store.write(|conn| delete_rule(conn, &company, &villa, &id)).unwrap();
        let gone = store.write(|conn| delete_rule(conn, &company, &villa, &id));
        assert!(matches!(gone, Err(StoreError::NotFound)));
    });
}

#[test]
fn what_is_another_companys_or_another_sites_cannot_be_named() {
    on_both(|store| {
        let (ours, theirs) = (company(store), company(store));
        let (villa, barn) = (site(store, &ours, "Villa"), site(store, &ours, "Barn"));
        let at_barn = device(store, &ours, &barn, "10.0.0.1", 1);
        let stranger = member(store, &theirs, "eve@example.com");
        let id = ExceptionRuleId::generate(at(1));
        let refused = |rule: &Rule| {
            let made = store.write(|conn| create_rule(conn, &ours, &villa, &id, rule, at(1)));
            matches!(made, Err(StoreError::NotFound))
        };
        assert!(refused(&Rule { receivers: vec![Receiver::Staff(stranger)], ..Rule::usual() }));
        assert!(refused(&Rule { source: Source::Device(at_barn.clone()), ..Rule::usual() }));
        let webhook = WebhookId::generate(at(1));
        assert!(refused(&Rule { receivers: vec![Receiver::Webhook(webhook)], ..Rule::usual() }));

        let of_device = Rule { source: Source::Device(at_barn.clone()), ..Rule::usual() };
        store.write(|conn| create_rule(conn, &ours, &barn, &id, &of_device, at(1))).unwrap();
        store.write(|conn| move_device(conn, &ours, &at_barn, &villa, None, at(2)).map(drop)).unwrap();
        assert!(rules(store, &ours, &villa).iter().any(|one| one.id == id), "it goes where the device goes");
        let elsewhere = store.write(|conn| delete_rule(conn, &theirs, &villa, &id));
        assert!(matches!(elsewhere, Err(StoreError::NotFound)));
    });
}

#[test]
fn a_site_has_so_many_rules_and_no_more() {
    on_both(|store| {
        let company = company(store);
        let villa = site(store, &company, "Villa");
        let make = |n: usize| {
            let now = at(i64::try_from(n).unwrap());
            let id = ExceptionRuleId::generate(now);
            store.write(|conn| create_rule(conn, &company, &villa, &id, &Rule::usual(), now))
        };
        (1..MOST_RULES).for_each(|n| make(n).unwrap());
        assert!(matches!(make(MOST_RULES), Err(StoreError::Stale)));
    });
}
