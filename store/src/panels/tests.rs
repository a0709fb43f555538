use chrono::Duration;
use siteward_domain::device::DeviceKind;
use siteward_domain::event::EventKind;
use siteward_domain::panel_accounts::{AccountState, Because, ExitState, PersonKind, wanted_accounts};
use siteward_domain::site::SiteStatus;
use siteward_domain::{LinkId, PanelAccountId};

use super::*;
use crate::devices::{self, DeviceChange, NewDevice, create_device};
use crate::panel_accounts::{self, Owner, Removed};
use crate::select::Select;
use crate::testing::{at, company, count_rows, events_of, link, member, new_device, new_linked, on_both, serial, site};
use crate::{Store, StoreError, panel_exits, sites, unbinding};

mod owners;

const PERIOD: Duration = Duration::seconds(900);
const LEASE: Duration = Duration::seconds(30);

fn panel(store: &Store, company: &CompanyId, site: &SiteId, host: &str) -> DeviceId {
    let new = NewDevice { kind: DeviceKind::AlarmPanel, identity: None, ..new_device(store, company, site, host, 1) };
    store.write(|conn| create_device(conn, &new, at(0))).unwrap();
    new.id
}

fn claim_at(store: &Store, owner: &str, seconds: i64) -> Vec<DeviceId> {
    store.write(|conn| claim(conn, owner, 10, &[], at(seconds), LEASE)).unwrap()
}

fn case(store: &Store, device: &DeviceId) -> Case {
    store.read(|conn| get_case(conn, device)).unwrap().unwrap()
}

fn account(staff: &StaffId, state: AccountState) -> PanelAccount {
    PanelAccount {
        id: PanelAccountId::generate(at(1)),
        owner: Some(Owner { kind: PersonKind::Staff, id: staff.to_string(), name: "Anna".into() }),
        user_name: format!("{staff}@example.com"),
        role: "installer".into(),
        because: Some(Because::ManagesSite),
        state,
        reason_code: None,
        index: Some(7),
        password_version: None,
        refused_version: None,
        since: at(1),
    }
}

fn pace() -> Pace {
    Pace { period: PERIOD, next_change: None }
}

/// Puts an account of a person on a panel, as a comparison does.
fn put(store: &Store, device: &DeviceId, staff: &StaffId, seconds: i64) -> PanelAccount {
    assert_eq!(claim_at(store, "worker", seconds), [device.clone()]);
    let (case, account) = (case(store, device), account(staff, AccountState::WaitingForSignIn));
    let outcome = Outcome {
        accounts: vec![account.clone()],
        events: vec![(EventKind::PanelAccountAdded, account.clone())],
        method: Some(AccountMethod::CloudUserManage),
        listed: Some(Vec::new()),
        ..Outcome::default()
    };
    let written = store.write(|conn| write_outcome(conn, &case, "worker", &outcome, pace(), at(seconds))).unwrap();
    assert_eq!(written, Written::GoesOn);
    account
}

fn due_at(store: &Store, company: &CompanyId, device: &DeviceId) -> DateTime<Utc> {
    store.read(|conn| panel_accounts::find_panel(conn, company, device)).unwrap().unwrap().due_at
}

fn assign(store: &Store, company: &CompanyId, site: &SiteId, staff: &StaffId, until: Option<i64>) {
    let until = until.map_or("NULL".to_owned(), |seconds| at(seconds).timestamp_micros().to_string());
    let sql = format!(
        "INSERT INTO site_managers (company_id, site_id, staff_id, expires_at, assigned_at) VALUES ('{company}', '{site}', '{staff}', {until}, 0)"
    );
    store.write(|conn| Select::new(&sql).execute(conn)).unwrap();
}

fn give_role(store: &Store, company: &CompanyId, staff: &StaffId, right: &str) {
    let role = siteward_domain::RoleId::generate(at(0));
    let sqls = [
        format!(
            "INSERT INTO roles (id, company_id, name, name_lower, created_at) VALUES ('{role}', '{company}', 'r{role}', 'r{role}', 0)"
        ),
        format!("INSERT INTO role_rights (role_id, name) VALUES ('{role}', '{right}')"),
        format!("UPDATE staff SET role_id = '{role}' WHERE id = '{staff}'"),
    ];
    store.write(|conn| sqls.iter().try_for_each(|sql| Select::new(sql).execute(conn).map(|_| ()))).unwrap();
}

