//! Offers of owners with the mails that belong to each step: all of a step is one transaction.

use chrono::{DateTime, Utc};
use siteward_domain::end_user;
use siteward_domain::share::{MOST_OFFER_MAILS_AN_HOUR, OfferWay};
use siteward_domain::{EndUserId, ShareOfferId};
use siteward_store::end_users::{self, EndUser};
use siteward_store::mail_paces::{self, Pace};
use siteward_store::share_offers::{self, NewShareOffer, OfferRefusal, ShareOffer};
use siteward_store::shares::ShareRefusal;
use siteward_store::{DbConn, StoreError};

use crate::mail::{self, Answered, ShareAnswered, ShareOffered, TextTold, address_from_platform};

/// Makes an offer and writes to whom it goes, be there an account or not. `address_hash`: of the
/// login, for the pace of mails. The errors are those of [`share_offers::create_offer`].
pub fn offer(
    conn: &mut DbConn,
    new: &NewShareOffer,
    address_hash: String,
    now: DateTime<Utc>,
) -> Result<Result<ShareOffer, OfferRefusal>, StoreError> {
    let made = match share_offers::create_offer(conn, new, now)? {
        Ok(made) => made,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let pace = Pace { purpose: "share_offer", subject: address_hash, most: MOST_OFFER_MAILS_AN_HOUR };
    if mail_paces::take_turn(conn, &[pace], now)?.is_some() {
        return Ok(Ok(made));
    }
    let giver = end_users::get_end_user(conn, &new.giver_id)?;
    let receiver = new.receiver_id.as_ref().map(|id| end_users::get_end_user(conn, id)).transpose()?;
    let address = match &receiver {
        Some(receiver) => &receiver.email,
        None if new.way == OfferWay::Account => &new.receiver_login,
        None => return Ok(Ok(made)),
    };
    let url = mail::public_url(conn)?;
    // Nobody has the number yet: it is a text message that goes there.
    let letter = if end_user::is_number(address) {
        TextTold::Offered { giver: &giver.name, site: &made.site_name }.letter(giver.language, &url)
    } else {
        offered(&made, &giver, receiver.as_ref(), &url)
    };
    mail::enqueue(conn, &address_from_platform(&url, address, letter, now), now)?;
    Ok(Ok(made))
}

fn offered(made: &ShareOffer, giver: &EndUser, receiver: Option<&EndUser>, url: &str) -> mail::Letter {
    let mut devices: Vec<String> = Vec::new();
    for channel in &made.channels {
        if !devices.contains(&channel.device_name) {
            devices.push(channel.device_name.clone());
        }
    }
    let told = ShareOffered {
        name: receiver.map(|receiver| receiver.name.as_str()),
        giver: &giver.name,
        site: &made.site_name,
        devices: &devices,
        region_differs: receiver.is_some_and(|receiver| receiver.region != giver.region),
        url,
    };
    told.letter(receiver.map_or(giver.language, |receiver| receiver.language))
}

/// Accepts an offer; its giver is told. The errors are those of [`share_offers::accept`].
pub fn accept(
    conn: &mut DbConn,
    receiver: &EndUserId,
    id: &ShareOfferId,
    now: DateTime<Utc>,
) -> Result<Result<(), ShareRefusal>, StoreError> {
    match share_offers::accept(conn, receiver, id, now)? {
        Ok(answered) => tell_answer(conn, receiver, &answered, now).map(Ok),
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// Refuses an offer; its giver is told. The errors are those of [`share_offers::refuse`].
pub fn refuse(
    conn: &mut DbConn,
    receiver: &EndUserId,
    id: &ShareOfferId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let answered = share_offers::refuse(conn, receiver, id, now)?;
    tell_answer(conn, receiver, &answered, now)
}

fn tell_answer(
    conn: &mut DbConn,
    receiver: &EndUserId,
    answered: &share_offers::Answered,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let giver = end_users::get_end_user(conn, &answered.offer.giver_id)?;
    let receiver = end_users::get_end_user(conn, receiver)?;
    let url = mail::public_url(conn)?;
    let told = ShareAnswered {
        what: Answered::Offer,
        accepted: answered.share_id.is_some(),
        name: &giver.name,
        who: &receiver.name,
        site: &answered.offer.site_name,
        url: &url,
    };
    let letter = told.letter(giver.language);
    mail::enqueue(conn, &address_from_platform(&url, &giver.email, letter, now), now)
}
