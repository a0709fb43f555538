//! T24: of requests at the same instant for one device behind a link exactly one wins, thirty times over; on whichever
//! database the tests run.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use siteward_domain::event::EventKind;
use siteward_simulator::{Profile, SimulatorSettings};
use siteward_store::events;
use siteward_tests::app::Start;
use siteward_tests::lan::Lan;

const ROUNDS: usize = 30;

fn state(answer: &Value) -> &str {
    answer["state"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_add_a_device_at_the_same_instant_one_wins_and_the_other_is_told() {
    let app = Start::with_devices().run().await.unwrap();
    let (admin, rival) = (app.admin().await.unwrap(), app.other_admin().await.unwrap());
    let mut settings = SimulatorSettings::uniform(ROUNDS, Profile::Camera, 99);
    settings.first = "127.47.1.1".parse().unwrap();
    let lan = Lan::start(settings).await.unwrap();
    let here = lan.site(&admin, "Harbour").await.unwrap();
    let there = lan.site(&admin, "Pier").await.unwrap();
    let theirs = lan.site(&rival, "Elsewhere").await.unwrap();
    let mut won = BTreeMap::new();
    for (round, handle) in lan.simulator.devices().iter().enumerate() {
        let body = json!({"text": handle.label, "password": handle.password});
        let path = format!("/sites/{}/additions", here.site);
        let (other, its_path, loses) = match round % 3 {
            0 => (&admin, path.clone(), "the same device"),
            1 => (&admin, format!("/sites/{}/additions", there.site), "on_other_site"),
            _ => (&rival, format!("/sites/{}/additions", theirs.site), "someone_elses"),
        };
        // Neither is always the first to ask.
        let ask = async |first: bool| {
            let (who, path) = if first { (&admin, &path) } else { (other, &its_path) };
            who.post(path, &body).await.unwrap().ok().unwrap()
        };
        let turned = round % 2 == 1;
        let (one, two) = tokio::join!(ask(!turned), ask(turned));
        let answers = if turned { [two, one] } else { [one, two] };
        let added = answers.iter().filter(|answer| state(answer) == "added").count();
        if round % 3 == 0 {
            // One addition, or two of which the second finds it there.
            assert!(added >= 1 && answers[0]["device_id"] == answers[1]["device_id"], "{round}: {answers:?}");
        } else {
            assert_eq!(added, 1, "{round}: {answers:?}");
            let loser = answers.iter().find(|answer| state(answer) != "added").unwrap();
            assert_eq!(state(loser), loses, "{round}: {loser}");
            if loses == "someone_elses" {
                assert_eq!((&loser["other_site"], &loser["device_id"]), (&Value::Null, &Value::Null), "{loser}");
            }
            *won.entry((loses, state(&answers[0]) == "added")).or_insert(0) += 1;
        }
        assert_eq!(lan.simulator.view(round).unwrap().counters.logins_refused, 0);
    }
    let mut serials = Vec::new();
    for (client, site) in [(&admin, &here.site), (&admin, &there.site), (&rival, &theirs.site)] {
        let page = client.get(&format!("/devices?site_id={site}&limit=100")).await.unwrap().body;
        serials.extend(page["items"].as_array().unwrap().iter().map(|device| device["serial"].to_string()));
    }
    serials.sort();
    let all = serials.len();
    serials.dedup();
    assert_eq!((all, serials.len()), (ROUNDS, ROUNDS), "each once");
    let events = app.store.read(|conn| events::after(conn, None, 0, 1_000)).unwrap();
    assert_eq!(events.iter().filter(|event| event.kind == EventKind::DeviceAdded).count(), ROUNDS);
    println!("{ROUNDS} rounds; who won: {won:?}");
}
