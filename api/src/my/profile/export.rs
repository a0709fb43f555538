//! `GET /my/profile/export`: everything that is kept of an end user, as a file.

use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::{custody, end_user_operations, end_user_sessions};
use utoipa::ToSchema;

use super::MyProfile;
use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Everything that is kept of an end user. Passwords, seeds and codes are kept as what cannot be read back, and are not in
/// it.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyExport {
    /// When it was made.
    exported_at: DateTime<Utc>,
    /// The account.
    profile: MyProfile,
    /// The sites that they own; the access log of each is with the site.
    sites: Vec<ExportedSite>,
    /// Where they are signed in.
    sessions: Vec<ExportedSession>,
    /// What they did with their account, newest first, at most 10,000.
    operations: Vec<ExportedOperation>,
}

/// A site that an end user owns.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExportedSite {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name.
    name: String,
}

/// A session of an end user.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExportedSession {
    /// When it began.
    created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    last_used_at: DateTime<Utc>,
    /// From which network address it began.
    from_address: String,
    /// What the browser calls itself.
    user_agent: String,
}

/// Something that an end user did.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExportedOperation {
    /// What.
    action: String,
    /// The kind of object.
    object_kind: String,
    /// Its id, or empty.
    object_id: String,
    /// Its name at that time, or empty.
    object_name: String,
    /// The network address it came from.
    from_address: String,
    /// `ok` or the code of the refusal.
    result: String,
    /// When.
    at: DateTime<Utc>,
}

/// Gives everything that is kept of the end user, to be saved.
#[utoipa::path(tag = "my", responses(
    (status = 200, description = "All of it", body = MyExport),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/profile/export")]
pub(crate) async fn export_my_profile(
    caller: EndUser,
    platform: web::Data<Platform>,
) -> Result<HttpResponse, ApiError> {
    let (id, now, sends_texts) = (caller.0.id(), platform.clock.now(), platform.sends_texts());
    let export = platform.read(move |conn| {
        let sites = custody::owned_sites(conn, &id)?.into_iter();
        let sessions = end_user_sessions::list_sessions(conn, &id, now)?.into_iter();
        let operations = end_user_operations::list_of(conn, &id)?.into_iter();
        Ok(MyExport {
            exported_at: now,
            profile: MyProfile::read(conn, &id, sends_texts)?,
            sites: sites.map(|site| ExportedSite { id: site.site_id.to_string(), name: site.site_name }).collect(),
            sessions: sessions
                .map(|session| ExportedSession {
                    created_at: session.created_at,
                    last_used_at: session.last_used_at,
                    from_address: session.from_address,
                    user_agent: session.user_agent,
                })
                .collect(),
            operations: operations
                .map(|one| ExportedOperation {
                    action: one.action,
                    object_kind: one.object_kind,
                    object_id: one.object_id,
                    object_name: one.object_name,
                    from_address: one.from_address,
                    result: one.result,
                    at: one.at,
                })
                .collect(),
        })
    });
    let file = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename("siteward-account.json".to_owned())],
    };
    Ok(HttpResponse::Ok().insert_header(file).json(export.await?))
}
