use siteward_domain::staff::Right;

use super::*;
use crate::Store;
use crate::site_managers::{self, Assignment};
use crate::testing::{at, company, device, end_user, member, member_with, on_both, own, site};

const PERIOD: Duration = Duration::minutes(5);

fn all(store: &Store, owner: &EndUserId, cursor: Option<&str>) -> Page<OwnedSite> {
    store.read(|conn| list(conn, owner, at(10), PERIOD, cursor, 1)).unwrap()
}

#[test]
fn an_owner_sees_their_sites_by_name_and_nobody_elses() {
    on_both(|store| {
        let company = company(store);
        let [shop, home, other] = ["Shop", "Home", "Other"].map(|name| site(store, &company, name));
        let (olga, piotr) = (end_user(store, "olga@example.com"), end_user(store, "piotr@example.com"));
        own(store, &shop, &olga);
        own(store, &home, &olga);
        own(store, &other, &piotr);
        device(store, &company, &home, "192.0.2.1", 1);
        let first = all(store, &olga, None);
        let found = &first.items[0];
        assert_eq!((found.name.as_str(), found.devices.total, found.devices.unknown), ("Home", 1, 1));
        assert_eq!(found.company, Some((company.clone(), "Lockwood".into())));
        let second = all(store, &olga, first.next_cursor.as_deref());
        assert_eq!((second.items[0].name.as_str(), second.next_cursor), ("Shop", None));
        let theirs = store.read(|conn| get(conn, &olga, &other, at(10), PERIOD));
        assert!(matches!(theirs, Err(StoreError::NotFound)));
    });
}

#[test]
fn an_owner_sees_who_of_the_company_reaches_the_site_why_and_until_when() {
    on_both(|store| {
        let company = company(store);
        let (home, shop) = (site(store, &company, "Home"), site(store, &company, "Shop"));
        let olga = end_user(store, "olga@example.com");
        own(store, &home, &olga);
        let all_sites = member_with(store, &company, "all@example.com", &[Right::ManageAllSites]);
        let assigned = member_with(store, &company, "one@example.com", &[Right::ManageAssignedSites]);
        let elsewhere = member_with(store, &company, "two@example.com", &[Right::ManageAssignedSites]);
        member(store, &company, "nothing@example.com");
        for (who, place, until) in [(&assigned, &home, at(100)), (&elsewhere, &shop, at(100))] {
            let assignment = Assignment { staff_id: who.clone(), expires_at: Some(until) };
            let set = [assignment];
            store
                .write(|conn| site_managers::set(conn, &company, &[place.clone()], &set, &all_sites, at(1)).map(drop))
                .unwrap();
        }
        let found = |seconds| {
            store
                .read(|conn| {
                    let site = get(conn, &olga, &home, at(seconds), PERIOD)?;
                    people(conn, &site, at(seconds))
                })
                .unwrap()
        };
        let whys: Vec<_> = found(99).iter().map(|person| (person.why, person.until)).collect();
        assert_eq!(whys.len(), 2);
        assert!(whys.contains(&(WhyReached::AllSites, None)) && whys.contains(&(WhyReached::Assigned, Some(at(100)))));
        assert_eq!(found(100).len(), 1, "an assignment ends at its instant");
        assert_eq!(store.read(|conn| panel_people(conn, &home)).unwrap(), []);
    });
}
