//! `GET /my/devices/{device_id}/channels/{channel}/stream`: one picture after another, for as long as somebody watches and may.

use std::future::ready;
use std::pin::Pin;

use actix_web::{HttpResponse, get, web};
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, stream};
use siteward_domain::DeviceId;
use siteward_domain::share::SharePermission;

use super::{checked_channel, may_still, watch};
use crate::access::EndUser;
use crate::devices::snapshot::Jpeg;
use crate::error::{ApiError, ErrorBody};
use crate::feeding::feed;
use crate::lenses::Watcher;
use crate::platform::Platform;

/// After so many pictures in a row that the device did not give, the stream ends.
const MOST_FAILURES: u32 = 3;

/// Gives pictures of a channel, one or two a second, as browsers show them in place of a picture. Ends within a second when the end
/// user signs out or may not see it any more.
#[utoipa::path(tag = "my", params(
    ("device_id" = String, Path, format = "uuid", description = "The device"),
    ("channel" = u32, Path, minimum = 1, maximum = 4096, description = "The channel"),
), responses(
    (status = 200, description = "The pictures, each a part", body = Jpeg, content_type = "multipart/x-mixed-replace"),
    (status = 404, description = "Neither yours nor shared with you", body = ErrorBody),
    (status = 409, description = "The site is paused", body = ErrorBody),
    (status = 422, description = "The device does not answer, or has no picture", body = ErrorBody),
    (status = 429, description = "You, or all together, watch as much as there is room for", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/devices/{device_id}/channels/{channel}/stream")]
pub(crate) async fn stream_my_pictures(
    caller: EndUser,
    platform: web::Data<Platform>,
    path: web::Path<(DeviceId, u32)>,
) -> Result<HttpResponse, ApiError> {
    let (device, channel) = path.into_inner();
    let channel = checked_channel(channel)?;
    let mut watcher = watch(&platform, &caller.0.id(), &device, channel).await?;
    let first = watcher.now().await?;
    let source = stream::unfold(Watching { watcher, first: Some(first) }, |mut watching| async move {
        watching.next().await.map(|part| (Ok(part), watching))
    });
    let caller = caller.0;
    let may_go_on = move || {
        let (platform, caller, device) = (platform.clone(), caller.clone(), device.clone());
        let may = async move { may_still(&platform, &caller, &device, channel, SharePermission::LiveView).await };
        Box::pin(may) as Pin<Box<dyn Future<Output = bool>>>
    };
    // Pictures have no end that could be missed.
    let parts = feed(source, Box::new(may_go_on), None).take_while(|part| ready(part.is_ok()));
    Ok(HttpResponse::Ok()
        .content_type("multipart/x-mixed-replace; boundary=picture")
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(parts))
}

/// An open stream.
struct Watching {
    watcher: Watcher,
    /// The picture that it begins with.
    first: Option<Bytes>,
}

impl Watching {
    /// Waits for what is to be sent next; `None`: it ends.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(first) = self.first.take() {
            return Some([b"--picture\r\n".as_slice(), &part(&first)].concat().into());
        }
        for _ in 0..MOST_FAILURES {
            if let Ok(picture) = self.watcher.next().await {
                return Some(part(&picture));
            }
        }
        None
    }
}

/// A picture and the boundary behind it: browsers show a part when they have met its end.
fn part(picture: &[u8]) -> Bytes {
    let head = format!("Content-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n", picture.len());
    let mut part = BytesMut::with_capacity(head.len() + picture.len() + 16);
    part.extend_from_slice(head.as_bytes());
    part.extend_from_slice(picture);
    part.extend_from_slice(b"\r\n--picture\r\n");
    part.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_tells_its_length_and_ends_with_the_boundary() {
        let part = part(b"\xff\xd8jpeg");
        let text = String::from_utf8_lossy(&part);
        assert!(text.starts_with("Content-Type: image/jpeg\r\nContent-Length: 6\r\n\r\n"));
        assert!(part.ends_with(b"\xff\xd8jpeg\r\n--picture\r\n"));
    }
}
