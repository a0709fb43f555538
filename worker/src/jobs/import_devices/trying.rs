//! Tries the device of one row: finds its port, looks at it, and says what becomes of the row.

use siteward_devices::probe::probe_known;
use siteward_devices::{AddressPolicy, CallError, Limits, Login, Pin, find_http};
use siteward_domain::device::DeviceKind;
use siteward_domain::{DeviceId, ImportId};
use siteward_store::devices::{self, NewDevice};
use siteward_store::imports::{self, ClaimedRow, ImportContext, Reason, RowResult};

use crate::job::JobContext;
use crate::polling::FirstLook;

/// What may be dialled and what it may cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialling {
    pub(super) policy: AddressPolicy,
    pub(super) limits: Limits,
}

/// What trying a row came to, ready to be written down.
pub(super) struct Tried {
    pub(super) result: RowResult,
    /// What the device told, when it is to be added.
    pub(super) first_look: Option<FirstLook>,
}

impl Tried {
    fn failed(code: &str, message: String) -> Self {
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
        let vault = context.store.vault();
        let key = imports::row_key(id, row.index);
        let password = match vault.open(imports::password_place(&import.company_id, &key), &row.sealed_password) {
            Ok(password) => password,
            Err(error) => return Tried::failed("password_locked", error.to_string()),
        };
        let device_id = DeviceId::generate(context.clock.now());
        let place = devices::password_place(&import.company_id, &device_id);
        let sealed_password = match vault.seal(place, &password) {
            Ok(sealed) => sealed,
            Err(error) => return Tried::failed("password_locked", error.to_string()),
        };
        let login = Login { user_name: row.user_name.clone(), password };
        let looked = async {
            let (address, mut client) = find_http(&row.host, row.port, &login, &self.policy, &self.limits).await?;
            let look = probe_known(&mut client, || context.clock.now()).await?;
            Ok::<_, CallError>((address, client.pin().map(Pin::to_hex), look))
        };
        match looked.await {
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
}
