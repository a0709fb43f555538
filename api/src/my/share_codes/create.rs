//! `POST /my/share_codes`: makes a QR code to share with.

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Duration, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use siteward_domain::share::{MOST_LABEL, ShareCodeKind as Kind, TEMPORARY_SECONDS};
use siteward_domain::share_code::AskedTerms;
use siteward_domain::{ShareCodeId, text};
use siteward_store::share_codes::{self, CodeRefusal, NewShareCode};
use utoipa::ToSchema;

use super::{Drawing, ShareCodeMade};
use crate::access::{EndUser, token};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, bad_name, codes};
use crate::handovers::share_refused;
use crate::my::channels_to_share::{ChannelToShare, site_of, to_share};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::profile::password::hashed;
use crate::words::ShareCodeKind;

/// What is shared, and for how long.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShareCodeCreate {
    /// How long it lasts.
    kind: ShareCodeKind,
    /// What is shared with it, all on one site.
    #[schema(min_items = 1, max_items = 1024)]
    channels: Vec<ChannelToShare>,
    /// What it is for; printed beneath it.
    #[serde(default)]
    #[schema(max_length = 128)]
    label: String,
    /// What whoever scans it must know; long-term codes have one, temporary ones none.
    #[schema(value_type = Option<String>, min_length = 6, max_length = 64, format = Password)]
    password: Option<SecretString>,
    /// For how many days a long-term one is good.
    #[schema(minimum = 1, maximum = 365)]
    days: Option<u32>,
    /// For how many a long-term one is.
    #[schema(minimum = 1, maximum = 64)]
    most_receivers: Option<u32>,
}

/// Makes a code: temporary ones are good for 300 seconds, long-term ones for days. Whoever scans it applies; nothing is shared before the
/// owner accepts. Its link and pictures are given now and never again.
#[utoipa::path(tag = "my sharing", request_body = ShareCodeCreate, responses(
    (status = 201, description = "Made", body = ShareCodeMade),
    (status = 404, description = "A device is not yours, or on a site that is suspended", body = ErrorBody),
    (status = 409, description = "It cannot be shared, or there are too many codes", body = ErrorBody),
    (status = 422, description = "A field cannot be so", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/share_codes")]
pub(crate) async fn create_share_code(
    end_user: EndUser,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<ShareCodeCreate>,
) -> Result<HttpResponse, ApiError> {
    let (now, body, owning) = (platform.clock.now(), body.into_inner(), end_user.0.owning());
    body.terms().check().map_err(|field| ApiError::field(codes::FIELD_INVALID, field))?;
    let label = text::optional_line(&body.label, MOST_LABEL).map_err(|error| bad_name(&error, "label"))?;
    let expires_at = body.end(now);
    let channels = to_share(body.channels)?;
    let password_hash = match &body.password {
        Some(password) => Some(hashed(&platform, password).await?),
        None => None,
    };
    let (token, id) = (token::new_code_token(), ShareCodeId::generate(now));
    note.object("share_code", &id, label.clone());
    let token_hash = token::hash(&token);
    let made = platform.write(move |conn| {
        let site_id = match site_of(conn, &owning, &channels)? {
            Ok(site) => site,
            Err(refused) => return Ok(Err(refused)),
        };
        let new = NewShareCode {
            id: id.clone(),
            site_id,
            giver_id: owning.end_user.clone(),
            kind: body.kind.0,
            label: label.clone(),
            token_hash: token_hash.clone(),
            password_hash: password_hash.clone(),
            most_receivers: body.most_receivers,
            expires_at,
            channels: channels.clone(),
        };
        match share_codes::create_code(conn, &new, now)? {
            Ok(code) => Drawing::of(conn, code).map(Ok),
            Err(CodeRefusal::Share(refusal)) => Ok(Err(share_refused(refusal))),
            Err(CodeRefusal::TooMany) => Ok(Err(ApiError::new(codes::SHARE_CODES_TOO_MANY))),
        }
    });
    let made = made.await??.made(&token, now).await?;
    (platform.wake_worker)();
    Ok(HttpResponse::Created().json(made))
}

impl ShareCodeCreate {
    fn terms(&self) -> AskedTerms {
        let characters = |password: &SecretString| password.expose_secret().chars().count();
        AskedTerms {
            kind: self.kind.0,
            password: self.password.as_ref().map(characters),
            days: self.days,
            most_receivers: self.most_receivers,
        }
    }

    fn end(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        match self.kind.0 {
            Kind::Temporary => now + Duration::seconds(TEMPORARY_SECONDS),
            Kind::LongTerm => now + Duration::days(i64::from(self.days.unwrap_or_default())),
        }
    }
}
