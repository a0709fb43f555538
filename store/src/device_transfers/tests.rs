use secrecy::ExposeSecret as _;
use siteward_domain::share::{GiverKind, SharedChannel};
use siteward_domain::{CompanyId, ShareId};

use super::*;
use crate::Store;
use crate::access_log;
use crate::bindings::{self, Bound};
use crate::devices;
use crate::owned_sites::place_of_device;
use crate::shares::{self, NewShare};
use crate::testing::{at, company, count_rows, end_user, events_of, link, linked, on_both, own, serial, site};

/// A device of Olga's, served by a company, with its code; and Rita, who is to have it.
struct Scene {
    company: CompanyId,
    villa: SiteId,
    device: DeviceId,
    olga: EndUserId,
    rita: EndUserId,
}

impl Scene {
    fn of(store: &Store) -> Self {
        let company = company(store);
        let villa = site(store, &company, "Villa");
        let device = linked(store, &link(store, &company, &villa, "Attic"), "10.0.0.1", 1);
        let code = store.vault().seal(devices::code_place(&company, &device), &"CANARY".into()).unwrap();
        store.write(|conn| devices::set_code(conn, &company, &device, &code)).unwrap();
        let (olga, rita) = (end_user(store, "olga@example.org"), end_user(store, "rita@example.org"));
        own(store, &villa, &olga);
        Self { company, villa, device, olga, rita }
    }

    fn begin(&self, store: &Store, login: &str, seconds: i64) -> Option<DeviceTransferId> {
        let new = NewTransfer {
            id: DeviceTransferId::generate(at(seconds)),
            device_id: self.device.clone(),
            giver_id: self.olga.clone(),
            receiver_login: login.to_owned(),
            code_hash: "right".to_owned(),
            code_until: at(seconds + 600),
        };
        store.write(|conn| create(conn, &new, at(seconds))).unwrap().then_some(new.id)
    }

    fn offer(&self, store: &Store, login: &str) -> DeviceTransferId {
        let id = self.begin(store, login, 10).unwrap();
        let confirmed = store.write(|conn| confirm(conn, &id, &self.olga, "right", at(20))).unwrap();
        assert!(matches!(confirmed, Confirmed::Offered(_)), "{confirmed:?}");
        id
    }

    fn accept(
        &self,
        store: &Store,
        id: &DeviceTransferId,
        into: Destination,
    ) -> Result<Result<Accepted, NotAccepted>, StoreError> {
        let accepting = Accepting { id: id.clone(), receiver: self.rita.clone(), into };
        store.write(|conn| accept(conn, store.vault(), &accepting, at(30)))
    }
}

fn house() -> Destination {
    Destination::New { name: "House".to_owned(), time_zone: "Europe/Berlin".to_owned() }
}

