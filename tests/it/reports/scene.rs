//! A site with a past that is known minute by minute, written down as a worker does, and counted by other means.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use secrecy::SecretString;
use serde_json::json;
use siteward_domain::device::{DeviceAddress, DeviceKind, Scheme};
use siteward_domain::event::EventKind;
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::maintenance::{Repeats, Window};
use siteward_domain::observation::Identity;
use siteward_domain::{CompanyId, DeviceId, ExceptionId, LinkId, MaintenanceWindowId, SerialNumber, SiteId};
use siteward_store::Store;
use siteward_store::devices::{NewDevice, create_device, seal_password};
use siteward_store::events::{self, NewEvent};
use siteward_store::maintenance::{NewWindow, create_window};
use siteward_store::polling::{ClosedRow, OpenedRow, RoundWrite, UptimeRow, write_round};
use siteward_tests::app::{ADMIN, App};
use siteward_tests::client::Client;

/// What a minute of a device was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Minute {
    Up,
    Down,
    Unseen,
}

/// A site whose devices have a past.
pub(crate) struct Past {
    pub(crate) store: Store,
    pub(crate) company: CompanyId,
    pub(crate) site: SiteId,
    pub(crate) zone: siteward_domain::schedule::Tz,
    /// The first minute of the past.
    pub(crate) start: DateTime<Utc>,
}

impl Past {
    /// A site in a time zone.
    pub(crate) async fn site(app: &App, admin: &Client, name: &str, zone: &str, start: DateTime<Utc>) -> Self {
        let body = json!({"name": name, "address": "Kai 4", "time_zone": zone});
        let site = admin.post("/sites", &body).await.unwrap().ok().unwrap();
        let site: SiteId = site["id"].as_str().unwrap().parse().unwrap();
        let admin = app.store.read(|conn| siteward_store::staff::find_by_email(conn, ADMIN)).unwrap().unwrap();
        Self { store: app.store.clone(), company: admin.company_id, site, zone: zone.parse().unwrap(), start }
    }

    /// A device that was added before the past began.
    pub(crate) fn device(&self, name: &str, number: u32, link: Option<&LinkId>) -> DeviceId {
        self.device_added(name, number, link, self.start - Duration::days(1))
    }

    /// A device that was added at some time.
    pub(crate) fn device_added(&self, name: &str, number: u32, link: Option<&LinkId>, at: DateTime<Utc>) -> DeviceId {
        let id = DeviceId::generate(at);
        let serial = format!("R{number:08}");
        let identity = Identity {
            device_name: String::new(),
            model: "DS-2CD2042WD-I".into(),
            serial_number: format!("DS-2CD2042WD-I{serial}"),
            sub_serial_number: None,
            short_serial: SerialNumber::parse(&serial).ok(),
            mac_address: None,
            firmware_version: "V5.4.5".into(),
            firmware_released: Some("build 170124".into()),
            hardware_version: None,
            manufacturer: None,
            device_type: "IPCamera".into(),
            kind: DeviceKind::Camera,
        };
        let host = format!("10.1.{}.{}", number / 250, number % 250);
        let new = NewDevice {
            sealed_password: seal_password(&self.store, &self.company, &id, &SecretString::from("Canary-7")).unwrap(),
            id: id.clone(),
            company_id: self.company.clone(),
            site_id: self.site.clone(),
            name: name.into(),
            kind: DeviceKind::Camera,
            kind_is_manual: false,
            address: DeviceAddress { scheme: Scheme::Http, host, port: 80 },
            given_port: None,
            user_name: "admin".into(),
            pin: None,
            identity: Some(identity),
            link_id: link.cloned(),
            serial: link.and_then(|_| SerialNumber::parse(&serial).ok()),
            sealed_code: None,
            mac: None,
        };
        self.store.write(|conn| create_device(conn, &new, at)).unwrap();
        id
    }

    /// Writes minutes down by the hour, as a worker does.
    pub(crate) fn write(&self, device: &DeviceId, minutes: &[Minute]) {
        let mut hours: BTreeMap<i64, (u32, u32)> = BTreeMap::new();
        for (place, minute) in minutes.iter().enumerate() {
            let at = self.at(place).timestamp();
            let hour = hours.entry(at / 3600).or_default();
            match minute {
                Minute::Up => hour.0 += 60,
                Minute::Down => hour.1 += 60,
                Minute::Unseen => {}
            }
        }
        let row = |(hour, (up_seconds, down_seconds))| UptimeRow {
            device_id: device.clone(),
            hour,
            up_seconds,
            down_seconds,
        };
        let round = RoundWrite { uptime: hours.into_iter().map(row).collect(), ..RoundWrite::default() };
        self.store.write(|conn| write_round(conn, &round)).unwrap();
    }

    /// The time of a minute.
    pub(crate) fn at(&self, minute: usize) -> DateTime<Utc> {
        self.start + Duration::minutes(i64::try_from(minute).unwrap())
    }

    /// The date of a minute on the wall of the site.
    pub(crate) fn date(&self, minute: usize) -> NaiveDate {
        self.at(minute).with_timezone(&self.zone).date_naive()
    }

    pub(crate) fn tell(&self, kind: EventKind, at: DateTime<Utc>, data: serde_json::Value) {
        let event = NewEvent {
            company_id: self.company.clone(),
            site_id: Some(self.site.clone()),
            device_id: None,
            kind,
            actor: "test".into(),
            at,
            data,
        };
        self.store.write(|conn| events::append(conn, &event)).unwrap();
    }

    /// A maintenance window of the whole site.
    pub(crate) fn window(&self, from: DateTime<Utc>, to: DateTime<Utc>) {
        let admin = self.store.read(|conn| siteward_store::staff::find_by_email(conn, ADMIN)).unwrap().unwrap();
        let window = NewWindow {
            id: MaintenanceWindowId::generate(from),
            company_id: self.company.clone(),
            site_id: self.site.clone(),
            device_id: None,
            window: Window { starts_at: from, ends_at: to, repeats: Repeats::Once, ended_at: None },
            note: String::new(),
            created_by: admin.id,
        };
        self.store.write(|conn| create_window(conn, &window, from)).unwrap();
    }

    pub(crate) fn exception(
        &self,
        device: &DeviceId,
        kind: ExceptionKind,
        from: DateTime<Utc>,
        to: Option<DateTime<Utc>>,
    ) {
        let id = ExceptionId::generate(from);
        let key = ExceptionKey::of_part(kind, from.timestamp().to_string());
        let round = RoundWrite {
            opened: vec![OpenedRow { id: id.clone(), device_id: device.clone(), key, at: from }],
            closed: to.map(|at| ClosedRow { id, at }).into_iter().collect(),
            ..RoundWrite::default()
        };
        self.store.write(|conn| write_round(conn, &round)).unwrap();
    }

    /// The path of the site's report.
    pub(crate) fn report(&self, more: &str) -> String {
        format!("/sites/{}/report{more}", self.site)
    }
}

/// Chance that is the same in every run.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    /// Minutes in stretches, mostly up.
    pub(crate) fn minutes(&mut self, count: usize) -> Vec<Minute> {
        let mut minutes = Vec::with_capacity(count);
        while minutes.len() < count {
            let (minute, most) = match self.below(10) {
                0 => (Minute::Down, 90),
                1 => (Minute::Unseen, 200),
                _ => (Minute::Up, 900),
            };
            let stretch = usize::try_from(1 + self.below(most)).unwrap();
            minutes.extend(std::iter::repeat_n(minute, stretch.min(count - minutes.len())));
        }
        minutes
    }
}
