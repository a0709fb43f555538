//! Commands, done at simulated devices: from one without a password to one that is on, registered and free.

use std::time::Duration;

use secrecy::SecretString;
use siteward_devices::tunnel::{CommandAnswer, LinkCommand, command};
use siteward_domain::SerialNumber;
use siteward_domain::link::{BindState, FoundBy, Sighting};
use siteward_link::{ByHand, Discovery};
use siteward_simulator::{DeviceHandle, Profile, Simulator, SimulatorSettings};

use crate::kit::{Lan, Platform, Running, Session, TOKEN, run, serial, web_server};

const PASSWORD: &str = "Yard-2026x";

struct Site {
    simulator: Simulator,
    session: Session,
    _link: Running,
    _platform: Platform,
}

/// One camera, as `set` makes it, behind a link that has found it.
async fn site(seed: u64, set: impl FnOnce(&mut siteward_simulator::DeviceSettings)) -> Site {
    let mut settings = SimulatorSettings::uniform(1, Profile::Camera, seed);
    settings.first = std::net::Ipv4Addr::new(127, 77, u8::try_from(seed).unwrap(), 1);
    settings.sadp = Some("127.0.0.1:0".parse().unwrap());
    settings.reboot = Duration::from_millis(100);
    set(&mut settings.devices[0]);
    let simulator = Simulator::start(settings).await.unwrap();
    let discovery = Discovery {
        targets: vec![simulator.sadp().unwrap()],
        listen: "127.0.0.1:0".parse().unwrap(),
        every_seconds: 600.0,
        wait_seconds: 1.0,
        devices: Vec::new(),
        allow_loopback: true,
    };
    let mut platform = Platform::start().await;
    let link = run(platform.url(), TOKEN, discovery);
    let mut session = platform.session().await;
    assert_eq!(session.all().await, [simulator.devices()[0].serial.clone()]);
    Site { simulator, session, _link: link, _platform: platform }
}

impl Site {
    fn device(&self) -> &DeviceHandle {
        &self.simulator.devices()[0]
    }

    fn serial(&self) -> SerialNumber {
        serial(&self.device().serial)
    }

    async fn command(&self, wanted: LinkCommand) -> CommandAnswer {
        command(&self.session.mux, wanted).await.unwrap()
    }

    async fn sighting(&self) -> Sighting {
        let answer = self.command(LinkCommand::Discover).await;
        let CommandAnswer::Sightings { mut devices } = answer else { panic!("{answer:?}") };
        devices.remove(0)
    }

    async fn code_of(&self, wanted: LinkCommand) -> String {
        match self.command(wanted).await {
            CommandAnswer::Failed { code, .. } => code,
            other => panic!("{other:?}"),
        }
    }
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

#[tokio::test]
async fn a_device_without_a_password_is_activated_once_and_its_service_switched_on() {
    let site = site(81, |device| {
        device.activated = false;
        device.service.enabled = false;
    })
    .await;
    assert_eq!(site.sighting().await.activated, Some(false));
    let activate = |password| LinkCommand::Activate { serial: site.serial(), password: secret(password) };
    assert_eq!(site.code_of(activate("short")).await, "password_rule");
    let answer = site.command(activate(PASSWORD)).await;
    assert!(matches!(answer, CommandAnswer::Activated { .. }), "{answer:?}");
    assert_eq!(site.code_of(activate(PASSWORD)).await, "already_activated");

    let enable = |code| LinkCommand::EnableService {
        serial: site.serial(),
        user: "admin".to_owned(),
        password: secret(PASSWORD),
        verification_code: secret(code),
    };
    assert_eq!(site.code_of(enable("!")).await, "code_rule");
    assert_eq!(site.command(enable("Gate2026")).await, CommandAnswer::Done);
    let sighting = site.sighting().await;
    assert_eq!((sighting.activated, sighting.service_enabled), (Some(true), Some(true)));
    assert_eq!((sighting.found_by, sighting.mac.as_deref()), (FoundBy::Sadp, Some(site.device().mac.as_str())));
}

#[tokio::test]
async fn a_device_of_somebody_else_is_freed_with_its_password_only() {
    let site = site(82, |device| device.bound = true).await;
    let read = || LinkCommand::ReadBindState { serial: site.serial() };
    assert_eq!(site.command(read()).await, CommandAnswer::BindState { bind: BindState::Bound });
    let unbind = |password: &str| LinkCommand::Unbind {
        serial: site.serial(),
        user: "admin".to_owned(),
        password: secret(password),
    };
    assert_eq!(site.code_of(unbind("Wrong-2026")).await, "denied");
    assert_eq!(site.command(unbind(&site.device().password)).await, CommandAnswer::Done);
    assert_eq!(site.command(read()).await, CommandAnswer::BindState { bind: BindState::Free });
}

#[tokio::test]
async fn a_code_is_changed_and_dhcp_switched_on() {
    let site = site(83, |_| {}).await;
    let login = |site: &Site| ("admin".to_owned(), secret(&site.device().password));
    let (user, password) = login(&site);
    let verification_code = secret("Other2026");
    let set = LinkCommand::SetVerificationCode { serial: site.serial(), user, password, verification_code };
    assert_eq!(site.command(set).await, CommandAnswer::Done);
    assert_eq!(site.sighting().await.dhcp, Some(false));
    let (user, password) = login(&site);
    assert_eq!(site.command(LinkCommand::DhcpOn { serial: site.serial(), user, password }).await, CommandAnswer::Done);
}

#[tokio::test]
async fn a_device_that_answers_no_inquiry_is_found_by_hand() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    let (port, _) = web_server().await;
    let by_hand = |port, serial: Option<&str>| ByHand {
        ip: "127.0.0.1".parse().unwrap(),
        port,
        serial: serial.map(str::to_owned),
    };
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let mut discovery = lan.discovery(true);
    discovery.devices = vec![by_hand(port, Some("G00000001")), by_hand(closed, Some("G00000002")), by_hand(port, None)];
    let _link = run(platform.url(), TOKEN, discovery);
    let mut session = platform.session().await;
    assert_eq!(session.all().await, ["G00000001"]);
}
