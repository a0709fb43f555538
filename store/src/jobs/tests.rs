use serde_json::json;

use super::*;
use crate::testing::{at, on_both};

const LEASE: Duration = Duration::seconds(60);

fn job(kind: &str, key: Option<&str>) -> NewJob {
    NewJob {
        id: JobId::generate(at(0)),
        kind: kind.into(),
        payload: json!({ "import_id": "x" }),
        run_at: at(0),
        dedup_key: key.map(str::to_owned),
        most_attempts: 2,
    }
}

#[test]
fn a_job_is_leased_once_and_again_when_its_lease_ends() {
    on_both(|store| {
        let new = job("import", None);
        assert!(store.write(|conn| enqueue(conn, &new, at(0))).unwrap());
        let claim = |owner: &str, kinds: &[&str], seconds| {
            store.write(|conn| claim(conn, owner, kinds, 10, at(seconds), LEASE)).unwrap()
        };
        assert!(claim("a", &["mail"], 0).is_empty());
        let claimed = claim("a", &["mail", "import"], 0);
        assert_eq!((claimed.len(), claimed[0].attempt, &claimed[0].payload), (1, 1, &new.payload));
        assert!(claim("b", &["import"], 59).is_empty());
        assert_eq!(claim("b", &["import"], 60)[0].attempt, 2);
        assert!(matches!(store.write(|conn| finish(conn, &new.id, "a")), Err(StoreError::Stale)));
        store.write(|conn| extend(conn, &new.id, "b", at(100), LEASE)).unwrap();
        assert!(claim("a", &["import"], 159).is_empty());
        store.write(|conn| finish(conn, &new.id, "b")).unwrap();
        assert_eq!(store.read(count_open).unwrap(), 0);
    });
}

#[test]
fn a_failed_job_waits_longer_each_time_then_is_dead_and_can_be_restarted() {
    on_both(|store| {
        let new = job("import", None);
        store.write(|conn| enqueue(conn, &new, at(0))).unwrap();
        let run = |seconds| store.write(|conn| claim(conn, "a", &["import"], 1, at(seconds), LEASE)).unwrap();
        let fail = |seconds| store.write(|conn| fail(conn, &new.id, "a", "timeout", at(seconds))).unwrap();
        run(0);
        let Failed::RetryAt(then) = fail(0) else { panic!("dead too soon") };
        assert!(then >= at(5) && then <= at(7), "{then}");
        assert!(run(4).is_empty());
        assert_eq!(run(7).len(), 1);
        assert_eq!(fail(7), Failed::Dead);
        assert!(run(10_000).is_empty());
        let dead = store.read(list_dead).unwrap();
        assert_eq!((dead[0].last_error.as_str(), dead[0].attempts), ("timeout", 2));
        store.write(|conn| restart(conn, &new.id, at(8))).unwrap();
        assert_eq!(run(8)[0].attempt, 1);
    });
}

#[test]
fn of_jobs_with_one_key_only_one_waits_or_runs() {
    on_both(|store| {
        let (one, two, other) = (job("import", Some("k")), job("import", Some("k")), job("mail", Some("k")));
        let add = |job: &NewJob| store.write(|conn| enqueue(conn, job, at(0))).unwrap();
        assert!(add(&one));
        assert!(!add(&two));
        assert!(add(&other));
        store.write(|conn| claim(conn, "a", &["import"], 1, at(0), LEASE)).unwrap();
        store.write(|conn| finish(conn, &one.id, "a")).unwrap();
        assert!(add(&two));
    });
}

#[test]
fn a_job_given_back_has_not_lost_an_attempt() {
    on_both(|store| {
        let new = job("import", None);
        store.write(|conn| enqueue(conn, &new, at(0))).unwrap();
        for _ in 0..5 {
            let claimed = store.write(|conn| claim(conn, "a", &["import"], 1, at(0), LEASE)).unwrap();
            assert_eq!(claimed[0].attempt, 1);
            store.write(|conn| give_back(conn, &new.id, "a", at(0))).unwrap();
        }
    });
}

#[test]
fn many_workers_claim_every_job_exactly_once() {
    on_both(|store| {
        let jobs: Vec<NewJob> = (0..60).map(|_| job("import", None)).collect();
        store.write(|conn| jobs.iter().try_for_each(|job| enqueue(conn, job, at(0)).map(drop))).unwrap();
        let mut claimed: Vec<JobId> = std::thread::scope(|threads| {
            let worker = |name: String| {
                let mut mine = Vec::new();
                loop {
                    let some = store.write(|conn| claim(conn, &name, &["import"], 3, at(0), LEASE)).unwrap();
                    if some.is_empty() {
                        return mine;
                    }
                    mine.extend(some.into_iter().map(|job| job.id));
                }
            };
            let handles: Vec<_> = (0..4).map(|n| threads.spawn(move || worker(n.to_string()))).collect();
            handles.into_iter().flat_map(|handle| handle.join().unwrap()).collect()
        });
        claimed.sort();
        let mut all: Vec<JobId> = jobs.into_iter().map(|job| job.id).collect();
        all.sort();
        assert_eq!(claimed, all);
    });
}

#[test]
fn what_is_asked_for_while_it_runs_runs_once_more_when_it_ends() {
    on_both(|store| {
        let (first, second) = (job("clocks", Some("site")), job("clocks", Some("site")));
        let ask = |new: &NewJob| store.write(|conn| enqueue_anew(conn, new, at(1))).unwrap();
        let run = |seconds| store.write(|conn| claim(conn, "a", &["clocks"], 5, at(seconds), LEASE)).unwrap();
        let end = || store.write(|conn| finish(conn, &first.id, "a"));
        ask(&first);
        ask(&second);
        assert_eq!(run(2).len(), 1, "one that waits is enough");
        ask(&second);
        ask(&second);
        end().unwrap();
        let again = run(2);
        assert_eq!((again.len(), &again[0].id, again[0].attempt), (1, &first.id, 1));
        assert!(!store.write(|conn| enqueue(conn, &second, at(3))).unwrap(), "what need not be anew is not");
        end().unwrap();
        assert_eq!(store.read(count_open).unwrap(), 0);
        assert!(matches!(end(), Err(StoreError::Stale)));
    });
}
