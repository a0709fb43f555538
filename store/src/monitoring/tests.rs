use siteward_domain::device_functions::{Refusal, Standing, Unwatched};
use siteward_domain::event::EventKind;
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_domain::firmware::Function;
use siteward_domain::health::{DeviceHealth, Topic};
use siteward_domain::{CompanyId, ExceptionId, StaffId};

use super::*;
use crate::Store;
use crate::devices::{DeviceChange, create_device, get_device, update_device};
use crate::events::NewEvent;
use crate::exceptions::{ExceptionFilter, list};
use crate::polling::{
    FactRow, MeasuredRow, OpenedRow, RoundWrite, TransitionRow, change_position, changes_since, load_devices,
    write_round,
};
use crate::reach::Reach;
use crate::testing::{at, company, device, events_of, new_device, on_both, site};

/// Every bucket.
fn buckets() -> Vec<u16> {
    (0..1024).collect()
}

fn switch_to(store: &Store, company: &CompanyId, on: bool, device: &DeviceId, seconds: i64) -> Vec<DeviceId> {
    let to = Switch { company_id: company.clone(), on, by: StaffId::generate(at(0)), by_name: "Anna".into() };
    store.write(|conn| switch(conn, &to, std::slice::from_ref(device), at(seconds))).unwrap()
}

/// What a look writes that finds a device healthy, and no picture on its channel.
fn round(company: &CompanyId, device: &DeviceId, seconds: i64) -> RoundWrite {
    let now = at(seconds);
    let event = |kind| NewEvent {
        company_id: company.clone(),
        site_id: None,
        device_id: Some(device.clone()),
        kind,
        actor: "poller".into(),
        at: now,
        data: serde_json::json!({}),
    };
    RoundWrite {
        measured: vec![MeasuredRow { device_id: device.clone(), topics: vec![Topic::Reachability], at: now }],
        transitions: vec![TransitionRow {
            device_id: device.clone(),
            from: DeviceHealth::Unknown,
            to: DeviceHealth::Faulty,
            at: now,
        }],
        opened: vec![OpenedRow {
            id: ExceptionId::generate(now),
            device_id: device.clone(),
            key: ExceptionKey::of_part(ExceptionKind::VideoLoss, "1"),
            at: now,
        }],
        events: vec![event(EventKind::HealthChanged), event(EventKind::ExceptionOpened)],
        ..RoundWrite::default()
    }
}

fn now_is(store: &Store, company: &CompanyId, device: &DeviceId) -> Standing {
    store.read(|conn| standing(conn, company, device)).unwrap()
}

fn open_count(store: &Store, company: &CompanyId) -> usize {
    let filter = ExceptionFilter { open: Some(true), ..ExceptionFilter::default() };
    store.read(|conn| list(conn, &Reach::of_company(company), &filter, None, 20)).unwrap().items.len()
}

/// A new identity, as a look finds it.
fn identity(store: &Store, company: &CompanyId, firmware: &str) -> siteward_domain::observation::Identity {
    let site = site(store, company, firmware);
    let identity = new_device(store, company, &site, "10.9.9.9", 9).identity.unwrap();
    siteward_domain::observation::Identity {
        model: "DS-7608NI-E2".into(),
        kind: DeviceKind::Nvr,
        firmware_version: firmware.into(),
        firmware_released: None,
        short_serial: None,
        ..identity
    }
}

fn identified(device: &DeviceId, identity: &siteward_domain::observation::Identity, seconds: i64) -> RoundWrite {
    let value = serde_json::to_string(identity).unwrap();
    let fact =
        FactRow { device_id: device.clone(), topic: Topic::Identity, value, source: "a test".into(), at: at(seconds) };
    RoundWrite { facts: vec![fact], ..RoundWrite::default() }
}

#[test]
fn a_device_that_is_switched_off_has_no_health_and_nothing_open_and_pollers_lose_it() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let device = device(store, &company, &site, "10.0.0.1", 1);
        store.write(|conn| write_round(conn, &round(&company, &device, 1))).unwrap();
        let position = store.read(change_position).unwrap();
        assert_eq!(switch_to(store, &company, false, &device, 9), [device.clone()]);
        assert_eq!(switch_to(store, &company, false, &device, 10), [], "it is off already");
        let off = store.read(|conn| get_device(conn, &company, &device)).unwrap();
        assert_eq!((off.health, off.unwatched), (DeviceHealth::Unknown, Some(Unwatched::MonitoringOff)));
        assert_eq!(off.switched_off, Some(SwitchedOff { at: at(9), by: "Anna".into() }));
        assert_eq!(open_count(store, &company), 0);
        let closed = events_of(store, &company, EventKind::ExceptionClosed);
        assert_eq!(closed.len(), 1);
        assert_eq!(closed[0].data["because"], "monitoring_off");
        assert_eq!(closed[0].data["duration_seconds"], 8);
        let changes = store.read(|conn| changes_since(conn, &buckets(), position)).unwrap();
        assert_eq!((changes.gone, changes.devices.len()), (vec![device.clone()], 0));
        assert!(store.read(|conn| load_devices(conn, &[&device])).unwrap().is_empty());
    });
}

