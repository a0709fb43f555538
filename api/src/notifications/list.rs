//! `GET /notifications`: what the caller was told, newest first.

use actix_web::{get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siteward_store::notifications;
use utoipa::{IntoParams, ToSchema};

use crate::access::OnSites;
use crate::access::rights::ViewExceptions;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;
use crate::words::{IncidentKind, Told};

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NotificationQuery {
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Notifications wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Something that the caller was told.
#[derive(Serialize, ToSchema)]
pub(crate) struct Notification {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// What was told.
    what: Told,
    /// The incident that it is about.
    #[schema(format = "uuid")]
    incident_id: String,
    /// What is or was wrong.
    kind: IncidentKind,
    /// The name of the cause.
    name: String,
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The site's name.
    site_name: String,
    /// Devices that are or were affected besides the cause.
    affected: u32,
    /// Those of them that are cameras.
    cameras: u32,
    /// When it was told.
    created_at: DateTime<Utc>,
    /// When it was read; null: not yet.
    #[schema(required = true)]
    read_at: Option<DateTime<Utc>>,
}

/// A page of notifications.
#[derive(Serialize, ToSchema)]
pub(crate) struct NotificationPage {
    /// How many are not read, at most 100.
    unread: u32,
    /// The notifications, newest first.
    #[schema(max_items = 100)]
    items: Vec<Notification>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Lists what the caller was told of sites that they may still work on, newest first.
#[utoipa::path(tag = "exceptions", params(NotificationQuery), responses(
    (status = 200, description = "A page of notifications", body = NotificationPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/notifications")]
pub(crate) async fn list_notifications(
    on: OnSites<ViewExceptions>,
    platform: web::Data<Platform>,
    query: web::Query<NotificationQuery>,
) -> Result<web::Json<NotificationPage>, ApiError> {
    let (reach, staff, query) = (on.reach(), on.caller().staff_id(), query.into_inner());
    let limit = page::limit(query.limit)?;
    let (unread, found) = platform
        .read(move |conn| {
            let unread = notifications::count_unread(conn, &reach, &staff)?;
            Ok((unread, notifications::list(conn, &reach, &staff, query.cursor.as_deref(), limit)?))
        })
        .await?;
    let items = found.items.into_iter().map(|one| Notification {
        id: one.id.to_string(),
        what: Told(one.what),
        incident_id: one.incident_id.to_string(),
        kind: IncidentKind(one.kind),
        name: one.name,
        site_id: one.site_id.to_string(),
        site_name: one.site_name,
        affected: one.affected,
        cameras: one.cameras,
        created_at: one.created_at,
        read_at: one.read_at,
    });
    Ok(web::Json(NotificationPage { unread, items: items.collect(), next_cursor: found.next_cursor }))
}