#[test]
fn a_panel_is_due_as_soon_as_it_is_added_and_one_worker_at_a_time_has_it() {
    on_both(|store| {
        let company = company(store);
        let place = site(store, &company, "Office");
        let id = panel(store, &company, &place, "10.0.0.1");
        crate::testing::device(store, &company, &place, "10.0.0.2", 2);
        assert_eq!(claim_at(store, "one", 0), [id.clone()]);
        assert!(claim_at(store, "other", 29).is_empty());
        store.write(|conn| renew(conn, "one", &[id.clone()], at(20), LEASE)).unwrap();
        assert!(claim_at(store, "other", 49).is_empty());
        assert_eq!(claim_at(store, "other", 50), [id.clone()]);
        let stale =
            store.write(|conn| write_outcome(conn, &case(store, &id), "one", &Outcome::default(), pace(), at(51)));
        assert!(matches!(stale, Err(StoreError::Stale)));
        store.write(|conn| release(conn, "other", &id)).unwrap();
        assert!(store.write(|conn| claim(conn, "one", 10, &[id.clone()], at(52), LEASE)).unwrap().is_empty());
        assert_eq!(claim_at(store, "one", 52), [id]);
    });
}

#[test]
fn the_situation_has_those_of_the_company_who_matter_to_this_site() {
    on_both(|store| {
        let (company, other) = (company(store), company(store));
        let (place, elsewhere) = (site(store, &company, "Office"), site(store, &company, "Villa"));
        let people: Vec<StaffId> =
            ["m@x.y", "a@x.y", "e@x.y", "n@x.y"].map(|email| member(store, &company, email)).into();
        give_role(store, &company, &people[0], "manage_all_sites");
        for (staff, at_site, until) in [(1, &place, Some(100)), (2, &elsewhere, None)] {
            give_role(store, &company, &people[staff], "manage_assigned_sites");
            assign(store, &company, at_site, &people[staff], until);
        }
        give_role(store, &other, &member(store, &other, "rival@x.y"), "manage_all_sites");
        let id = panel(store, &company, &place, "10.0.0.1");
        let case = case(store, &id);
        let wanted = |seconds| -> Vec<String> {
            let wanted = wanted_accounts(&case.situation, at(seconds));
            let mut wanted: Vec<String> = wanted.into_iter().map(|wanted| wanted.person.email).collect();
            wanted.sort();
            wanted
        };
        assert_eq!(wanted(99), ["a@x.y", "m@x.y"]);
        assert_eq!(wanted(100), ["m@x.y"]);
        assert_eq!(siteward_domain::panel_accounts::next_change(&case.situation, at(0)), Some(at(100)));
        assert_eq!((case.situation.site, case.site_id), (Some(SiteStatus::NotInvited), Some(place)));
    });
}

#[test]
fn what_changes_who_may_enter_makes_the_right_panels_due() {
    on_both(|store| {
        let (company, other) = (company(store), company(store));
        let (place, elsewhere) = (site(store, &company, "Office"), site(store, &company, "Villa"));
        let (anna, boris) = (member(store, &company, "a@x.y"), member(store, &company, "b@x.y"));
        let here = panel(store, &company, &place, "10.0.0.1");
        put(store, &here, &anna, 1);
        let there = panel(store, &company, &elsewhere, "10.0.0.2");
        let foreign = panel(store, &other, &site(store, &other, "Farm"), "10.0.0.3");
        let rest = || {
            for id in claim_at(store, "worker", 5001) {
                let case = case(store, &id);
                store
                    .write(|conn| write_outcome(conn, &case, "worker", &Outcome::default(), pace(), at(5001)))
                    .unwrap();
            }
        };
        let due = |change: &dyn Fn(&mut crate::DbConn) -> Result<(), StoreError>| {
            rest();
            store.write(|conn| change(conn)).unwrap();
            claim_at(store, "look", 5001)
                .into_iter()
                .inspect(|id| {
                    store.write(|conn| release(conn, "look", id)).unwrap();
                })
                .collect::<Vec<_>>()
        };
        assert!(due(&|_| Ok(())).is_empty());
        assert_eq!(due(&|conn| touch_site(conn, &company, &place, at(5001))), [here.clone()]);
        assert_eq!(due(&|conn| touch_staff(conn, &company, &anna, at(5001))), [here.clone()]);
        assert!(due(&|conn| touch_staff(conn, &company, &boris, at(5001))).is_empty());
        give_role(store, &company, &boris, "manage_all_sites");
        assert_eq!(due(&|conn| touch_staff(conn, &company, &boris, at(5001))).len(), 2);
        assert_eq!(due(&|conn| touch_company(conn, &company, at(5001))).len(), 2);
        let status =
            |conn: &mut crate::DbConn| sites::set_status(conn, &company, &elsewhere, SiteStatus::Authorized, at(5001));
        assert_eq!(due(&status), [there.clone()]);
        assert_eq!(due(&|conn| check(conn, &company, &there, at(5001))), [there.clone()]);
        let foreign_check = store.write(|conn| check(conn, &company, &foreign, at(5001)));
        assert!(matches!(foreign_check, Err(StoreError::NotFound)));
        let moved = |conn: &mut crate::DbConn| {
            devices::move_device(conn, &company, &here, &elsewhere, None, at(5001)).map(|_| ())
        };
        assert_eq!(due(&moved), [here]);
    });
}

