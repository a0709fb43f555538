//! `GET /remote_sessions`: one's own open sessions of remote configuration.

use actix_web::{get, web};
use siteward_store::reach::Object;
use siteward_store::remote_sessions;

use super::{RemoteSession, RemoteSessionList};
use crate::access::OnSites;
use crate::access::rights::RemoteConfiguration;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;
use crate::remote::lifetime;

/// Lists one's own open sessions.
#[utoipa::path(tag = "remote configuration", responses(
    (status = 200, description = "The sessions", body = RemoteSessionList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/remote_sessions")]
pub(crate) async fn list_remote_sessions(
    on: OnSites<RemoteConfiguration>,
    platform: web::Data<Platform>,
) -> Result<web::Json<RemoteSessionList>, ApiError> {
    let (now, caller, lifetime) = (platform.clock.now(), on.caller().clone(), lifetime(&platform.settings));
    let reach = on.reach();
    let open = platform
        .read(move |conn| {
            let open = remote_sessions::list_open(conn, &caller.company_id(), &caller.staff_id(), now, lifetime)?;
            let mut within = Vec::with_capacity(open.len());
            for session in open {
                if reach.holds(conn, &Object::RemoteSession(session.id.clone()))? {
                    within.push(session);
                }
            }
            Ok(within)
        })
        .await?;
    let items = open.iter().map(|session| RemoteSession::new(session, None, &platform.settings)).collect();
    Ok(web::Json(RemoteSessionList { items }))
}
