//! `GET /my/devices/{device_id}/channels`: the channels of a device, and what may be done with each.

use std::collections::BTreeMap;

use actix_web::{get, web};
use serde::Serialize;
use siteward_domain::DeviceId;
use siteward_domain::device::DeviceKind as Kind;
use siteward_domain::health::Topic;
use siteward_domain::observation::Channel;
use siteward_domain::share::SharePermission as Permission;
use siteward_store::end_user_events;
use siteward_store::facts;
use siteward_store::viewing::{self, Viewed};
use utoipa::ToSchema;

use crate::access::EndUser;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;
use crate::words::{DeviceKind, SharePermission};

/// A channel of a device.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyChannel {
    /// Its number; 0: the device itself, where it has none.
    #[schema(maximum = 65535)]
    number: u32,
    /// Its name; may be empty.
    name: String,
    /// Whether it was online when it was last looked at; null where that is not known.
    #[schema(required = true)]
    online: Option<bool>,
    /// What may be done with it.
    #[schema(max_items = 9)]
    permissions: Vec<SharePermission>,
}

/// A device with its channels, as somebody who may use it sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyChannels {
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// Its name; may be empty.
    device_name: String,
    /// What it is.
    device_kind: DeviceKind,
    /// The name of its site.
    site_name: String,
    /// Whether it is the end user's own; otherwise it is shared with them.
    own: bool,
    /// Whether the end user wants mails about its alarms; null where there are none for them, or it is their own.
    #[schema(required = true)]
    alarm_mails: Option<bool>,
    /// The channels, by number.
    #[schema(max_items = 1024)]
    channels: Vec<MyChannel>,
}

/// Lists the channels of a device that the end user owns or that are shared with them.
#[utoipa::path(tag = "my", params(("device_id" = String, Path, format = "uuid", description = "The device")), responses(
    (status = 200, description = "The channels", body = MyChannels),
    (status = 404, description = "Neither yours nor shared with you, or on a site that is paused", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/my/devices/{device_id}/channels")]
pub(crate) async fn list_my_channels(
    caller: EndUser,
    platform: web::Data<Platform>,
    id: web::Path<DeviceId>,
) -> Result<web::Json<MyChannels>, ApiError> {
    let (who, id) = (caller.0.id(), id.into_inner());
    let of = id.clone();
    let (viewed, facts, wanted) = platform
        .read(move |conn| {
            let viewed = viewing::get_viewed(conn, &who, &of)?;
            Ok((viewed, facts::list_facts(conn, &of)?, end_user_events::are_mails_wanted(conn, &who, &of)?))
        })
        .await?;
    let hears = |shared: &BTreeMap<u32, Vec<Permission>>| shared.values().flatten().any(|of| *of == Permission::Alarm);
    let known = facts.into_iter().find(|fact| fact.topic == Topic::Channels).map(|fact| fact.value);
    let known: Vec<Channel> = known.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default();
    Ok(web::Json(MyChannels {
        device_id: id.to_string(),
        device_kind: DeviceKind(viewed.kind),
        own: viewed.shared.is_none(),
        alarm_mails: viewed.shared.as_ref().filter(|shared| hears(shared)).map(|_| wanted),
        channels: channels(&viewed, &known),
        device_name: viewed.name,
        site_name: viewed.site_name,
    }))
}

/// An owner sees what the device has; a receiver what is shared, also where the device has not told of it yet.
fn channels(viewed: &Viewed, known: &[Channel]) -> Vec<MyChannel> {
    let shown = |number: u32, permissions: &[Permission]| {
        let channel = known.iter().find(|channel| channel.number == number);
        MyChannel {
            number,
            name: channel.map(|channel| channel.name.clone()).unwrap_or_default(),
            online: channel.and_then(|channel| channel.online),
            permissions: permissions.iter().copied().map(SharePermission).collect(),
        }
    };
    if let Some(shared) = &viewed.shared {
        return shared.iter().map(|(number, permissions)| shown(*number, permissions)).collect();
    }
    let all = Permission::of(viewed.kind);
    match viewed.kind {
        Kind::AlarmPanel => vec![shown(0, all)],
        Kind::Camera | Kind::Intercom if known.is_empty() => vec![shown(1, all)],
        _ => known.iter().map(|channel| shown(channel.number, all)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use siteward_domain::{CompanyId, SiteId};

    use super::*;

    fn viewed(kind: Kind, shared: Option<&[(u32, &[Permission])]>) -> Viewed {
        let now = chrono::DateTime::UNIX_EPOCH;
        let shared = shared.map(|channels| channels.iter().map(|(number, of)| (*number, of.to_vec())).collect());
        Viewed {
            company_id: CompanyId::generate(now),
            site_id: SiteId::generate(now),
            site_name: String::new(),
            name: String::new(),
            kind,
            serial: None,
            shared,
            shares: Vec::new(),
        }
    }

    #[test]
    fn an_owner_sees_all_channels_and_a_receiver_what_is_shared() {
        let known: Vec<Channel> = serde_json::from_value(serde_json::json!([
            { "number": 1, "name": "Gate", "source": "ip", "online": true },
            { "number": 2, "name": "Till", "source": "ip", "online": false },
        ]))
        .unwrap();
        let own = channels(&viewed(Kind::Nvr, None), &known);
        assert_eq!(own.iter().map(|channel| channel.name.as_str()).collect::<Vec<_>>(), ["Gate", "Till"]);
        assert_eq!(own[0].permissions.len(), Permission::of(Kind::Nvr).len());
        let received = channels(&viewed(Kind::Nvr, Some(&[(2, &[Permission::LiveView])])), &known);
        assert_eq!((received.len(), received[0].number, received[0].online), (1, 2, Some(false)));
        assert_eq!(received[0].permissions, [SharePermission(Permission::LiveView)]);
    }

    #[test]
    fn a_camera_has_one_channel_before_it_told_of_any_and_a_panel_is_itself() {
        assert_eq!(channels(&viewed(Kind::Camera, None), &[])[0].number, 1);
        assert_eq!(channels(&viewed(Kind::AlarmPanel, None), &[])[0].number, 0);
    }
}
