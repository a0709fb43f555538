use siteward_domain::grant::{DevicePermission, GrantEnd, Permission, Refusal, Validity};
use siteward_domain::handover::{Asks, DeviceAsk};
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, DeviceId, GrantId, RemoteSessionId, SessionId, SiteId, StaffId};

use super::*;
use crate::remote_sessions::{self, Lifetime, NewRemoteSession};
use crate::testing::{at, company, device, member, on_both, site};
use crate::{Store, sessions, sites};
use DevicePermission::{Configuration, LiveView};

const HOUR: i64 = 3600;
const OWNER: &str = "01890f00-0000-7000-8000-0000000000aa";

struct Street {
    company: CompanyId,
    site: SiteId,
    camera: DeviceId,
    recorder: DeviceId,
    anna: StaffId,
}

/// A site with two devices that belongs to Olga and is not authorized.
fn owned(store: &Store) -> Street {
    let company = company(store);
    let site = site(store, &company, "Long Street 1");
    let (camera, recorder) =
        (device(store, &company, &site, "192.0.2.1", 1), device(store, &company, &site, "192.0.2.2", 2));
    let anna = member(store, &company, "anna@lockwood.test");
    store
        .write(|conn| {
            Select::new("INSERT INTO end_users (id, name, email, email_lower, region, language, time_zone, password_hash, created_at) VALUES (")
                .text(OWNER)
                .sql(", 'Olga', 'olga@home.test', 'olga@home.test', 'PL', 'en', 'Europe/Warsaw', '-', 0)")
                .execute(conn)?;
            Select::new("UPDATE sites SET status = 'not_authorized', owner_id = ").text(OWNER).execute(conn)
        })
        .unwrap();
    Street { company, site, camera, recorder, anna }
}

fn ask(device: &DeviceId, permission: DevicePermission, validity: Validity) -> DeviceAsk {
    DeviceAsk { device_id: device.clone(), permission, validity }
}

impl Street {
    fn give(&self, store: &Store, site: bool, devices: Vec<DeviceAsk>, seconds: i64) -> Vec<GrantId> {
        let asks = Asks { site, devices };
        store.write(|conn| give(conn, &self.company, &self.site, &asks, at(seconds))).unwrap()
    }

    fn may(&self, store: &Store, permission: DevicePermission, seconds: i64) -> Result<(), Refusal> {
        let standing = store.read(|conn| standing(conn, &self.company, &self.camera)).unwrap();
        standing.may(&self.camera, permission, at(seconds))
    }

    fn use_it(&self, store: &Store, seconds: i64) -> Result<Option<FirstUse>, Refusal> {
        let (staff, now) = (Some(&self.anna), at(seconds));
        store.write(|conn| use_grant(conn, &self.company, &self.camera, LiveView, staff, now)).unwrap()
    }

    fn end(&self, store: &Store, id: &GrantId, seconds: i64) -> Result<Vec<Grant>, StoreError> {
        store.write(|conn| end(conn, &self.site, id, GrantEnd::Revoked, at(seconds)))
    }

    fn status(&self, store: &Store) -> SiteStatus {
        store.read(|conn| sites::get_site(conn, &self.company, &self.site)).unwrap().status
    }

    fn open(&self, store: &Store, seconds: i64) -> Vec<Grant> {
        store.read(|conn| list_open(conn, &self.site, at(seconds), None, 100)).unwrap().items
    }
}

#[test]
fn a_permission_holds_until_the_instant_it_ends() {
    on_both(|store| {
        let street = owned(store);
        street.give(store, true, vec![ask(&street.camera, LiveView, Validity::Hours1)], 0);
        assert_eq!(street.status(store), SiteStatus::Authorized);
        assert_eq!(street.may(store, LiveView, HOUR - 1), Ok(()));
        assert_eq!(street.may(store, LiveView, HOUR), Err(Refusal::Missing(LiveView)));
        assert_eq!(street.may(store, Configuration, 0), Err(Refusal::Missing(Configuration)));
    });
}

#[test]
fn a_permission_without_the_authorization_of_the_site_waits_for_it() {
    on_both(|store| {
        let street = owned(store);
        street.give(store, false, vec![ask(&street.camera, LiveView, Validity::Permanent)], 0);
        assert_eq!(street.may(store, LiveView, 1), Err(Refusal::NotAuthorized));
        street.give(store, true, Vec::new(), 2);
        assert_eq!(street.may(store, LiveView, 3), Ok(()));
    });
}

