//! Answers to offers: whoever has the login that one went to accepts or refuses it, once.

use chrono::{DateTime, Utc};
use serde_json::json;
use siteward_domain::share::{AnswerState, SharedChannel};
use siteward_domain::{EndUserId, ShareId, ShareOfferId};

use super::listing::{Offered, get_received};
use super::{IdRow, Telling, hold_site};
use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use crate::shares::{ShareRefusal, accept_channels};

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The offer, as it was before.
    pub offer: Offered,
    /// The share that it became part of; `None`: it was refused.
    pub share_id: Option<ShareId>,
}

/// Accepts an offer, or says why that cannot be; then it waits on. [`StoreError::NotFound`] where none waits for them, of two answers at the same
/// instant for the second.
pub fn accept(
    conn: &mut DbConn,
    receiver: &EndUserId,
    id: &ShareOfferId,
    now: DateTime<Utc>,
) -> Result<Result<Answered, ShareRefusal>, StoreError> {
    let offer = hold(conn, receiver, id)?;
    let channels = offer.channels.iter().map(|channel| SharedChannel {
        device_id: channel.device_id.clone(),
        channel: channel.channel,
        permissions: channel.permissions.clone(),
    });
    let channels: Vec<_> = channels.collect();
    let actor = format!("end_user:{receiver}");
    let accepted = accept_channels(conn, &offer.site_id, &offer.giver_id, receiver, &channels, &actor, now)?;
    let share_id = match accepted {
        Ok(share_id) => share_id,
        Err(refusal) => return Ok(Err(refusal)),
    };
    mark(conn, receiver, id, AnswerState::Accepted, Some(&share_id), now)?;
    telling(&offer, receiver).tell(conn, ("share_offer_accepted", "offer_accepted"), json!({}), now)?;
    Ok(Ok(Answered { offer, share_id: Some(share_id) }))
}

/// Refuses an offer. The errors are those of [`accept`].
pub fn refuse(
    conn: &mut DbConn,
    receiver: &EndUserId,
    id: &ShareOfferId,
    now: DateTime<Utc>,
) -> Result<Answered, StoreError> {
    let offer = hold(conn, receiver, id)?;
    mark(conn, receiver, id, AnswerState::Refused, None, now)?;
    telling(&offer, receiver).tell(conn, ("share_offer_refused", "offer_refused"), json!({}), now)?;
    Ok(Answered { offer, share_id: None })
}

/// Holds first the site and then the offer until the commit, and gives it as it is then.
fn hold(conn: &mut DbConn, receiver: &EndUserId, id: &ShareOfferId) -> Result<Offered, StoreError> {
    let offer = get_received(conn, receiver, id)?;
    hold_site(conn, &offer.site_id, &offer.giver_id)?;
    if let DbConn::Postgresql(_) = conn {
        let _held: Vec<IdRow> =
            Select::new("SELECT id FROM share_offers WHERE id = ").text(id.as_str()).sql(" FOR UPDATE").load(conn)?;
    }
    // Whoever held it before may have answered it or taken it back.
    get_received(conn, receiver, id)
}

fn mark(
    conn: &mut DbConn,
    receiver: &EndUserId,
    id: &ShareOfferId,
    state: AnswerState,
    share: Option<&ShareId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let update = Select::new("UPDATE share_offers SET state = ")
        .text(state.as_str())
        .sql(", answered_at = ")
        .number(micros(now))
        .sql(", receiver_id = ")
        .text(receiver.as_str());
    let update = match share {
        Some(share) => update.sql(", share_id = ").text(share.as_str()),
        None => update,
    };
    let changed = update.sql(" WHERE state = 'pending' AND id = ").text(id.as_str()).execute(conn)?;
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

fn telling<'a>(offer: &'a Offered, receiver: &'a EndUserId) -> Telling<'a> {
    Telling { company: &offer.company_id, site: &offer.site_id, actor: receiver, offer: &offer.id }
}
