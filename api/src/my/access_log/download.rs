//! `GET /my/sites/{site_id}/access_log/file`: the access log as a file that `siteward log verify` checks.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpResponse, get, web};
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{self, Stream};
use serde::Serialize;
use siteward_domain::SiteId;
use siteward_store::access_log::chain::{self, Entry};
use siteward_store::{access_log, owned_sites};
use utoipa::ToSchema;

use crate::access::Owned;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;

/// Entries read at once.
const AT_ONCE: u32 = 500;

/// Lines of JSON: a head, then the entries, oldest first.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its description is used; the lines are sent as they are read")]
pub(crate) struct AccessLogFile(Vec<u8>);

/// Gives the access log of one of the end user's sites since it is theirs, as lines of JSON.
#[utoipa::path(tag = "my", params(("site_id" = String, Path, format = "uuid", description = "The site")), responses(
    (status = 200, description = "The log", body = AccessLogFile, content_type = "application/x-ndjson"),
    (status = 404, description = "Not there or not yours", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/sites/{site_id}/access_log/file")]
pub(crate) async fn get_my_access_log_file(
    owned: Owned,
    platform: web::Data<Platform>,
    site: web::Path<SiteId>,
) -> Result<HttpResponse, ApiError> {
    let (now, period, owner, site) = (platform.clock.now(), platform.period(), owned.id(), site.into_inner());
    let id = site.clone();
    let (name, first, last) = platform
        .read(move |conn| {
            let site = owned_sites::get(conn, &owner, &id, now, period)?;
            let first = access_log::first_since(conn, &id, site.owned_since)?;
            Ok((site.name, first, access_log::head(conn, &id)?))
        })
        .await?;
    let (first, last, hash) = match (first, last) {
        (Some(first), Some((last, hash))) => (first, last, hash),
        _ => (1, 0, chain::FIRST.to_owned()),
    };
    let head = chain::Head {
        format: chain::FORMAT.to_owned(),
        site_id: site.to_string(),
        site_name: name,
        first,
        last,
        last_hash: hash,
        made_at: chain::moment(now),
    };
    let place = Place { platform, site, after: first - 1, last };
    let lines = stream::once(std::future::ready(line(&head))).chain(entries(place));
    Ok(HttpResponse::Ok()
        .content_type("application/x-ndjson")
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"access-log.jsonl\""))
        .streaming(lines))
}

/// How far the file is written.
struct Place {
    platform: web::Data<Platform>,
    site: SiteId,
    after: i64,
    last: i64,
}

/// The entries of a file, some hundred at once.
fn entries(place: Place) -> impl Stream<Item = Result<Bytes, ApiError>> {
    stream::unfold(place, |mut place| async move {
        if place.after >= place.last {
            return None;
        }
        let read = read(&place).await;
        // What could not be read ends the file: the checker tells that it is not whole.
        place.after = read.as_ref().map_or(place.last, |(_, after)| *after);
        Some((read.map(|(lines, _)| lines), place))
    })
}

/// The next lines, and the number of the last entry among them.
async fn read(place: &Place) -> Result<(Bytes, i64), ApiError> {
    let (site, after) = (place.site.clone(), place.after);
    let entries = place.platform.read(move |conn| access_log::after(conn, &site, after, AT_ONCE)).await?;
    let until = entries.last().map_or(place.last, |entry| entry.n);
    let lines: Vec<Bytes> =
        entries.iter().filter(|entry| entry.n <= place.last).map(line::<Entry>).collect::<Result<_, _>>()?;
    Ok((Bytes::from(lines.concat()), until))
}

fn line<T: Serialize>(value: &T) -> Result<Bytes, ApiError> {
    let mut line = serde_json::to_vec(value).map_err(ApiError::internal)?;
    line.push(b'\n');
    Ok(Bytes::from(line))
}
