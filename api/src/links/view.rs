//! A link as people see it: never its token, and its code only once.

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::links as stored;
use utoipa::ToSchema;

use super::code::NewCode;
use crate::words::LinkState;

/// A link: the agent in the LAN of a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct Link {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The site whose LAN it is in.
    #[schema(format = "uuid")]
    site_id: String,
    /// Its name.
    name: String,
    /// Where it stands.
    state: LinkState,
    /// The version of the agent, as it told last.
    #[schema(required = true)]
    version: Option<String>,
    /// The system it runs on, as it told last.
    #[schema(required = true)]
    system: Option<String>,
    /// When it was last heard of.
    #[schema(required = true)]
    last_seen_at: Option<DateTime<Utc>>,
    /// How many devices it has found and still sees.
    devices_found: u32,
    /// When it was enrolled.
    #[schema(required = true)]
    enrolled_at: Option<DateTime<Utc>>,
    /// When it was made.
    created_at: DateTime<Utc>,
}

/// The links of a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkList {
    /// The links, oldest first.
    pub(super) items: Vec<Link>,
}

/// A link with the code that enrols a box: told once, good for 24 hours and for one box.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkCreated {
    /// The link.
    link: Link,
    /// The code, as `XXXX-XXXX-XXXX`.
    code: String,
    /// Until when it is good.
    expires_at: DateTime<Utc>,
    /// The command to run on the box.
    command: String,
}

impl From<stored::Link> for Link {
    fn from(link: stored::Link) -> Self {
        Self {
            id: link.id.to_string(),
            site_id: link.site_id.to_string(),
            state: LinkState(link.state()),
            name: link.name,
            version: link.version,
            system: link.system,
            last_seen_at: link.last_seen_at,
            devices_found: link.devices_found,
            enrolled_at: link.enrolled_at,
            created_at: link.created_at,
        }
    }
}

impl LinkCreated {
    /// A link with its new code; `public_url` is how the box will reach this server.
    pub(super) fn new(link: stored::Link, code: NewCode, public_url: &str) -> Self {
        let command = format!("siteward-link enroll {public_url} {}", code.text);
        Self { link: link.into(), command, code: code.text, expires_at: code.expires_at }
    }
}
