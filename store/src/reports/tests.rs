use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::json;
use siteward_domain::availability::{Absences, Counting, Shares, Span, Spans};
use siteward_domain::event::EventKind;
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::health::{DeviceHealth, Topic};
use siteward_domain::report::{Outages, Plan, share_out};
use siteward_domain::schedule::{Tz, zone_named};
use siteward_domain::{CompanyId, DeviceId, ExceptionId, SiteId};

use super::*;
use crate::Store;
use crate::events::{self, NewEvent};
use crate::polling::{ClosedRow, FactRow, OpenedRow, RoundWrite, TransitionRow, UptimeRow, write_round};
use crate::testing::{company, device, link, linked, on_both, site};
use crate::uptime_days::{self, Step};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn scene(store: &Store) -> (CompanyId, SiteId) {
    let company = company(store);
    let site = site(store, &company, "Harbour");
    (company, site)
}

fn uptime(device: &DeviceId, from: DateTime<Utc>, hours: i64, up_seconds: u32, down_seconds: u32) -> Vec<UptimeRow> {
    let first = from.timestamp() / 3600;
    let row = |hour| UptimeRow { device_id: device.clone(), hour, up_seconds, down_seconds };
    (first..first + hours).map(row).collect()
}

fn write(store: &Store, round: &RoundWrite) {
    store.write(|conn| write_round(conn, round)).unwrap();
}

fn append(
    store: &Store,
    company: &CompanyId,
    site: Option<&SiteId>,
    kind: EventKind,
    at: DateTime<Utc>,
    data: serde_json::Value,
) {
    let event = NewEvent {
        company_id: company.clone(),
        site_id: site.cloned(),
        device_id: None,
        kind,
        actor: "t".into(),
        at,
        data,
    };
    store.write(|conn| events::append(conn, &event)).unwrap();
}

#[test]
fn hours_are_summed_up_by_the_days_of_the_site() {
    on_both(|store| {
        let (company, site_id) = scene(store);
        let camera = device(store, &company, &site_id, "10.0.0.1", 1);
        let other = site(store, &company, "Villa");
        let elsewhere = device(store, &company, &other, "10.0.0.2", 2);
        // From midnight in Warsaw, an hour before summer time ends, for three days.
        let start = time("2026-10-23T22:00:00Z");
        let mut rows = uptime(&camera, start, 73, 3600, 0);
        rows.extend(uptime(&elsewhere, start, 73, 0, 3600));
        write(store, &RoundWrite { uptime: rows, ..RoundWrite::default() });
        let plan = Plan::new(
            date("2026-10-24"),
            date("2026-10-26"),
            zone_named("Europe/Warsaw"),
            0,
            time("2026-11-01T00:00:00Z"),
        );
        let found = store.read(|conn| uptime_of_site(conn, &company, &site_id, &plan, &Spans::default())).unwrap();
        assert_eq!(found.len(), 1, "other sites are not asked");
        let days: Vec<i64> = (0..3).map(|day| found[&camera].by_day[&day].0 / 3600).collect();
        assert_eq!(days, [24, 25, 24]);
    });
}

#[test]
fn hours_one_by_one_are_read_only_where_they_matter() {
    on_both(|store| {
        let (company, site_id) = scene(store);
        let camera = device(store, &company, &site_id, "10.0.0.1", 1);
        let start = time("2026-05-01T00:00:00Z");
        write(store, &RoundWrite { uptime: uptime(&camera, start, 48, 3000, 600), ..RoundWrite::default() });
        let plan = Plan::new(date("2026-05-01"), date("2026-05-02"), Tz::UTC, 0, time("2026-06-01T00:00:00Z"));
        let touched = Spans::of([Span { from: start.timestamp() + 3700, to: start.timestamp() + 7300 }]);
        let found = store.read(|conn| uptime_of_site(conn, &company, &site_id, &plan, &touched)).unwrap();
        let mut hours: Vec<i64> = found[&camera].by_hour.keys().map(|hour| hour - start.timestamp() / 3600).collect();
        hours.sort_unstable();
        assert_eq!(hours, [1, 2]);
        assert_eq!(found[&camera].by_hour.values().next(), Some(&(3000, 600)));
    });
}

