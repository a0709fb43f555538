//! What stands in the database of server processes, to look at what no answer tells.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use secrecy::{ExposeSecret as _, SecretString};
use siteward_domain::event::EventKind;
use siteward_domain::{CompanyId, DeviceId};
use siteward_store::events::{self, Event};
use siteward_store::{MasterKey, Store, StoreSettings, devices};

/// A store of our own on the data of processes that run, or ran.
pub struct Stored {
    /// The store.
    pub store: Store,
}

impl Stored {
    /// Opens what processes with their data in `data` have.
    pub fn open(data: &Path, database_url: Option<&str>) -> Result<Self> {
        let key = MasterKey::load(None, &data.join("master.key"))?;
        let settings =
            StoreSettings { database_url: database_url.map(str::to_owned), data_dir: data.to_owned(), pool_size: 2 };
        Ok(Self { store: Store::open(&settings, key)? })
    }

    /// The number of the last event.
    pub fn last_event(&self) -> Result<i64> {
        Ok(self.store.read(events::last_seq)?)
    }

    /// Every event after a number.
    pub fn events_after(&self, mut seq: i64) -> Result<Vec<Event>> {
        let mut all = Vec::new();
        loop {
            let some = self.store.read(|conn| events::after(conn, None, seq, 1_000))?;
            let Some(last) = some.last() else { return Ok(all) };
            seq = last.seq;
            all.extend(some);
        }
    }

    /// The password that the platform has for a device.
    pub fn password(&self, company: &CompanyId, device: &DeviceId) -> Result<SecretString> {
        let credential = self.store.read(|conn| devices::get_credential(conn, company, device))?;
        Ok(devices::open_password(&self.store, company, device, &credential.sealed_password)?)
    }

    /// Whether the platform has this very password for a device.
    pub fn has_password(&self, company: &CompanyId, device: &DeviceId, password: &str) -> Result<bool> {
        Ok(self.password(company, device)?.expose_secret() == password)
    }
}

/// Fails unless each link goes online and offline by turns, beginning with online.
pub fn check_links_alternate(events: &[Event]) -> Result<()> {
    let mut online = BTreeMap::new();
    for event in events {
        let now = match event.kind {
            EventKind::LinkOnline => true,
            EventKind::LinkOffline => false,
            _ => continue,
        };
        let link = event.data["link_id"].as_str().context("events of links name them")?;
        if online.insert(link.to_owned(), now).unwrap_or(false) == now {
            bail!("link {link} is told {} twice in a row", event.kind.as_str());
        }
    }
    Ok(())
}
