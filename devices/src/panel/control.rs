//! Arming, disarming, silencing, and leaving zones out.
//!
//! Source: paths of the vendor's text and of two implementations, sub status codes of the vendor's list. A command is
//! never repeated: what became of one whose answer got lost is told by reading the status again.

use bytes::Bytes;
use http::Method;

use super::session::PanelSession;
use super::status;
use crate::call_error::CallError;
use crate::http::Answer;
use crate::isapi::{outcome, text_of};
use crate::xml::read_any;

const ROOT: &str = "/ISAPI/SecurityCP/control";
/// Zones of one command at most.
const MOST_ZONES: usize = 64;

/// Which areas are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// All of them.
    All,
    /// The one of this number, from 1.
    One(u32),
}

impl Area {
    fn in_path(self) -> String {
        match self {
            Self::All => "0xffffffff".to_owned(),
            Self::One(id) => id.to_string(),
        }
    }
}

/// How an area is armed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArmWay {
    /// Nobody is inside.
    Away,
    /// People are inside.
    Stay,
}

impl ArmWay {
    /// The word as sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Stay => "stay",
        }
    }
}

/// A command that the panel took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Commanded {
    /// It has begun and takes its time, e.g. until everybody has left.
    pub under_way: bool,
}

/// Why a panel did not do what it was told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// Zones stand open.
    #[error("zones of the panel stand open")]
    ZonesOpen {
        /// Their numbers, as far as the panel tells them.
        zones: Vec<u32>,
    },
    /// It is arming just now.
    #[error("the panel is arming just now")]
    Arming,
    /// It is in alarm, which is to be cleared first.
    #[error("the panel is in alarm")]
    InAlarm,
    /// It is armed, and does not do this while it is.
    #[error("the panel is armed")]
    Armed,
    /// There is no such area or zone, or it is not in use.
    #[error("the panel has no such area or zone")]
    NoSuchPart,
    /// This zone cannot be left out.
    #[error("this zone cannot be left out")]
    ZoneFixed,
    /// It refused, and what stands against it is not told.
    #[error("the panel refused: {code}")]
    Refused {
        /// The panel's own word.
        code: String,
    },
    /// The call failed. After [`CallError::Unreachable`] with `closed` or `timeout` the command may have been done.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl ControlError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ZonesOpen { .. } => "panel_zone_open",
            Self::Arming => "panel_arming",
            Self::InAlarm => "panel_in_alarm",
            Self::Armed => "panel_armed",
            Self::NoSuchPart => "panel_no_such_part",
            Self::ZoneFixed => "panel_zone_fixed",
            Self::Refused { .. } => "panel_refused",
            Self::Call(error) => error.code(),
        }
    }
}

/// Arms. A refusal is followed by a look at the zones, for the panel does not say which of them stand open.
pub async fn arm(session: &mut PanelSession<'_>, area: Area, way: ArmWay) -> Result<Commanded, ControlError> {
    let path = format!("{ROOT}/arm/{}?ways={}&format=json", area.in_path(), way.as_str());
    let error = match command(session, &path).await {
        Ok(done) => return Ok(done),
        Err(error) => error,
    };
    let asks_why = matches!(
        error,
        ControlError::ZonesOpen { .. } | ControlError::Refused { .. } | ControlError::Call(CallError::NotSupported)
    );
    if !asks_why {
        return Err(error);
    }
    let only = match area {
        Area::All => None,
        Area::One(id) => Some(id),
    };
    // What cannot be read leaves the refusal as it was.
    let seen = status::read_zones(session).await.unwrap_or_default();
    let zones: Vec<u32> = seen.zones_open_in(only).map(|zone| zone.id).collect();
    Err(if zones.is_empty() { error } else { ControlError::ZonesOpen { zones } })
}

/// Disarms.
pub async fn disarm(session: &mut PanelSession<'_>, area: Area) -> Result<Commanded, ControlError> {
    command(session, &format!("{ROOT}/disarm/{}?format=json", area.in_path())).await
}

/// Ends an alarm: silences it and forgets it.
pub async fn clear_alarm(session: &mut PanelSession<'_>, area: Area) -> Result<Commanded, ControlError> {
    command(session, &format!("{ROOT}/clearAlarm/{}?format=json", area.in_path())).await
}

/// What became of each zone of a command; those that were not reached any more are absent.
pub type ZoneOutcomes = Vec<(u32, Result<Commanded, ControlError>)>;

/// Leaves zones out of the next arming.
pub async fn bypass(session: &mut PanelSession<'_>, zones: &[u32]) -> ZoneOutcomes {
    each(session, zones, &["bypass"]).await
}

/// Takes zones in again.
pub async fn recover(session: &mut PanelSession<'_>, zones: &[u32]) -> ZoneOutcomes {
    // Two names are known for it, of different panels.
    each(session, zones, &["Recoverbypass", "bypassRecover"]).await
}

/// One zone after another; the first error that would meet every further one ends it.
async fn each(session: &mut PanelSession<'_>, zones: &[u32], names: &[&str]) -> ZoneOutcomes {
    let mut outcomes = ZoneOutcomes::new();
    for zone in zones.iter().take(MOST_ZONES) {
        let mut outcome = Err(ControlError::Call(CallError::NotSupported));
        for name in names {
            outcome = command(session, &format!("{ROOT}/{name}/{zone}?format=json")).await;
            // Not supported means not done, so the other name may be tried.
            if outcome != Err(ControlError::Call(CallError::NotSupported)) {
                break;
            }
        }
        let ends = matches!(&outcome, Err(ControlError::Call(error)) if error.ends_a_look());
        outcomes.push((*zone, outcome));
        if ends {
            break;
        }
    }
    outcomes
}

async fn command(session: &mut PanelSession<'_>, path: &str) -> Result<Commanded, ControlError> {
    let answer = session.send(Method::PUT, path, None, Bytes::new()).await?;
    let sub = sub_of(&answer);
    if sub.eq_ignore_ascii_case(BEGUN) {
        return Ok(Commanded { under_way: true });
    }
    if sub.eq_ignore_ascii_case("invalidID") {
        return Err(ControlError::NoSuchPart);
    }
    outcome::read(&answer).map(|_| Commanded::default()).map_err(judge)
}

/// The panel's word, whatever else the answer is. Elsewhere `invalidID` means a resource that there is not; here it is a part.
fn sub_of(answer: &Answer) -> String {
    let text = text_of(&answer.body);
    let root = read_any(&text).ok();
    let sub = root.as_ref().and_then(|root| root.text_of("subStatusCode"));
    sub.unwrap_or("").trim().to_owned()
}

/// The vendor's word for: arming is supported and now goes on. Whatever status stands beside it, it has begun.
const BEGUN: &str = "armProcess";

/// Source: the vendor's list of codes; `arming` from a report of an owner.
fn judge(error: CallError) -> ControlError {
    let CallError::Refused { sub_status_code, .. } = &error else { return ControlError::Call(error) };
    match sub_status_code.to_ascii_lowercase().as_str() {
        "zonefault" | "zonealarm" => ControlError::ZonesOpen { zones: Vec::new() },
        "arming" => ControlError::Arming,
        "alarmingcannotbearmed" => ControlError::InAlarm,
        "armedstatus" => ControlError::Armed,
        "subsystemnotenabled" | "exdevnotexist" => ControlError::NoSuchPart,
        "zonenotsupport" | "zoneoperationnotsupport" => ControlError::ZoneFixed,
        // The HTTP status alone, without a word.
        "" => ControlError::Call(error),
        _ => ControlError::Refused { code: sub_status_code.clone() },
    }
}
