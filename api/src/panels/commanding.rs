//! A command to a panel: one login, the command, and how the panel is then.

use serde_json::{Value, json};
use siteward_devices::CallError;
use siteward_devices::panel::control::{self, ControlError};
use siteward_devices::panel::{Area, ArmWay, PanelSession, UserLevel, status};
use siteward_domain::DeviceId;
use siteward_domain::event::EventKind;
use siteward_domain::health::Topic;
use siteward_domain::panel::PanelStatus;
use siteward_store::events::NewEvent;
use siteward_store::polling::{FactRow, MeasuredRow, RoundWrite, write_round};

use super::view::PanelStatusView;
use super::{Panel, is_panel, period};
use crate::access::session::Caller;
use crate::devices::reaching::{Reached, refused};
use crate::error::{ApiError, codes};
use crate::live::device_event;
use crate::operation_log::Note;
use crate::platform::Platform;

/// What a panel is told.
#[derive(Debug, Clone, Copy)]
pub(super) enum Command {
    Arm(Area, ArmWay),
    Disarm(Area),
    ClearAlarm(Area),
    Bypass(u32),
    TakeIn(u32),
}

impl Command {
    fn told(self) -> Value {
        let area = |area| match area {
            Area::All => Value::Null,
            Area::One(number) => json!(number),
        };
        match self {
            Self::Arm(of, way) => json!({ "action": "arm", "area": area(of), "mode": way.as_str() }),
            Self::Disarm(of) => json!({ "action": "disarm", "area": area(of) }),
            Self::ClearAlarm(of) => json!({ "action": "clear_alarm", "area": area(of) }),
            Self::Bypass(zone) => json!({ "action": "bypass", "zone": zone }),
            Self::TakeIn(zone) => json!({ "action": "take_in", "zone": zone }),
        }
    }

    async fn give(self, session: &mut PanelSession<'_>) -> Result<(), ControlError> {
        let one = |outcomes: control::ZoneOutcomes| {
            outcomes.into_iter().next().map_or(Err(ControlError::NoSuchPart), |(_, outcome)| outcome)
        };
        let done = match self {
            Self::Arm(area, way) => control::arm(session, area, way).await,
            Self::Disarm(area) => control::disarm(session, area).await,
            Self::ClearAlarm(area) => control::clear_alarm(session, area).await,
            Self::Bypass(zone) => one(control::bypass(session, &[zone]).await),
            Self::TakeIn(zone) => one(control::recover(session, &[zone]).await),
        };
        done.map(|_| ())
    }
}

/// Gives a command to an alarm panel and tells how it is then.
pub(super) async fn command(
    platform: &Platform,
    caller: &Caller,
    note: &Note,
    id: &DeviceId,
    command: Command,
) -> Result<Panel, ApiError> {
    let mut reached = Reached::open(platform, &caller.company_id(), id).await?;
    note.object("device", &reached.device.id, &reached.device.name);
    is_panel(&reached.device)?;
    // Arming is a matter of administrators and operators, where one name is an installer too.
    let (given, seen) = match PanelSession::open(&mut reached.client, Some(UserLevel::User)).await {
        Err(error) => (Err(ControlError::Call(error)), None),
        Ok(mut session) => {
            let given = command.give(&mut session).await;
            let seen = if given.is_ok() { status::read(&mut session).await.ok() } else { None };
            session.close().await;
            (given, seen)
        }
    };
    match given {
        Ok(()) => write_down(platform, caller, &reached, command, seen).await,
        Err(ControlError::Call(error)) if !is_about_command(&error) => {
            Err(refused(platform, &reached.device, error).await?)
        }
        Err(error) => Err(refusal(&error)),
    }
}

/// Whether an error is the panel's answer to the command and not a matter of reaching it.
fn is_about_command(error: &CallError) -> bool {
    matches!(error, CallError::Refused { .. } | CallError::NotSupported)
}

async fn write_down(
    platform: &Platform,
    caller: &Caller,
    reached: &Reached,
    command: Command,
    seen: Option<PanelStatus>,
) -> Result<Panel, ApiError> {
    let (now, device) = (platform.clock.now(), &reached.device);
    let event = device_event(EventKind::PanelControlled, caller, &device.site_id, &device.id, now);
    let mut round = RoundWrite { events: vec![NewEvent { data: command.told(), ..event }], ..RoundWrite::default() };
    if let Some(value) = seen.as_ref().and_then(|status| serde_json::to_string(status).ok()) {
        let (device_id, source) = (device.id.clone(), status::PATH.to_owned());
        round.measured.push(MeasuredRow { device_id: device_id.clone(), topics: vec![Topic::Panel], at: now });
        round.facts.push(FactRow { device_id, topic: Topic::Panel, value, source, at: now });
    }
    let (id, period) = (device.id.clone(), period(platform));
    let known = platform
        .write(move |conn| {
            write_round(conn, &round)?;
            Panel::read(conn, &id, now, period)
        })
        .await?;
    Ok(match seen {
        Some(status) => Panel { status: Some(PanelStatusView::from(status)), ..known },
        None => known,
    })
}

fn refusal(error: &ControlError) -> ApiError {
    let code = match error {
        ControlError::ZonesOpen { zones } => {
            return ApiError::new(codes::PANEL_ZONE_OPEN).with_details(json!({ "zones": zones }));
        }
        ControlError::Arming => codes::PANEL_ARMING,
        ControlError::InAlarm => codes::PANEL_IN_ALARM,
        ControlError::Armed => codes::PANEL_ARMED,
        ControlError::NoSuchPart => codes::PANEL_NO_SUCH_PART,
        ControlError::ZoneFixed => codes::PANEL_ZONE_FIXED,
        ControlError::Refused { .. } | ControlError::Call(_) => codes::PANEL_REFUSED,
    };
    ApiError::new(code).with_message(error.to_string())
}