#[test]
fn what_a_look_found_that_began_before_the_switch_is_not_written() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let device = device(store, &company, &site, "10.0.0.1", 1);
        switch_to(store, &company, false, &device, 5);
        store.write(|conn| write_round(conn, &round(&company, &device, 4))).unwrap();
        let off = store.read(|conn| get_device(conn, &company, &device)).unwrap();
        assert_eq!((off.health, open_count(store, &company)), (DeviceHealth::Unknown, 0));
        assert!(events_of(store, &company, EventKind::ExceptionOpened).is_empty());
        assert!(events_of(store, &company, EventKind::HealthChanged).is_empty());
    });
}

#[test]
fn a_device_that_is_switched_on_again_is_asked_everything_anew() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let device = device(store, &company, &site, "10.0.0.1", 1);
        store.write(|conn| write_round(conn, &round(&company, &device, 1))).unwrap();
        switch_to(store, &company, false, &device, 5);
        assert_eq!(switch_to(store, &company, true, &device, 6), [device.clone()]);
        let on = store.read(|conn| get_device(conn, &company, &device)).unwrap();
        assert_eq!((on.unwatched, on.switched_off, on.measured_at), (None, None, None));
        let polled = store.read(|conn| load_devices(conn, &[&device])).unwrap();
        assert_eq!(polled[0].measured.of(Topic::Reachability), None);
        assert!(!polled[0].is_too_old);
        let watched: Vec<_> = events_of(store, &company, EventKind::MonitoringChanged);
        assert_eq!(watched.iter().map(|event| event.data["watched"].clone()).collect::<Vec<_>>(), [false, true]);
    });
}

#[test]
fn a_firmware_that_is_too_old_is_found_at_the_look_and_a_newer_one_brings_the_device_back() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let device = device(store, &company, &site, "10.0.0.1", 1);
        store.write(|conn| write_round(conn, &round(&company, &device, 1))).unwrap();
        let old = identity(store, &company, "V3.4.98");
        store.write(|conn| write_round(conn, &identified(&device, &old, 2))).unwrap();
        let too_old = Refusal::FirmwareIncompatible { minimum_version: "4.0".into() };
        assert_eq!(now_is(store, &company, &device).may(Function::RemoteConfiguration), Err(too_old));
        assert_eq!(now_is(store, &company, &device).may(Function::FirmwareUpgrade), Ok(()));
        let stored = store.read(|conn| get_device(conn, &company, &device)).unwrap();
        assert_eq!((stored.health, stored.unwatched), (DeviceHealth::Unknown, Some(Unwatched::FirmwareIncompatible)));
        assert_eq!(open_count(store, &company), 0);
        assert!(store.read(|conn| load_devices(conn, &[&device])).unwrap()[0].is_too_old, "its firmware is looked at");
        let new = identity(store, &company, "V4.30.0");
        store.write(|conn| write_round(conn, &identified(&device, &new, 3))).unwrap();
        assert_eq!(store.read(|conn| get_device(conn, &company, &device)).unwrap().unwatched, None);
        assert_eq!(now_is(store, &company, &device), Standing::full());
    });
}

#[test]
fn a_device_that_is_added_or_edited_is_judged_in_the_same_transaction() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let mut new = new_device(store, &company, &site, "10.0.0.1", 1);
        new.identity = Some(identity(store, &company, "V3.1.0"));
        new.kind = DeviceKind::Nvr;
        store.write(|conn| create_device(conn, &new, at(0))).unwrap();
        store.write(|conn| write_round(conn, &round(&company, &new.id, 1))).unwrap();
        let added = store.read(|conn| get_device(conn, &company, &new.id)).unwrap();
        assert_eq!((added.health, added.unwatched), (DeviceHealth::Unknown, Some(Unwatched::FirmwareIncompatible)));
        let change = DeviceChange { identity: Some(identity(store, &company, "V4.1.0")), ..DeviceChange::default() };
        let edited = store.write(|conn| update_device(conn, &company, &new.id, &change, at(2))).unwrap();
        assert_eq!(edited.unwatched, None);
    });
}

#[test]
fn whoever_is_off_and_too_old_stays_unwatched_when_switched_on() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let device = device(store, &company, &site, "10.0.0.1", 1);
        switch_to(store, &company, false, &device, 1);
        let old = identity(store, &company, "V3.4.98");
        store.write(|conn| write_round(conn, &identified(&device, &old, 2))).unwrap();
        let is = |store: &Store| store.read(|conn| get_device(conn, &company, &device)).unwrap().unwatched;
        assert_eq!(is(store), Some(Unwatched::MonitoringOff));
        switch_to(store, &company, true, &device, 3);
        assert_eq!(is(store), Some(Unwatched::FirmwareIncompatible));
    });
}

#[test]
fn a_device_of_another_company_is_neither_found_nor_switched() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let device = device(store, &company, &site, "10.0.0.1", 1);
        let other = CompanyId::generate(at(1));
        assert!(matches!(store.read(|conn| standing(conn, &other, &device)), Err(StoreError::NotFound)));
        assert_eq!(switch_to(store, &other, false, &device, 1), []);
        assert!(now_is(store, &company, &device).monitoring);
    });
}
