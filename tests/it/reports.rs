//! Reports of a site from outside: figures beside an independent count, a PDF read by a library that is not ours, CSV read back.

mod scene;

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::{Value, json};
use siteward_domain::event::EventKind;
use siteward_domain::exception::ExceptionKind;
use siteward_domain::staff::Right;
use siteward_tests::app::App;
use siteward_tests::client::Client;
use siteward_tests::foreign_pdf;

pub(crate) use scene::{Chance, Minute, Past};

/// Minutes of six days around the end of summer time in Warsaw, long over.
const MINUTES: usize = 6 * 1440 + 60;

fn start() -> DateTime<Utc> {
    "2025-10-22T22:00:00Z".parse().unwrap()
}

const SPAN: &str = "?from=2025-10-23&to=2025-10-28";

async fn ok(client: &Client, path: &str) -> Value {
    client.get(path).await.unwrap().ok().unwrap()
}

/// Seconds up, down, unknown and not counted.
type Four = [i64; 4];

/// Counts minute by minute what the choices make of each.
fn count(past: &Past, minutes: &[Minute], absent: &Absent, choice: Choice) -> (Four, BTreeMap<NaiveDate, Four>) {
    let (mut all, mut days) = ([0; 4], BTreeMap::<NaiveDate, Four>::new());
    for (place, minute) in minutes.iter().enumerate() {
        let lost = |spans: &[Range<usize>]| spans.iter().any(|span| span.contains(&place));
        let share = if choice.leave_windows_out && lost(&absent.windows) {
            3
        } else {
            match minute {
                Minute::Up => 0,
                Minute::Down => 1,
                Minute::Unseen if lost(&absent.network) => choice.network,
                Minute::Unseen if lost(&absent.link) => choice.link,
                Minute::Unseen => 2,
            }
        };
        all[share] += 60;
        days.entry(past.date(place)).or_default()[share] += 60;
    }
    (all, days)
}

/// When nobody could look, as minutes.
struct Absent {
    network: Vec<Range<usize>>,
    link: Vec<Range<usize>>,
    windows: Vec<Range<usize>>,
}

/// Where time without network and without link goes, and whether windows are left out.
#[derive(Clone, Copy)]
struct Choice {
    network: usize,
    link: usize,
    leave_windows_out: bool,
}

fn four(shares: &Value) -> Four {
    ["up_seconds", "down_seconds", "unknown_seconds", "excluded_seconds"].map(|name| shares[name].as_i64().unwrap())
}

