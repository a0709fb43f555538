//! What an invitation may say: read from a body, then looked at beside the site.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use siteward_domain::end_user::{self, MOST_NAME_CHARACTERS};
use siteward_domain::handover::{MOST_REMARK_CHARACTERS, Offer};
use siteward_domain::share::{GiverKind, MOST_CHANNELS, SharedChannel};
use siteward_domain::site::SiteAction;
use siteward_domain::text;
use siteward_domain::{HandoverId, SiteId};
use siteward_store::handovers::{self, NewHandover};
use siteward_store::{DbConn, StoreError, shares};
use siteward_worker::mail::is_address;
use utoipa::ToSchema;

use super::OfferedChannel;
use crate::access::session::Caller;
use crate::asks::Asks;
use crate::error::{ApiError, bad_name, codes};
use crate::session::email;
use crate::words::MailLanguage;

/// Most permissions that one invitation asks for.
const MOST_ASKS: usize = 3000;

/// Whom to invite to what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandoverCreate {
    /// The receiver's e-mail address.
    #[schema(min_length = 3, max_length = 254)]
    email: String,
    /// The receiver's telephone number, with the code of the country.
    #[schema(max_length = 32)]
    phone: Option<String>,
    /// The receiver's name.
    #[serde(default)]
    #[schema(max_length = 128)]
    name: String,
    /// The language of the mail.
    language: MailLanguage,
    /// What there is to say besides.
    #[serde(default)]
    #[schema(max_length = 500)]
    remark: String,
    /// To hand the site over: what is asked for in return. Nothing unless told.
    asks: Option<Asks>,
    /// To share some of the site instead: these channels.
    #[schema(max_items = 1024)]
    channels: Option<Vec<OfferedChannel>>,
}

impl HandoverCreate {
    /// To hand a site over.
    pub(super) fn transfer(
        (email, phone, name): (String, Option<String>, String),
        (language, remark): (MailLanguage, String),
        asks: Asks,
    ) -> Self {
        Self { email, phone, name, language, remark, asks: Some(asks), channels: None }
    }
}

/// Reads it.
pub(super) fn read(
    body: HandoverCreate,
    site_id: SiteId,
    caller: &Caller,
    token_hash: String,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<NewHandover, ApiError> {
    let offer = match (body.asks, body.channels) {
        (Some(_), Some(_)) => return Err(ApiError::field(codes::FIELD_INVALID, "channels")),
        (asks, None) => Offer::Transfer(asks.unwrap_or_default().into()),
        (None, Some(channels)) => Offer::Share(channels.into_iter().map(SharedChannel::from).collect()),
    };
    Ok(NewHandover {
        id: HandoverId::generate(now),
        company_id: caller.company_id(),
        site_id,
        email: address(&body.email)?,
        phone: phone(body.phone.as_deref())?,
        name: name(&body.name)?,
        language: body.language.0,
        remark: remark(&body.remark)?,
        offer,
        token_hash,
        invited_by: caller.staff_id(),
        expires_at,
    })
}

pub(super) fn address(typed: &str) -> Result<String, ApiError> {
    let address = email(typed).filter(|address| is_address(address));
    address.ok_or_else(|| ApiError::field(codes::EMAIL_INVALID, "email"))
}

pub(super) fn name(typed: &str) -> Result<String, ApiError> {
    text::optional_line(typed, MOST_NAME_CHARACTERS).map_err(|error| bad_name(&error, "name"))
}

/// As it is dialled; an empty one is none.
pub(super) fn phone(typed: Option<&str>) -> Result<Option<String>, ApiError> {
    let Some(typed) = typed.map(str::trim).filter(|typed| !typed.is_empty()) else { return Ok(None) };
    end_user::phone(typed).map(Some).ok_or_else(|| ApiError::field(codes::PHONE_INVALID, "phone"))
}

/// One line: line ends become blanks.
fn remark(typed: &str) -> Result<String, ApiError> {
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let invalid = |_| ApiError::field(codes::FIELD_INVALID, "remark");
    text::optional_line(&line, MOST_REMARK_CHARACTERS).map_err(invalid)
}

/// Holds the site and says whether this may be offered of it now.
pub(super) fn may_invite(conn: &mut DbConn, new: &NewHandover) -> Result<Result<(), ApiError>, StoreError> {
    let status = handovers::hold_site(conn, &new.company_id, &new.site_id)?;
    if !status.allows(SiteAction::InviteOwner) {
        return Ok(Err(ApiError::of_code(status.refusal_code(), codes::SITE_NOT_AUTHORIZED)));
    }
    let devices: HashSet<_> = handovers::devices_of(conn, &new.site_id)?.into_iter().map(|device| device.id).collect();
    match &new.offer {
        Offer::Transfer(asks) => {
            if devices.is_empty() && !asks.devices.is_empty() {
                return Ok(Err(ApiError::new(codes::SITE_HAS_NO_DEVICES)));
            }
            let each: HashSet<_> = asks.devices.iter().map(|ask| (&ask.device_id, ask.permission)).collect();
            let are_good = each.len() == asks.devices.len()
                && each.len() <= MOST_ASKS
                && each.iter().all(|(id, _)| devices.contains(*id));
            if !are_good {
                return Ok(Err(ApiError::field(codes::FIELD_INVALID, "asks")));
            }
        }
        Offer::Share(channels) => {
            let each: HashSet<_> = channels.iter().map(|channel| (&channel.device_id, channel.channel)).collect();
            let are_good = !each.is_empty()
                && each.len() == channels.len()
                && each.len() <= MOST_CHANNELS
                && each.iter().all(|(id, _)| devices.contains(*id));
            if !are_good {
                return Ok(Err(ApiError::field(codes::FIELD_INVALID, "channels")));
            }
            let giver = (GiverKind::Company, new.company_id.as_str());
            if shares::is_received_by(conn, &new.site_id, giver, &new.email)? {
                return Ok(Err(ApiError::field(codes::SHARE_EXISTS, "email")));
            }
        }
    }
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telephone_number_is_kept_as_it_is_dialled_and_an_empty_one_is_none() {
        let read = |typed: &str| phone(Some(typed)).ok().flatten();
        assert_eq!(read("+48 600-100-200").as_deref(), Some("+48600100200"));
        assert!(phone(Some("12")).is_err());
        assert_eq!(read(" "), None);
        assert!(phone(None).is_ok_and(|phone| phone.is_none()));
    }

    #[test]
    fn a_remark_becomes_one_line() {
        assert_eq!(remark("As we said.\n Ring  me.").ok().as_deref(), Some("As we said. Ring me."));
        assert!(remark(&"ж".repeat(501)).is_err());
    }
}
