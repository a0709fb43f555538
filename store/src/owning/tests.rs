use diesel::prelude::*;

use super::*;
use crate::Store;
use crate::schema::sites;
use crate::testing::{at, company, device, end_user, on_both, own, site};

#[test]
fn an_owner_holds_their_site_and_its_devices_and_nobody_elses() {
    on_both(|store| {
        let company = company(store);
        let (mine, other) = (site(store, &company, "Mine"), site(store, &company, "Other"));
        let (camera, foreign) =
            (device(store, &company, &mine, "10.0.0.1", 1), device(store, &company, &other, "10.0.0.2", 2));
        let owning = Owning { end_user: end_user(store, "olga@example.com") };
        assert_eq!(store.read(|conn| owning.sites(conn)).unwrap(), []);
        own(store, &mine, &owning.end_user);
        let holds = |object: OwnedObject| store.read(|conn| owning.holds(conn, &object)).unwrap();
        assert!(holds(OwnedObject::Site(mine.clone())) && holds(OwnedObject::Device(camera)));
        assert!(!holds(OwnedObject::Site(other)) && !holds(OwnedObject::Device(foreign)));
        assert!(!holds(OwnedObject::Grant(GrantId::generate(at(0)))));
        assert!(!holds(OwnedObject::GrantRequest(GrantRequestId::generate(at(0)))));
        assert!(!holds(OwnedObject::CompanyInvitation(CompanyInvitationId::generate(at(0)))));
        assert_eq!(store.read(|conn| owning.sites(conn)).unwrap(), [mine]);
    });
}

#[test]
fn while_use_is_suspended_the_site_is_there_and_its_devices_are_not() {
    on_both(|store| {
        let company = company(store);
        let mine = site(store, &company, "Mine");
        let camera = device(store, &company, &mine, "10.0.0.1", 1);
        let owning = Owning { end_user: end_user(store, "olga@example.com") };
        own(store, &mine, &owning.end_user);
        suspend(store, &mine);
        let check = |object: OwnedObject| store.read(|conn| owning.check(conn, &object));
        assert!(check(OwnedObject::Site(mine)).is_ok());
        assert!(matches!(check(OwnedObject::Device(camera)), Err(StoreError::NotFound)));
    });
}

fn suspend(store: &Store, site: &SiteId) {
    store
        .write(|conn| {
            diesel::update(sites::table.filter(sites::id.eq(site.as_str())))
                .set(sites::suspended_at.eq(Some(1_i64)))
                .execute(conn)?;
            Ok(())
        })
        .unwrap();
}