fn silence(minutes: &mut [Minute], spans: &[Range<usize>]) {
    for span in spans {
        minutes[span.clone()].fill(Minute::Unseen);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_is_that_of_an_independent_count_whatever_the_installer_chose() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let past = Past::site(&app, &admin, "Harbour", "Europe/Warsaw", start()).await;
    let link =
        admin.post(&format!("/sites/{}/links", past.site), &json!({"name": "Attic"})).await.unwrap().ok().unwrap();
    let link: siteward_domain::LinkId = link["link"]["id"].as_str().unwrap().parse().unwrap();

    let absent = Absent {
        network: vec![300..420, 5000..5090],
        link: vec![400..700, 8000..MINUTES],
        // Whole hours: what of a part of an hour fell into a window is told by changes of health.
        windows: vec![600..900, 4980..5100],
    };
    for span in &absent.network {
        let seconds = span.len() * 60;
        past.tell(EventKind::NetworkBack, past.at(span.end), json!({"duration_seconds": seconds}));
    }
    for span in &absent.link {
        past.tell(EventKind::LinkOffline, past.at(span.start), json!({"link_id": link}));
        if span.end < MINUTES {
            past.tell(EventKind::LinkOnline, past.at(span.end), json!({"link_id": link}));
        }
    }
    for span in &absent.windows {
        past.window(past.at(span.start), past.at(span.end));
    }
    let mut chance = Chance(42);
    let mut devices = BTreeMap::new();
    for number in 1..=6 {
        let behind = number % 2 == 0;
        let id = past.device(&format!("Camera {number}"), number, behind.then_some(&link));
        let mut minutes = chance.minutes(MINUTES);
        silence(&mut minutes, &absent.network);
        if behind {
            silence(&mut minutes, &absent.link);
        }
        past.write(&id, &minutes);
        devices.insert(id.to_string(), (behind, minutes));
    }

    let choices = [
        ("", Choice { network: 3, link: 3, leave_windows_out: true }),
        ("&own_network=down", Choice { network: 1, link: 3, leave_windows_out: true }),
        ("&links=down&maintenance=counted", Choice { network: 3, link: 1, leave_windows_out: false }),
        ("&own_network=down&links=down&maintenance=counted", Choice { network: 1, link: 1, leave_windows_out: false }),
    ];
    for (more, choice) in choices {
        let report = ok(&admin, &past.report(&format!("{SPAN}{more}"))).await;
        let (mut total, mut by_day) = ([0; 4], BTreeMap::<NaiveDate, Four>::new());
        assert_eq!(report["devices"].as_array().unwrap().len(), 6);
        for device in report["devices"].as_array().unwrap() {
            let (behind, minutes) = &devices[device["id"].as_str().unwrap()];
            let link = if *behind { absent.link.clone() } else { Vec::new() };
            let of_device = Absent { network: absent.network.clone(), link, windows: absent.windows.clone() };
            let (all, days) = count(&past, minutes, &of_device, choice);
            assert_eq!(four(&device["shares"]), all, "{} with {more}", device["name"]);
            let up = all[0] * 100_000 / (all[0] + all[1]);
            let told = device["shares"]["availability_percent"].as_f64().unwrap();
            let thousandths: i64 = format!("{told:.3}").replace('.', "").parse().unwrap();
            assert!((thousandths - up).abs() <= 1, "{told} and {up}");
            for share in 0..4 {
                total[share] += all[share];
            }
            for (date, of_day) in days {
                let sum = by_day.entry(date).or_default();
                (0..4).for_each(|share| sum[share] += of_day[share]);
            }
        }
        assert_eq!(four(&report["total"]), total);
        let told = report["days"]
            .as_array()
            .unwrap()
            .iter()
            .map(|day| (day["date"].as_str().unwrap().parse().unwrap(), four(&day["shares"])));
        assert_eq!(told.collect::<BTreeMap<NaiveDate, Four>>(), by_day);
        assert_eq!(by_day[&"2025-10-26".parse().unwrap()].iter().sum::<i64>(), 6 * 25 * 3600, "clocks were changed");
    }
    assert_eq!(ok(&admin, &past.report(SPAN)).await["own_network_lost_seconds"], (120 + 90) * 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn exceptions_and_outages_are_those_of_the_span() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let past = Past::site(&app, &admin, "Harbour", "UTC", "2025-05-01T00:00:00Z".parse().unwrap()).await;
    let camera = past.device("Gate", 1, None);
    let hour = |hours| past.start + Duration::hours(hours);
    past.exception(&camera, ExceptionKind::DeviceOffline, hour(-30), Some(hour(-25)));
    past.exception(&camera, ExceptionKind::DeviceOffline, hour(-2), Some(hour(1)));
    past.exception(&camera, ExceptionKind::DeviceOffline, hour(20), Some(hour(23)));
    past.exception(&camera, ExceptionKind::VideoLoss, hour(40), None);
    let report = ok(&admin, &past.report("?from=2025-05-01&to=2025-05-02")).await;
    let device = &report["devices"][0];
    assert_eq!((&device["outages"], &device["longest_outage_seconds"]), (&json!(2), &json!(3 * 3600)));
    assert_eq!(device["firmware_verdict"], "vulnerable");
    let counts: Vec<Value> = report["exception_counts"].as_array().unwrap().clone();
    assert_eq!(
        (&counts[0]["kind"], &counts[0]["count"], &counts[0]["seconds"]),
        (&json!("device_offline"), &json!(2), &json!(4 * 3600))
    );
    assert_eq!(
        (&counts[1]["kind"], &counts[1]["count"], &counts[1]["seconds"]),
        (&json!("video_loss"), &json!(1), &json!(8 * 3600))
    );
    let kinds: Vec<&Value> = report["exceptions"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, ["video_loss", "device_offline", "device_offline"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pdf_reads_back_with_everything_in_both_languages() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let past = Past::site(&app, &admin, "Склад «Порт»", "Europe/Warsaw", start()).await;
    let mut chance = Chance(7);
    let names: Vec<String> =
        (1..=90).map(|number| format!("Kamera Żółta {number:02}")).chain(["网络 7".to_owned()]).collect();
    for (number, name) in (1..).zip(&names) {
        let id = past.device(name, number, None);
        past.write(&id, &chance.minutes(MINUTES));
        past.exception(&id, ExceptionKind::VideoLoss, past.at(60), Some(past.at(120)));
    }
    let languages = [
        (
            "en",
            "Site report",
            "Page 1 of ",
            "23 Oct 2025",
            "maintenance windows are not counted",
            "Availability by day",
            "Video loss",
        ),
        (
            "ru",
            "Отчёт по объекту",
            "Страница 1 из ",
            "23.10.2025",
            "окна обслуживания не учитываются",
            "Доступность по дням",
            "Потеря видео",
        ),
    ];
    for (language, title, page, date, counting, by_day, kind) in languages {
        let answer = admin.get(&past.report(&format!("/pdf{SPAN}&language={language}"))).await.unwrap();
        assert_eq!(answer.headers["content-type"], "application/pdf");
        let disposition = answer.headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment;") && disposition.contains("2025-10-23"), "{disposition}");
        let read = foreign_pdf::read(&answer.bytes).unwrap();
        let pages: Vec<String> =
            read["pages"].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect();
        let text = pages.join("\n");
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for wanted in
            [title, date, by_day, kind, "Склад «Порт»", "Lockwood Alarms", "Kai 4", "DS-2CD2042WD-I", "Europe/Warsaw"]
        {
            assert!(flat.contains(wanted), "{wanted} is not in the PDF of {language}");
        }
        assert!(flat.to_lowercase().contains(counting), "how downtime is counted is not told in {language}");
        for name in &names[..90] {
            assert!(flat.contains(name.as_str()), "{name}");
        }
        assert!(!flat.contains("report."), "a text is missing in {language}");
        assert!(pages.len() > 5 && pages[0].contains(page));
        let heads =
            pages.iter().filter(|one| one.contains(if language == "en" { "Known flaws" } else { "Известные" })).count();
        assert!(heads >= 3, "the headings of columns stand on each page of the table of devices: {heads}");
        assert!(pages.iter().all(|one| one.contains("Lockwood Alarms") && one.contains(title)));
        assert_eq!(
            (&read["language"], &read["marked"], &read["shows_title"]),
            (&json!(language), &json!(true), &json!(true))
        );
        assert!(read["title"].as_str().unwrap().contains(title) && read["author"] == "Lockwood Alarms");
        assert!(read["outline"].as_array().unwrap().len() >= 6);
        assert!(
            read["roles"]["TH"].as_u64() > Some(90) && read["roles"]["TD"].as_u64() > Some(900),
            "{}",
            read["roles"]
        );
        assert_eq!((&read["roles"]["H1"], &read["roles"]["Figure"]), (&json!(1), &json!(1)), "{}", read["roles"]);
        assert_eq!(read["meanings"].as_array().unwrap().len(), 1);
        let fonts = read["fonts"].as_object().unwrap();
        assert!(
            fonts.len() == 2 && fonts.iter().all(|(name, embedded)| name.contains("PTSans") && embedded == true),
            "{fonts:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_for_spreadsheets_have_the_figures_of_the_page_and_no_formulas() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let past = Past::site(&app, &admin, "Harbour", "Europe/Warsaw", start()).await;
    let mut chance = Chance(9);
    let names = ["=HYPERLINK(\"http://evil\",\"x\")", "Gate, \"north\"", "Двор", "@SUM(A1)", "-1", "+2"];
    for (number, name) in (1..).zip(names) {
        let id = past.device(name, number, None);
        past.write(&id, &chance.minutes(MINUTES));
        past.exception(&id, ExceptionKind::DeviceOffline, past.at(30), Some(past.at(90)));
    }
    let report = ok(&admin, &past.report(&format!("{SPAN}&links=down"))).await;
    let table = async |name: &str| {
        let answer = admin.get(&past.report(&format!("/csv{SPAN}&links=down&table={name}"))).await.unwrap();
        assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
        assert!(answer.bytes.starts_with(b"\xef\xbb\xbf"), "a byte order mark");
        read_csv(&answer.text)
    };
    let devices = table("devices").await;
    assert_eq!(devices.len(), 6);
    for (row, device) in devices.iter().zip(report["devices"].as_array().unwrap()) {
        let name = device["name"].as_str().unwrap();
        let shown = if name.starts_with(['=', '@', '-', '+']) { format!("'{name}") } else { name.to_owned() };
        assert_eq!((&row["device"], &row["id"]), (&shown, &device["id"].as_str().unwrap().to_owned()));
        assert_eq!(row["up_seconds"], device["shares"]["up_seconds"].to_string());
        assert_eq!(row["down_seconds"], device["shares"]["down_seconds"].to_string());
        let percent: f64 = row["availability_percent"].parse().unwrap();
        assert_eq!(Some(percent), device["shares"]["availability_percent"].as_f64());
        let choices = ["own_network_lost", "link_down", "maintenance", "time_zone"].map(|name| row[name].as_str());
        assert_eq!(choices, ["excluded", "down", "excluded", "Europe/Warsaw"]);
    }
    let days = table("days").await;
    let of_days: i64 = days.iter().map(|row| row["up_seconds"].parse::<i64>().unwrap()).sum();
    assert_eq!((days.len(), json!(of_days)), (6, report["total"]["up_seconds"].clone()));
    let exceptions = table("exceptions").await;
    assert_eq!((exceptions.len(), exceptions[0]["duration_seconds"].as_str()), (6, "3600"));
    assert_eq!(table("disks").await.len(), 0);
}

/// A reader of RFC 4180 of its own: rows by the names of their columns.
fn read_csv(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut rows: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().unwrap();
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => row.last_mut().unwrap().extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {
                assert_eq!(letters.next(), Some('\n'), "lines end as the standard says");
                rows.push(vec![String::new()]);
            }
            letter => row.last_mut().unwrap().push(letter),
        }
    }
    assert_eq!(rows.pop().unwrap(), [""], "the last line ends too");
    let heads = rows.remove(0);
    for row in &rows {
        assert_eq!(row.len(), heads.len());
    }
    rows.into_iter().map(|row| heads.iter().cloned().zip(row).collect()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_span_is_refused_and_who_may_not_see_exceptions_gets_no_report() {
    let app = App::start().await.unwrap();
    let admin = app.admin().await.unwrap();
    let past = Past::site(&app, &admin, "Harbour", "UTC", start()).await;
    for bad in [
        "?from=2025-05-02&to=2025-05-01",
        "?from=2024-01-01&to=2025-01-01",
        "?from=soon",
        "?own_network=maybe",
        "?to=1999-01-01",
    ] {
        for kind in ["", "/pdf", "/csv"] {
            let answer = admin.get(&past.report(&format!("{kind}{bad}"))).await.unwrap();
            assert_eq!((answer.status.as_u16(), answer.code()), (400, "bad_query"), "{kind}{bad}");
        }
    }
    let leap = ok(&admin, &past.report("?from=2024-01-01&to=2024-12-31")).await;
    assert_eq!(leap["days"].as_array().unwrap().len(), 366);
    let usual = ok(&admin, &past.report("")).await;
    assert_eq!((usual["days"].as_array().unwrap().len(), &usual["devices"]), (30, &json!([])));

    let without = app.member_with("without@example.com", &[Right::ManageAllSites]).await.unwrap();
    let with = app.member_with("with@example.com", &[Right::ManageAssignedSites, Right::ViewExceptions]).await.unwrap();
    for kind in ["", "/pdf", "/csv"] {
        assert_eq!(without.get(&past.report(kind)).await.unwrap().status.as_u16(), 403);
        assert_eq!(with.get(&past.report(kind)).await.unwrap().status.as_u16(), 404, "out of reach");
    }
    app.assign("with@example.com", past.site.as_str(), None).unwrap();
    assert_eq!(with.get(&past.report("/pdf")).await.unwrap().status.as_u16(), 200);
}
