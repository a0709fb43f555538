use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn person(kind: PersonKind, id: &str) -> Person {
    Person { kind, id: id.into(), name: id.to_uppercase(), email: format!("{id}@example.com") }
}

fn member(id: &str) -> Member {
    Member {
        person: person(PersonKind::Staff, id),
        is_admin: false,
        disabled: false,
        manages_all_sites: false,
        manages_assigned_sites: true,
        assigned_until: None,
    }
}

/// One of every kind of staff, an owner and a receiver of a share.
fn situation(site: Option<SiteStatus>) -> Situation {
    let staff = vec![
        Member { is_admin: true, ..member("admin") },
        Member { manages_all_sites: true, manages_assigned_sites: false, ..member("all") },
        Member { assigned_until: Some(None), ..member("manager") },
        Member { assigned_until: Some(Some(at(60))), ..member("guest") },
        Member { assigned_until: Some(Some(at(0))), ..member("expired") },
        member("elsewhere"),
        Member { manages_assigned_sites: false, assigned_until: Some(None), ..member("without_right") },
        Member { disabled: true, manages_all_sites: true, ..member("disabled") },
        Member { disabled: true, is_admin: true, ..member("disabled_admin") },
    ];
    let owner = Some(person(PersonKind::EndUser, "owner"));
    Situation { site, staff, owner, operators: vec![person(PersonKind::EndUser, "neighbour")] }
}

/// Who has an account, as what, and why.
type Row = (&'static str, AccountRole, Because);

/// The table of R-A1: each state of the site x each kind of person, with role and reason.
#[test]
fn every_cell_of_state_and_person_holds() {
    use AccountRole as R;
    use Because as B;
    use SiteStatus as S;
    let staff: &[Row] = &[
        ("admin", R::InstallerAdmin, B::Admin),
        ("all", R::Installer, B::ManagesAllSites),
        ("manager", R::Installer, B::ManagesSite),
        ("guest", R::Installer, B::ManagesSite),
    ];
    let users: &[Row] = &[("owner", R::Owner, B::OwnsSite), ("neighbour", R::Operator, B::Shared)];
    let both = [staff, users].concat();
    let before = [staff, &users[1..]].concat();
    let table: [(Option<S>, &[Row]); 5] = [
        (Some(S::NotInvited), &before),
        (Some(S::NotAccepted), &before),
        (Some(S::NotAuthorized), users),
        (Some(S::Authorized), &both),
        (None, &[]),
    ];
    for (site, expected) in table {
        let wanted = wanted_accounts(&situation(site), at(0));
        let got: Vec<_> = wanted.iter().map(|one| (one.person.id.as_str(), one.role, one.because)).collect();
        assert_eq!(got, expected, "{site:?}");
    }
}

#[test]
fn an_assignment_ends_at_its_instant_and_tells_when_that_is() {
    let situation = situation(Some(SiteStatus::NotInvited));
    let has = |seconds| wanted_accounts(&situation, at(seconds)).iter().any(|one| one.person.id == "guest");
    assert_eq!((has(59), has(60)), (true, false));
    assert_eq!(next_change(&situation, at(0)), Some(at(60)));
    assert_eq!(next_change(&situation, at(60)), None);
}

#[test]
fn user_names_fit_a_panel_and_stay_apart() {
    assert_eq!(user_name("Anna.Smith@Example.com"), "anna.smith@example.com");
    let long = |start: &str| user_name(&format!("{start}.with-a-rather-long-address@installers.example.com"));
    assert_ne!(long("anna"), long("annb"));
    assert_ne!(user_name("zo\u{eb}@example.com"), user_name("zo\u{ea}@example.com"));
    for name in [long("anna"), user_name("zo\u{eb}@example.com"), user_name(&"x".repeat(300))] {
        assert!(name.len() <= MOST_USER_NAME_BYTES && name.is_ascii(), "{name}");
    }
    assert_eq!(long("anna"), long("anna"));
}

#[test]
fn an_owner_with_the_address_of_a_member_of_staff_has_the_plain_name() {
    let mut situation = situation(Some(SiteStatus::Authorized));
    let names = |situation: &Situation| -> Vec<(String, PersonKind)> {
        let wanted = wanted_accounts(situation, at(0));
        user_names(&wanted).into_iter().zip(wanted.iter().map(|one| one.person.kind)).collect()
    };
    let all_plain = names(&situation);
    assert!(all_plain.iter().all(|(name, _)| name.ends_with("@example.com")), "{all_plain:?}");
    situation.owner = Some(Person { email: "Manager@Example.com".to_owned(), ..person(PersonKind::EndUser, "owner") });
    let all = names(&situation);
    let apart: BTreeSet<&String> = all.iter().map(|(name, _)| name).collect();
    assert_eq!(apart.len(), all.len(), "{all:?}");
    assert!(all.contains(&("manager@example.com".to_owned(), PersonKind::EndUser)), "{all:?}");
    let other = all.iter().find(|(name, _)| name.starts_with("manager") && !name.ends_with("@example.com")).unwrap();
    assert!(other.0.len() <= MOST_USER_NAME_BYTES && other.1 == PersonKind::Staff);
}
