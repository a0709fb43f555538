//! Devices that go to another owner, with the mails that belong to each step: all of a step is one transaction.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use siteward_domain::share::MOST_TRANSFER_MAILS_AN_HOUR;
use siteward_domain::{DeviceTransferId, EndUserId, SerialNumber};
use siteward_store::device_transfers::{self, Accepted, Accepting, Confirmed, NewTransfer, NotAccepted, Transfer};
use siteward_store::mail_paces::{self, Pace};
use siteward_store::{DbConn, StoreError, Vault, end_users};

use crate::mail::{self, TransferTold};

/// Begins a transfer and writes the mail with its code to the owner. The errors are those of [`device_transfers::create`];
/// `None`: the device is offered to somebody already.
pub fn begin(
    conn: &mut DbConn,
    vault: &Vault,
    new: &NewTransfer,
    code: &SecretString,
    now: DateTime<Utc>,
) -> Result<Option<Transfer>, StoreError> {
    if !device_transfers::create(conn, new, now)? {
        return Ok(None);
    }
    let transfer = device_transfers::find_given(conn, &new.giver_id, &new.id)?;
    let giver = end_users::get_end_user(conn, &new.giver_id)?;
    let url = mail::public_url(conn)?;
    let minutes = (new.code_until - now).num_minutes();
    let letter = told(&transfer, &url).code(minutes, giver.language);
    let mail = mail::address_from_platform_with_token(vault, &url, &giver.email, letter, code, now)?;
    mail::enqueue(conn, &mail, now)?;
    Ok(Some(transfer))
}

/// Takes the code; when it was right the device is offered, and the address that was written is told, be it anybody's or not, unless
/// it was told often within the hour: whoever gives is not to learn that others do. `login_hash`: of an address, for the pace of mails.
pub fn confirm(
    conn: &mut DbConn,
    id: &DeviceTransferId,
    giver: &EndUserId,
    code_hash: &str,
    login_hash: impl Fn(&str) -> String,
    now: DateTime<Utc>,
) -> Result<Confirmed, StoreError> {
    // Before anything is told, as everywhere: all who send mails wait for the pace.
    let may_mail = match device_transfers::login_behind(conn, id, giver, code_hash)? {
        Some(login) => {
            let pace =
                Pace { purpose: "device_transfer", subject: login_hash(&login), most: MOST_TRANSFER_MAILS_AN_HOUR };
            mail_paces::take_turn(conn, &[pace], now)?.is_none()
        }
        None => false,
    };
    let confirmed = device_transfers::confirm(conn, id, giver, code_hash, now)?;
    if let Confirmed::Offered(transfer) = &confirmed
        && may_mail
    {
        let login = &transfer.receiver_login;
        let known = end_users::find_by_email(conn, login)?;
        let language = match &known {
            Some(known) => known.language,
            None => end_users::get_end_user(conn, giver)?.language,
        };
        let address = known.map_or_else(|| login.clone(), |known| known.email);
        let url = mail::public_url(conn)?;
        let letter = told(transfer, &url).offer(language);
        mail::enqueue(conn, &mail::address_from_platform(&url, &address, letter, now), now)?;
    }
    Ok(confirmed)
}

/// The device goes to whoever accepts; its giver is told. The errors are those of [`device_transfers::accept`].
pub fn accept(
    conn: &mut DbConn,
    vault: &Vault,
    accepting: &Accepting,
    now: DateTime<Utc>,
) -> Result<Result<Accepted, NotAccepted>, StoreError> {
    let accepted = device_transfers::accept(conn, vault, accepting, now)?;
    if let Ok(accepted) = &accepted {
        answer(conn, &accepted.transfer, true, now)?;
    }
    Ok(accepted)
}

/// Whoever it is offered to refuses; its giver is told. The errors are those of [`device_transfers::refuse`].
pub fn refuse(
    conn: &mut DbConn,
    id: &DeviceTransferId,
    receiver: &EndUserId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let transfer = device_transfers::refuse(conn, id, receiver, now)?;
    answer(conn, &transfer, false, now)
}

fn answer(conn: &mut DbConn, transfer: &Transfer, accepted: bool, now: DateTime<Utc>) -> Result<(), StoreError> {
    let giver = end_users::get_end_user(conn, &transfer.giver_id)?;
    let url = mail::public_url(conn)?;
    let letter = told(transfer, &url).answer(accepted, giver.language);
    mail::enqueue(conn, &mail::address_from_platform(&url, &giver.email, letter, now), now)
}

fn told<'a>(transfer: &'a Transfer, url: &'a str) -> TransferTold<'a> {
    let serial = transfer.serial.as_ref().map_or("–", SerialNumber::as_str);
    let names = [transfer.device_name.as_str(), transfer.model.as_str(), serial];
    TransferTold {
        device: names.into_iter().find(|name| !name.is_empty()).unwrap_or_default(),
        serial,
        giver: &transfer.giver_name,
        receiver: &transfer.receiver_login,
        url,
    }
}
