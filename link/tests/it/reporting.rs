//! What the platform is told of the devices.

use siteward_devices::tunnel::{CommandAnswer, LinkCommand, LinkReport, command};

use crate::kit::{Lan, Platform, TOKEN, run, serial};

#[tokio::test]
async fn everything_is_told_first_and_then_what_is_new_different_or_gone() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    lan.set(&[("G00000001", "127.0.0.1", 8081), ("G00000002", "127.0.0.1", 8082)]);
    let _link = run(platform.url(), TOKEN, lan.discovery(true));
    let mut session = platform.session().await;
    let LinkReport::Hello { version, .. } = session.report().await else { panic!("who speaks comes first") };
    assert_eq!(version, siteward_link::VERSION);
    assert_eq!(session.all().await, ["G00000001", "G00000002"]);
    assert_eq!(session.report().await, LinkReport::Alive);

    lan.set(&[("G00000001", "127.0.0.1", 9091), ("G00000002", "127.0.0.1", 8082), ("G00000003", "127.0.0.1", 80)]);
    // The change may fall into the middle of a round, and then comes in two.
    let mut told = Vec::new();
    while told.len() < 2 {
        let LinkReport::Changed { found, lost } = session.news().await else { panic!("a change") };
        assert_eq!(lost, vec![]);
        told.extend(found.iter().map(|found| (found.serial.as_str().to_owned(), found.http_port)));
    }
    told.sort_unstable();
    assert_eq!(told, [("G00000001".to_owned(), 9091), ("G00000003".to_owned(), 80)]);

    lan.set(&[("G00000001", "127.0.0.1", 9091), ("G00000002", "127.0.0.1", 8082)]);
    let LinkReport::Changed { found, lost } = session.news().await else { panic!("a change") };
    assert_eq!((found, lost), (vec![], vec![serial("G00000003")]));
}

#[tokio::test]
async fn a_network_without_devices_is_told_as_such() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    let _link = run(platform.url(), TOKEN, lan.discovery(true));
    assert_eq!(platform.session().await.all().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_thousand_devices_are_found_and_told() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    lan.set_many(1000, 8081);
    let mut discovery = lan.discovery(true);
    discovery.wait_seconds = 2.0;
    let _link = run(platform.url(), TOKEN, discovery);
    assert_eq!(platform.session().await.all().await.len(), 1000);
}

#[tokio::test]
async fn commands_are_for_devices_that_were_found() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    let mut discovery = lan.discovery(true);
    discovery.every_seconds = 600.0;
    let _link = run(platform.url(), TOKEN, discovery);
    let mut session = platform.session().await;
    assert!(session.all().await.is_empty());
    lan.set(&[("G00000001", "127.0.0.1", 8081)]);
    let answer = command(&session.mux, LinkCommand::Discover).await.unwrap();
    let CommandAnswer::Sightings { devices } = answer else { panic!("{answer:?}") };
    assert_eq!(devices.len(), 1);
    for (of, code) in [("G00000001", None), ("G00000002", Some("unknown_device"))] {
        let answer = command(&session.mux, LinkCommand::ReadBindState { serial: serial(of) }).await.unwrap();
        let told = match &answer {
            CommandAnswer::Failed { code, .. } => Some(code.as_str()),
            _ => None,
        };
        assert_eq!(told, code, "{answer:?}");
    }
    let answer = command(&session.mux, activation("G00000001")).await.unwrap();
    assert!(!format!("{answer:?}").contains("Hidden-12"));
    let CommandAnswer::Failed { code, .. } = answer else { panic!("nobody is there: {answer:?}") };
    assert_eq!(code, "device_unreachable");
}

fn activation(of: &str) -> LinkCommand {
    LinkCommand::Activate { serial: serial(of), password: "Hidden-12".into() }
}