#[test]
fn a_longer_grant_takes_the_place_of_a_shorter_one_and_never_the_other_way_round() {
    on_both(|store| {
        let street = owned(store);
        let short = street.give(store, true, vec![ask(&street.camera, LiveView, Validity::Hours1)], 0);
        let long = street.give(store, true, vec![ask(&street.camera, LiveView, Validity::Permanent)], 60);
        assert_eq!((short.len(), long.len()), (2, 1));
        assert!(street.give(store, true, vec![ask(&street.camera, LiveView, Validity::Hours8)], 120).is_empty());
        let old = store.read(|conn| get_grant(conn, &street.site, &short[1])).unwrap();
        assert_eq!(old.ended, Some((at(60), GrantEnd::Replaced)));
        assert_eq!(street.open(store, 200).len(), 2);
    });
}

#[test]
fn a_grant_that_was_over_is_not_replaced_but_expired_at_its_own_end() {
    on_both(|store| {
        let street = owned(store);
        let asks = || vec![ask(&street.camera, LiveView, Validity::Hours1)];
        let old = street.give(store, true, asks(), 0);
        assert_eq!(street.give(store, false, asks(), 2 * HOUR).len(), 1);
        let old = store.read(|conn| get_grant(conn, &street.site, &old[1])).unwrap();
        assert_eq!(old.ended, Some((at(HOUR), GrantEnd::Expired)));
    });
}

#[test]
fn nothing_is_granted_for_a_device_of_another_site() {
    on_both(|store| {
        let street = owned(store);
        let elsewhere = site(store, &street.company, "Elsewhere");
        let other = device(store, &street.company, &elsewhere, "192.0.2.9", 9);
        assert!(street.give(store, false, vec![ask(&other, LiveView, Validity::Permanent)], 0).is_empty());
    });
}

#[test]
fn revoking_one_permission_leaves_the_others_and_cannot_be_done_twice() {
    on_both(|store| {
        let street = owned(store);
        let asks = vec![
            ask(&street.camera, LiveView, Validity::Permanent),
            ask(&street.recorder, Configuration, Validity::Hours4),
        ];
        let given = street.give(store, true, asks, 0);
        let ended = street.end(store, &given[1], 60).unwrap();
        assert_eq!(ended.len(), 1);
        assert_eq!(ended[0].ended, Some((at(60), GrantEnd::Revoked)));
        assert_eq!(street.may(store, LiveView, 60), Err(Refusal::Missing(LiveView)));
        assert_eq!(street.open(store, 60).len(), 2);
        assert!(matches!(street.end(store, &given[1], 61), Err(StoreError::Stale)));
        assert!(matches!(street.end(store, &given[2], 4 * HOUR), Err(StoreError::Stale)), "over by itself");
    });
}

#[test]
fn revoking_the_authorization_ends_everything_and_the_site_is_not_authorized() {
    on_both(|store| {
        let street = owned(store);
        let given = street.give(store, true, vec![ask(&street.camera, LiveView, Validity::Permanent)], 0);
        assert_eq!(street.end(store, &given[0], 60).unwrap().len(), 2);
        assert_eq!(street.status(store), SiteStatus::NotAuthorized);
        assert!(street.open(store, 61).is_empty());
        street.give(store, true, Vec::new(), 70);
        assert_eq!(street.may(store, LiveView, 71), Err(Refusal::Missing(LiveView)), "what ended stays ended");
    });
}

#[test]
fn a_session_of_remote_configuration_ends_with_its_permission() {
    on_both(|store| {
        let street = owned(store);
        let given = street.give(store, true, vec![ask(&street.camera, Configuration, Validity::Permanent)], 0);
        let console = sign_in(store, &street.company, &street.anna);
        let new = NewRemoteSession {
            id: RemoteSessionId::generate(at(1)),
            company_id: street.company.clone(),
            device_id: street.camera.clone(),
            staff_id: street.anna.clone(),
            session_id: console,
            label_hash: "label".into(),
            entry_hash: "entry".into(),
            may_write: true,
        };
        store.write(|conn| remote_sessions::open(conn, &new, at(1))).unwrap();
        let lifetime = Lifetime { idle: chrono::Duration::hours(1), longest: chrono::Duration::hours(1) };
        let open = || {
            let list = |conn: &mut _| remote_sessions::list_open(conn, &street.company, &street.anna, at(10), lifetime);
            store.read(list).unwrap().len()
        };
        assert_eq!(open(), 1);
        street.end(store, &given[1], 5).unwrap();
        assert_eq!(open(), 0);
    });
}