#[test]
fn a_device_goes_to_a_new_site_with_its_secrets_and_without_its_history() {
    on_both(|store| {
        let scene = Scene::of(store);
        let receiver = end_user(store, "eva@example.org");
        let share = NewShare {
            id: ShareId::generate(at(1)),
            site_id: scene.villa.clone(),
            giver_kind: GiverKind::EndUser,
            giver_id: scene.olga.to_string(),
            receiver_id: receiver.clone(),
            channels: vec![SharedChannel { device_id: scene.device.clone(), channel: 1, permissions: Vec::new() }],
        };
        store.write(|conn| shares::give(conn, &share, "test", at(2))).unwrap().unwrap();
        let id = scene.offer(store, "rita@example.org");
        let waiting = store.read(|conn| list_received(conn, &scene.rita)).unwrap();
        assert_eq!((waiting.len(), waiting[0].region_differs, waiting[0].giver_id == scene.olga), (1, false, true));

        let accepted = scene.accept(store, &id, house()).unwrap().unwrap();
        assert_eq!(accepted.transfer.device_id, scene.device);
        let new = accepted.device_id;
        let (keeper, house) = store.read(|conn| place_of_device(conn, &new)).unwrap();
        assert_eq!((&house, keeper.as_str()), (&accepted.site_id, house.as_str()), "kept by a company that is none");
        let owns = |who: &EndUserId, device: &DeviceId| {
            let owning = Owning { end_user: who.clone() };
            store.read(|conn| owning.holds(conn, &OwnedObject::Device(device.clone()))).unwrap()
        };
        assert!(owns(&scene.rita, &new) && !owns(&scene.olga, &new) && !owns(&scene.olga, &scene.device));

        let credential = store.read(|conn| devices::get_credential(conn, &keeper, &new)).unwrap();
        let vault = store.vault();
        assert!(vault.open(devices::password_place(&keeper, &new), &credential.sealed_password).is_ok());
        let code = store.read(|conn| devices::find_code(conn, &keeper, &new)).unwrap().unwrap();
        let code = vault.open(devices::code_place(&keeper, &new), &code).unwrap();
        assert_eq!(code.expose_secret(), "CANARY");
        let device = store.read(|conn| devices::get_device(conn, &keeper, &new)).unwrap();
        assert_eq!((device.serial, device.link), (Some(serial(1)), None), "the former owner's link does not reach it");

        assert!(matches!(
            store.read(|conn| devices::get_device(conn, &scene.company, &scene.device)),
            Err(StoreError::NotFound)
        ));
        assert_eq!(
            store.read(|conn| bindings::whose(conn, &scene.company, &serial(1))).unwrap(),
            Some(Bound::SomeoneElse)
        );
        assert_eq!(store.read(|conn| count_rows(conn, "bindings")).unwrap(), 1);
        assert!(store.read(|conn| shares::list_received(conn, &receiver, None, 100)).unwrap().items.is_empty());
        let deleted = events_of(store, &scene.company, EventKind::DeviceDeleted);
        assert_eq!(
            deleted.iter().filter_map(|event| event.device_id.clone()).collect::<Vec<_>>(),
            [scene.device.clone()]
        );
        for (site, action) in [(&scene.villa, "device_given_away"), (&house, "device_received")] {
            let log = store.read(|conn| access_log::after(conn, site, 0, 100)).unwrap();
            assert!(log.iter().any(|entry| entry.action == action), "{log:?}");
        }
        let given = store.read(|conn| list_given(conn, &scene.olga)).unwrap();
        assert_eq!((given.len(), given[0].state, given[0].device_name.as_str()), (1, TransferState::Accepted, ""));
        assert!(store.read(|conn| list_received(conn, &scene.rita)).unwrap().is_empty());
    });
}

#[test]
fn a_device_goes_to_a_site_of_the_receiver_also_where_the_same_company_serves_it() {
    on_both(|store| {
        let scene = Scene::of(store);
        let (flat, shop) = (site(store, &scene.company, "Flat"), site(store, &company(store), "Shop"));
        let id = scene.offer(store, "rita@example.org");
        let nobodys = scene.accept(store, &id, Destination::Site(shop));
        assert!(matches!(nobodys, Err(StoreError::NotFound)), "{nobodys:?}");
        own(store, &flat, &scene.rita);
        let accepted = scene.accept(store, &id, Destination::Site(flat.clone())).unwrap().unwrap();
        let place = store.read(|conn| place_of_device(conn, &accepted.device_id)).unwrap();
        assert_eq!(place, (scene.company.clone(), flat));
        assert!(matches!(scene.accept(store, &id, house()), Err(StoreError::NotFound)), "once");
    });
}

#[test]
fn a_wrong_or_late_code_offers_nothing_and_the_fifth_ends_it() {
    on_both(|store| {
        let scene = Scene::of(store);
        let id = scene.begin(store, "rita@example.org", 10).unwrap();
        let enter = |id: &DeviceTransferId, code: &str, seconds| {
            store.write(|conn| confirm(conn, id, &scene.olga, code, at(seconds)))
        };
        for left in (1..5).rev() {
            assert_eq!(enter(&id, "wrong", 11).unwrap(), Confirmed::Wrong { left });
        }
        assert!(store.read(|conn| list_received(conn, &scene.rita)).unwrap().is_empty(), "not offered yet");
        assert_eq!(enter(&id, "wrong", 12).unwrap(), Confirmed::Over);
        assert!(matches!(enter(&id, "right", 13), Err(StoreError::NotFound)));

        let late = scene.begin(store, "rita@example.org", 20).unwrap();
        let foreign = store.write(|conn| confirm(conn, &late, &scene.rita, "right", at(21)));
        assert!(matches!(foreign, Err(StoreError::NotFound)), "it is Olga's");
        assert_eq!(enter(&late, "right", 620).unwrap(), Confirmed::Over);
        let again = scene.begin(store, "rita@example.org", 700).unwrap();
        assert!(matches!(enter(&again, "right", 1299).unwrap(), Confirmed::Offered(_)), "the 599th second");
        assert_eq!(scene.begin(store, "eva@example.org", 1300), None, "it is offered to somebody already");
    });
}

