use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

use super::*;
use crate::settings;
use crate::testing::{on_both, on_postgres, open};

#[test]
fn an_error_takes_back_everything_the_transaction_did() {
    on_both(|store| {
        let failed = store.write(|conn| {
            settings::put(conn, "a", "1")?;
            Err::<(), _>(StoreError::Stale)
        });
        assert!(matches!(failed, Err(StoreError::Stale)));
        assert_eq!(store.read(|conn| settings::find(conn, "a")).unwrap(), None);
        store.write(|conn| settings::put(conn, "a", "1")).unwrap();
        store.write(|conn| settings::put(conn, "a", "2")).unwrap();
        assert_eq!(store.read(|conn| settings::find(conn, "a")).unwrap().as_deref(), Some("2"));
        store.write(|conn| settings::delete(conn, "a")).unwrap();
        assert_eq!(store.read(|conn| settings::find(conn, "a")).unwrap(), None);
    });
}

#[test]
fn a_panic_inside_a_transaction_leaves_the_store_usable() {
    on_both(|store| {
        for _ in 0..10 {
            let panicked = std::thread::scope(|threads| {
                let work = || {
                    store.write(|conn| {
                        settings::put(conn, "a", "1")?;
                        panic!("on purpose");
                        #[expect(unreachable_code, reason = "gives the closure its type")]
                        Ok(())
                    })
                };
                threads.spawn(work).join()
            });
            assert!(panicked.is_err());
        }
        assert_eq!(store.read(|conn| settings::find(conn, "a")).unwrap(), None);
        store.write_relaxed(|conn| settings::put(conn, "a", "2")).unwrap();
    });
}

#[test]
fn many_writers_and_readers_never_see_a_locked_database() {
    on_both(|store| {
        store.write(|conn| settings::put(conn, "count", "0")).unwrap();
        let done = AtomicU32::new(0);
        std::thread::scope(|threads| {
            for _ in 0..6 {
                threads.spawn(|| {
                    for number in 0..25 {
                        store.write(|conn| settings::put(conn, "count", &number.to_string())).unwrap();
                        store.read(|conn| settings::find(conn, "count")).unwrap();
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        assert_eq!(done.into_inner(), 150);
    });
}

#[test]
fn a_read_sees_one_unchanging_state() {
    on_both(|store| {
        store.write(|conn| settings::put(conn, "a", "1")).unwrap();
        store
            .read(|conn| {
                let before = settings::find(conn, "a")?;
                std::thread::scope(|threads| {
                    let write = || store.write(|conn| settings::put(conn, "a", "2"));
                    threads.spawn(write).join().unwrap().unwrap();
                });
                assert_eq!(settings::find(conn, "a")?, before);
                Ok(())
            })
            .unwrap();
    });
}

#[test]
fn connections_that_the_server_closed_are_replaced_unnoticed() {
    on_postgres(|database| {
        let store = open(Some(database.url.clone()), std::env::temp_dir());
        store.write(|conn| settings::put(conn, "a", "1")).unwrap();
        for _ in 0..5 {
            let mut other = PgConnection::establish(&database.url).unwrap();
            let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()";
            other.batch_execute(kill).unwrap();
            store.write(|conn| settings::put(conn, "a", "2")).unwrap();
            assert_eq!(store.read(|conn| settings::find(conn, "a")).unwrap().as_deref(), Some("2"));
        }
    });
}

#[test]
fn a_database_that_is_not_there_is_told_within_five_seconds() {
    let settings = StoreSettings {
        database_url: Some("postgres://nobody@127.0.0.1:1/none".into()),
        data_dir: std::env::temp_dir(),
        pool_size: 2,
    };
    let began = std::time::Instant::now();
    let refused = Store::open(&settings, MasterKey::generate()).err().unwrap();
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
    assert!(began.elapsed() < Duration::from_secs(5));
}
