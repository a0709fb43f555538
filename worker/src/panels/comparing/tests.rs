use siteward_domain::panel_accounts::{Because, Person, PersonKind};

use super::*;
use crate::panels::concluding::{conclude, conclude_unread, intents, not_reached};
use crate::panels::repairing::{Done, FULL, Repaired, TOO_LONG};
use siteward_domain::event::EventKind;
use siteward_store::panels::{Outcome, Rest};

const CLOUD: AccountMethod = AccountMethod::CloudUserManage;
const OLDER: AccountMethod = AccountMethod::ConfigurationUsers;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn person(name: &str) -> Wanted {
    let person = Person {
        kind: PersonKind::Staff,
        id: format!("id-{name}"),
        name: name.to_owned(),
        email: format!("{name}@x.y"),
    };
    Wanted { person, role: AccountRole::Installer, because: Because::ManagesSite }
}

/// A known account of a person; on the panel unless it is being added.
fn known(name: &str, state: AccountState) -> PanelAccount {
    let there = !matches!(state, AccountState::Adding);
    PanelAccount {
        id: PanelAccountId::generate(at(0)),
        owner: Some(Owner { kind: PersonKind::Staff, id: format!("id-{name}"), name: name.to_owned() }),
        user_name: format!("{name}@x.y"),
        role: "installer".to_owned(),
        because: Some(Because::ManagesSite),
        state,
        reason_code: None,
        index: there.then_some(5),
        password_version: (state == AccountState::There).then_some(1),
        refused_version: None,
        since: at(0),
    }
}

fn listed(name: &str, role: PanelRole) -> Listed {
    Listed { index: 5, user_name: name.to_owned(), role }
}

fn staff(name: &str) -> Listed {
    listed(&format!("{name}@x.y"), PanelRole::InstallerEmployee)
}

fn held(version: i32) -> HashMap<String, i32> {
    HashMap::from([("id-anna".to_owned(), version)])
}

fn entries(wanted: &[Wanted], known: &[PanelAccount], there: &[Listed], held: &HashMap<String, i32>) -> Vec<Entry> {
    let mut entries = expect(wanted, known, at(1));
    compare(&mut entries, there, CLOUD, "admin", held, at(1));
    entries
}

fn tasks(wanted: &[Wanted], known: &[PanelAccount], there: &[Listed], held: &HashMap<String, i32>) -> Vec<Task> {
    entries(wanted, known, there, held).iter().flat_map(|entry| entry.tasks.clone()).collect()
}

/// What is written when the panel does everything.
#[expect(clippy::needless_pass_by_value, reason = "it is written where it is given")]
fn all_done(entries: &[Entry], after: &[Listed], done: Done) -> Outcome {
    let done =
        entries.iter().enumerate().filter(|(_, entry)| !entry.tasks.is_empty()).map(|(place, _)| (place, done.clone()));
    let repaired = Repaired { done: done.collect(), failed: None, is_unfinished: false, wrote: true };
    conclude(entries, &repaired, after, CLOUD, &HashMap::new(), at(2))
}

fn kinds(outcome: &Outcome) -> Vec<EventKind> {
    outcome.events.iter().map(|(kind, _)| *kind).collect()
}

