//! Rows of a sealed QR that are devices behind a link: found by their serial in the network of the site.

use secrecy::SecretString;
use siteward_devices::Login;
use siteward_domain::device::DeviceKind;
use siteward_domain::link::BindState;
use siteward_domain::{DeviceId, ImportId, SerialNumber};
use siteward_store::devices::{self, NewDevice};
use siteward_store::imports::{self, ClaimedRow, ImportContext, RowResult};
use siteward_store::sightings::{self, Seen};
use siteward_store::{SealedText, VaultError};

use super::trying::{Dialling, Tried};
use crate::job::JobContext;
use crate::polling::FirstLook;

/// A row's secrets: opened to be tried, and sealed anew for the device that the row may become.
pub(super) struct Secrets {
    pub(super) device_id: DeviceId,
    pub(super) password: SecretString,
    pub(super) sealed_password: SealedText,
    sealed_code: Option<SealedText>,
}

impl Secrets {
    pub(super) fn open(
        context: &JobContext,
        import: &ImportContext,
        id: &ImportId,
        row: &ClaimedRow,
    ) -> Result<Self, VaultError> {
        let (vault, company) = (context.store.vault(), &import.company_id);
        let key = imports::row_key(id, row.index);
        let device_id = DeviceId::generate(context.clock.now());
        let password = vault.open(imports::password_place(company, &key), &row.sealed_password)?;
        let sealed_password = vault.seal(devices::password_place(company, &device_id), &password)?;
        let sealed_code = match &row.sealed_code {
            None => None,
            Some(sealed) => {
                let code = vault.open(imports::code_place(company, &key), sealed)?;
                Some(vault.seal(devices::code_place(company, &device_id), &code)?)
            }
        };
        Ok(Self { device_id, password, sealed_password, sealed_code })
    }
}

impl Dialling {
    /// Asks the device of a row through the link that has found it, once. At most one refused login follows from it.
    pub(super) async fn try_behind_link(
        &self,
        context: &JobContext,
        import: &ImportContext,
        row: ClaimedRow,
        serial: &SerialNumber,
        secrets: Secrets,
    ) -> Tried {
        let seen = match find(context, import, serial).await {
            Ok(seen) => seen,
            Err(tried) => return *tried,
        };
        let login = Login { user_name: row.user_name.clone(), password: secrets.password };
        let transport = self.hub.transport(&seen.link_id, serial);
        let port = if seen.sighting.http_port == 0 { 80 } else { seen.sighting.http_port };
        let (address, pin, look) = match self.look(context, &seen.sighting.host, port, &login, transport).await {
            Ok(looked) => looked,
            Err(error) => return Tried::failed(error.code(), error.to_string()),
        };
        let identity = look.observation.identity.as_ref().map(|identity| identity.value.clone());
        let told = identity.as_ref().and_then(|identity| identity.short_serial.as_ref());
        if told.is_some_and(|told| told != serial) {
            let message = "the device that answers there has another serial number";
            return Tried::failed("device_other_serial", message.to_owned());
        }
        let device = NewDevice {
            id: secrets.device_id,
            company_id: import.company_id.clone(),
            site_id: import.site_id.clone(),
            name: row.name,
            kind: identity.as_ref().map_or(DeviceKind::Unknown, |who| who.kind),
            kind_is_manual: false,
            address,
            given_port: None,
            user_name: row.user_name,
            sealed_password: secrets.sealed_password,
            pin,
            identity,
            link_id: Some(seen.link_id),
            serial: Some(serial.clone()),
            sealed_code: secrets.sealed_code,
            mac: seen.sighting.mac,
        };
        let first_look = FirstLook::new(&device, look, context.clock.now());
        Tried { result: RowResult::Add(Box::new(device)), first_look: Some(first_look) }
    }
}

/// What a link of the site sees of the serial now.
async fn find(context: &JobContext, import: &ImportContext, serial: &SerialNumber) -> Result<Seen, Box<Tried>> {
    let (company, site, of_serial) = (import.company_id.clone(), import.site_id.clone(), serial.clone());
    let found = context
        .with_store(move |store| store.read(|conn| sightings::find_for_site(conn, &company, &site, &of_serial)))
        .await;
    let failed = |code: &str, message: &str| Box::new(Tried::failed(code, message.to_owned()));
    match found {
        // The code may be older than whose the device is now (R-D8); then it is unbound first.
        Ok(Some(seen)) if seen.sighting.bind == BindState::Bound => {
            Err(failed("device_someone_elses", "the device belongs to another account"))
        }
        Ok(Some(seen)) if seen.online => Ok(seen),
        Ok(Some(_)) => Err(failed("device_offline", "the device is not online")),
        Ok(None) => Err(failed("not_on_this_lan", "no link of this site has found the device")),
        Err(_) => Err(failed("unavailable", "the database is not available just now")),
    }
}
