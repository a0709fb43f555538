//! `POST /my/share_offers`: offers channels to somebody.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::end_user::is_number;
use siteward_domain::share::{MOST_OFFERS_AN_HOUR, OfferWay, SharedChannel};
use siteward_domain::{EndUserId, ShareOfferId};
use siteward_store::mail_paces::{self, Pace};
use siteward_store::share_offers::{self as store_offers, NewShareOffer, OfferRefusal};
use siteward_store::{DbConn, StoreError, account_codes, end_users, phone_codes};
use siteward_worker::share_offers;
use utoipa::ToSchema;

use super::ShareOffer;
use crate::access::{EndUser, token};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::handovers::share_refused;
use crate::my::channels_to_share::{ChannelToShare, address_or_number, site_of, to_share};
use crate::my::phone_codes::offer_paces;
use crate::operation_log::Note;
use crate::platform::Platform;

/// What is offered, and to whom: one of `login` and `account_token`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareOfferCreate {
    /// The e-mail address of who is to have it, or their phone number where this server sends text messages.
    #[schema(min_length = 3, max_length = 254)]
    login: Option<String>,
    /// What stands behind the `#` of the link in their own QR.
    #[schema(max_length = 64)]
    account_token: Option<String>,
    /// What is offered: channels of one site.
    #[schema(min_items = 1, max_items = 1024)]
    channels: Vec<ChannelToShare>,
}

/// Whoever it goes to, as it was named.
enum Named {
    Login(String),
    Token(String),
}

/// Offers channels to somebody, who finds a reminder in their portal and a mail. Whether an address has an account is told to nobody: without
/// one it gets a mail all the same, and the offer waits for whoever registers with it. Where one to them waits already, it has these channels in addition.
#[utoipa::path(tag = "my sharing", request_body = ShareOfferCreate, responses(
    (status = 201, description = "Offered", body = ShareOffer),
    (status = 404, description = "A device is not there or not yours, or its site is paused", body = ErrorBody),
    (status = 409, description = "A firmware is too old (details.needed), it is oneself, or too many wait", body = ErrorBody),
    (status = 410, description = "The QR is too old, or nobody's", body = ErrorBody),
    (status = 429, description = "Too many offers; Retry-After tells when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/share_offers")]
pub(crate) async fn create_share_offer(
    EndUser(caller): EndUser,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<ShareOfferCreate>,
) -> Result<HttpResponse, ApiError> {
    let (body, now) = (body.into_inner(), platform.clock.now());
    let named = named(&body, platform.sends_texts())?;
    let channels = to_share(body.channels)?;
    let id = ShareOfferId::generate(now);
    note.object("share_offer", &id, "");
    let (giver, owning) = (caller.id(), caller.owning());
    let mut paces = vec![Pace { purpose: "share_offers_of", subject: giver.to_string(), most: MOST_OFFERS_AN_HOUR }];
    if let Named::Login(login) = &named
        && is_number(login)
    {
        // Also where somebody has the number, so that nobody learns which are had.
        paces.extend(offer_paces(&platform, &giver, login));
    }
    let made = platform.write(move |conn| {
        let site_id = match site_of(conn, &owning, &channels)? {
            Ok(site_id) => site_id,
            Err(error) => return Ok(Err(error)),
        };
        // First the site, as everywhere; then the pace, which all who send mails wait for.
        store_offers::hold_site(conn, &site_id, &giver)?;
        if let Some(free_at) = mail_paces::take_turn(conn, &paces, now)? {
            return Ok(Err(ApiError::too_many_until(free_at, now)));
        }
        let (receiver_login, receiver_id, way) = match &named {
            Named::Login(login) => (login.clone(), find(conn, login)?, OfferWay::Account),
            Named::Token(token) => match account_codes::find(conn, &token::hash(token), now)? {
                Some(receiver) => (receiver.to_string(), Some(receiver), OfferWay::FaceToFace),
                None => return Ok(Err(ApiError::new(codes::ACCOUNT_CODE_ENDED))),
            },
        };
        if receiver_id.as_ref() == Some(&giver) {
            return Ok(Err(ApiError::new(codes::SHARE_WITH_ONESELF)));
        }
        let channels: Vec<SharedChannel> = channels.clone();
        let address_hash = token::hash(&format!("share:{receiver_login}"));
        let new = NewShareOffer {
            id: id.clone(),
            site_id,
            giver_id: giver.clone(),
            receiver_login,
            receiver_id,
            way,
            channels,
        };
        Ok(share_offers::offer(conn, &new, address_hash, now)?.map_err(refused))
    });
    let made = made.await??;
    (platform.wake_worker)();
    Ok(HttpResponse::Created().json(ShareOffer::from(made)))
}

fn named(body: &ShareOfferCreate, sends_texts: bool) -> Result<Named, ApiError> {
    match (&body.login, &body.account_token) {
        (Some(login), None) => address_or_number(login, sends_texts).map(Named::Login),
        (None, Some(token)) => Ok(Named::Token(token.clone())),
        _ => Err(ApiError::field(codes::FIELD_INVALID, "login")),
    }
}

/// Whose login that is now.
fn find(conn: &mut DbConn, login: &str) -> Result<Option<EndUserId>, StoreError> {
    if is_number(login) {
        return phone_codes::find_owner(conn, login);
    }
    Ok(end_users::find_by_email(conn, login)?.map(|account| account.id))
}

fn refused(refusal: OfferRefusal) -> ApiError {
    match refusal {
        OfferRefusal::Share(refusal) => share_refused(refusal),
        OfferRefusal::TooMany => ApiError::new(codes::SHARE_OFFERS_FULL),
    }
}
