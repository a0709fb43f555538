use super::*;
use crate::devices::delete_device;
use crate::sessions::{self, NewSession};
use crate::testing::{at, company, count_rows, device, events_of, member, on_both, site};
use crate::{Store, staff as people};

const LIFETIME: Lifetime = Lifetime { idle: Duration::minutes(10), longest: Duration::minutes(60) };

struct Place {
    company: CompanyId,
    device: DeviceId,
    staff: StaffId,
    session: SessionId,
}

fn place(store: &Store) -> Place {
    let company = company(store);
    let site = site(store, &company, "Villa");
    let staff = member(store, &company, &format!("{company}@example.com"));
    let new = NewSession {
        id: SessionId::generate(at(0)),
        token_hash: format!("token of {company}"),
        company_id: company.clone(),
        staff_id: staff.clone(),
        created_at: at(0),
        from_address: "127.0.0.1".into(),
        user_agent: String::new(),
    };
    store.write(|conn| sessions::create_session(conn, &new)).unwrap();
    Place { device: device(store, &company, &site, "10.0.0.1", 1), company, staff, session: new.id }
}

fn opened(store: &Store, place: &Place, label: &str) -> RemoteSession {
    let new = NewRemoteSession {
        id: RemoteSessionId::generate(at(0)),
        company_id: place.company.clone(),
        device_id: place.device.clone(),
        staff_id: place.staff.clone(),
        session_id: place.session.clone(),
        label_hash: label.into(),
        entry_hash: format!("entry of {label}"),
        may_write: true,
    };
    store.write(|conn| open(conn, &new, at(0))).unwrap()
}

fn entered(store: &Store, label: &str, seconds: i64) -> Option<RemoteSession> {
    let (entry, cookie) = (format!("entry of {label}"), format!("cookie of {label}"));
    store.write(|conn| enter(conn, label, &entry, &cookie, at(seconds))).unwrap()
}

fn found(store: &Store, label: &str, cookie: &str, seconds: i64) -> bool {
    store.read(|conn| find_by_cookie(conn, label, cookie, at(seconds), LIFETIME)).unwrap().is_some()
}

#[test]
fn a_session_is_entered_once_and_in_time_and_needs_its_own_cookie() {
    on_both(|store| {
        let place = place(store);
        for label in ["a", "b", "late"] {
            opened(store, &place, label);
        }
        assert!(!found(store, "a", "cookie of a", 1));
        assert!(entered(store, "a", 59).is_some() && entered(store, "b", 1).is_some());
        assert!(entered(store, "a", 59).is_none() && entered(store, "late", 60).is_none());
        assert!(store.write(|conn| enter(conn, "late", "entry of a", "c", at(1))).unwrap().is_none());
        assert!(found(store, "a", "cookie of a", 60));
        assert!(!found(store, "a", "cookie of b", 60) && !found(store, "b", "cookie of a", 60));
        assert_eq!(events_of(store, &place.company, EventKind::RemoteSessionOpened).len(), 3);
    });
}

#[test]
fn a_session_ends_idle_old_or_closed_and_each_end_is_told_once() {
    on_both(|store| {
        let place = place(store);
        let (idle, old, closed) =
            (opened(store, &place, "idle"), opened(store, &place, "old"), opened(store, &place, "c"));
        for label in ["idle", "old", "c"] {
            entered(store, label, 0).unwrap();
        }
        let list =
            |seconds| store.read(|conn| list_open(conn, &place.company, &place.staff, at(seconds), LIFETIME)).unwrap();
        assert_eq!(list(1).len(), 3);
        let close =
            |seconds| store.write(|conn| close(conn, &place.company, &place.staff, &closed.id, at(seconds))).unwrap();
        assert!(close(1) && !close(2));
        assert!(!found(store, "c", "cookie of c", 2));
        assert!(!old.needs_touch(at(14)) && old.needs_touch(at(15)));
        for seconds in (0..3600).step_by(300) {
            store.write(|conn| touch(conn, &old.id, at(seconds))).unwrap();
        }
        assert!(found(store, "idle", "cookie of idle", 599) && !found(store, "idle", "cookie of idle", 600));
        assert!(found(store, "old", "cookie of old", 3599) && !found(store, "old", "cookie of old", 3600));
        assert_eq!(list(700).iter().map(|session| &session.id).collect::<Vec<_>>(), [&old.id]);
        let sweep = |seconds| store.write(|conn| close_idle(conn, at(seconds), LIFETIME)).unwrap();
        assert_eq!((sweep(700), sweep(700), sweep(3600)), (1, 0, 1));
        assert_ne!(idle.id, old.id);
        assert_eq!(events_of(store, &place.company, EventKind::RemoteSessionClosed).len(), 3);
        assert_eq!(store.write(|conn| prune(conn, at(3601))).unwrap(), 3);
        assert_eq!(store.read(|conn| count_rows(conn, "remote_sessions")).unwrap(), 0);
    });
}

#[test]
fn a_session_ends_with_sign_out_with_its_person_disabled_and_with_its_device() {
    on_both(|store| {
        let (signed_out, disabled, gone) = (place(store), place(store), place(store));
        for (place, label) in [(&signed_out, "a"), (&disabled, "b"), (&gone, "c")] {
            opened(store, place, label);
            entered(store, label, 0).unwrap();
        }
        store.write(|conn| sessions::end_session(conn, &signed_out.session)).unwrap();
        store.write(|conn| people::set_disabled(conn, &disabled.staff, true)).unwrap();
        store.write(|conn| delete_device(conn, &gone.company, &gone.device, at(1))).unwrap();
        for label in ["a", "b", "c"] {
            assert!(!found(store, label, &format!("cookie of {label}"), 2), "{label}");
        }
    });
}

#[test]
fn nobody_opens_closes_or_sees_a_session_of_others() {
    on_both(|store| {
        let (mine, other) = (place(store), place(store));
        let session = opened(store, &mine, "a");
        let close = |company, staff| store.write(|conn| close(conn, company, staff, &session.id, at(1)));
        assert!(matches!(close(&other.company, &other.staff), Err(StoreError::NotFound)));
        assert!(matches!(close(&mine.company, &other.staff), Err(StoreError::NotFound)));
        let listed = store.read(|conn| list_open(conn, &other.company, &other.staff, at(1), LIFETIME)).unwrap();
        assert!(listed.is_empty());
        let new = NewRemoteSession {
            id: RemoteSessionId::generate(at(0)),
            company_id: other.company.clone(),
            device_id: mine.device.clone(),
            staff_id: other.staff.clone(),
            session_id: other.session.clone(),
            label_hash: "x".into(),
            entry_hash: "y".into(),
            may_write: false,
        };
        assert!(matches!(store.write(|conn| open(conn, &new, at(0))), Err(StoreError::NotFound)));
    });
}
