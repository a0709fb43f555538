//! Remote configuration (R-O3): sessions in which a device's own web pages are used through the platform.
//!
//! Here they are opened and ended; what then happens under the session's own host name is `remote`.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::remote_sessions as stored;
use siteward_worker::settings::Settings;
use utoipa::ToSchema;

use crate::remote::lifetime;

/// A session of remote configuration.
#[derive(Serialize, ToSchema)]
pub(crate) struct RemoteSession {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// Where to open it: once, and within a minute. Only the answer that opened the session tells it.
    #[schema(required = true)]
    url: Option<String>,
    /// When it was opened.
    opened_at: DateTime<Utc>,
    /// When it ends in any case.
    expires_at: DateTime<Utc>,
    /// It ends after so many minutes without use.
    idle_minutes: u32,
}

/// Sessions of remote configuration.
#[derive(Serialize, ToSchema)]
pub(crate) struct RemoteSessionList {
    /// One's own that are open.
    #[schema(max_items = 100)]
    items: Vec<RemoteSession>,
}

impl RemoteSession {
    fn new(session: &stored::RemoteSession, url: Option<String>, settings: &Settings) -> Self {
        Self {
            id: session.id.to_string(),
            device_id: session.device_id.to_string(),
            url,
            opened_at: session.opened_at,
            expires_at: session.opened_at + lifetime(settings).longest,
            idle_minutes: settings.remote.idle_minutes,
        }
    }
}