#[test]
fn a_change_in_the_middle_is_not_lost() {
    on_both(|store| {
        let company = company(store);
        let place = site(store, &company, "Office");
        let anna = member(store, &company, "a@x.y");
        let id = panel(store, &company, &place, "10.0.0.1");
        claim_at(store, "worker", 1);
        let read = case(store, &id);
        store.write(|conn| touch_site(conn, &company, &place, at(2))).unwrap();
        assert!(claim_at(store, "other", 2).is_empty());
        let intents = [account(&anna, AccountState::Adding)];
        let method = AccountMethod::CloudUserManage;
        let refused = store.write(|conn| write_intents(conn, &read, "worker", method, &intents, at(3)));
        assert!(matches!(refused, Err(StoreError::Stale)));
        store.write(|conn| write_outcome(conn, &read, "worker", &Outcome::default(), pace(), at(3))).unwrap();
        assert_eq!(claim_at(store, "other", 3), [id]);
    });
}

#[test]
fn a_panel_is_due_after_a_period_or_when_what_is_wanted_changes_and_after_failures_later_and_later() {
    on_both(|store| {
        let company = company(store);
        let id = panel(store, &company, &site(store, &company, "Office"), "10.0.0.1");
        let mut now = 0;
        let mut next = |rest, next_change: Option<i64>| {
            assert_eq!(claim_at(store, "worker", now), [id.clone()]);
            let (case, outcome) = (case(store, &id), Outcome { rest, ..Outcome::default() });
            let pace = Pace { period: PERIOD, next_change: next_change.map(at) };
            store.write(|conn| write_outcome(conn, &case, "worker", &outcome, pace, at(now))).unwrap();
            let due = due_at(store, &company, &id);
            let wait = due - at(now);
            now = due.timestamp() - at(0).timestamp() + 1;
            wait
        };
        assert_eq!(next(Rest::Period, None), PERIOD);
        assert_eq!(next(Rest::Period, Some(1000)), at(1000) - at(901));
        assert_eq!(next(Rest::More, None), Duration::zero());
        for seconds in [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            let wait = next(Rest::Failed, None).num_milliseconds();
            assert!((seconds * 1000..=seconds * 1250).contains(&wait), "{wait} ms instead of {seconds} s");
        }
        assert_eq!(next(Rest::Period, None), PERIOD);
        assert!((2000..=2500).contains(&next(Rest::Failed, None).num_milliseconds()));
        assert!(next(Rest::ForGood, None) > Duration::days(36_500));
    });
}