#[test]
fn a_report_over_forgotten_hours_has_the_same_sum() {
    on_both(|store| {
        let (company, site_id) = scene(store);
        let camera = device(store, &company, &site_id, "10.0.0.1", 1);
        let start = time("2026-05-01T00:00:00Z");
        write(store, &RoundWrite { uptime: uptime(&camera, start, 240, 3500, 50), ..RoundWrite::default() });
        let now = time("2026-06-01T00:00:00Z");
        let sum = |store: &Store| {
            store
                .read(|conn| {
                    let since = uptime_days::hours_since(conn)?;
                    let plan = Plan::new(date("2026-05-01"), date("2026-05-10"), Tz::UTC, since, now);
                    let found = uptime_of_site(conn, &company, &site_id, &plan, &Spans::default())?;
                    let mut all = Shares::default();
                    let days = share_out(&plan, 0, &found[&camera], &Absences::default(), Counting::default());
                    for day in days {
                        all.add(day);
                    }
                    Ok((all, plan.rolled.end - plan.rolled.start))
                })
                .unwrap()
        };
        let (before, rolled) = sum(store);
        assert_eq!((before, rolled), (Shares { up: 240 * 3500, down: 240 * 50, unknown: 240 * 50, excluded: 0 }, 0));
        while let Step::Went(_) = store.write(|conn| uptime_days::roll_up(conn, now)).unwrap() {}
        let keep = time("2026-05-06T00:00:00Z");
        while let Step::Went(_) = store.write(|conn| uptime_days::prune_hours(conn, keep)).unwrap() {}
        assert_eq!(sum(store), (before, 5));
    });
}

#[test]
fn losses_of_the_own_network_and_of_links_come_from_the_log() {
    on_both(|store| {
        let (company, site_id) = scene(store);
        let attic = link(store, &company, &site_id, "Attic");
        let behind = linked(store, &attic, "10.0.0.9", 9);
        device(store, &company, &site_id, "10.0.0.1", 1);
        let (from, to) = (time("2026-05-01T00:00:00Z"), time("2026-06-01T00:00:00Z"));
        let tell = |site: Option<&SiteId>, kind, at: &str, data| append(store, &company, site, kind, time(at), data);
        tell(None, EventKind::NetworkBack, "2026-05-03T01:00:00Z", json!({"duration_seconds": 600}));
        let it = json!({"link_id": attic.id});
        tell(Some(&site_id), EventKind::LinkOffline, "2026-04-30T23:00:00Z", it.clone());
        tell(Some(&site_id), EventKind::LinkOnline, "2026-05-01T01:00:00Z", it.clone());
        tell(Some(&site_id), EventKind::LinkOffline, "2026-05-31T22:00:00Z", it);
        let found = store.read(|conn| absences(conn, &company, &site_id, (from, to), to)).unwrap();
        let devices = store.read(|conn| devices_of_site(conn, &company, &site_id)).unwrap();
        let within = Span { from: from.timestamp(), to: to.timestamp() };
        for one in devices {
            let of = found.of_device(&one);
            assert_eq!(of.own_network.within(within), 600);
            let link_down = if one.id == behind { 3 * 3600 } else { 0 };
            assert_eq!(of.link.within(within), link_down, "{}", one.name);
        }
        assert_eq!(found.touched().within(within), 600 + 3 * 3600);
    });
}

#[test]
fn exceptions_count_that_were_open_at_any_time_of_the_span() {
    on_both(|store| {
        let (company, site_id) = scene(store);
        let camera = device(store, &company, &site_id, "10.0.0.1", 1);
        let (from, to) = (time("2026-05-01T00:00:00Z"), time("2026-06-01T00:00:00Z"));
        let mut round = RoundWrite::default();
        let mut exception = |kind, opened: &str, closed: Option<&str>| {
            let (id, opened) = (ExceptionId::generate(time(opened)), time(opened));
            let key = ExceptionKey::of_part(kind, opened.to_string());
            round.opened.push(OpenedRow { id: id.clone(), device_id: camera.clone(), key, at: opened });
            round.closed.extend(closed.map(|closed| ClosedRow { id, at: time(closed) }));
        };
        exception(ExceptionKind::DeviceOffline, "2026-04-20T00:00:00Z", Some("2026-04-30T23:59:59Z"));
        exception(ExceptionKind::DeviceOffline, "2026-04-30T23:00:00Z", Some("2026-05-01T00:10:00Z"));
        exception(ExceptionKind::DeviceOffline, "2026-05-10T00:00:00Z", Some("2026-05-10T01:00:00Z"));
        exception(ExceptionKind::VideoLoss, "2026-05-11T00:00:00Z", None);
        exception(ExceptionKind::VideoLoss, "2026-06-01T00:00:00Z", None);
        write(store, &round);
        let found = store.read(|conn| exceptions_within(conn, &company, &site_id, (from, to), 100)).unwrap();
        let opened: Vec<String> = found.iter().map(|one| one.opened_at.format("%m-%d").to_string()).collect();
        assert_eq!(opened, ["05-11", "05-10", "04-30"]);
        let outages = store.read(|conn| outages_within(conn, &company, &site_id, (from, to))).unwrap();
        assert_eq!(outages[&camera], Outages { count: 2, seconds: 4200, longest: 3600 });
        let counts = store.read(|conn| exception_counts(conn, &company, &site_id, (from, to))).unwrap();
        let counts: Vec<_> = counts.iter().map(|one| (one.kind, one.count, one.seconds)).collect();
        let lasting = (to - time("2026-05-11T00:00:00Z")).num_seconds();
        assert_eq!(counts, [(ExceptionKind::DeviceOffline, 2, 4200), (ExceptionKind::VideoLoss, 1, lasting)]);
        let one = store.read(|conn| exceptions_within(conn, &company, &site_id, (from, to), 1)).unwrap();
        assert_eq!(one.len(), 1);
    });
}

