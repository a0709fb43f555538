//! `GET /imports/{import_id}/events`: an import as it goes on, until it is done.

use std::time::Duration;

use actix_web::{HttpResponse, get, web};
use bytes::Bytes;
use futures_util::stream;
use siteward_domain::ImportId;
use siteward_domain::event::EventKind;
use siteward_store::DbConn;
use siteward_store::events::Event;
use siteward_store::reach::Object;

use super::Import;
use crate::access::OnSites;
use crate::error::{ApiError, ErrorBody, codes};
use crate::live::feed::{Feed, Heard};
use crate::live::stream::{answer, frame};
use crate::platform::Platform;

/// Changes within this time are told as one.
const GATHER: Duration = Duration::from_millis(150);

/// Streams an import: `event: import` with the whole import at once and after each change; ends when it is done.
#[utoipa::path(tag = "imports", params(("import_id" = String, Path, format = "uuid", description = "The import")), responses(
    (status = 200, description = "Events `import`", body = Import, content_type = "text/event-stream"),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/imports/{import_id}/events")]
pub(crate) async fn stream_import(
    on: OnSites,
    platform: web::Data<Platform>,
    id: web::Path<ImportId>,
) -> Result<HttpResponse, ApiError> {
    let id = id.into_inner();
    // First the ear, then the look: what changes in between is heard.
    let feed = Feed::new(platform.clone(), on.caller());
    let first = read(&platform, &feed, &id).await?;
    let watch = Watch { platform, feed, id, first: Some(first), ended: false };
    Ok(answer(stream::unfold(watch, |mut watch| async move { watch.next().await.map(|frame| (Ok(frame), watch)) })))
}

struct Watch {
    platform: web::Data<Platform>,
    feed: Feed,
    id: ImportId,
    first: Option<Import>,
    ended: bool,
}

impl Watch {
    async fn next(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        if let Some(first) = self.first.take() {
            return Some(self.tell(&first));
        }
        loop {
            match self.feed.next().await {
                // Out of reach from now on: the stream ends.
                Heard::Event(event) if changes_reach(&event) => {
                    read(&self.platform, &self.feed, &self.id).await.ok()?;
                }
                Heard::Event(event) if concerns(&event, &self.id) => {
                    tokio::time::sleep(GATHER).await;
                    self.feed.skip_heard();
                    // Gone with its site: the stream ends.
                    let import = read(&self.platform, &self.feed, &self.id).await.ok()?;
                    return Some(self.tell(&import));
                }
                Heard::Event(_) => {}
                // Also without an event: an import expires by itself.
                Heard::Silence => {
                    let import = read(&self.platform, &self.feed, &self.id).await.ok()?;
                    return Some(self.tell(&import));
                }
                Heard::End => return None,
            }
        }
    }

    fn tell(&mut self, import: &Import) -> Bytes {
        self.ended = import.has_ended();
        frame("import", import)
    }
}

/// The import, as long as its site is within reach.
async fn read(platform: &Platform, feed: &Feed, id: &ImportId) -> Result<Import, ApiError> {
    let (id, now) = (id.clone(), platform.clock.now());
    let reach = feed.reach(now).ok_or_else(|| ApiError::new(codes::NOT_FOUND))?;
    let read = move |conn: &mut DbConn| {
        reach.check(conn, &Object::Import(id.clone()))?;
        Import::read(conn, &reach, &id, now)
    };
    platform.read(read).await
}

fn concerns(event: &Event, id: &ImportId) -> bool {
    event.kind == EventKind::ImportChanged
        && event.data.get("import_id").and_then(|told| told.as_str()) == Some(id.as_str())
}

fn changes_reach(event: &Event) -> bool {
    matches!(event.kind, EventKind::SiteManagersChanged | EventKind::StaffChanged)
}
