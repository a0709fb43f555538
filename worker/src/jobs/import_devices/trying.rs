//! Tries the device of one row: finds its port, looks at it, and says what becomes of the row.

use siteward_devices::probe::probe_known;
use siteward_devices::{AddressPolicy, CallError, Limits, Login, Look, Pin, Transport, find_http};
use siteward_domain::ImportId;
use siteward_domain::device::{DeviceAddress, DeviceKind};
use siteward_store::devices::NewDevice;
use siteward_store::imports::{ClaimedRow, ImportContext, Reason, RowResult};

use super::behind_link::Secrets;
use crate::job::JobContext;
use crate::links::LinkHub;
use crate::polling::FirstLook;

/// What may be dialled and what it may cost.
#[derive(Debug, Clone)]
pub(super) struct Dialling {
    pub(super) policy: AddressPolicy,
    pub(super) limits: Limits,
    pub(super) hub: LinkHub,
}

/// What trying a row came to, ready to be written down.
pub(super) struct Tried {
    pub(super) result: RowResult,
    /// What the device told, when it is to be added.
    pub(super) first_look: Option<FirstLook>,
}

impl Tried {
    pub(super) fn failed(code: &str, message: String) -> Self {
        Self { result: RowResult::Fail(Reason { code: code.to_owned(), message }), first_look: None }
    }
}

impl Dialling {
    /// Dials the device of a row, once. At most one refused login follows from it.
    pub(super) async fn try_row(
        &self,
        context: &JobContext,
        import: &ImportContext,
        id: &ImportId,
        row: ClaimedRow,
    ) -> Tried {
        let secrets = match Secrets::open(context, import, id, &row) {
            Ok(secrets) => secrets,
            Err(error) => return Tried::failed("password_locked", error.to_string()),
        };
        if let Some(serial) = row.serial.clone() {
            return self.try_behind_link(context, import, row, &serial, secrets).await;
        }
        let Secrets { device_id, password, sealed_password, .. } = secrets;
        let login = Login { user_name: row.user_name.clone(), password };
        match self.look(context, &row.host, row.port, &login, self.policy.into()).await {
            Ok((address, pin, look)) => {
                let identity = look.observation.identity.as_ref().map(|identity| identity.value.clone());
                let device = NewDevice {
                    id: device_id,
                    company_id: import.company_id.clone(),
                    site_id: import.site_id.clone(),
                    name: row.name,
                    kind: identity.as_ref().map_or(DeviceKind::Unknown, |who| who.kind),
                    kind_is_manual: false,
                    address,
                    given_port: Some(row.port),
                    user_name: row.user_name,
                    sealed_password,
                    pin,
                    identity,
                    link_id: None,
                    serial: None,
                    sealed_code: None,
                    mac: None,
                };
                let first_look = FirstLook::new(&device, look, context.clock.now());
                Tried { result: RowResult::Add(Box::new(device)), first_look: Some(first_look) }
            }
            Err(error) => Tried::failed(error.code(), error.to_string()),
        }
    }

    /// Finds the device's web interface and asks it everything, once: where it is, its certificate, what it said.
    pub(super) async fn look(
        &self,
        context: &JobContext,
        host: &str,
        port: u16,
        login: &Login,
        transport: Transport,
    ) -> Result<(DeviceAddress, Option<String>, Look), CallError> {
        let (address, mut client) = find_http(host, port, login, transport, &self.limits).await?;
        let look = probe_known(&mut client, || context.clock.now()).await?;
        Ok((address, client.pin().map(Pin::to_hex), look))
    }
}
