//! `GET /sessions`: where the caller is signed in.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::sessions;
use utoipa::ToSchema;

use crate::access::SignedIn;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Where somebody is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenSessions {
    /// At most 100, the last used first.
    items: Vec<OpenSession>,
}

/// A session among a person's others.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenSession {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Whether it is the one that asks.
    current: bool,
    /// When it began.
    created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    last_used_at: DateTime<Utc>,
    /// From which network address it began.
    from_address: String,
    /// What the browser calls itself; empty where it says nothing.
    user_agent: String,
    /// When it ends if nothing more is asked.
    expires_at: DateTime<Utc>,
}

impl OpenSessions {
    /// Describes them; `current`: the one that asks.
    pub(crate) fn new<Id: ToString + PartialEq>(found: Vec<sessions::OpenSession<Id>>, current: &Id) -> Self {
        let items = found.into_iter().map(|session| OpenSession {
            current: session.id == *current,
            expires_at: session.expires_at(),
            id: session.id.to_string(),
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            from_address: session.from_address,
            user_agent: session.user_agent,
        });
        Self { items: items.collect() }
    }
}

/// Lists where the caller is signed in.
#[utoipa::path(tag = "account", responses(
    (status = 200, description = "The caller's sessions", body = OpenSessions),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/sessions")]
pub(crate) async fn list_sessions(
    signed_in: SignedIn,
    platform: web::Data<Platform>,
) -> Result<web::Json<OpenSessions>, ApiError> {
    let (id, now) = (signed_in.0.staff_id(), platform.clock.now());
    let found = platform.read(move |conn| sessions::list_sessions(conn, &id, now)).await?;
    Ok(web::Json(OpenSessions::new(found, &signed_in.0.record.id)))
}
