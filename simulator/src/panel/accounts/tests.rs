use super::*;

fn accounts(limit: usize) -> Accounts {
    Accounts::new("admin", PanelRole::LocalAdmin, "Factory-77".to_owned(), &[], limit)
}

fn wish(name: &str, role: PanelRole, password: &str) -> Wish {
    Wish { name: Some(name.to_owned()), role: Some(role), password: Some(password.to_owned()), ..Wish::default() }
}

fn refused(outcome: Result<(u32, Taken), Refusal>) -> &'static str {
    outcome.err().unwrap().1
}

#[test]
fn the_installer_of_the_factory_is_there_and_disabled() {
    let accounts = accounts(9);
    let found: Vec<_> = accounts.all().iter().map(|account| (account.role, account.may_sign_in())).collect();
    assert_eq!(found, [(PanelRole::LocalAdmin, true), (PanelRole::LocalInstaller, false)]);
}

#[test]
fn numbers_of_deleted_accounts_come_back() {
    let mut accounts = accounts(9);
    for name in ["ann", "ben", "cleo"] {
        accounts.create(wish(name, PanelRole::InstallerEmployee, "Good-words-77")).unwrap();
    }
    accounts.delete(4).unwrap();
    let (index, _) = accounts.create(wish("dora", PanelRole::InstallerEmployee, "Good-words-77")).unwrap();
    assert_eq!((index, accounts.find(4).unwrap().name.as_str()), (4, "dora"));
}

#[test]
fn names_and_passwords_are_judged() {
    let mut accounts = accounts(9);
    let long_name = "n".repeat(33);
    for (name, password, word) in [
        ("", "Good-words-77", "badParameters"),
        (long_name.as_str(), "Good-words-77", "badParameters"),
        ("a\nb", "Good-words-77", "badParameters"),
        ("ann", "Sho-rt7", "badParameters"),
        ("ann", "", "badParameters"),
        ("ann", "onlyletters", "riskPassword"),
        ("password-7", "Password-7", "riskPassword"),
        ("ann", "seventeen-chars-7", "passwordLenNoMoreThan16"),
        ("admin", "Good-words-77", "userExist"),
    ] {
        let outcome = accounts.create(wish(name, PanelRole::InstallerEmployee, password));
        assert_eq!(refused(outcome), word, "{name:?} {password:?}");
    }
    assert_eq!(accounts.all().len(), 2);
    assert!(accounts.create(wish(&"n".repeat(32), PanelRole::InstallerEmployee, "sixteen-chars-77")).is_ok());
    let (_, taken) = accounts.create(wish("ben", PanelRole::InstallerEmployee, "abcdefg1")).unwrap();
    assert_eq!(taken, Taken::Risky);
}

#[test]
fn a_batch_is_created_whole_or_not_at_all() {
    let mut accounts = accounts(4);
    let employee = |name: &str| wish(name, PanelRole::InstallerEmployee, "Good-words-77");
    assert_eq!(accounts.create_all(vec![employee("ann"), employee("ann")]).unwrap_err().1, "userExist");
    assert_eq!(accounts.create_all(vec![employee("a"), employee("b"), employee("c")]).unwrap_err().1, "userMaxNum");
    assert_eq!(accounts.all().len(), 2);
    assert_eq!(accounts.create_all(vec![employee("ann"), employee("ben")]).unwrap(), [3, 4]);
    assert_eq!(refused(accounts.create(employee("cleo"))), "userMaxNum");
}

#[test]
fn a_company_expires_the_installer_of_the_factory_and_an_owner_the_local_admin_where_set() {
    let mut accounts = accounts(9);
    let expired = |accounts: &Accounts| accounts.all().iter().map(|one| one.expired).collect::<Vec<_>>();
    accounts.create(wish("company", PanelRole::InstallerAdmin, "Good-words-77")).unwrap();
    assert_eq!(expired(&accounts), [false, true, false]);
    accounts.create(wish("owner", PanelRole::CloudAdmin, "Good-words-77")).unwrap();
    assert_eq!(expired(&accounts), [false, true, false, false]);
    accounts.expire_local_admin = true;
    accounts.create(wish("partner", PanelRole::CloudAdmin, "Good-words-77")).unwrap();
    assert_eq!(expired(&accounts), [true, true, false, false, false]);
}
