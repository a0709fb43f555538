use super::*;
use crate::Store;
use crate::testing::{at, end_user, on_both};

fn sign_in(store: &Store, end_user: &EndUserId, token: &str, seconds: i64) -> EndUserSessionId {
    let new = NewEndUserSession {
        id: EndUserSessionId::generate(at(seconds)),
        token_hash: token.into(),
        end_user_id: end_user.clone(),
        created_at: at(seconds),
        from_address: "192.0.2.7".into(),
        user_agent: "Firefox".into(),
    };
    store.write(|conn| create_session(conn, &new)).unwrap();
    new.id
}

#[test]
fn a_session_ends_after_half_an_hour_unused_and_after_twelve_hours_anyway() {
    on_both(|store| {
        let olga = end_user(store, "olga@example.com");
        let id = sign_in(store, &olga, "one", 0);
        let find = |seconds| store.read(|conn| find_session(conn, "one", at(seconds))).unwrap();
        assert_eq!(find(SESSION_IDLE_SECONDS - 1).unwrap().end_user_id, olga);
        assert!(find(SESSION_IDLE_SECONDS).is_none());
        let mut seconds = 0;
        while seconds < SESSION_ABSOLUTE_SECONDS - 60 {
            seconds += 1500;
            store.write(|conn| touch(conn, &id, at(seconds))).unwrap();
        }
        assert!(find(SESSION_ABSOLUTE_SECONDS - 1).is_some());
        assert!(find(SESSION_ABSOLUTE_SECONDS).is_none());
        assert_eq!(store.write(|conn| prune(conn, at(SESSION_ABSOLUTE_SECONDS))).unwrap(), 1);
    });
}

#[test]
fn a_person_ends_their_own_sessions_and_nobody_elses() {
    on_both(|store| {
        let (olga, peter) = (end_user(store, "olga@example.com"), end_user(store, "peter@example.com"));
        let (here, there) = (sign_in(store, &olga, "here", 0), sign_in(store, &olga, "there", 1));
        let his = sign_in(store, &peter, "his", 2);
        let refused = store.write(|conn| end_session_of(conn, &olga, &his));
        assert!(matches!(refused, Err(StoreError::NotFound)));
        let listed = store.read(|conn| list_sessions(conn, &olga, at(3))).unwrap();
        assert_eq!(listed.iter().map(|session| &session.id).collect::<Vec<_>>(), [&there, &here]);
        assert_eq!(store.write(|conn| end_sessions_of(conn, &olga, Some(&here))).unwrap(), [there]);
        assert_eq!(store.write(|conn| end_sessions_of(conn, &olga, None)).unwrap(), [here]);
        assert!(store.read(|conn| find_session(conn, "his", at(3))).unwrap().is_some());
    });
}
