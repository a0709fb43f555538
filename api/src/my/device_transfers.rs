//! Devices that an end user gives to somebody else: a code of the mail to the owner, the device's verification code, and the
//! consent of who is to have it.

pub(crate) mod confirm;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod withdraw;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use siteward_domain::DeviceTransferId;
use siteward_domain::share::TransferState as State;
use siteward_store::device_transfers::Transfer;
use utoipa::ToSchema;

use crate::access::token;

/// What became of a transfer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TransferState {
    /// It waits for the code of the mail.
    Unconfirmed,
    /// The other did not answer yet.
    Offered,
    /// The device is theirs.
    Accepted,
    /// They did not want it.
    Refused,
    /// It was taken back.
    Withdrawn,
    /// The code was not entered in time, or wrong too often.
    Void,
}

/// A device that somebody gives away.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceTransfer {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The device, while it is one's own.
    #[schema(required = true, format = "uuid")]
    device_id: Option<String>,
    /// Its name; may be empty.
    device_name: String,
    /// Its model; may be empty.
    model: String,
    /// Its serial number.
    #[schema(required = true)]
    serial: Option<String>,
    /// Who is to have it, as it was written.
    login: String,
    /// What became of it.
    state: TransferState,
    /// When it was begun.
    created_at: DateTime<Utc>,
    /// Until when the code of the mail is good.
    code_until: DateTime<Utc>,
    /// When it ended.
    #[schema(required = true)]
    answered_at: Option<DateTime<Utc>>,
}

impl From<Transfer> for DeviceTransfer {
    fn from(transfer: Transfer) -> Self {
        let is_open = matches!(transfer.state, State::Unconfirmed | State::Offered);
        Self {
            id: transfer.id.to_string(),
            device_id: is_open.then(|| transfer.device_id.to_string()),
            device_name: transfer.device_name,
            model: transfer.model,
            serial: transfer.serial.map(Into::into),
            login: transfer.receiver_login,
            state: match transfer.state {
                State::Unconfirmed => TransferState::Unconfirmed,
                State::Offered => TransferState::Offered,
                State::Accepted => TransferState::Accepted,
                State::Refused => TransferState::Refused,
                State::Withdrawn => TransferState::Withdrawn,
                State::Void => TransferState::Void,
            },
            created_at: transfer.created_at,
            code_until: transfer.code_until,
            answered_at: transfer.answered_at,
        }
    }
}

/// What is kept of a code; the transfer's id makes that of two equal ones differ.
fn code_hash(id: &DeviceTransferId, code: &SecretString) -> String {
    token::hash(&format!("device_transfer:{id}:{}", code.expose_secret()))
}