#[test]
fn a_deleted_panel_keeps_what_reaches_it_until_it_is_proved_clean() {
    on_both(|store| {
        let company = company(store);
        let place = site(store, &company, "Office");
        let anna = member(store, &company, "a@x.y");
        let id = panel(store, &company, &place, "10.0.0.1");
        let there = put(store, &id, &anna, 1);
        let before = case(store, &id).way;
        store.write(|conn| sites::delete_site(conn, &company, &place, at(10))).unwrap();
        assert_eq!(claim_at(store, "worker", 10), [id.clone()]);
        let leaving = case(store, &id);
        let exit = leaving.exit.clone().unwrap();
        assert_eq!((leaving.site_id.as_ref(), leaving.situation.site, exit.give_up_at), (None, None, None));
        assert_eq!(leaving.accounts, [there.clone()]);
        let password = |way: &Way| {
            let opened = devices::open_password(store, &company, &id, &way.sealed_password).unwrap();
            (way.address.clone(), way.user_name.clone(), secrecy::ExposeSecret::expose_secret(&opened).to_owned())
        };
        assert_eq!(password(&leaving.way), password(&before));
        let running = store.read(|conn| panel_exits::get(conn, &company, &exit.exit_id)).unwrap();
        assert_eq!((running.state, &running.waiting_for[..]), (ExitState::Running, &[there.user_name.clone()][..]));
        assert_eq!((running.site_name.as_str(), running.device_name.as_str()), ("Office", "Camera 10.0.0.1"));
        let remaining = Remaining { user_name: "admin".into(), role: "local_admin".into() };
        let outcome = Outcome {
            removed: vec![there.clone()],
            events: vec![(EventKind::PanelAccountRemoved, there.clone())],
            listed: Some(vec![remaining.clone()]),
            is_clean: true,
            ..Outcome::default()
        };
        let written = store.write(|conn| write_outcome(conn, &leaving, "worker", &outcome, pace(), at(11))).unwrap();
        assert_eq!(written, Written::Ended);
        let ended = store.read(|conn| panel_exits::get(conn, &company, &exit.exit_id)).unwrap();
        assert_eq!((ended.state, ended.ended_at, ended.remaining), (ExitState::Clean, Some(at(11)), vec![remaining]));
        let proofs = |of: Removed<'_>| {
            store.read(|conn| panel_accounts::list_removals(conn, &company, of, None, 10)).unwrap().items
        };
        let proof = &proofs(Removed::InExit(&exit.exit_id))[0];
        assert_eq!(
            (proof.site_name.as_str(), proof.person_name.as_str(), proof.removed_at),
            ("Office", "Anna", at(11))
        );
        assert_eq!(proofs(Removed::Of(&anna)).len(), 1);
        let rows = |table: &str| store.read(|conn| count_rows(conn, table)).unwrap();
        assert_eq!((rows("panels"), rows("panel_accounts")), (0, 0));
        assert_eq!(events_of(store, &company, EventKind::PanelExitEnded)[0].data["state"], "clean");
    });
}

#[test]
fn a_panel_without_accounts_of_ours_is_forgotten_at_once() {
    on_both(|store| {
        let company = company(store);
        let place = site(store, &company, "Office");
        let id = panel(store, &company, &place, "10.0.0.1");
        let adding = account(&member(store, &company, "a@x.y"), AccountState::Adding);
        claim_at(store, "worker", 1);
        let (never_reached, outcome) =
            (case(store, &id), Outcome { accounts: vec![adding], rest: Rest::Failed, ..Outcome::default() });
        store.write(|conn| write_outcome(conn, &never_reached, "worker", &outcome, pace(), at(1))).unwrap();
        store.write(|conn| devices::delete_device(conn, &company, &id, at(2))).unwrap();
        let rows = |table: &str| store.read(|conn| count_rows(conn, table)).unwrap();
        assert_eq!((rows("panels"), rows("panel_accounts"), rows("panel_exits")), (0, 0, 0));
    });
}

#[test]
fn a_panel_that_is_added_again_comes_back_with_its_accounts() {
    on_both(|store| {
        let company = company(store);
        let place = site(store, &company, "Office");
        let anna = member(store, &company, "a@x.y");
        let id = panel(store, &company, &place, "10.0.0.1");
        let there = put(store, &id, &anna, 1);
        store.write(|conn| devices::delete_device(conn, &company, &id, at(2))).unwrap();
        // A comparison of the leaving one is under way.
        assert_eq!(claim_at(store, "worker", 3), [id]);
        let again = panel(store, &company, &place, "10.0.0.1");
        let case = case(store, &again);
        assert_eq!((case.exit, case.accounts), (None, vec![there]));
        assert!(claim_at(store, "other", 4).is_empty());
        assert_eq!(claim_at(store, "other", 33), [again]);
        let exits = store.read(|conn| panel_exits::list(conn, &company, None, 10)).unwrap().items;
        assert_eq!((exits.len(), exits[0].state), (1, ExitState::Superseded));
        assert_eq!(store.read(|conn| count_rows(conn, "panels")).unwrap(), 1);
        let elsewhere = panel(store, &company, &place, "10.0.0.9");
        assert!(self::case(store, &elsewhere).accounts.is_empty());
    });
}

