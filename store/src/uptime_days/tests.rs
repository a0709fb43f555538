use siteward_domain::DeviceId;

use super::*;
use crate::Store;
use crate::polling::{RoundWrite, UptimeRow, write_round};
use crate::testing::{company, count_rows, device, on_both, site};

/// The first day of the tests, since 1970.
const DAY: i64 = 20_000;

fn at(day: i64, hour: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(day * 86_400 + hour * 3600, 0).unwrap()
}

fn devices(store: &Store, count: u32) -> Vec<DeviceId> {
    let company = company(store);
    let site = site(store, &company, "Harbour");
    (1..=count).map(|number| device(store, &company, &site, &format!("10.0.0.{number}"), number)).collect()
}

/// Writes that each device was up for so many seconds, and down for ten, in some hours of a day.
fn write(store: &Store, devices: &[DeviceId], day: i64, hours: std::ops::Range<i64>, up_seconds: u32) {
    let rows = devices.iter().flat_map(|device| {
        hours.clone().map(move |hour| UptimeRow {
            device_id: device.clone(),
            hour: day * 24 + hour,
            up_seconds,
            down_seconds: 10,
        })
    });
    let round = RoundWrite { uptime: rows.collect(), ..RoundWrite::default() };
    store.write(|conn| write_round(conn, &round)).unwrap();
}

fn roll_all(store: &Store, now: DateTime<Utc>) -> usize {
    let mut written = 0;
    while let Step::Went(rows) = store.write(|conn| roll_up(conn, now)).unwrap() {
        written += rows;
    }
    written
}

fn prune_all(store: &Store, before: DateTime<Utc>) {
    while let Step::Went(_) = store.write(|conn| prune_hours(conn, before)).unwrap() {}
}

#[derive(QueryableByName, Debug, PartialEq)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    rows: i64,
    #[diesel(sql_type = BigInt)]
    up: i64,
    #[diesel(sql_type = BigInt)]
    down: i64,
}

fn sums(store: &Store) -> Vec<(i64, i64, i64, i64)> {
    let query = "SELECT day, count(*) AS rows, CAST(sum(up_seconds) AS BIGINT) AS up,
                 CAST(sum(down_seconds) AS BIGINT) AS down FROM uptime_days GROUP BY day ORDER BY day";
    let rows: Vec<Sum> = store.read(|conn| Select::new(query).load(conn)).unwrap();
    rows.into_iter().map(|sum| (sum.day, sum.rows, sum.up, sum.down)).collect()
}

#[test]
fn days_are_summed_up_once_they_are_settled_and_twice_does_no_more() {
    on_both(|store| {
        let five = devices(store, 5);
        write(store, &five, DAY, 0..24, 3000);
        write(store, &five, DAY + 1, 5..6, 100);
        assert_eq!(roll_all(store, at(DAY + 1, 1)), 0, "some of its hours may still come");
        write(store, &five, DAY, 23..24, 500);
        assert_eq!(roll_all(store, at(DAY + 1, 2)), 5);
        let first = (DAY, 5, 5 * (24 * 3000 + 500), 5 * 250);
        assert_eq!(sums(store), vec![first]);
        assert_eq!(roll_all(store, at(DAY + 1, 2)), 0);
        assert_eq!(roll_all(store, at(DAY + 3, 3)), 5, "and a day on which nobody looked is none");
        assert_eq!(sums(store), vec![first, (DAY + 1, 5, 500, 50)]);
    });
}

#[test]
fn a_step_that_is_done_again_writes_the_same() {
    on_both(|store| {
        let three = devices(store, 3);
        write(store, &three, DAY, 0..24, 3000);
        roll_all(store, at(DAY + 1, 2));
        let before = sums(store);
        let back = "UPDATE uptime_positions SET day = 20000, place = -1 WHERE name = 'rolled'";
        store.write(|conn| Select::new(back).execute(conn)).unwrap();
        roll_all(store, at(DAY + 1, 2));
        assert_eq!(sums(store), before);
    });
}

#[test]
fn two_workers_at_once_sum_up_each_day_once() {
    on_both(|store| {
        let seven = devices(store, 7);
        for day in 0..4 {
            write(store, &seven, DAY + day, 0..24, 3000);
        }
        let written: usize = std::thread::scope(|threads| {
            let work: Vec<_> = (0..3).map(|_| threads.spawn(|| roll_all(store, at(DAY + 5, 0)))).collect();
            work.into_iter().map(|one| one.join().unwrap()).sum()
        });
        assert_eq!(written, 4 * 7, "each device's day is written once");
        let whole = |day| (DAY + day, 7, 7 * 24 * 3000, 7 * 240);
        assert_eq!(sums(store), (0..4).map(whole).collect::<Vec<_>>());
    });
}

#[test]
fn hours_are_forgotten_only_when_their_day_is_known() {
    on_both(|store| {
        let three = devices(store, 3);
        for day in 0..3 {
            write(store, &three, DAY + day, 0..24, 3000);
        }
        prune_all(store, at(DAY + 90, 0));
        let hours = |store: &Store| store.read(|conn| count_rows(conn, "uptime_hours")).unwrap();
        assert_eq!(hours(store), 3 * 72, "nothing is summed up yet");
        roll_all(store, at(DAY + 2, 12));
        prune_all(store, at(DAY + 1, 0));
        assert_eq!(hours(store), 3 * 48);
        assert_eq!(store.read(hours_since).unwrap(), DAY + 1);
        prune_all(store, at(DAY + 90, 0));
        assert_eq!(hours(store), 3 * 24, "the third day is not summed up");
        assert_eq!(store.read(hours_since).unwrap(), DAY + 2);
        assert_eq!(sums(store).len(), 2);
    });
}

#[test]
fn while_a_day_is_being_forgotten_it_counts_as_forgotten() {
    on_both(|store| {
        let five = devices(store, 5);
        write(store, &five, DAY, 0..24, 3000);
        write(store, &five, DAY + 1, 0..24, 3000);
        roll_all(store, at(DAY + 3, 0));
        store.write(|conn| prune_hours(conn, at(DAY + 2, 0))).unwrap();
        assert_eq!(store.read(hours_since).unwrap(), DAY + 1);
    });
}

#[test]
fn old_days_are_forgotten_with_the_temperatures_of_disks() {
    on_both(|store| {
        let five = devices(store, 5);
        for day in 0..3 {
            write(store, &five, DAY + day, 0..2, 3000);
        }
        roll_all(store, at(DAY + 4, 0));
        let warm = format!(
            "INSERT INTO disk_temperature_days (place, disk, day, lowest, highest)
                            SELECT place, '1', {DAY}, 30, 40 FROM devices"
        );
        store.write(|conn| Select::new(&warm).execute(conn)).unwrap();
        let (mut after, mut deleted) = (None, 0);
        loop {
            let (rows, last) = store.write(|conn| prune_days(conn, after, at(DAY + 2, 0))).unwrap();
            deleted += rows;
            let Some(last) = last else { break };
            after = Some(last);
        }
        assert_eq!(deleted, 5 * 3);
        assert_eq!(sums(store).len(), 1);
    });
}