#[test]
fn whoever_has_the_address_later_is_asked_and_nobody_of_another_region_accepts() {
    on_both(|store| {
        let scene = Scene::of(store);
        let id = scene.offer(store, "nora@example.org");
        assert!(store.read(|conn| list_received(conn, &scene.rita)).unwrap().is_empty());
        let nora = end_user(store, "nora@example.org");
        store
            .write(|conn| {
                Select::new("UPDATE end_users SET region = 'FR' WHERE id = ").text(nora.as_str()).execute(conn)
            })
            .unwrap();
        assert!(store.read(|conn| list_received(conn, &nora)).unwrap()[0].region_differs);
        let accepting = Accepting { id: id.clone(), receiver: nora.clone(), into: house() };
        let refused = store.write(|conn| accept(conn, store.vault(), &accepting, at(30))).unwrap();
        assert_eq!(refused, Err(NotAccepted::RegionDiffers));
        store.write(|conn| refuse(conn, &id, &nora, at(31))).unwrap();
        assert_eq!(store.read(|conn| list_given(conn, &scene.olga)).unwrap()[0].state, TransferState::Refused);
        let taken_back = scene.offer(store, "rita@example.org");
        store.write(|conn| withdraw(conn, &taken_back, &scene.olga, at(40))).unwrap();
        assert!(matches!(scene.accept(store, &taken_back, house()), Err(StoreError::NotFound)));
    });
}

#[test]
fn of_two_who_answer_at_the_same_instant_one_has_the_device() {
    on_both(|store| {
        let scene = Scene::of(store);
        let id = scene.offer(store, "rita@example.org");
        let outcomes: Vec<bool> = std::thread::scope(|threads| {
            let taking = || scene.accept(store, &id, house()).is_ok_and(|accepted| accepted.is_ok());
            let handles: Vec<_> = (0..4).map(|_| threads.spawn(taking)).collect();
            handles.into_iter().map(|handle| handle.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|one| **one).count(), 1, "{outcomes:?}");
        assert_eq!(store.read(|conn| count_rows(conn, "devices")).unwrap(), 1);
    });
}

#[test]
fn an_owner_reads_each_step_of_a_transfer_in_their_access_log() {
    on_both(|store| {
        let scene = Scene::of(store);
        scene.begin(store, "rita@example.org", 1).unwrap();
        let wrong = scene.begin(store, "rita@example.org", 2).unwrap();
        for _ in 0..TRANSFER_CODE_TRIES {
            store.write(|conn| confirm(conn, &wrong, &scene.olga, "wrong", at(3))).unwrap();
        }
        let refused = scene.offer(store, "rita@example.org");
        store.write(|conn| refuse(conn, &refused, &scene.rita, at(21))).unwrap();
        let withdrawn = scene.begin(store, "rita@example.org", 22).unwrap();
        store.write(|conn| withdraw(conn, &withdrawn, &scene.olga, at(23))).unwrap();
        let page = store.read(|conn| access_log::list(conn, &scene.villa, 1, None, 100)).unwrap();
        let oldest_first = page.items.iter().rev();
        let steps: Vec<_> = oldest_first.filter_map(|entry| entry.action.strip_prefix("device_transfer_")).collect();
        assert_eq!(steps, ["begun", "void", "begun", "void", "begun", "offered", "refused", "begun", "withdrawn"]);
    });
}