/// What it is about, what is known, what the panel lists, which passwords wait, and what is to be done.
type Row = (&'static str, Vec<PanelAccount>, Vec<Listed>, HashMap<String, i32>, Vec<Task>);

#[test]
fn every_state_of_a_wanted_account_leads_to_what_is_missing() {
    use AccountState as S;
    use Task as T;
    let anna = [person("anna")];
    let none = HashMap::new();
    let as_owner = [listed("anna@x.y", PanelRole::CloudAdmin)];
    let refused = PanelAccount { refused_version: Some(2), ..known("anna", S::Refused) };
    let table: Vec<Row> = vec![
        ("new", vec![], vec![], none.clone(), vec![T::Create]),
        ("being added", vec![known("anna", S::Adding)], vec![], none.clone(), vec![T::Create]),
        (
            "made before a crash",
            vec![known("anna", S::Adding)],
            vec![staff("anna")],
            none.clone(),
            vec![T::SetPassword],
        ),
        ("put there by hand", vec![], vec![staff("anna")], none.clone(), vec![T::SetPassword]),
        ("waiting", vec![known("anna", S::WaitingForSignIn)], vec![staff("anna")], none.clone(), vec![]),
        ("signed in", vec![known("anna", S::WaitingForSignIn)], vec![staff("anna")], held(1), vec![T::SetPassword]),
        ("there", vec![known("anna", S::There)], vec![staff("anna")], held(1), vec![]),
        ("newer", vec![known("anna", S::There)], vec![staff("anna")], held(2), vec![T::SetPassword]),
        ("refused", vec![refused.clone()], vec![staff("anna")], held(2), vec![]),
        ("refused, then another", vec![refused], vec![staff("anna")], held(3), vec![T::SetPassword]),
        ("taken off by hand", vec![known("anna", S::There)], vec![], held(1), vec![T::Create]),
        ("wanted again", vec![known("anna", S::Removing)], vec![staff("anna")], none.clone(), vec![]),
        ("another role", vec![known("anna", S::There)], as_owner.to_vec(), none.clone(), vec![T::Delete, T::Create]),
        (
            "other case",
            vec![known("anna", S::There)],
            vec![listed("Anna@X.y", PanelRole::InstallerEmployee)],
            none,
            vec![],
        ),
    ];
    for (what, known, there, held, expected) in table {
        assert_eq!(tasks(&anna, &known, &there, &held), expected, "{what}");
    }
}

#[test]
fn an_owner_with_the_address_of_a_member_of_staff_takes_the_name_over_and_both_are_on_the_panel() {
    use Task as T;
    let owner = Wanted {
        person: Person { kind: PersonKind::EndUser, id: "id-olga".to_owned(), ..person("anna").person },
        role: AccountRole::Owner,
        because: Because::OwnsSite,
    };
    let both = [person("anna"), owner];
    let before = [known("anna", AccountState::There)];
    let entries = entries(&both, &before, &[staff("anna")], &HashMap::new());
    let told: Vec<_> =
        entries.iter().map(|entry| (entry.row.owner.as_ref().unwrap().id.as_str(), entry.tasks.as_slice())).collect();
    assert_eq!(told, [("id-anna", [T::Create].as_slice()), ("id-olga", [T::Delete, T::Create].as_slice())]);
    assert_eq!(entries[1].row.user_name, "anna@x.y");
    let (of_staff, role) = (entries[0].row.user_name.as_str(), PanelRole::InstallerEmployee);
    assert!(of_staff.starts_with("anna") && of_staff != "anna@x.y", "{of_staff}");
    let after = [listed(of_staff, role), listed("anna@x.y", PanelRole::CloudAdmin)];
    let outcome = all_done(&entries, &after, Done { deleted: true, given: Some(None), ..Done::default() });
    let mut settled = expect(&both, &outcome.accounts, at(3));
    compare(&mut settled, &after, CLOUD, "admin", &HashMap::new(), at(3));
    assert!(settled.iter().all(|entry| entry.tasks.is_empty()), "{settled:?}");
}

#[test]
fn what_nobody_wants_goes_and_is_proved_once_it_is_read_to_be_off() {
    use AccountState as S;
    for state in [S::There, S::WaitingForSignIn, S::Refused, S::Removing] {
        let there = entries(&[], &[known("anna", state)], &[staff("anna")], &HashMap::new());
        assert_eq!(there[0].tasks, [Task::Delete]);
        assert_eq!(intents(&there)[0].state, S::Removing);
        let still = all_done(&there, &[staff("anna")], Done { is_open: true, ..Done::default() });
        assert_eq!((still.removed.len(), still.rest, still.is_clean), (0, Rest::Failed, false));
        let gone = all_done(&there, &[], Done { deleted: true, ..Done::default() });
        assert_eq!((gone.removed.len(), kinds(&gone), gone.is_clean), (1, vec![EventKind::PanelAccountRemoved], true));
    }
    // Its worker died after taking it off.
    let off = entries(&[], &[known("anna", S::Removing)], &[], &HashMap::new());
    assert_eq!(all_done(&off, &[], Done::default()).removed.len(), 1);
    // It never was there.
    let never = entries(&[], &[known("anna", S::Adding)], &[], &HashMap::new());
    let outcome = all_done(&never, &[], Done::default());
    assert_eq!((outcome.removed.len(), outcome.dropped.len()), (0, 1));
}

#[test]
fn an_account_is_told_once_when_it_is_read_back() {
    let fresh = entries(&[person("anna")], &[], &[], &HashMap::new());
    assert_eq!(intents(&fresh)[0].state, AccountState::Adding);
    let random = all_done(&fresh, &[staff("anna")], Done { given: Some(None), ..Done::default() });
    assert_eq!(kinds(&random), [EventKind::PanelAccountAdded]);
    assert_eq!(random.accounts[0].state, AccountState::WaitingForSignIn);
    let own = all_done(&fresh, &[staff("anna")], Done { given: Some(Some(4)), ..Done::default() });
    assert_eq!(kinds(&own), [EventKind::PanelAccountAdded, EventKind::PanelPasswordDelivered]);
    assert_eq!((own.accounts[0].state, own.accounts[0].password_version), (AccountState::There, Some(4)));
    // The panel said that it made it, and does not list it.
    let lost = all_done(&fresh, &[], Done { given: Some(None), ..Done::default() });
    assert_eq!((kinds(&lost), lost.accounts[0].state), (vec![], AccountState::Adding));
    // The answer got lost, and it is there: another comparison gives it a password.
    let open = all_done(&fresh, &[staff("anna")], Done { is_open: true, ..Done::default() });
    assert_eq!((open.accounts[0].state, open.accounts[0].index, open.rest), (AccountState::Adding, None, Rest::Failed));
    let next = entries(&[person("anna")], &open.accounts, &[staff("anna")], &HashMap::new());
    assert_eq!(next[0].tasks, [Task::SetPassword]);
    let adopted = all_done(&next, &[staff("anna")], Done { given: Some(None), ..Done::default() });
    assert_eq!(kinds(&adopted), [EventKind::PanelAccountAdded]);
    let settled = entries(&[person("anna")], &adopted.accounts, &[staff("anna")], &HashMap::new());
    assert!(settled[0].tasks.is_empty() && all_done(&settled, &[staff("anna")], Done::default()).accounts.is_empty());
}

#[test]
fn a_password_that_the_panel_refuses_leaves_the_account_with_the_one_it_has() {
    let done = Done { given: Some(None), refused: Some((3, TOO_LONG)), ..Done::default() };
    let fresh = entries(&[person("anna")], &[], &[], &held(3));
    let row = all_done(&fresh, &[staff("anna")], done).accounts.remove(0);
    assert_eq!(
        (row.state, row.reason_code.as_deref(), row.refused_version),
        (AccountState::Refused, Some(TOO_LONG), Some(3))
    );
    let kept = entries(&[person("anna")], &[known("anna", AccountState::There)], &[staff("anna")], &held(3));
    let row =
        all_done(&kept, &[staff("anna")], Done { refused: Some((3, TOO_LONG)), ..Done::default() }).accounts.remove(0);
    assert_eq!((row.state, row.password_version, row.refused_version), (AccountState::Refused, Some(1), Some(3)));
    // The next one is shorter.
    let next = entries(&[person("anna")], &[row], &[staff("anna")], &held(4));
    let row = all_done(&next, &[staff("anna")], Done { given: Some(Some(4)), ..Done::default() }).accounts.remove(0);
    assert_eq!((row.state, row.reason_code, row.password_version), (AccountState::There, None, Some(4)));
}

#[test]
fn a_full_panel_is_asked_again_and_no_password_is_kept_for_it() {
    let full = Done { reason: Some(FULL), ..Done::default() };
    let fresh = entries(&[person("anna")], &[], &[], &held(3));
    let repaired = Repaired { done: HashMap::from([(0, full)]), failed: None, is_unfinished: false, wrote: true };
    let row = conclude(&fresh, &repaired, &[], CLOUD, &held(3), at(2)).accounts.remove(0);
    assert_eq!(
        (row.state, row.reason_code.as_deref(), row.refused_version),
        (AccountState::Refused, Some(FULL), Some(3))
    );
    assert_eq!(tasks(&[person("anna")], &[row.clone()], &[], &HashMap::new()), [Task::Create]);
    assert_eq!(tasks(&[], &[row], &[], &HashMap::new()), []);
}

#[test]
fn strangers_are_told_once_and_the_panels_own_accounts_never() {
    let there: Vec<Listed> = [
        ("admin", PanelRole::InstallerAdmin),
        ("root", PanelRole::LocalAdmin),
        ("installer", PanelRole::LocalInstaller),
        ("kid", PanelRole::LocalOperator),
        ("ghost", PanelRole::InstallerEmployee),
        ("boss", PanelRole::CloudAdmin),
        ("thing", PanelRole::Other("duressUser".to_owned())),
    ]
    .map(|(name, role)| listed(name, role))
    .to_vec();
    let first = entries(&[], &[], &there, &HashMap::new());
    let outcome = all_done(&first, &there, Done::default());
    let names: Vec<&str> = outcome.accounts.iter().map(|row| row.user_name.as_str()).collect();
    assert_eq!(names, ["ghost", "boss", "thing"]);
    assert_eq!((kinds(&outcome), outcome.is_clean), (vec![EventKind::PanelDriftFound; 3], true));
    let again = entries(&[], &outcome.accounts, &there, &HashMap::new());
    let second = all_done(&again, &there, Done::default());
    assert_eq!((second.accounts.len(), kinds(&second), second.dropped.len()), (0, vec![], 0));
    let gone = all_done(&entries(&[], &outcome.accounts, &[], &HashMap::new()), &[], Done::default());
    assert_eq!((gone.dropped.len(), gone.removed.len(), kinds(&gone)), (3, 0, vec![]));
}

#[test]
fn a_stranger_goes_on_order_only_and_comes_back_as_one_where_the_panel_refuses() {
    let found = entries(&[], &[], &[listed("ghost", PanelRole::InstallerEmployee)], &HashMap::new());
    assert!(found[0].tasks.is_empty());
    let ordered = PanelAccount { state: AccountState::Removing, ..found[0].row.clone() };
    let there = [listed("ghost", PanelRole::InstallerEmployee)];
    let going = entries(&[], &[ordered], &there, &HashMap::new());
    assert_eq!(going[0].tasks, [Task::Delete]);
    let gone = all_done(&going, &[], Done { deleted: true, ..Done::default() });
    assert_eq!((gone.removed.len(), kinds(&gone)), (1, vec![EventKind::PanelAccountRemoved]));
    let refused = all_done(&going, &there, Done { reason: Some("panel_refused"), ..Done::default() });
    assert_eq!((refused.accounts[0].state, refused.rest), (AccountState::Unexpected, Rest::Period));
}

#[test]
fn the_account_that_the_platform_logs_in_with_is_left_alone() {
    let there = [staff("anna")];
    let mut own = expect(&[person("anna")], &[], at(1));
    compare(&mut own, &there, CLOUD, "anna@x.y", &held(2), at(1));
    assert!(own[0].tasks.is_empty());
    let row = all_done(&own, &there, Done::default()).accounts.remove(0);
    assert_eq!(
        (row.state, row.reason_code.as_deref(), row.refused_version),
        (AccountState::Refused, Some(LOGIN_ACCOUNT), Some(2))
    );
    let mut leaving = expect(&[], &[row], at(1));
    compare(&mut leaving, &there, CLOUD, "anna@x.y", &HashMap::new(), at(1));
    let outcome = all_done(&leaving, &there, Done::default());
    assert_eq!((outcome.dropped.len(), outcome.removed.len(), outcome.is_clean), (1, 0, true));
}

#[test]
fn a_person_with_the_name_of_one_who_left_gets_a_new_account() {
    let old = PanelAccount {
        owner: Some(Owner { kind: PersonKind::Staff, id: "id-before".to_owned(), name: "Anna B.".to_owned() }),
        ..known("anna", AccountState::There)
    };
    let there = entries(&[person("anna")], &[old.clone()], &[staff("anna")], &HashMap::new());
    assert_eq!(there[0].tasks, [Task::Delete, Task::Create]);
    let first = &intents(&there)[0];
    assert_eq!((&first.id, first.state, &first.owner), (&old.id, AccountState::Removing, &old.owner));
    let outcome = all_done(&there, &[staff("anna")], Done { deleted: true, given: Some(None), ..Done::default() });
    assert_eq!((&outcome.removed[0].id, &outcome.removed[0].owner), (&old.id, &old.owner));
    assert_eq!(kinds(&outcome), [EventKind::PanelAccountRemoved, EventKind::PanelAccountAdded]);
    assert_ne!(outcome.accounts[0].id, old.id);
}

#[test]
fn older_panels_tell_fewer_roles_apart() {
    let admin = Wanted { role: AccountRole::InstallerAdmin, ..person("anna") };
    let mut there = expect(&[admin], &[known("anna", AccountState::There)], at(1));
    let list = [
        staff("anna"),
        listed("installer", PanelRole::InstallerEmployee),
        listed("keypad", PanelRole::Other(String::new())),
        listed("ghost", PanelRole::InstallerEmployee),
    ];
    compare(&mut there, &list, OLDER, "admin", &HashMap::new(), at(1));
    assert!(there[0].tasks.is_empty());
    let found: Vec<&str> = there[1..].iter().map(|entry| entry.row.user_name.as_str()).collect();
    assert_eq!(found, ["ghost"]);
}

#[test]
fn a_panel_that_is_off_shows_what_is_meant_to_happen() {
    let known = [known("boris", AccountState::There)];
    let meant = not_reached(&expect(&[person("anna")], &known, at(1)));
    let states: Vec<_> = meant.iter().map(|row| (row.user_name.as_str(), row.state)).collect();
    assert_eq!(states, [("anna@x.y", AccountState::Adding), ("boris@x.y", AccountState::Removing)]);
    assert!(not_reached(&expect(&[person("anna")], &meant[..1], at(9))).is_empty());
}

#[test]
fn passwords_that_a_panel_took_before_it_was_cut_off_count() {
    let cut = entries(&[person("anna")], &[known("anna", AccountState::There)], &[staff("anna")], &held(2));
    let done = HashMap::from([(0, Done { given: Some(Some(2)), ..Done::default() })]);
    let outcome = conclude_unread(&cut, &Repaired { done, failed: None, is_unfinished: false, wrote: true }, at(2));
    assert_eq!(
        (outcome.accounts[0].password_version, kinds(&outcome)),
        (Some(2), vec![EventKind::PanelPasswordDelivered])
    );
    let made = entries(&[person("anna")], &[], &[], &held(2));
    let done = HashMap::from([(0, Done { given: Some(Some(2)), ..Done::default() })]);
    let outcome = conclude_unread(&made, &Repaired { done, failed: None, is_unfinished: false, wrote: true }, at(2));
    assert_eq!((outcome.accounts[0].index, outcome.accounts[0].state), (None, AccountState::Adding));
}
