//! The last step: the device is asked everything once, and added with what it said.

use std::sync::Arc;

use secrecy::SecretString;
use siteward_devices::probe::probe_known;
use siteward_devices::{CallError, Pin};
use siteward_domain::add_state::AddState;
use siteward_domain::device::DeviceKind;
use siteward_domain::observation::Identity;
use siteward_domain::{DeviceId, VerificationCode};
use siteward_store::additions::{self, Addition, Finish};
use siteward_store::devices::{self, NewDevice};
use siteward_store::{SealedText, StoreError};

use super::knowing::Run;
use super::leading::{Step, because, reason};
use super::{Adding, AddingError, upgrading};
use crate::polling::FirstLook;

impl Run<'_> {
    /// Adds the device that the run is logged in to. When somebody else adds it at the same instant, the next step
    /// finds it taken.
    pub(super) async fn add(&mut self) -> Result<Step, AddingError> {
        let (Some(mut client), Some(seen)) = (self.client.take(), self.seen.clone()) else {
            return Ok(Step::Rest(None));
        };
        let clock = Arc::clone(&self.adding.clock);
        let look = match probe_known(&mut client, || clock.now()).await {
            Ok(look) => look,
            Err(error) => {
                let state = match &error {
                    CallError::Unreachable { .. } => AddState::Offline,
                    _ => AddState::Failed,
                };
                return Ok(Step::RestIn(state, because(&error)));
            }
        };
        let identity = look.observation.identity.as_ref().map(|identity| identity.value.clone());
        if self.is_another(identity.as_ref()) {
            let message = "the device that answers there has another serial number";
            return Ok(Step::RestIn(AddState::Failed, reason("device_other_serial", message)));
        }
        let id = DeviceId::generate(self.adding.clock.now());
        let recognised = identity.as_ref().map(|identity| identity.kind).filter(|kind| *kind != DeviceKind::Unknown);
        let device = NewDevice {
            company_id: self.addition.company_id.clone(),
            site_id: self.addition.site_id.clone(),
            name: self.name(identity.as_ref()),
            kind: recognised.unwrap_or_else(|| seen.sighting.kind()),
            kind_is_manual: false,
            address: client.address().clone(),
            given_port: None,
            user_name: self.addition.user_name.clone(),
            sealed_password: self.seal_password(&id)?,
            pin: client.pin().map(Pin::to_hex),
            identity,
            link_id: Some(seen.link_id.clone()),
            serial: Some(self.addition.serial.clone()),
            sealed_code: self.seal_code(&id)?,
            mac: seen.sighting.mac.clone(),
            id,
        };
        let first_look = FirstLook::new(&device, look, self.adding.clock.now());
        let finished = self.adding.finish(&self.addition, device, first_look).await?;
        match finished {
            Finish::Added(_) => {}
            Finish::Taken { .. } => return Ok(Step::On),
            Finish::NotAllowed(status) => {
                let message = "the status of the site does not let the company add devices any more";
                return Ok(Step::RestIn(AddState::Failed, reason(status.refusal_code(), message)));
            }
        }
        self.addition = self.adding.get(&self.addition.company_id, &self.addition.id).await?;
        tracing::info!(addition.id = %self.addition.id, serial = %self.addition.serial, "a device is added");
        Ok(Step::Ended)
    }

    /// Who answers is another device than the one whose label was scanned.
    fn is_another(&self, identity: Option<&Identity>) -> bool {
        let told = identity.and_then(|identity| identity.short_serial.as_ref());
        told.is_some_and(|serial| *serial != self.addition.serial)
    }

    /// What a person called it, else what it calls itself.
    fn name(&self, identity: Option<&Identity>) -> String {
        let own = || identity.map(|identity| identity.device_name.trim().to_owned()).unwrap_or_default();
        if self.addition.name.is_empty() { own().chars().take(128).collect() } else { self.addition.name.clone() }
    }

    fn seal_password(&self, device: &DeviceId) -> Result<SealedText, AddingError> {
        let password = self.let_in_with.as_ref().ok_or(AddingError::NotNow)?;
        let place = devices::password_place(&self.addition.company_id, device);
        Ok(self.adding.store.vault().seal(place, password)?)
    }

    fn seal_code(&self, device: &DeviceId) -> Result<Option<SealedText>, AddingError> {
        let place = devices::code_place(&self.addition.company_id, device);
        let seal = |code: VerificationCode| self.adding.store.vault().seal(place, &SecretString::from(code.expose()));
        Ok(self.code()?.map(seal).transpose()?)
    }
}

impl Adding {
    /// Device, addition and what was found out, in one transaction.
    async fn finish(
        &self,
        addition: &Addition,
        device: NewDevice,
        first_look: FirstLook,
    ) -> Result<Finish, AddingError> {
        let (company, id, now) = (addition.company_id.clone(), addition.id.clone(), self.clock.now());
        let addition = addition.clone();
        let finished = self.with_store(move |store| {
            let finish = || {
                store.write(|conn| {
                    let finished = additions::finish(conn, &company, &id, &device, now)?;
                    if finished == Finish::Added(device.id.clone()) {
                        first_look.write(conn)?;
                        upgrading::begin(conn, &addition, &device.id, now)?;
                    }
                    Ok(finished)
                })
            };
            match finish() {
                // Somebody added the same device without a link at the same instant: now that can be seen.
                Err(StoreError::Duplicate { .. }) => finish(),
                finished => finished,
            }
        });
        Ok(finished.await?)
    }
}
