use diesel::sql_query;

use super::*;
use crate::Store;
use crate::testing::{at, company, member, on_both};

fn signed_in(store: &Store, company: &CompanyId, staff: &StaffId, token: &str, seconds: i64) -> SessionId {
    let new = NewSession {
        id: SessionId::generate(at(seconds)),
        token_hash: token.into(),
        company_id: company.clone(),
        staff_id: staff.clone(),
        created_at: at(seconds),
        from_address: "192.0.2.1".into(),
        user_agent: format!("Browser of {token}"),
    };
    store.write(|conn| create_session(conn, &new)).unwrap();
    new.id
}

fn sql(store: &Store, text: &str) {
    store.write(|conn| Ok(sql_query(text.to_owned()).execute(conn)?)).unwrap();
}

#[test]
fn a_session_carries_what_the_role_allows_and_no_more() {
    on_both(|store| {
        let company = company(store);
        let anna = member(store, &company, "anna@example.com");
        signed_in(store, &company, &anna, "a", 0);
        let rights = || store.read(|conn| find_session(conn, "a", at(1))).unwrap().unwrap().rights;
        assert_eq!(rights(), [], "without a role there are none");
        sql(
            store,
            &format!(
                "INSERT INTO roles (id, company_id, name, name_lower, created_at) VALUES ('r', '{company}', 'Looker', 'looker', 0)"
            ),
        );
        sql(store, "INSERT INTO role_rights (role_id, name) VALUES ('r', 'view_exceptions'), ('r', 'add_site')");
        sql(store, &format!("UPDATE staff SET role_id = 'r' WHERE id = '{anna}'"));
        assert_eq!(rights(), [Right::AddSite, Right::ViewExceptions]);
        assert_eq!(store.read(|conn| rights_of(conn, &anna)).unwrap(), rights());
        sql(store, &format!("UPDATE staff SET role_id = NULL, is_admin = (1 = 1) WHERE id = '{anna}'"));
        assert_eq!(rights(), Right::ALL);
        sql(store, "UPDATE companies SET two_factor_required = (1 = 1)");
        assert_eq!(store.read(|conn| rights_of(conn, &anna)).unwrap(), [], "a second factor is missing");
    });
}

#[test]
fn a_second_factor_has_to_be_set_up_where_the_company_wants_one_and_there_is_none() {
    on_both(|store| {
        let company = company(store);
        let anna = member(store, &company, "anna@example.com");
        signed_in(store, &company, &anna, "a", 0);
        let needed = || store.read(|conn| find_session(conn, "a", at(1))).unwrap().unwrap().two_factor_enrolment_needed;
        assert!(!needed());
        sql(store, "UPDATE companies SET two_factor_required = (1 = 1)");
        assert!(needed());
        sql(store, "UPDATE staff SET sealed_totp = 'x', totp_confirmed_at = 1");
        assert!(!needed());
    });
}

#[test]
fn a_person_sees_their_own_good_sessions_the_last_used_first() {
    on_both(|store| {
        let company = company(store);
        let (anna, boris) = (member(store, &company, "anna@example.com"), member(store, &company, "b@example.com"));
        let old = signed_in(store, &company, &anna, "old", 0);
        signed_in(store, &company, &anna, "idle", 10);
        let new = signed_in(store, &company, &anna, "new", 1900);
        signed_in(store, &company, &boris, "his", 1900);
        store.write(|conn| touch(conn, &old, at(1950))).unwrap();
        let listed = store.read(|conn| list_sessions(conn, &anna, at(2000))).unwrap();
        assert_eq!(listed.iter().map(|session| &session.id).collect::<Vec<_>>(), [&old, &new]);
        assert_eq!((listed[1].user_agent.as_str(), listed[1].from_address.as_str()), ("Browser of new", "192.0.2.1"));
        assert_eq!(listed[0].expires_at(), at(1950 + SESSION_IDLE_SECONDS));
        let at_noon = store.read(|conn| list_sessions(conn, &anna, at(SESSION_ABSOLUTE_SECONDS))).unwrap();
        assert!(at_noon.is_empty());
    });
}

#[test]
fn a_person_ends_one_of_their_own_sessions_or_all_others() {
    on_both(|store| {
        let company = company(store);
        let (anna, boris) = (member(store, &company, "anna@example.com"), member(store, &company, "b@example.com"));
        let own: Vec<_> = ["1", "2", "3", "4"].map(|token| signed_in(store, &company, &anna, token, 0)).into();
        let his = signed_in(store, &company, &boris, "his", 0);
        let foreign = store.write(|conn| end_session_of(conn, &anna, &his));
        assert!(matches!(foreign, Err(StoreError::NotFound)));
        store.write(|conn| end_session_of(conn, &anna, &own[0])).unwrap();
        let again = store.write(|conn| end_session_of(conn, &anna, &own[0]));
        assert!(matches!(again, Err(StoreError::NotFound)));
        let ended = store.write(|conn| end_other_sessions(conn, &anna, &own[1])).unwrap();
        assert!(ended.len() == 2 && ended.contains(&own[2]) && ended.contains(&own[3]));
        assert_eq!(store.write(|conn| end_sessions_of(conn, &anna)).unwrap(), [own[1].clone()]);
        assert!(store.read(|conn| find_session(conn, "his", at(1))).unwrap().is_some());
    });
}

#[test]
fn when_a_person_was_last_here_outlives_their_sessions() {
    on_both(|store| {
        let company = company(store);
        let anna = member(store, &company, "anna@example.com");
        let seen = || -> Option<i64> {
            let of_anna = staff::table.select(staff::last_seen_at).filter(staff::id.eq(anna.as_str()));
            store.read(|conn| Ok(of_anna.first(conn)?)).unwrap()
        };
        assert_eq!(seen(), None);
        let session = signed_in(store, &company, &anna, "a", 0);
        assert_eq!(seen(), Some(micros(at(0))));
        store.write(|conn| touch(conn, &session, at(100))).unwrap();
        store.write(|conn| end_session(conn, &session)).unwrap();
        assert_eq!(seen(), Some(micros(at(100))));
    });
}
