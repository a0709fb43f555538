use siteward_domain::EndUserId;
use siteward_domain::grant::{DevicePermission, Validity};
use siteward_domain::handover::DeviceAsk;

use super::*;
use crate::Store;
use crate::select::Select;
use crate::testing::{at, company, device, member, on_both, site};

struct Street {
    company: CompanyId,
    site: SiteId,
    anna: StaffId,
}

fn street(store: &Store) -> Street {
    let company = company(store);
    let site = site(store, &company, "Long Street 1");
    let anna = member(store, &company, "anna@lockwood.test");
    Street { company, site, anna }
}

impl Street {
    fn apply(&self, store: &Store, kind: RequestKind, asks: Asks, seconds: i64) -> Result<GrantRequestId, StoreError> {
        let new = NewGrantRequest {
            id: GrantRequestId::generate(at(seconds)),
            company_id: self.company.clone(),
            site_id: self.site.clone(),
            kind,
            remark: "Please".into(),
            asks,
            asked_by: self.anna.clone(),
            asked_by_name: "Anna".into(),
        };
        store.write(|conn| create_request(conn, &new, at(seconds))).map(|()| new.id.clone())
    }

    fn end(&self, store: &Store, id: &GrantRequestId, state: RequestState) -> Result<GrantRequest, StoreError> {
        store.write(|conn| end_request(conn, &self.site, id, state, None, at(60)))
    }
}

#[test]
fn an_application_reads_back_as_it_was_made() {
    on_both(|store| {
        let street = street(store);
        let camera = device(store, &street.company, &street.site, "192.0.2.1", 1);
        let ask = DeviceAsk { device_id: camera, permission: DevicePermission::LiveView, validity: Validity::Hours2 };
        let asks = Asks { site: false, devices: vec![ask] };
        let id = street.apply(store, RequestKind::Devices, asks.clone(), 0).unwrap();
        let page = store.read(|conn| list_of_site(conn, &street.site, &street.company, None, 10)).unwrap();
        assert_eq!(page.items.len(), 1);
        let read = &page.items[0];
        assert_eq!((&read.id, &read.asks, read.state), (&id, &asks, RequestState::Waiting));
        assert_eq!((read.company_name.as_str(), read.site_name.as_str()), ("Lockwood", "Long Street 1"));
    });
}

#[test]
fn an_application_is_answered_once() {
    on_both(|store| {
        let street = street(store);
        let id = street.apply(store, RequestKind::Site, Asks { site: true, devices: Vec::new() }, 0).unwrap();
        let refused = street.end(store, &id, RequestState::Refused).unwrap();
        assert_eq!((refused.state, refused.ended_at), (RequestState::Refused, Some(at(60))));
        assert!(matches!(street.end(store, &id, RequestState::Approved), Err(StoreError::Stale)));
        assert!(matches!(street.end(store, &id, RequestState::Withdrawn), Err(StoreError::Stale)));
    });
}

#[test]
fn the_authorization_of_a_site_is_applied_for_once_at_a_time_and_devices_as_often_as_needed() {
    on_both(|store| {
        let street = street(store);
        let site = || Asks { site: true, devices: Vec::new() };
        let first = street.apply(store, RequestKind::Site, site(), 0).unwrap();
        assert!(matches!(street.apply(store, RequestKind::Site, site(), 1), Err(StoreError::Duplicate { .. })));
        street.apply(store, RequestKind::Devices, Asks::default(), 2).unwrap();
        street.apply(store, RequestKind::Devices, Asks::default(), 3).unwrap();
        assert_eq!(store.read(|conn| waiting_kinds(conn, &street.company, &street.site)).unwrap().len(), 3);
        street.end(store, &first, RequestState::Withdrawn).unwrap();
        street.apply(store, RequestKind::Site, site(), 4).unwrap();
    });
}

#[test]
fn what_waits_is_void_when_the_company_leaves() {
    on_both(|store| {
        let street = street(store);
        let id = street.apply(store, RequestKind::Site, Asks::default(), 0).unwrap();
        assert_eq!(store.write(|conn| void_of_site(conn, &street.site, Some(&street.company), at(9))).unwrap(), 1);
        assert_eq!(store.write(|conn| void_of_site(conn, &street.site, None, at(9))).unwrap(), 0);
        let read = store.read(|conn| get_request(conn, &street.site, &id)).unwrap();
        assert_eq!(read.state, RequestState::Void);
        assert_eq!(store.read(|conn| site_of(conn, &id)).unwrap(), street.site);
    });
}

#[test]
fn an_owner_sees_what_waits_on_their_sites_and_nothing_else() {
    on_both(|store| {
        let street = street(store);
        street.apply(store, RequestKind::Devices, Asks::default(), 0).unwrap();
        let owner = EndUserId::generate(at(0));
        store
            .write(|conn| {
                Select::new("INSERT INTO end_users (name, email, email_lower, region, language, time_zone, password_hash, created_at, id) VALUES ('Olga', 'o@home.test', 'o@home.test', 'PL', 'en', 'UTC', '-', 0, ")
                    .text(owner.as_str())
                    .sql(")")
                    .execute(conn)?;
                Select::new("UPDATE sites SET owned_since = 0, owner_id = ").text(owner.as_str()).execute(conn)
            })
            .unwrap();
        let waiting = |of: &EndUserId| store.read(|conn| waiting_of_owner(conn, of)).unwrap().len();
        assert_eq!((waiting(&owner), waiting(&EndUserId::generate(at(1)))), (1, 0));
    });
}
