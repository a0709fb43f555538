use siteward_domain::DeviceId;
use siteward_domain::device::DeviceKind;
use siteward_domain::panel_accounts::Because;
use siteward_domain::staff::Right;

use super::*;
use crate::Store;
use crate::devices::create_device;
use crate::staff::disable_staff;
use crate::testing::{at, company, count_rows, member_with, new_device, on_both, site};

fn installer(store: &Store, company: &CompanyId, name: &str) -> StaffId {
    member_with(store, company, &format!("{name}@example.com"), &[Right::ManageAssignedSites])
}

fn until(staff: &StaffId, expires_at: Option<DateTime<Utc>>) -> Assignment {
    Assignment { staff_id: staff.clone(), expires_at }
}

fn put(store: &Store, company: &CompanyId, sites: &[SiteId], managers: &[Assignment]) -> ManagersSet {
    let by = StaffId::generate(at(0));
    store.write(|conn| set(conn, company, sites, managers, &by, at(5))).unwrap()
}

fn managers_of(store: &Store, company: &CompanyId, site: &SiteId) -> Vec<(StaffId, Because, Option<DateTime<Utc>>)> {
    let mut found: Vec<_> = store
        .read(|conn| list_of_site(conn, company, site))
        .unwrap()
        .into_iter()
        .map(|manager| (manager.staff_id, manager.because, manager.expires_at))
        .collect();
    found.sort();
    found
}

#[test]
fn a_new_set_replaces_the_old_one_on_every_site_of_the_call() {
    on_both(|store| {
        let company = company(store);
        let mut sites: Vec<SiteId> = (0..3).map(|n| site(store, &company, &format!("Site {n}"))).collect();
        sites.sort();
        let [anna, max, eva] = ["anna", "max", "eva"].map(|name| installer(store, &company, name));
        let set = put(store, &company, &sites, &[until(&anna, None), until(&max, Some(at(50)))]);
        assert_eq!((set.changed, set.ignored), (sites.clone(), vec![]));
        let set = put(store, &company, &sites[..2], &[until(&max, Some(at(50))), until(&eva, None)]);
        assert_eq!(set.changed, sites[..2]);
        let mut new = vec![(max.clone(), Because::ManagesSite, Some(at(50))), (eva, Because::ManagesSite, None)];
        new.sort();
        for site in &sites[..2] {
            assert_eq!(managers_of(store, &company, site), new);
        }
        assert!(managers_of(store, &company, &sites[2]).iter().any(|(who, ..)| *who == anna));
        // What is so already changes nothing; none at all takes everybody off.
        let same = put(store, &company, &sites[2..], &[until(&max, Some(at(50))), until(&anna, None)]);
        assert_eq!(same.changed, vec![]);
        assert_eq!(put(store, &company, &sites[2..], &[until(&max, None), until(&anna, None)]).changed, sites[2..]);
        assert_eq!(put(store, &company, &sites, &[]).changed.len(), 3);
        assert_eq!(store.read(|conn| count_rows(conn, "site_managers")).unwrap(), 0);
    });
}

#[test]
fn a_hundred_managers_go_onto_a_hundred_sites_in_one_call() {
    on_both(|store| {
        let company = company(store);
        let sites: Vec<SiteId> = (0..100).map(|n| site(store, &company, &format!("Site {n}"))).collect();
        let all: Vec<Assignment> = (0..100)
            .map(|n| until(&installer(store, &company, &format!("p{n}")), (n % 2 == 0).then(|| at(100 + n))))
            .collect();
        assert_eq!(put(store, &company, &sites, &all).changed.len(), 100);
        assert_eq!(store.read(|conn| count_rows(conn, "site_managers")).unwrap(), 10_000);
        assert_eq!(managers_of(store, &company, &sites[99]).len(), 100);
    });
}

