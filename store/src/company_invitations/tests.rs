use siteward_domain::custody::CompanyInvitationState as State;

use super::*;
use crate::Store;
use crate::testing::{at, company, end_user, on_both, own, site};

fn new(site: &SiteId, owner: &EndUserId, token: &str) -> NewCompanyInvitation {
    NewCompanyInvitation {
        id: CompanyInvitationId::generate(at(1)),
        site_id: site.clone(),
        end_user_id: owner.clone(),
        email: "office@example.org".into(),
        remark: String::new(),
        asks: Asks { site: true, devices: Vec::new() },
        token_hash: token.into(),
        expires_at: at(100),
    }
}

fn owned(store: &Store) -> (SiteId, EndUserId) {
    let site = site(store, &company(store), "Villa");
    let owner = end_user(store, "owner@example.org");
    own(store, &site, &owner);
    (site, owner)
}

#[test]
fn a_link_is_good_until_its_time_is_over_and_then_there_may_be_another() {
    on_both(|store| {
        let (site, owner) = owned(store);
        let first = new(&site, &owner, "one");
        store.write(|conn| create(conn, &first, at(1))).unwrap();
        let again = store.write(|conn| create(conn, &new(&site, &owner, "two"), at(99)));
        assert!(matches!(again, Err(StoreError::Duplicate { what: "company_invitation" })));
        let open = |token: &str, now| store.read(|conn| find_open(conn, token, now)).unwrap();
        assert_eq!(open("one", at(99)).unwrap().id, first.id);
        assert!(open("one", at(100)).is_none() && open("two", at(2)).is_none());
        store.write(|conn| create(conn, &new(&site, &owner, "two"), at(100))).unwrap();
        let states: Vec<_> = store.read(|conn| list_of_site(conn, &site, at(200))).unwrap();
        assert_eq!(states.iter().map(|one| one.state).collect::<Vec<_>>(), [State::Expired, State::Expired]);
    });
}

#[test]
fn of_two_that_take_it_up_at_once_one_does() {
    on_both(|store| {
        let (site, owner) = owned(store);
        let (invitation, them) = (new(&site, &owner, "one"), [company(store), company(store)]);
        store.write(|conn| create(conn, &invitation, at(1))).unwrap();
        let accept =
            &|who: &CompanyId| store.write(|conn| end(conn, &invitation.id, State::Accepted, Some(who), at(2)));
        let won = std::thread::scope(|threads| {
            let asked: Vec<_> = them.iter().map(|who| threads.spawn(move || accept(who))).collect();
            asked.into_iter().filter_map(|thread| thread.join().unwrap().ok()).count()
        });
        assert_eq!(won, 1);
        assert!(store.read(|conn| find_open(conn, "one", at(3))).unwrap().is_none());
    });
}

#[test]
fn the_link_of_who_does_not_own_the_site_any_more_is_dead() {
    on_both(|store| {
        let (site, owner) = owned(store);
        store.write(|conn| create(conn, &new(&site, &owner, "one"), at(1))).unwrap();
        own(store, &site, &end_user(store, "next@example.org"));
        assert!(store.read(|conn| find_open(conn, "one", at(2))).unwrap().is_none());
    });
}

#[test]
fn whom_an_owner_invited_is_not_the_next_owners_business() {
    on_both(|store| {
        let (site, owner) = owned(store);
        store.write(|conn| create(conn, &new(&site, &owner, "one"), at(1))).unwrap();
        assert_eq!(store.read(|conn| list_of_site(conn, &site, at(2))).unwrap().len(), 1);
        own(store, &site, &end_user(store, "next@example.org"));
        assert!(store.read(|conn| list_of_site(conn, &site, at(2))).unwrap().is_empty());
    });
}
