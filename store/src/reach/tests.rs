use chrono::Duration;
use siteward_domain::health::DeviceHealth;

use super::*;
use crate::devices::{DeviceFilter, list_devices};
use crate::exceptions::{self, ExceptionFilter};
use crate::fleet::count_fleet;
use crate::polling::{OpenedRow, RoundWrite, write_round};
use crate::site_managers::{Assignment, set};
use crate::sites::{SiteFilter, list_sites};
use crate::testing::{at, company, device, link, member_with, on_both, site};
use crate::{Backend, Store};
use siteward_domain::ExceptionId;
use siteward_domain::exception::{ExceptionKey, ExceptionKind};

const PERIOD: Duration = Duration::seconds(60);

/// A company with two sites of two devices each, and somebody who manages the first site until 100 seconds.
struct Place {
    company: CompanyId,
    staff: StaffId,
    sites: [SiteId; 2],
    devices: Vec<DeviceId>,
}

impl Place {
    fn make(store: &Store) -> Self {
        let company = company(store);
        let sites = [site(store, &company, "Harbour"), site(store, &company, "Villa")];
        let devices = (0..4_u32)
            .map(|number| {
                let on = &sites[usize::from(number >= 2)];
                device(store, &company, on, &format!("10.0.0.{number}"), number)
            })
            .collect();
        let staff = member_with(store, &company, "max@example.com", &[Right::ManageAssignedSites]);
        let place = Self { company, staff, sites, devices };
        place.assign(store, &place.sites[..1], Some(at(100)));
        place
    }

    fn assign(&self, store: &Store, sites: &[SiteId], until: Option<DateTime<Utc>>) {
        let one = Assignment { staff_id: self.staff.clone(), expires_at: until };
        store.write(|conn| set(conn, &self.company, sites, &[one.clone()], &self.staff, at(0))).unwrap();
    }

    fn reach(&self, seconds: i64) -> Reach {
        Reach::of_manager(&self.company, &self.staff, at(seconds))
    }
}

/// How many sites, devices, devices of a filter, exceptions and devices of the fleet are listed.
fn listed(store: &Store, reach: &Reach) -> [u64; 5] {
    let found = store.read(|conn| {
        let sites = list_sites(conn, reach, &SiteFilter::default(), at(0), PERIOD, None, 100)?.items.len();
        let list = |conn: &mut DbConn, filter: &DeviceFilter| {
            Ok::<_, StoreError>(list_devices(conn, reach, filter, at(0), PERIOD, None, 100)?.items.len())
        };
        let devices = list(conn, &DeviceFilter::default())?;
        let filter = DeviceFilter {
            search: Some("camera".to_owned()),
            health: Some(DeviceHealth::Unknown),
            ..DeviceFilter::default()
        };
        let filtered = list(conn, &filter)?;
        let exceptions = exceptions::list(conn, reach, &ExceptionFilter::default(), None, 100)?.items.len();
        let open = ExceptionFilter { open: Some(true), ..ExceptionFilter::default() };
        assert_eq!(exceptions::list(conn, reach, &open, None, 100)?.items.len(), exceptions);
        let fleet: u64 = count_fleet(conn, reach, None)?.groups.iter().map(|group| group.devices).sum();
        Ok(([sites, devices, filtered, exceptions].map(|count| u64::try_from(count).unwrap()), fleet))
    });
    let ([sites, devices, filtered, exceptions], fleet) = found.unwrap();
    [sites, devices, filtered, exceptions, fleet]
}

/// One open exception on each device.
fn open_exceptions(store: &Store, place: &Place) {
    for device in &place.devices {
        let opened = OpenedRow {
            id: ExceptionId::generate(at(1)),
            device_id: device.clone(),
            key: ExceptionKey { kind: ExceptionKind::DeviceOffline, part: String::new() },
            at: at(1),
        };
        let round = RoundWrite { opened: vec![opened], ..RoundWrite::default() };
        store.write(|conn| write_round(conn, &round)).unwrap();
    }
}

#[test]
fn an_assignment_reaches_its_site_and_what_is_on_it_until_the_instant_it_ends() {
    on_both(|store| {
        let place = Place::make(store);
        open_exceptions(store, &place);
        assert_eq!(listed(store, &Reach::of_company(&place.company)), [2, 4, 4, 4, 4]);
        let (before, after) = (place.reach(99), place.reach(100));
        assert_eq!(listed(store, &before), [1, 2, 2, 2, 2]);
        assert_eq!(listed(store, &after), [0, 0, 0, 0, 0]);
        let holds = |reach: &Reach, object: Object| store.read(|conn| reach.holds(conn, &object)).unwrap();
        assert!(holds(&before, Object::Site(place.sites[0].clone())));
        assert!(holds(&before, Object::Device(place.devices[1].clone())));
        assert!(!holds(&before, Object::Site(place.sites[1].clone())));
        assert!(!holds(&before, Object::Device(place.devices[2].clone())));
        assert!(!holds(&after, Object::Site(place.sites[0].clone())));
        assert!(!holds(&after, Object::Device(place.devices[1].clone())));
        place.assign(store, &place.sites[..1], None);
        assert!(holds(&after, Object::Device(place.devices[1].clone())));
    });
}