#[test]
fn a_device_that_turns_out_to_be_no_panel_leaves_and_comes_back_as_one() {
    on_both(|store| {
        let company = company(store);
        let place = site(store, &company, "Office");
        let anna = member(store, &company, "a@x.y");
        let id = panel(store, &company, &place, "10.0.0.1");
        put(store, &id, &anna, 1);
        let become_kind = |kind, seconds| {
            let change = DeviceChange { kind: Some(kind), ..DeviceChange::default() };
            store.write(|conn| devices::update_device(conn, &company, &id, &change, at(seconds))).unwrap();
            case(store, &id).exit.is_some()
        };
        assert!(become_kind(DeviceKind::Intercom, 2));
        assert!(!become_kind(DeviceKind::AlarmPanel, 3));
        assert_eq!(case(store, &id).accounts.len(), 1);
        assert!(become_kind(DeviceKind::Camera, 4));
        store.write(|conn| devices::delete_device(conn, &company, &id, at(5))).unwrap();
        assert!(case(store, &id).exit.is_some());
        let states: Vec<_> = store
            .read(|conn| panel_exits::list(conn, &company, None, 10))
            .unwrap()
            .items
            .iter()
            .map(|exit| exit.state)
            .collect();
        assert_eq!(states, [ExitState::Running, ExitState::Superseded]);
    });
}

#[test]
fn an_unbound_panel_is_tried_for_a_week_through_any_link_that_sees_it() {
    on_both(|store| {
        let company = company(store);
        let place = site(store, &company, "Office");
        let attic = link(store, &company, &place, "Attic");
        let anna = member(store, &company, "a@x.y");
        let new =
            NewDevice { kind: DeviceKind::AlarmPanel, identity: None, ..new_linked(store, &attic, "10.0.0.1", 1) };
        store.write(|conn| create_device(conn, &new, at(0))).unwrap();
        put(store, &new.id, &anna, 1);
        store.write(|conn| unbinding::unbind(conn, &serial(1), at(2))).unwrap().unwrap();
        let leaving = case(store, &new.id);
        assert_eq!(leaving.exit.unwrap().give_up_at, Some(at(2 + 7 * 86_400)));
        let expected: Option<(LinkId, _)> = Some((attic.id, serial(1)));
        assert_eq!(leaving.way.link, expected);
    });
}

#[test]
fn the_links_of_a_deleted_site_stay_as_long_as_a_panel_behind_them_leaves() {
    on_both(|store| {
        let company = company(store);
        let place = site(store, &company, "Office");
        let (attic, cellar) = (link(store, &company, &place, "Attic"), link(store, &company, &place, "Cellar"));
        let anna = member(store, &company, "a@x.y");
        let new =
            NewDevice { kind: DeviceKind::AlarmPanel, identity: None, ..new_linked(store, &attic, "10.0.0.1", 1) };
        store.write(|conn| create_device(conn, &new, at(0))).unwrap();
        crate::testing::linked(store, &cellar, "10.0.0.2", 2);
        let there = put(store, &new.id, &anna, 1);
        let delete = |seconds| store.write(|conn| sites::delete_site(conn, &company, &place, at(seconds)));
        delete(2).unwrap();
        let reach = crate::reach::Reach::of_company(&company);
        let is_there = |object: crate::reach::Object| store.read(|conn| reach.holds(conn, &object)).unwrap();
        let token =
            |name: &str| store.read(|conn| crate::links::find_by_token(conn, &format!("token of {name}"))).unwrap();
        assert!(!is_there(crate::reach::Object::Site(place.clone())));
        assert!(!is_there(crate::reach::Object::Link(attic.id.clone())));
        assert!(matches!(store.read(|conn| sites::get_site(conn, &company, &place)), Err(StoreError::NotFound)));
        assert!(matches!(delete(3), Err(StoreError::NotFound)));
        let filter = sites::SiteFilter::default();
        let list = store.read(|conn| sites::list_sites(conn, &reach, &filter, at(3), PERIOD, None, 10)).unwrap();
        assert!(list.items.is_empty());
        assert_eq!(store.read(|conn| count_rows(conn, "devices")).unwrap(), 0);
        assert!(
            matches!(token("Attic"), crate::links::Token::Good(_))
                && matches!(token("Cellar"), crate::links::Token::Wrong)
        );
        // Its name is free.
        site(store, &company, "Office");
        claim_at(store, "worker", 4);
        let leaving = case(store, &new.id);
        assert_eq!(leaving.way.link.as_ref().map(|(link, _)| link), Some(&attic.id));
        let outcome = Outcome { removed: vec![there], listed: Some(Vec::new()), is_clean: true, ..Outcome::default() };
        store.write(|conn| write_outcome(conn, &leaving, "worker", &outcome, pace(), at(5))).unwrap();
        assert!(matches!(token("Attic"), crate::links::Token::Wrong));
        let rows = |table: &str| store.read(|conn| count_rows(conn, table)).unwrap();
        assert_eq!((rows("sites"), rows("links"), rows("panels")), (1, 0, 0));
    });
}

