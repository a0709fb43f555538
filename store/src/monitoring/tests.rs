use siteward_domain::CompanyId;
use siteward_domain::device_functions::{Refusal, Standing};
use siteward_domain::firmware::Function;

use super::*;
use crate::Store;
use crate::testing::{at, company, device, on_both, site};

fn now_is(store: &Store, company: &CompanyId, device: &DeviceId) -> Standing {
    store.read(|conn| standing(conn, company, device)).unwrap()
}

fn make_old_recorder(store: &Store, device: &DeviceId) {
    let sql = "UPDATE devices SET kind = 'nvr', model = 'DS-7608NI-E2', firmware = 'V3.4.98 build 180104' WHERE id = ";
    store.write(|conn| Select::new(sql).text(device.as_str()).execute(conn)).unwrap();
}

#[test]
fn a_new_device_has_every_function_and_an_old_recorder_not() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let device = device(store, &company, &site, "10.0.0.1", 1);
        assert_eq!(now_is(store, &company, &device), Standing::full());
        make_old_recorder(store, &device);
        let too_old = Refusal::FirmwareIncompatible { minimum_version: "4.0".into() };
        let standing = now_is(store, &company, &device);
        assert_eq!(standing.may(Function::RemoteConfiguration), Err(too_old));
        assert_eq!(standing.may(Function::FirmwareUpgrade), Ok(()));
    });
}

#[test]
fn a_device_of_another_company_is_not_found() {
    on_both(|store| {
        let company = company(store);
        let site = site(store, &company, "Villa");
        let device = device(store, &company, &site, "10.0.0.1", 1);
        let other = CompanyId::generate(at(1));
        assert!(matches!(store.read(|conn| standing(conn, &other, &device)), Err(StoreError::NotFound)));
    });
}