#[test]
fn what_another_company_has_is_out_of_reach_even_of_all_sites() {
    on_both(|store| {
        let (place, other) = (Place::make(store), company(store));
        let link = link(store, &place.company, &place.sites[0], "Box").id;
        let objects =
            [Object::Site(place.sites[0].clone()), Object::Device(place.devices[0].clone()), Object::Link(link)];
        for object in objects {
            let held = |reach: &Reach| store.read(|conn| reach.holds(conn, &object)).unwrap();
            assert!(held(&place.reach(0)) && held(&Reach::of_company(&place.company)), "{object:?}");
            assert!(!held(&Reach::of_company(&other)), "{object:?}");
            // An id of a company that is not theirs, whoever asks.
            assert!(!held(&Reach::of_manager(&other, &place.staff, at(0))), "{object:?}");
        }
    });
}

#[test]
fn of_several_devices_or_sites_every_one_must_be_within_reach() {
    on_both(|store| {
        let place = Place::make(store);
        let devices = |reach: &Reach, ids: &[DeviceId]| store.read(|conn| reach.check_devices(conn, ids));
        let twice = [place.devices[0].clone(), place.devices[1].clone(), place.devices[0].clone()];
        devices(&place.reach(0), &twice).unwrap();
        assert!(matches!(devices(&place.reach(0), &place.devices), Err(StoreError::NotFound)));
        devices(&Reach::of_company(&place.company), &place.devices).unwrap();
        let sites = |reach: &Reach, ids: &[SiteId]| store.read(|conn| reach.check_sites(conn, ids));
        sites(&place.reach(0), &place.sites[..1]).unwrap();
        assert!(matches!(sites(&place.reach(0), &place.sites), Err(StoreError::NotFound)));
    });
}

#[test]
fn whoever_has_many_sites_sees_the_same_pages_as_whoever_has_a_few() {
    on_both(|store| {
        let place = Place::make(store);
        let more: Vec<SiteId> =
            (0..70).map(|number| site(store, &place.company, &format!("Site {number:02}"))).collect();
        for (number, on) in (10_u32..).zip(&more) {
            device(store, &place.company, on, &format!("10.0.1.{number}"), number);
        }
        let names = |reach: &Reach| {
            let (mut names, mut cursor) = (Vec::new(), None);
            loop {
                let filter = DeviceFilter::default();
                let page =
                    store.read(|conn| list_devices(conn, reach, &filter, at(0), PERIOD, cursor.as_deref(), 7)).unwrap();
                names.extend(page.items.into_iter().map(|item| item.device.name));
                cursor = page.next_cursor;
                if cursor.is_none() {
                    return names;
                }
            }
        };
        let many = [&place.sites[..1], &more[..]].concat();
        for (assigned, few) in [(&many[..20], true), (&many[..], false)] {
            place.assign(store, &many, Some(at(1)));
            place.assign(store, assigned, None);
            let reach = place.reach(5);
            assert_eq!(store.read(|conn| reach.has_few(conn)).unwrap(), few);
            let shown = names(&reach);
            assert_eq!(shown.len(), assigned.len() + 1);
            assert!(shown.is_sorted() && !shown.contains(&"Camera 10.0.0.2".to_owned()), "{shown:?}");
        }
    });
}

#[test]
fn rights_decide_what_is_reached() {
    let (company, staff) = (CompanyId::generate(at(0)), StaffId::generate(at(0)));
    let of = |rights: &[Right]| Reach::of(&company, &staff, rights, at(7));
    assert_eq!(of(&[Right::ManageAllSites]), Some(Reach::of_company(&company)));
    assert_eq!(of(&[Right::ManageAssignedSites]), Some(Reach::of_manager(&company, &staff, at(7))));
    assert_eq!(of(Right::ALL), Some(Reach::of_company(&company)));
    assert_eq!(of(&[Right::AddSite, Right::ViewExceptions, Right::RemoteConfiguration]), None);
}

#[test]
fn the_assigned_sites_are_told_with_their_ends() {
    on_both(|store| {
        let place = Place::make(store);
        let told = |reach: &Reach| store.read(|conn| reach.assigned_sites(conn)).unwrap();
        assert_eq!(told(&place.reach(0)), Some(AssignedSites::from([(place.sites[0].clone(), Some(at(100)))])));
        assert_eq!(told(&place.reach(100)), Some(AssignedSites::new()));
        assert_eq!(told(&Reach::of_company(&place.company)), None);
    });
}

/// How SQLite reads: a page of somebody's devices and sites needs no walk over a table.
#[test]
fn pages_are_read_from_indexes() {
    on_both(|store| {
        if store.backend() != Backend::Sqlite {
            return;
        }
        let place = Place::make(store);
        let reach = place.reach(0);
        let few = |filters: &str| {
            let filters = Select::new(filters);
            store.read(|conn| reach.page(conn, &DEVICES, filters.clone(), 20)).unwrap()
        };
        let from = "EXPLAIN QUERY PLAN SELECT d.id FROM devices d LEFT JOIN measured m ON m.place = d.place WHERE ";
        let order = " ORDER BY d.name_lower, d.id LIMIT 21";
        for (what, narrowed, index) in [
            ("few", few(""), "devices_site (company_id=? AND site_id=?)"),
            ("many", reach.rows(&DEVICES, Select::new("")), "devices_name (company_id=?)"),
        ] {
            let plan: Vec<Step> =
                store.read(|conn| Select::new(from).then(narrowed.clone()).sql(order).load(conn)).unwrap();
            let steps: Vec<&str> = plan.iter().map(|step| step.detail.as_str()).collect();
            assert!(steps.iter().any(|step| step.contains(index)), "{what}: {steps:?}");
            assert!(steps.iter().any(|step| step.contains("site_managers_staff")), "{what}: {steps:?}");
            assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{what}: {steps:?}");
        }
    });
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}
