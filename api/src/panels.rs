//! Alarm panels: what one tells of itself, arming and disarming it, and leaving zones out.
//!
//! The state is what the worker last read; a command is given to the panel itself, and what it says afterwards is written down
//! like a look.

pub(crate) mod arm;
pub(crate) mod bypass;
pub(crate) mod clear_alarm;
mod commanding;
pub(crate) mod disarm;
pub(crate) mod get;
pub(crate) mod take_in;
mod view;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use siteward_devices::panel::Area;
use siteward_domain::DeviceId;
use siteward_domain::device::DeviceKind;
use siteward_domain::health::Topic;
use siteward_domain::panel::PanelStatus;
use siteward_store::devices::Device;
use siteward_store::{DbConn, StoreError, facts};
use utoipa::ToSchema;

use crate::error::{ApiError, codes};
use crate::platform::Platform;
use view::PanelStatusView;

/// Highest number of an area.
const MOST_AREAS: u32 = 64;

/// What an alarm panel tells of itself.
#[derive(Serialize, ToSchema)]
pub(crate) struct Panel {
    /// What it told; null where it was never read.
    #[schema(required = true)]
    status: Option<PanelStatusView>,
    /// When it was read.
    #[schema(required = true)]
    measured_at: Option<DateTime<Utc>>,
    /// Whether it still counts: not older than two looks.
    fresh: bool,
    /// The resource it was read from; empty where it was never read.
    source: String,
}

/// Which area a command is for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PanelAreaCommand {
    /// The area's number, from 1; null or left out: all areas.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 64)]
    area: Option<u32>,
}

impl Panel {
    /// The state that was last written down.
    fn read(
        conn: &mut DbConn,
        device: &DeviceId,
        now: DateTime<Utc>,
        period: chrono::Duration,
    ) -> Result<Self, StoreError> {
        let fact = facts::list_facts(conn, device)?.into_iter().find(|fact| fact.topic == Topic::Panel);
        let Some(fact) = fact else {
            return Ok(Self { status: None, measured_at: None, fresh: false, source: String::new() });
        };
        let status: Option<PanelStatus> = serde_json::from_value(fact.value).ok();
        Ok(Self {
            status: status.map(PanelStatusView::from),
            measured_at: Some(fact.measured_at),
            fresh: Topic::Panel.is_fresh(fact.measured_at, now, period),
            source: fact.source,
        })
    }
}

/// The time between two looks at a panel, which decides what is fresh.
pub(crate) fn period(platform: &Platform) -> chrono::Duration {
    let polling = &platform.settings.polling;
    chrono::Duration::seconds(i64::from(polling.period_seconds.max(polling.panel_seconds)))
}

/// Only alarm panels have what is asked for here.
pub(crate) fn is_panel(device: &Device) -> Result<(), ApiError> {
    if device.kind == DeviceKind::AlarmPanel { Ok(()) } else { Err(ApiError::new(codes::NOT_A_PANEL)) }
}

fn area(number: Option<u32>) -> Result<Area, ApiError> {
    match number {
        None => Ok(Area::All),
        Some(number) if (1..=MOST_AREAS).contains(&number) => Ok(Area::One(number)),
        Some(_) => Err(ApiError::field(codes::FIELD_INVALID, "area")),
    }
}