#[test]
fn those_who_manage_every_site_are_neither_assigned_nor_taken_away() {
    on_both(|store| {
        let company = company(store);
        let villa = site(store, &company, "Villa");
        let max = installer(store, &company, "max");
        let boss = member_with(store, &company, "boss@example.com", &[Right::ManageAllSites]);
        let set = put(store, &company, std::slice::from_ref(&villa), &[until(&boss, Some(at(9))), until(&max, None)]);
        assert_eq!(set.ignored, vec![boss.clone()]);
        let mut shown = vec![(max, Because::ManagesSite, None), (boss.clone(), Because::ManagesAllSites, None)];
        shown.sort();
        assert_eq!(managers_of(store, &company, &villa), shown);
        assert_eq!(store.read(|conn| count_rows(conn, "site_managers")).unwrap(), 1);
        // An assignment from before they got the right stays through a replacement.
        let gail = installer(store, &company, "gail");
        put(store, &company, std::slice::from_ref(&villa), &[until(&gail, None)]);
        crate::testing::give_rights(store, &company, &gail, &[Right::ManageAllSites]);
        let set = put(store, &company, std::slice::from_ref(&villa), &[]);
        assert_eq!((set.changed, store.read(|conn| count_rows(conn, "site_managers")).unwrap()), (vec![], 1));
        let because = |who: &StaffId| {
            managers_of(store, &company, &villa).into_iter().find(|(staff, ..)| staff == who).map(|found| found.1)
        };
        assert_eq!(because(&gail), Some(Because::ManagesAllSites));
        store.write(|conn| disable_staff(conn, &company, &boss, at(6))).unwrap();
        assert_eq!(because(&boss), None);
    });
}

#[test]
fn nothing_is_written_for_a_site_or_a_person_of_somebody_else() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let (villa, theirs) = (site(store, &mine, "Villa"), site(store, &other, "Theirs"));
        let (max, stranger) = (installer(store, &mine, "max"), installer(store, &other, "stranger"));
        for (sites, staff) in [(vec![villa.clone(), theirs], &max), (vec![villa], &stranger)] {
            let refused = store.write(|conn| set(conn, &mine, &sites, &[until(staff, None)], &max, at(0)));
            assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
        }
        assert_eq!(store.read(|conn| count_rows(conn, "site_managers")).unwrap(), 0);
    });
}

#[test]
fn a_persons_sites_are_paged_by_name() {
    on_both(|store| {
        let company = company(store);
        let max = installer(store, &company, "max");
        let sites: Vec<SiteId> = ["delta", "Alpha", "charlie"].map(|name| site(store, &company, name)).into();
        put(store, &company, &sites, &[until(&max, Some(at(1)))]);
        let (mut names, mut cursor) = (Vec::new(), None);
        let all = Reach::of_company(&company);
        loop {
            let page = store.read(|conn| list_of_staff(conn, &all, &max, cursor.as_deref(), 2)).unwrap();
            names.extend(page.items.into_iter().map(|one| (one.name, one.expires_at)));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let expected = ["Alpha", "charlie", "delta"].map(|name| (name.to_owned(), Some(at(1))));
        assert_eq!(names, expected);
        // A colleague learns of those that they share.
        let eva = installer(store, &company, "eva");
        put(store, &company, &sites[1..2], &[until(&max, None), until(&eva, None)]);
        let reach = Reach::of_manager(&company, &eva, at(0));
        let shared = store.read(|conn| list_of_staff(conn, &reach, &max, None, 20)).unwrap().items;
        assert_eq!(shared.into_iter().map(|one| one.name).collect::<Vec<_>>(), ["Alpha"]);
    });
}

#[test]
fn the_panels_of_a_site_are_looked_at_when_its_managers_change() {
    on_both(|store| {
        let company = company(store);
        let villa = site(store, &company, "Villa");
        let max = installer(store, &company, "max");
        let panel = new_device(store, &company, &villa, "10.0.0.9", 9);
        let panel = crate::devices::NewDevice { kind: DeviceKind::AlarmPanel, ..panel };
        store.write(|conn| create_device(conn, &panel, at(0))).unwrap();
        let version = |device: &DeviceId| {
            let query = Select::new("SELECT wanted_version AS version FROM panels WHERE device_id = ");
            let rows: Vec<Version> = store.read(|conn| query.clone().text(device.as_str()).load(conn)).unwrap();
            rows[0].version
        };
        let before = version(&panel.id);
        put(store, &company, std::slice::from_ref(&villa), &[until(&max, None)]);
        assert_eq!(version(&panel.id), before + 1);
        put(store, &company, std::slice::from_ref(&villa), &[until(&max, None)]);
        assert_eq!(version(&panel.id), before + 1);
    });
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    version: i32,
}
