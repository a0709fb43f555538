//! A link as people see it: never its token, and its code only once.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

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