fn sign_in(store: &Store, company: &CompanyId, staff: &StaffId) -> SessionId {
    let new = sessions::NewSession {
        id: SessionId::generate(at(0)),
        token_hash: "token".into(),
        company_id: company.clone(),
        staff_id: staff.clone(),
        created_at: at(0),
        from_address: String::new(),
        user_agent: String::new(),
    };
    store.write(|conn| sessions::create_session(conn, &new)).unwrap();
    new.id
}

#[test]
fn the_first_use_is_told_once_to_the_owner() {
    on_both(|store| {
        let street = owned(store);
        let given = street.give(store, true, vec![ask(&street.camera, LiveView, Validity::Hours1)], 0);
        let first = street.use_it(store, 60).unwrap().unwrap();
        assert_eq!(first.grant.id, given[1]);
        assert_eq!((first.staff_name.as_str(), first.owner.email.as_str()), ("Anna", "olga@home.test"));
        assert_eq!(street.use_it(store, 61), Ok(None));
        assert_eq!(street.use_it(store, HOUR), Err(Refusal::Missing(LiveView)));
        store.write(|conn| set_revoke_hash(conn, &given[1], "a hash")).unwrap();
        let found = store.read(|conn| find_by_revoke_hash(conn, "a hash")).unwrap().unwrap();
        assert_eq!(found.id, given[1]);
    });
}

#[test]
fn without_an_owner_nothing_is_noted() {
    on_both(|store| {
        let street = owned(store);
        store.write(|conn| Select::new("UPDATE sites SET owner_id = NULL").execute(conn)).unwrap();
        assert_eq!(street.use_it(store, 0), Ok(None));
    });
}

#[test]
fn what_is_over_is_written_down_once_at_its_own_end() {
    on_both(|store| {
        let street = owned(store);
        let asks =
            vec![ask(&street.camera, LiveView, Validity::Hours1), ask(&street.recorder, LiveView, Validity::Hours8)];
        street.give(store, true, asks, 0);
        assert_eq!(store.write(|conn| end_over(conn, at(HOUR - 1), 100)).unwrap(), []);
        let ended = store.write(|conn| end_over(conn, at(HOUR + 30), 100)).unwrap();
        assert_eq!(ended.len(), 1);
        assert_eq!(ended[0].ended, Some((at(HOUR), GrantEnd::Expired)));
        assert_eq!(store.write(|conn| end_over(conn, at(HOUR + 30), 100)).unwrap(), []);
    });
}

#[test]
fn a_permission_ends_with_the_device_it_is_for() {
    on_both(|store| {
        let street = owned(store);
        let asks = vec![
            ask(&street.camera, LiveView, Validity::Permanent),
            ask(&street.recorder, LiveView, Validity::Permanent),
        ];
        street.give(store, true, asks, 0);
        let elsewhere = site(store, &street.company, "Elsewhere");
        store
            .write(|conn| {
                Select::new("DELETE FROM devices WHERE id = ").text(street.camera.as_str()).execute(conn)?;
                Select::new("UPDATE devices SET site_id = ")
                    .text(elsewhere.as_str())
                    .sql(" WHERE id = ")
                    .text(street.recorder.as_str())
                    .execute(conn)
            })
            .unwrap();
        assert_eq!(store.write(|conn| end_without_device(conn, at(9), 100)).unwrap().len(), 2);
        assert_eq!(street.open(store, 10)[0].permission, Permission::Site);
        assert_eq!(street.open(store, 10).len(), 1);
    });
}

#[test]
fn another_company_ends_nothing() {
    on_both(|store| {
        let street = owned(store);
        let given = street.give(store, true, Vec::new(), 0);
        let elsewhere = site(store, &street.company, "Elsewhere");
        let ended = store.write(|conn| end(conn, &elsewhere, &given[0], GrantEnd::Revoked, at(1)));
        assert!(matches!(ended, Err(StoreError::NotFound)));
    });
}
