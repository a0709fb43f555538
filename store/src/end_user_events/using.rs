//! That somebody uses alarms that are shared with them: the first time stands in the owner's access log, as of
//! all that is shared.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use siteward_domain::share::SharePermission;
use siteward_domain::{DeviceId, EndUserId};

use super::HeardEvent;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::shares::{self, Use};
use crate::viewing;

/// The channels of these events that are shared with their reader and whose alarms they have not used yet; `None`: the device itself.
pub fn first_uses(
    conn: &mut DbConn,
    end_user: &EndUserId,
    events: &[HeardEvent],
) -> Result<Vec<(DeviceId, Option<u32>)>, StoreError> {
    let shared: BTreeSet<(&str, Option<u32>)> = events
        .iter()
        .filter(|heard| !heard.own)
        .map(|heard| (heard.event.device_id.as_str(), heard.event.channel))
        .collect();
    let mut first = Vec::new();
    for (device, channel) in shared {
        let device: DeviceId = crate::columns::read(device.to_owned(), "device_events.device_id")?;
        for (number, permission) in ways(channel) {
            let used = shares::may_see(conn, end_user, &device, number, permission)?;
            let Ok(Use::Receiver { share_id, .. }) = used else { continue };
            if !viewing::is_noted(conn, &share_id, &device, number, permission)? {
                first.push((device, channel));
            }
            break;
        }
    }
    Ok(first)
}

/// Somebody is shown, or told of, an event of a channel that is shared with them.
pub fn note_use(
    conn: &mut DbConn,
    end_user: &EndUserId,
    device: &DeviceId,
    channel: Option<u32>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for (number, permission) in ways(channel) {
        if shares::may_use(conn, end_user, device, number, permission, now)?.is_ok() {
            break;
        }
    }
    Ok(())
}

/// How an event of a channel can be shared: with the channel (an event of the device itself: with the one of a camera), or a panel's log.
fn ways(channel: Option<u32>) -> [(u32, SharePermission); 2] {
    [(channel.unwrap_or(1), SharePermission::Alarm), (0, SharePermission::Logs)]
}
