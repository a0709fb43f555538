use siteward_domain::DeviceId;
use siteward_domain::device::DeviceKind;
use siteward_domain::device_functions::Unwatched;
use siteward_domain::firmware::{CompatibilityRule, Function};

use super::*;
use crate::Store;
use crate::devices::get_device;
use crate::testing::{at, company, device, member, on_both, site};

/// Rules that cameras older than `minimum` are not watched by.
fn of_cameras(minimum: &str) -> CompatibilityRules {
    let rule = CompatibilityRule::new(DeviceKind::Camera, &[], minimum, &[Function::HealthMonitoring]).unwrap();
    CompatibilityRules::new("2026-11-28", vec![rule])
}

fn unwatched(store: &Store, company: &CompanyId, device: &DeviceId) -> Option<Unwatched> {
    store.read(|conn| get_device(conn, company, device)).unwrap().unwatched
}

#[test]
fn a_companys_own_rules_count_for_its_devices_alone_and_at_once() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let by = member(store, &mine, "anna@example.com");
        let (villa, theirs) = (site(store, &mine, "Villa"), site(store, &other, "Theirs"));
        let (camera, foreign) =
            (device(store, &mine, &villa, "10.0.0.1", 1), device(store, &other, &theirs, "10.0.0.1", 1));
        let changed = store.write(|conn| set_own(conn, &mine, &of_cameras("9.0"), &by, at(5))).unwrap();
        assert_eq!(changed, 1);
        assert_eq!(unwatched(store, &mine, &camera), Some(Unwatched::FirmwareIncompatible));
        assert_eq!(unwatched(store, &other, &foreign), None);
        let own = store.read(|conn| find_own(conn, &mine)).unwrap().unwrap();
        assert_eq!((own.updated_at, own.updated_by.as_deref()), (at(5), Some("Anna")));
        assert_eq!(*own.rules, of_cameras("9.0"));
        assert_eq!(store.write(|conn| delete_own(conn, &mine, &by, at(6))).unwrap(), 1);
        assert_eq!(unwatched(store, &mine, &camera), None);
    });
}

#[test]
fn the_platforms_rules_count_for_whoever_has_none_of_their_own_and_are_judged_by_once() {
    on_both(|store| {
        let (mine, other) = (company(store), company(store));
        let by = member(store, &mine, "anna@example.com");
        let (villa, theirs) = (site(store, &mine, "Villa"), site(store, &other, "Theirs"));
        let (camera, foreign) =
            (device(store, &mine, &villa, "10.0.0.1", 1), device(store, &other, &theirs, "10.0.0.1", 1));
        store.write(|conn| set_own(conn, &mine, &of_cameras("1.0"), &by, at(5))).unwrap();
        assert_eq!(store.write(|conn| set_platform(conn, &of_cameras("9.0"), at(6))).unwrap(), 1);
        assert_eq!(store.write(|conn| set_platform(conn, &of_cameras("9.0"), at(7))).unwrap(), 0);
        assert_eq!(unwatched(store, &mine, &camera), None);
        assert_eq!(unwatched(store, &other, &foreign), Some(Unwatched::FirmwareIncompatible));
        assert_eq!(*store.read(|conn| of_company(conn, &other)).unwrap(), of_cameras("9.0"));
    });
}

#[test]
fn what_rules_would_change_is_told_with_names_before_they_are_saved() {
    on_both(|store| {
        let company = company(store);
        let villa = site(store, &company, "Villa");
        for number in 1..=3 {
            device(store, &company, &villa, &format!("10.0.0.{number}"), number);
        }
        let told = store.read(|conn| affected(conn, &company, &of_cameras("9.0"))).unwrap();
        assert_eq!((told.devices, told.unwatched), (3, 3));
        let names: Vec<_> = told.named.iter().map(|device| device.name.as_str()).collect();
        assert_eq!(names, ["Camera 10.0.0.1", "Camera 10.0.0.2", "Camera 10.0.0.3"]);
        assert_eq!(told.named[0].now, None);
        assert_eq!(told.named[0].then.as_ref().unwrap().minimum_version, "9.0");
        let same = store.read(|conn| of_company(conn, &company)).unwrap();
        assert_eq!(store.read(|conn| affected(conn, &company, &same)).unwrap(), Affected::default());
    });
}
