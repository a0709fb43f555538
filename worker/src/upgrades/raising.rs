//! The exception of a device that an upgrade took and that did not come back.

use chrono::{DateTime, Utc};
use serde_json::json;
use siteward_domain::ExceptionId;
use siteward_domain::event::EventKind;
use siteward_domain::exception::{ExceptionKey, ExceptionKind};
use siteward_store::devices::Device;
use siteward_store::events::NewEvent;
use siteward_store::polling::{OpenedRow, RoundWrite, write_round};
use siteward_store::{DbConn, StoreError, exceptions};

/// Opens `offline_after_upgrade`, where it is not open; the next look that is let in closes it.
pub(super) fn raise(conn: &mut DbConn, device: &Device, now: DateTime<Utc>) -> Result<(), StoreError> {
    let key = ExceptionKey::of_device(ExceptionKind::OfflineAfterUpgrade);
    let open = exceptions::open_of_devices(conn, &[&device.id])?;
    if open.get(&device.id).is_some_and(|open| open.contains(&key)) {
        return Ok(());
    }
    let id = ExceptionId::generate(now);
    let event = NewEvent {
        company_id: device.company_id.clone(),
        site_id: Some(device.site_id.clone()),
        device_id: Some(device.id.clone()),
        kind: EventKind::ExceptionOpened,
        actor: "system".to_owned(),
        at: now,
        data: json!({ "exception_id": id, "kind": key.kind, "part": key.part }),
    };
    let opened = OpenedRow { id, device_id: device.id.clone(), key, at: now };
    write_round(conn, &RoundWrite { opened: vec![opened], events: vec![event], ..RoundWrite::default() })
}