#[test]
fn an_exit_is_given_up_with_what_is_believed_to_be_there() {
    on_both(|store| {
        let (company, other) = (company(store), company(store));
        let place = site(store, &company, "Office");
        let anna = member(store, &company, "a@x.y");
        let id = panel(store, &company, &place, "10.0.0.1");
        let there = put(store, &id, &anna, 1);
        store.write(|conn| devices::delete_device(conn, &company, &id, at(2))).unwrap();
        let exit = case(store, &id).exit.unwrap().exit_id;
        let give_up =
            |company: &CompanyId| store.write(|conn| panel_exits::give_up(conn, company, &exit, Some(&anna), at(3)));
        assert!(matches!(give_up(&other), Err(StoreError::NotFound)));
        let ended = give_up(&company).unwrap();
        assert_eq!((ended.state, ended.ended_by.as_deref()), (ExitState::GivenUp, Some("Anna")));
        assert_eq!(ended.remaining[0].user_name, there.user_name);
        assert!(matches!(give_up(&company), Err(StoreError::Stale)));
        assert_eq!(store.read(|conn| count_rows(conn, "panels")).unwrap(), 0);
    });
}

#[test]
fn an_order_to_take_an_account_off_outlives_a_comparison_under_way() {
    on_both(|store| {
        let company = company(store);
        let id = panel(store, &company, &site(store, &company, "Office"), "10.0.0.1");
        let ghost = PanelAccount {
            owner: None,
            because: None,
            user_name: "ghost".into(),
            ..account(&member(store, &company, "a@x.y"), AccountState::Unexpected)
        };
        let compare = |seconds, order: bool| {
            claim_at(store, "worker", seconds);
            let (case, outcome) = (case(store, &id), Outcome { accounts: vec![ghost.clone()], ..Outcome::default() });
            if order {
                store.write(|conn| panel_accounts::order_removal(conn, &company, &id, &ghost.id, at(seconds))).unwrap();
            }
            store.write(|conn| write_outcome(conn, &case, "worker", &outcome, pace(), at(seconds))).unwrap();
            self::case(store, &id).accounts[0].state
        };
        assert_eq!(compare(1, false), AccountState::Unexpected);
        assert_eq!(compare(5000, true), AccountState::Removing);
        let again = store.write(|conn| panel_accounts::order_removal(conn, &company, &id, &ghost.id, at(5001)));
        assert!(matches!(again, Err(StoreError::Stale)));
        // The panel refuses to let it go: it is unexpected again.
        assert_eq!(compare(5002, false), AccountState::Unexpected);
    });
}

#[test]
fn a_refused_login_is_not_tried_again_when_the_panel_leaves() {
    on_both(|store| {
        let company = company(store);
        let place = site(store, &company, "Office");
        let id = panel(store, &company, &place, "10.0.0.1");
        put(store, &id, &member(store, &company, "a@x.y"), 1);
        let refused = siteward_domain::health::Reachability::LoginRefused { tries_left: Some(3) };
        let row =
            crate::polling::BreakerRow { device_id: id.clone(), credential_version: 1, breaker: Some((refused, None)) };
        store.write(|conn| crate::polling::open_breaker(conn, &row, at(2))).unwrap();
        assert!(case(store, &id).way.breaker.is_some());
        store.write(|conn| devices::delete_device(conn, &company, &id, at(3))).unwrap();
        assert!(claim_at(store, "worker", 1_000_000).is_empty());
        let exits = store.read(|conn| panel_exits::list(conn, &company, None, 10)).unwrap().items;
        assert_eq!(exits[0].reason_code.as_deref(), Some("device_login_refused"));
    });
}
