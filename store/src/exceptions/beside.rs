//! Exceptions that are opened beside the looks: whoever polls the device learns of them, and closes them in its time.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::exception::ExceptionKey;
use siteward_domain::{DeviceId, ExceptionId};

use super::open_of_devices;
use crate::changes;
use crate::columns::read;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::NewEvent;
use crate::polling::{OpenedRow, RoundWrite, write_round};
use crate::schema::devices;

/// Who appends the events.
const ACTOR: &str = "system";

/// Opens an exception of some devices, where it is not open. The kind must be one that a look can close: an address that
/// changed, or a device that an upgrade took.
pub fn open_beside(
    conn: &mut DbConn,
    ids: &[DeviceId],
    key: &ExceptionKey,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for some in ids.chunks(200) {
        let open = open_of_devices(conn, &some.iter().collect::<Vec<_>>())?;
        let is_new = |id: &&DeviceId| open.get(*id).is_none_or(|keys| !keys.contains(key));
        let wanted: Vec<&str> = some.iter().filter(is_new).map(DeviceId::as_str).collect();
        let found: Vec<(String, String, String)> = devices::table
            .select((devices::id, devices::company_id, devices::site_id))
            .filter(devices::id.eq_any(wanted))
            .order(devices::id)
            .load(conn)?;
        let mut round = RoundWrite::default();
        for (id, company, site) in found {
            let (id, device): (_, DeviceId) = (ExceptionId::generate(now), read(id, "devices.id")?);
            round.events.push(NewEvent {
                company_id: read(company, "devices.company_id")?,
                site_id: Some(read(site, "devices.site_id")?),
                device_id: Some(device.clone()),
                kind: EventKind::ExceptionOpened,
                actor: ACTOR.to_owned(),
                at: now,
                data: json!({ "exception_id": id, "kind": key.kind.as_str(), "part": key.part }),
            });
            round.opened.push(OpenedRow { id, device_id: device, key: key.clone(), at: now });
        }
        write_round(conn, &round)?;
        for opened in &round.opened {
            changes::note_device(conn, &opened.device_id, now)?;
        }
    }
    Ok(())
}
