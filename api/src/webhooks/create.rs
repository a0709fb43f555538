//! `POST /webhooks`: makes a webhook and the key of its signatures.

use actix_web::{HttpResponse, post, web};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use siteward_domain::WebhookId;
use siteward_store::StoreError;
use siteward_store::webhooks::{self, NewWebhook};
use utoipa::ToSchema;

use super::{OBJECT, WebhookWithSecret, kinds, name, secret, url};
use crate::access::Admin;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::words::EventKind;

/// A webhook to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookCreate {
    /// Its name.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    /// Where it is sent to: `https://` or `http://`.
    #[schema(min_length = 8, max_length = 2048)]
    url: String,
    /// The kinds of events that are told; none: all.
    #[serde(default)]
    #[schema(max_items = 100)]
    kinds: Vec<EventKind>,
}

/// Makes a webhook. What happens from now on is told; the key of the signatures is in this answer only.
#[utoipa::path(tag = "webhooks", request_body = WebhookCreate, responses(
    (status = 201, description = "Made", body = WebhookWithSecret),
    (status = 409, description = "The company has as many as it may", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/webhooks")]
pub(crate) async fn create_webhook(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<WebhookCreate>,
) -> Result<HttpResponse, ApiError> {
    let (company, now, body) = (admin.0.company_id(), platform.clock.now(), body.into_inner());
    let id = WebhookId::generate(now);
    let (secret, sealed_secret) = secret(&platform, &company, &id)?;
    let new = NewWebhook {
        id: id.clone(),
        company_id: company.clone(),
        name: name(&body.name)?,
        url: url(&platform, &body.url)?,
        sealed_secret,
        kinds: kinds(body.kinds),
    };
    note.object(OBJECT, &id, new.name.clone());
    let made = platform
        .write(move |conn| match webhooks::create_webhook(conn, &new, now) {
            Ok(()) => Ok(Ok(webhooks::get_webhook(conn, &company, &id)?)),
            Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::WEBHOOK_LIMIT_REACHED))),
            Err(error) => Err(error),
        })
        .await??;
    let answer = WebhookWithSecret { webhook: made.into(), secret: secret.expose_secret().to_owned() };
    Ok(HttpResponse::Created().json(answer))
}