#[test]
fn downtime_within_a_maintenance_window_is_found_by_the_changes_of_health() {
    on_both(|store| {
        let (company, site_id) = scene(store);
        let camera = device(store, &company, &site_id, "10.0.0.1", 1);
        let day = time("2026-05-04T00:00:00Z");
        let hour = |hour| day + Duration::hours(hour);
        let change = |from, to, at| TransitionRow { device_id: camera.clone(), from, to, at };
        let (up, off) = (DeviceHealth::Healthy, DeviceHealth::Offline);
        let mut rows = uptime(&camera, day, 24, 3600, 0);
        rows[10] = UptimeRow { up_seconds: 1800, down_seconds: 1800, ..rows[10].clone() };
        write(
            store,
            &RoundWrite {
                uptime: rows,
                transitions: vec![change(up, off, hour(10) + Duration::minutes(32)), change(off, up, hour(11))],
                ..RoundWrite::default()
            },
        );
        let window = crate::maintenance::NewWindow {
            id: siteward_domain::MaintenanceWindowId::generate(day),
            company_id: company.clone(),
            site_id: site_id.clone(),
            device_id: None,
            window: siteward_domain::maintenance::Window {
                starts_at: hour(10) + Duration::minutes(30),
                ends_at: hour(11),
                repeats: siteward_domain::maintenance::Repeats::Once,
                ended_at: None,
            },
            note: String::new(),
            created_by: crate::testing::member(store, &company, "m@example.com"),
        };
        store.write(|conn| crate::maintenance::create_window(conn, &window, day)).unwrap();
        let now = hour(48);
        let (shares, counted) = store
            .read(|conn| {
                let plan = Plan::new(date("2026-05-04"), date("2026-05-04"), Tz::UTC, 0, now);
                let absences = absences(conn, &company, &site_id, (day, hour(24)), now)?;
                let found = uptime_of_site(conn, &company, &site_id, &plan, &absences.touched())?;
                let one = devices_of_site(conn, &company, &site_id)?.remove(0);
                let shares = |counting| share_out(&plan, 0, &found[&camera], &absences.of_device(&one), counting);
                let counted = siteward_domain::availability::WhileMaintained::Counted;
                Ok((shares(Counting::default()), shares(Counting { maintenance: counted, ..Counting::default() })))
            })
            .unwrap();
        assert_eq!(shares, vec![Shares { up: 86_400 - 1800, down: 0, unknown: 0, excluded: 1800 }]);
        assert_eq!(counted, vec![Shares { up: 86_400 - 1800, down: 1800, unknown: 0, excluded: 0 }]);
    });
}

#[test]
fn disks_are_told_with_how_warm_they_were() {
    on_both(|store| {
        let (company, site_id) = scene(store);
        let recorder = device(store, &company, &site_id, "10.0.0.1", 1);
        let disks = json!([{"id": "1", "name": "hdda", "kind": "hdd", "state": "ok", "raw_state": "ok",
                            "capacity_mb": 4_000_000, "free_mb": 0}]);
        let fact = FactRow {
            device_id: recorder.clone(),
            topic: Topic::Disks,
            value: disks.to_string(),
            source: "storage".into(),
            at: time("2026-05-01T00:00:00Z"),
        };
        write(store, &RoundWrite { facts: vec![fact], ..RoundWrite::default() });
        for (day, lowest, highest) in [(20_000, 31, 40), (20_001, 29, 38), (20_009, 10, 90)] {
            let sql = format!(
                "INSERT INTO disk_temperature_days (place, disk, day, lowest, highest)
                               SELECT place, '1', {day}, {lowest}, {highest} FROM devices"
            );
            store.write(|conn| Select::new(&sql).execute(conn)).unwrap();
        }
        let found = store.read(|conn| disks_of_site(conn, &company, &site_id, (20_000, 20_005))).unwrap();
        assert_eq!((found.len(), found[0].temperature, found[0].disk.name.as_str()), (1, Some((29, 40)), "hdda"));
        let days = store.read(|conn| disk_temperatures(conn, &recorder, (20_001, 20_009))).unwrap();
        assert_eq!((days.len(), days[0].disk.as_str(), days[0].days.len()), (1, "1", 2));
    });
}
