use std::sync::Arc;
use std::time::Duration as StdDuration;

use secrecy::SecretString;
use siteward_devices::{AddressPolicy, DeviceClient, Limits, activation};
use siteward_domain::add_state::{AddState, CodeCheck, LoginKnown};
use siteward_domain::company::Region;
use siteward_domain::device::{DeviceAddress, Scheme};
use siteward_domain::health::DeviceHealth;
use siteward_domain::{AdditionId, CompanyId, SerialNumber, SiteId, StaffId, VerificationCode};
use siteward_simulator::{Change, CloudState, DeviceHandle, Network, Profile, SimulatorSettings, Site};
use siteward_store::additions::{self, Addition, AdditionChange, NewAddition};
use siteward_store::companies::{NewCompany, create_company};
use siteward_store::devices;
use siteward_store::jobs;
use siteward_store::sites::{NewSite, create_site};
use siteward_worker::adding::Manner;
use siteward_worker::clock::Clock as _;
use siteward_worker::clock::{SharedClock, SteppedClock};
use siteward_worker::jobs::advance_addition;
use siteward_worker::{Adding, AddingError, LinkHub};

use crate::kit::{Place, seed, start};
use crate::office::{Lan, Office, serial};

const PASSWORD: &str = "Blue-Lamp-42";

fn adding(place: &Place, hub: &LinkHub) -> Adding {
    let clock: SharedClock = Arc::<SteppedClock>::clone(&place.clock);
    Adding::new(place.store.clone(), clock, hub.clone(), Limits::default())
}

/// What a person has at hand when they begin.
#[derive(Default)]
struct Known<'a> {
    password: Option<&'a str>,
    code: Option<&'a str>,
}

fn begin(place: &Place, company: &CompanyId, site: &SiteId, serial: SerialNumber, known: &Known<'_>) -> AdditionId {
    let id = AdditionId::generate(start());
    let vault = place.store.vault();
    let password = known
        .password
        .map(|password| vault.seal(additions::password_place(company, &id), &SecretString::from(password)).unwrap());
    let code =
        known.code.map(|code| vault.seal(additions::code_place(company, &id), &SecretString::from(code)).unwrap());
    let new = NewAddition {
        id: id.clone(),
        company_id: company.clone(),
        site_id: site.clone(),
        staff_id: StaffId::generate(start()),
        serial,
        name: String::new(),
        user_name: "admin".to_owned(),
        sealed_password: password,
        sealed_code: code,
        hold: false,
    };
    place.store.write(|conn| additions::create(conn, &new, start())).unwrap();
    id
}

fn read(place: &Place, id: &AdditionId) -> Addition {
    place.store.read(|conn| additions::get(conn, &place.company, id)).unwrap()
}

/// A site with one device in each state, and who leads them on.
struct Scene {
    place: Place,
    office: Office,
    lan: Lan,
    adding: Adding,
}

impl Scene {
    async fn new() -> Self {
        let place = Place::new();
        let office = Office::open(&place).await;
        let lan = Lan::new(&place, &office, SimulatorSettings::site(Site::CloudStates, seed())).await;
        let adding = adding(&place, &office.hub);
        Self { place, office, lan, adding }
    }

    fn device(&self, state: CloudState) -> &DeviceHandle {
        &self.lan.simulator.devices()[state.index()]
    }

    fn begin(&self, state: CloudState, known: &Known<'_>) -> AdditionId {
        begin(&self.place, &self.place.company, &self.place.site, serial(self.device(state)), known)
    }

    async fn advance(&self, id: &AdditionId) -> Addition {
        self.adding.advance(&self.place.company, id).await.unwrap()
    }

    async fn change(&self, state: CloudState, change: Change) {
        self.lan.simulator.set(state.index(), change).await.unwrap();
    }

