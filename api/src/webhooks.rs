//! Webhooks: who else is told of what happens in the company, for its Admin. docs/webhooks.md is for receivers.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod deliveries;
pub(crate) mod list;
pub(crate) mod replay;
pub(crate) mod secret;
pub(crate) mod send;
pub(crate) mod test;
pub(crate) mod update;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Serialize;
use siteward_devices::AddressPolicy;
use siteward_domain::event::EventKind;
use siteward_domain::{CompanyId, WebhookId, text};
use siteward_store::webhooks::{self as stored, secret_place};
use siteward_store::{SealedText, StoreError};
use siteward_worker::webhooks::{Receiver, new_secret};
use utoipa::ToSchema;

use crate::error::{ApiError, bad_name, codes};
use crate::platform::Platform;
use crate::words::EventKind as KindWord;

/// The kind of object in the operation log.
const OBJECT: &str = "webhook";
const MOST_NAME: usize = 128;

/// A webhook.
#[derive(Serialize, ToSchema)]
pub(crate) struct Webhook {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
    /// Where it is sent to.
    url: String,
    /// The kinds of events that are told; none: all.
    kinds: Vec<KindWord>,
    /// Whether anything is told.
    enabled: bool,
    /// Since when the receiver takes nothing; null while all is well.
    #[schema(required = true)]
    failing_since: Option<DateTime<Utc>>,
    /// Why the last try failed: a code as in errors.
    #[schema(required = true)]
    error_code: Option<String>,
    /// What the receiver answered last.
    #[schema(required = true)]
    http_status: Option<u16>,
    /// When it last took something.
    #[schema(required = true)]
    delivered_at: Option<DateTime<Utc>>,
    /// When it was made.
    created_at: DateTime<Utc>,
}

impl From<stored::Webhook> for Webhook {
    fn from(webhook: stored::Webhook) -> Self {
        Self {
            id: webhook.id.to_string(),
            name: webhook.name,
            url: webhook.url,
            kinds: webhook.kinds.into_iter().map(KindWord).collect(),
            enabled: webhook.enabled,
            failing_since: webhook.failing_since,
            error_code: webhook.error_code,
            http_status: webhook.http_status,
            delivered_at: webhook.delivered_at,
            created_at: webhook.created_at,
        }
    }
}

/// A webhook with the key of its signatures, which is told only now.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookWithSecret {
    /// The webhook.
    webhook: Webhook,
    /// The key: the receiver verifies signatures with it.
    secret: String,
}

fn name(text: &str) -> Result<String, ApiError> {
    text::needed_line(text, MOST_NAME).map_err(|error| bad_name(&error, "name"))
}

fn url(platform: &Platform, text: &str) -> Result<String, ApiError> {
    let policy = AddressPolicy::from(&platform.settings.devices);
    match Receiver::parse(text, policy) {
        Ok(_) => Ok(text.trim().to_owned()),
        Err(refused) if refused.code() == "address_invalid" => Err(ApiError::field(codes::WEBHOOK_URL_INVALID, "url")),
        Err(_) => Err(ApiError::field(codes::WEBHOOK_ADDRESS_REFUSED, "url")),
    }
}

fn kinds(mut given: Vec<KindWord>) -> Vec<EventKind> {
    given.dedup();
    let mut kinds: Vec<EventKind> = given.into_iter().map(|kind| kind.0).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// A new key and what is stored of it.
fn secret(platform: &Platform, company: &CompanyId, id: &WebhookId) -> Result<(SecretString, SealedText), ApiError> {
    let secret = new_secret();
    let sealed = platform.store.vault().seal(secret_place(company, id), &secret).map_err(StoreError::from)?;
    Ok((secret, sealed))
}
