//! Data folders with companies, sites and devices, put in through the store's own functions.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::Value;
use siteward_domain::company::Region;
use siteward_domain::device::{DeviceAddress, DeviceKind, Scheme};
use siteward_domain::health::Topic;
use siteward_domain::observation::Identity;
use siteward_domain::{CompanyId, DeviceId, SerialNumber, SiteId};
use siteward_store::companies::{NewCompany, create_company};
use siteward_store::devices::{NewDevice, create_device, seal_password};
use siteward_store::polling::{BUCKETS, MeasuredRow, RoundWrite, load_bucket_devices, write_round};
use siteward_store::sites::{NewSite, create_site};
use siteward_store::{MasterKey, Store, StoreSettings};

/// Devices added in one transaction.
const AT_ONCE: usize = 2_000;

/// Opens the store of a data folder; makes schema and master key where they are not there.
pub(crate) fn open(folder: &Path) -> Result<Store> {
    open_at(folder, None)
}

/// The same with the database elsewhere.
pub(crate) fn open_at(folder: &Path, database_url: Option<&str>) -> Result<Store> {
    let key = MasterKey::load(None, &folder.join("master.key"))?;
    let database_url = database_url.map(str::to_owned);
    let store = Store::open(&StoreSettings { database_url, data_dir: folder.to_owned(), pool_size: 8 }, key)?;
    store.migrate()?;
    Ok(store)
}

/// Makes a company with one site and puts a simulator's devices into it.
pub(crate) fn fill(folder: &Path, devices: &[Value]) -> Result<()> {
    fill_at(folder, None, devices)
}

/// The same with the database elsewhere.
pub(crate) fn fill_at(folder: &Path, database_url: Option<&str>, devices: &[Value]) -> Result<()> {
    let store = open_at(folder, database_url)?;
    let (company_id, site_id) = make_company(&store)?;
    let new: Vec<NewDevice> =
        devices.iter().map(|device| to_add(&store, &company_id, &site_id, device)).collect::<Result<_>>()?;
    add(&store, &new, Utc::now())
}

/// Makes a company with one site.
pub(crate) fn make_company(store: &Store) -> Result<(CompanyId, SiteId)> {
    let now = Utc::now();
    let company_id = CompanyId::generate(now);
    let company = NewCompany {
        id: company_id.clone(),
        name: "Bench Installers".into(),
        region: Region::parse("DE")?,
        public_url: "http://localhost:8080".into(),
    };
    store.write(|conn| create_company(conn, &company, now))?;
    let site_id = make_site(store, &company_id, "Bench", "", now)?;
    Ok((company_id, site_id))
}

/// Makes a site.
pub(crate) fn make_site(
    store: &Store,
    company_id: &CompanyId,
    name: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<SiteId> {
    let new = NewSite {
        id: SiteId::generate(now),
        company_id: company_id.clone(),
        name: name.to_owned(),
        address: address.to_owned(),
        time_zone: "Europe/Berlin".into(),
        sync_time: false,
    };
    store.write_relaxed(|conn| create_site(conn, &new, now))?;
    Ok(new.id)
}

/// Adds devices, many in one transaction.
pub(crate) fn add(store: &Store, devices: &[NewDevice], now: DateTime<Utc>) -> Result<()> {
    for some in devices.chunks(AT_ONCE) {
        store.write_relaxed(|conn| some.iter().try_for_each(|device| create_device(conn, device, now)))?;
    }
    Ok(())
}

/// A camera of the simulator, to be added.
pub(crate) fn to_add(store: &Store, company_id: &CompanyId, site_id: &SiteId, device: &Value) -> Result<NewDevice> {
    let text = |name: &str| device[name].as_str().with_context(|| format!("a device without {name}"));
    let id = DeviceId::generate(Utc::now());
    let password = SecretString::from(text("password")?);
    let address = DeviceAddress {
        scheme: Scheme::Http,
        host: text("address")?.to_owned(),
        port: u16::try_from(device["port"].as_u64().context("a device without a port")?)?,
    };
    Ok(NewDevice {
        sealed_password: seal_password(store, company_id, &id, &password)?,
        id,
        company_id: company_id.clone(),
        site_id: site_id.clone(),
        name: text("name")?.to_owned(),
        kind: DeviceKind::Camera,
        kind_is_manual: false,
        address,
        given_port: None,
        user_name: text("user")?.to_owned(),
        pin: None,
        identity: Some(camera(text("model")?, text("serial")?, text("serial_number")?)),
        link_id: None,
        serial: None,
        sealed_code: None,
        mac: None,
    })
}

/// What a camera says of itself.
pub(crate) fn camera(model: &str, serial: &str, serial_number: &str) -> Identity {
    Identity {
        device_name: String::new(),
        model: model.to_owned(),
        serial_number: serial_number.to_owned(),
        sub_serial_number: None,
        short_serial: SerialNumber::parse(serial).ok(),
        mac_address: None,
        firmware_version: "V5.7.3".into(),
        firmware_released: Some("build 220112".into()),
        hardware_version: None,
        manufacturer: None,
        device_type: "IPCamera".into(),
        kind: DeviceKind::Camera,
    }
}

/// Writes every device down as measured just now, all topics: as a worker that takes over finds them, so that what is
/// measured is the steady state and not a first start.
pub(crate) fn mark_fresh(folder: &Path) -> Result<()> {
    mark_fresh_at(folder, None)
}

/// The same with the database elsewhere.
pub(crate) fn mark_fresh_at(folder: &Path, database_url: Option<&str>) -> Result<()> {
    let store = open_at(folder, database_url)?;
    let buckets: Vec<u16> = (0..BUCKETS).collect();
    let ids = store.read(|conn| load_bucket_devices(conn, &buckets))?.into_iter().map(|device| device.id);
    let ids: Vec<DeviceId> = ids.collect();
    let at = Utc::now();
    for some in ids.chunks(10_000) {
        let row = |id: &DeviceId| MeasuredRow { device_id: id.clone(), topics: Topic::ALL.to_vec(), at };
        let round = RoundWrite { measured: some.iter().map(row).collect(), ..RoundWrite::default() };
        store.write_relaxed(|conn| write_round(conn, &round))?;
    }
    Ok(())
}