    fn refused(&self, state: CloudState) -> u64 {
        self.lan.simulator.view(state.index()).unwrap().counters.logins_refused
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_and_the_password_are_all_that_a_ready_device_needs() {
    let scene = Scene::new().await;
    let device = scene.device(CloudState::Ready);
    let known = Known { password: Some(&device.password), code: device.verification_code.as_deref() };
    let id = scene.begin(CloudState::Ready, &known);
    let added = scene.advance(&id).await;
    assert_eq!((added.state, added.code_check), (AddState::Added, CodeCheck::Right), "{:?}", added.reason);
    assert!(added.sealed_password.is_none() && added.sealed_code.is_none());
    let stored = scene.place.device(&added.device_id.unwrap());
    assert_eq!((stored.name.as_str(), stored.health), ("Gate", DeviceHealth::Healthy));
    assert_eq!((stored.link_id.as_ref(), stored.mac.as_deref()), (Some(&scene.lan.link), Some(device.mac.as_str())));
    assert!(stored.has_code);
    // Once more does no more.
    assert_eq!(scene.advance(&id).await.device_id, Some(stored.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_recorder_is_led_through_password_and_code_to_the_site() {
    let scene = Scene::new().await;
    let company = &scene.place.company;
    let id = scene.begin(CloudState::Fresh, &Known::default());
    assert_eq!(scene.advance(&id).await.state, AddState::NotActivated);
    let weak = scene.adding.activate(company, &id, &SecretString::from("admin12345")).await;
    assert!(matches!(weak, Err(AddingError::WeakPassword(_))), "{weak:?}");
    let activated = scene.adding.activate(company, &id, &SecretString::from(PASSWORD)).await.unwrap();
    assert_eq!(activated.state, AddState::ServiceDisabled, "{:?}", activated.reason);
    let code = VerificationCode::choose("Harbour7").unwrap();
    let mut added = scene.adding.enable_service(company, &id, &code).await.unwrap();
    for _ in 0..20 {
        if added.state != AddState::WaitingForRegistration {
            break;
        }
        tokio::time::sleep(StdDuration::from_millis(300)).await;
        added = scene.advance(&id).await;
    }
    assert_eq!(added.state, AddState::Added, "{:?}", added.reason);
    let view = scene.lan.simulator.view(CloudState::Fresh.index()).unwrap();
    assert_eq!((view.password.as_str(), view.verification_code.as_deref()), (PASSWORD, Some("Harbour7")));
    assert!(view.dhcp);
    let device = added.device_id.unwrap();
    let sealed = scene.place.store.read(|conn| devices::find_code(conn, company, &device)).unwrap().unwrap();
    let opened = scene.place.store.vault().open(devices::code_place(company, &device), &sealed).unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&opened), "Harbour7");
    assert_eq!(scene.refused(CloudState::Fresh), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_state_leads_to_its_own_next_step() {
    let scene = Scene::new().await;
    for (state, expected) in [
        (CloudState::Ready, AddState::LoginNeeded),
        (CloudState::NotActivated, AddState::NotActivated),
        (CloudState::ServiceDisabled, AddState::ServiceDisabled),
        (CloudState::Fresh, AddState::NotActivated),
        (CloudState::Offline, AddState::Unknown),
        (CloudState::BoundElsewhere, AddState::SomeoneElses),
        (CloudState::BoundToEzviz, AddState::SomeoneElses),
        (CloudState::OldRecorder, AddState::SomeoneElses),
        (CloudState::OldFirmware, AddState::LoginNeeded),
    ] {
        let id = scene.begin(state, &Known::default());
        assert_eq!(scene.advance(&id).await.state, expected, "{state:?}");
    }
    let device = scene.device(CloudState::WrongLabel);
    let wrong = Known { password: Some(&device.password), code: Some("WRONGS") };
    let id = scene.begin(CloudState::WrongLabel, &wrong);
    assert_eq!(scene.advance(&id).await.state, AddState::WrongVerificationCode);
    let right = VerificationCode::parse(device.verification_code.as_deref().unwrap()).unwrap();
    let added = scene.adding.give_code(&scene.place.company, &id, &right).await.unwrap();
    assert_eq!(added.state, AddState::Added);
    let again = begin(&scene.place, &scene.place.company, &scene.place.site, serial(device), &Known::default());
    let there = scene.advance(&again).await;
    assert_eq!((there.state, there.device_id), (AddState::OnThisSite, added.device_id));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_online_or_is_freed_in_its_menu_is_noticed_at_the_next_check() {
    let scene = Scene::new().await;
    let offline = scene.begin(CloudState::Offline, &Known::default());
    assert_eq!(scene.advance(&offline).await.state, AddState::Unknown);
    scene.change(CloudState::Offline, Change { power: Some(true), ..Change::default() }).await;
    let look_again = Manner { look_again: true, ..Manner::default() };
    let checked = scene.adding.advance_in(&scene.place.company, &offline, look_again).await.unwrap();
    assert_eq!(checked.state, AddState::LoginNeeded);
    let bound = scene.begin(CloudState::BoundElsewhere, &Known::default());
    assert_eq!(scene.advance(&bound).await.state, AddState::SomeoneElses);
    scene.change(CloudState::BoundElsewhere, Change { menu_unbind: Some(true), ..Change::default() }).await;
    assert_eq!(scene.advance(&bound).await.state, AddState::LoginNeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_link_sees_again_goes_on_without_anybody_looking() {
    let scene = Scene::new().await;
    let waiting = scene.begin(CloudState::Offline, &Known::default());
    assert_eq!(scene.advance(&waiting).await.state, AddState::Unknown);
    let claim = || {
        let (now, lease) = (scene.place.clock.now(), chrono::Duration::seconds(60));
        let claim = |conn: &mut siteward_store::DbConn| {
            siteward_store::jobs::claim(conn, "test", &["advance_addition"], 9, now, lease)
        };
        scene.place.store.write(claim).unwrap()
    };
    assert_eq!(claim().len(), 0);
    scene.change(CloudState::Offline, Change { power: Some(true), ..Change::default() }).await;
    // In its turn it would look within a minute.
    scene.office.hub.discover(&scene.lan.link).await.unwrap();
    for _ in 0..200 {
        if let [job] = claim().as_slice() {
            assert_eq!(job.payload["addition_id"], waiting.as_str());
            assert_eq!(scene.advance(&waiting).await.state, AddState::LoginNeeded);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("nobody goes on with a device that appeared");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_is_erased_and_never_tried_again() {
    let scene = Scene::new().await;
    let id = scene.begin(CloudState::Ready, &Known { password: Some("Wrong-one-1"), code: None });
    for _ in 0..3 {
        let refused = scene.advance(&id).await;
        assert_eq!((refused.state, refused.login), (AddState::LoginRefused, LoginKnown::Refused));
        assert!(refused.sealed_password.is_none());
    }
    assert_eq!(scene.refused(CloudState::Ready), 1);
    let password = SecretString::from(scene.device(CloudState::Ready).password.as_str());
    let added = scene.adding.give_login(&scene.place.company, &id, "admin", &password).await.unwrap();
    assert_eq!(added.state, AddState::Added, "{:?}", added.reason);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_and_a_job_at_the_same_instant_try_a_login_once() {
    let scene = Scene::new().await;
    let id = scene.begin(CloudState::Ready, &Known { password: Some("Wrong-one-1"), code: None });
    scene.change(CloudState::Ready, Change { delay_ms: Some(200), ..Change::default() }).await;
    let (company, job) = (&scene.place.company, adding(&scene.place, &scene.office.hub));
    let (one, other) = tokio::join!(scene.adding.advance(company, &id), job.advance(company, &id));
    assert_eq!((one.unwrap().state, other.unwrap().state), (AddState::LoginRefused, AddState::LoginRefused));
    assert_eq!(scene.refused(CloudState::Ready), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_password_is_kept_before_the_device_is_asked() {
    let scene = Scene::new().await;
    let id = scene.begin(CloudState::NotActivated, &Known::default());
    assert_eq!(scene.advance(&id).await.state, AddState::NotActivated);
    // The link is silent: the process dies while it waits for the device.
    scene.lan.wire.stall();
    let doomed = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (its, company, addition) = (scene.adding.clone(), scene.place.company.clone(), id.clone());
    doomed.spawn(async move { its.activate(&company, &addition, &SecretString::from(PASSWORD)).await });
    scene.lan.until("the password is kept", |_| read(&scene.place, &id).sealed_password.is_some()).await;
    assert!(!scene.lan.simulator.view(CloudState::NotActivated.index()).unwrap().activated);
    doomed.shutdown_background();
    scene.lan.wire.mend();
    // Whoever looks at the addition next goes on with it.
    let survivor = adding(&scene.place, &scene.office.hub);
    let mut added = survivor.advance(&scene.place.company, &id).await.unwrap();
    for _ in 0..10 {
        if added.state == AddState::Added {
            break;
        }
        tokio::time::sleep(StdDuration::from_millis(500)).await;
        added = survivor.advance(&scene.place.company, &id).await.unwrap();
    }
    assert_eq!(added.state, AddState::Added, "{:?}", added.reason);
    assert_eq!(scene.refused(CloudState::NotActivated), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_after_the_device_took_the_password_loses_nothing() {
    let scene = Scene::new().await;
    let device = scene.device(CloudState::NotActivated);
    // As far as the crash let it come: the password in the row, and on the device.
    let id = scene.begin(CloudState::NotActivated, &Known { password: Some(PASSWORD), code: None });
    let address = DeviceAddress { scheme: Scheme::Http, host: device.address.to_string(), port: device.port };
    let policy = AddressPolicy { allow_loopback: true, allow_private: true };
    let mut client = DeviceClient::without_login(address, Limits::default(), policy);
    activation::activate(&mut client, &SecretString::from(PASSWORD)).await.unwrap();
    let added = scene.advance(&id).await;
    assert_eq!(added.state, AddState::Added, "{:?}", added.reason);
    assert_eq!(scene.refused(CloudState::NotActivated), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_the_device_took_is_not_lost_to_another_given_meanwhile() {
    let scene = Scene::new().await;
    let (company, state) = (scene.place.company.clone(), CloudState::NotActivated);
    let id = scene.begin(state, &Known::default());
    assert_eq!(scene.advance(&id).await.state, AddState::NotActivated);
    scene.change(state, Change { network: Some(Network::Slow), ..Change::default() }).await;
    let (its, of, addition) = (scene.adding.clone(), company.clone(), id.clone());
    let activating = tokio::spawn(async move { its.activate(&of, &addition, &SecretString::from(PASSWORD)).await });
    let is_activated = |lan: &Lan| lan.simulator.view(state.index()).unwrap().activated;
    scene.lan.until("the device has taken the password", is_activated).await;
    // The same serial, ticked in the list of found devices at that moment, with another password.
    let other = SecretString::from("Other-Lamp-43");
    let sealed = scene.place.store.vault().seal(additions::password_place(&company, &id), &other).unwrap();
    let change = AdditionChange {
        sealed_password: Some(Some(sealed)),
        login: Some(LoginKnown::Given),
        ..AdditionChange::default()
    };
    scene.place.store.write(|conn| additions::update(conn, &company, &id, &change, start())).unwrap();
    scene.change(state, Change { network: Some(Network::Ok), ..Change::default() }).await;
    let added = activating.await.unwrap().unwrap();
    assert_eq!(added.state, AddState::Added, "{:?}", added.reason);
    let device = added.device_id.unwrap();
    let credential = scene.place.store.read(|conn| devices::get_credential(conn, &company, &device)).unwrap();
    let opened = devices::open_password(&scene.place.store, &company, &device, &credential.sealed_password).unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&opened), PASSWORD);
    assert_eq!(scene.refused(state), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_companies_that_add_the_same_device_at_once_one_wins() {
    let scene = Scene::new().await;
    let (rivals, their_site) = (CompanyId::generate(start()), SiteId::generate(start()));
    let company = NewCompany {
        id: rivals.clone(),
        name: "Rivals".into(),
        region: Region::parse("PL").unwrap(),
        public_url: "http://localhost:8080".into(),
    };
    let site = NewSite {
        id: their_site.clone(),
        company_id: rivals.clone(),
        name: "Quay".into(),
        address: String::new(),
        time_zone: "Europe/Warsaw".into(),
        sync_time: false,
    };
    let both = |conn: &mut siteward_store::DbConn| {
        create_company(conn, &company, start())?;
        create_site(conn, &site, start())
    };
    scene.place.store.write(both).unwrap();
    let office = Office::open(&scene.place).await;
    let theirs = scene.lan.joined_by(&scene.place, &office, &rivals, &their_site).await;
    let device = scene.device(CloudState::Ready);
    let known = Known { password: Some(&device.password), code: device.verification_code.as_deref() };
    let ours = scene.begin(CloudState::Ready, &known);
    let rival = begin(&scene.place, &rivals, &their_site, serial(device), &known);
    let their_adding = adding(&scene.place, &office.hub);
    let (one, other) =
        tokio::join!(scene.adding.advance(&scene.place.company, &ours), their_adding.advance(&rivals, &rival));
    let states = [one.unwrap().state, other.unwrap().state];
    assert!(
        states == [AddState::Added, AddState::SomeoneElses] || states == [AddState::SomeoneElses, AddState::Added],
        "{states:?}"
    );
    drop(theirs);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_activated_and_added_in_one_go_with_one_password() {
    let place = Place::new();
    let office = Office::open(&place).await;
    let mut settings = SimulatorSettings::uniform(6, Profile::Camera, seed());
    for (index, device) in settings.devices.iter_mut().enumerate() {
        device.activated = index >= 4;
        device.password = PASSWORD.to_owned();
        if index % 2 == 0 {
            device.service.enabled = false;
            device.service.code = None;
        }
    }
    let lan = Lan::new(&place, &office, settings).await;
    let known = Known { password: Some(PASSWORD), code: None };
    let all: Vec<_> = lan
        .simulator
        .devices()
        .iter()
        .map(|device| begin(&place, &place.company, &place.site, serial(device), &known))
        .collect();
    place
        .store
        .write(|conn| {
            all.iter().try_for_each(|id| {
                jobs::enqueue(conn, &advance_addition::new_job(&place.company, id, start()), start()).map(drop)
            })
        })
        .unwrap();
    let clock: SharedClock = Arc::<SteppedClock>::clone(&place.clock);
    let worker = siteward_worker::Worker::start(place.store.clone(), &Place::settings(), clock, office.hub.clone());
    worker.wake();
    let end = std::time::Instant::now() + StdDuration::from_secs(40);
    while !all.iter().all(|id| read(&place, id).state == AddState::Added) {
        let states: Vec<_> = all.iter().map(|id| (read(&place, id).state, read(&place, id).reason)).collect();
        assert!(std::time::Instant::now() < end, "{states:?}");
        // A device that registers itself is looked at again five seconds later.
        place.clock.advance(chrono::Duration::seconds(1));
        tokio::time::sleep(StdDuration::from_millis(200)).await;
    }
    for (index, id) in all.iter().enumerate() {
        let stored = place.device(&read(&place, id).device_id.unwrap());
        assert_eq!(stored.has_code, index % 2 == 0, "a code was made where the service was off");
        assert_eq!(lan.simulator.view(index).unwrap().counters.logins_refused, 0);
    }
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_addition_that_nobody_goes_on_with_is_forgotten_with_its_secrets() {
    let place = Place::new();
    let nobody = SerialNumber::parse("G12345678").unwrap();
    let known = Known { password: Some(PASSWORD), code: Some("ABCDEF") };
    let id = begin(&place, &place.company, &place.site, nobody, &known);
    place.clock.advance(chrono::Duration::minutes(61));
    let worker = place.worker();
    let is_there = || place.store.read(|conn| additions::get(conn, &place.company, &id)).is_ok();
    let end = std::time::Instant::now() + StdDuration::from_secs(20);
    while is_there() {
        assert!(std::time::Instant::now() < end);
        tokio::time::sleep(StdDuration::from_millis(20)).await;
    }
    worker.stop().await;
}
