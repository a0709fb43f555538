//! What rules say, as the API has it: flat, so that forms and programs have it easy; the domain has a type an action.

use serde::{Deserialize, Serialize};
use siteward_domain::linkage::{Action, Source};
use siteward_domain::schedule::{BadSchedule, Period, Schedule};
use siteward_domain::{DeviceId, StaffId};
use utoipa::ToSchema;

use crate::words::{Day, DeviceEventKind, LinkageActionKind, LinkageArmMode};

/// What sets a rule off.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkageSource {
    /// The device, of the rule's site.
    #[schema(value_type = String, format = "uuid")]
    pub(super) device_id: DeviceId,
    /// The channel, zone or door; null or left out: any.
    #[serde(default)]
    #[schema(maximum = 65535)]
    pub(super) channel: Option<u32>,
    /// What it tells.
    pub(super) kind: DeviceEventKind,
}

/// The same hours on some days of the week, by the clock of the site.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkagePeriod {
    /// The days on which it begins, each once.
    #[schema(min_items = 1, max_items = 7)]
    days: Vec<Day>,
    /// The minute of the day at which it begins.
    #[schema(maximum = 1439)]
    from: u16,
    /// The minute before which it ends, up to 1440; on the next day where it is before `from`.
    #[schema(minimum = 1, maximum = 1440)]
    until: u16,
}

/// What a rule does. Which fields it has depends on its kind.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkageAction {
    /// What it is.
    pub(crate) kind: LinkageActionKind,
    /// The device, of the rule's site: of all but `notify` and `webhook`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub(crate) device_id: Option<DeviceId>,
    /// The channel of the device: of `snapshot`, `record` and `preset`; 1 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 512)]
    pub(crate) channel: Option<u32>,
    /// The preset: of `preset`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 512)]
    pub(crate) preset: Option<u32>,
    /// The output of the device: of `output_on` and `output_off`; 1 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 512)]
    pub(crate) output: Option<u32>,
    /// The area of the alarm panel: of `arm` and `disarm`; null or left out: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 512)]
    pub(crate) area: Option<u32>,
    /// How it is armed: of `arm`; `away` unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<LinkageArmMode>,
    /// Who gets a mail: of `notify`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 20)]
    pub(crate) staff_ids: Option<Vec<StaffId>>,
}

impl From<&Source> for LinkageSource {
    fn from(source: &Source) -> Self {
        Self { device_id: source.device.clone(), channel: source.channel, kind: DeviceEventKind(source.kind) }
    }
}

impl From<LinkageSource> for Source {
    fn from(source: LinkageSource) -> Self {
        Self { device: source.device_id, channel: source.channel, kind: source.kind.0 }
    }
}

/// The periods of a schedule; none: always.
pub(super) fn periods(schedule: Option<&Schedule>) -> Vec<LinkagePeriod> {
    let told = |period: &Period| LinkagePeriod {
        days: period.days.iter().copied().map(Day).collect(),
        from: period.from,
        until: period.until,
    };
    schedule.map(Schedule::periods).unwrap_or_default().iter().map(told).collect()
}

/// The schedule that a person means.
pub(super) fn schedule(periods: Vec<LinkagePeriod>) -> Result<Option<Schedule>, BadSchedule> {
    if periods.is_empty() {
        return Ok(None);
    }
    let read = |period: LinkagePeriod| Period {
        days: period.days.into_iter().map(|day| day.0).collect(),
        from: period.from,
        until: period.until,
    };
    Schedule::try_from(periods.into_iter().map(read).collect::<Vec<_>>()).map(Some)
}

impl From<&Action> for LinkageAction {
    fn from(action: &Action) -> Self {
        let mut told = Self {
            kind: LinkageActionKind(action.kind()),
            device_id: action.device().cloned(),
            channel: None,
            preset: None,
            output: None,
            area: None,
            mode: None,
            staff_ids: None,
        };
        match action {
            Action::Snapshot { channel, .. } | Action::Record { channel, .. } => told.channel = Some(*channel),
            Action::Preset { channel, preset, .. } => (told.channel, told.preset) = (Some(*channel), Some(*preset)),
            Action::Output { output, .. } => told.output = Some(*output),
            Action::Arm { area, mode, .. } => (told.area, told.mode) = (*area, Some(LinkageArmMode(*mode))),
            Action::Disarm { area, .. } => told.area = *area,
            Action::Notify { staff } => told.staff_ids = Some(staff.clone()),
            Action::Webhook => {}
        }
        told
    }
}

impl LinkageAction {
    /// The action that is meant; `None` where a field is missing, or there that this kind does not have.
    pub(super) fn meant(self) -> Option<Action> {
        use siteward_domain::linkage::ActionKind as K;
        use siteward_domain::linkage::ArmMode;
        let kind = self.kind.0;
        let of_camera = matches!(kind, K::Snapshot | K::Record | K::Preset);
        let of_panel = matches!(kind, K::Arm | K::Disarm);
        let strange = (self.channel.is_some() && !of_camera)
            || (self.preset.is_some() && kind != K::Preset)
            || (self.output.is_some() && !matches!(kind, K::OutputOn | K::OutputOff))
            || (self.area.is_some() && !of_panel)
            || (self.mode.is_some() && kind != K::Arm)
            || (self.staff_ids.is_some() && kind != K::Notify)
            || (self.device_id.is_some() && matches!(kind, K::Notify | K::Webhook));
        if strange {
            return None;
        }
        let (channel, output) = (self.channel.unwrap_or(1), self.output.unwrap_or(1));
        Some(match kind {
            K::Snapshot => Action::Snapshot { device: self.device_id?, channel },
            K::Record => Action::Record { device: self.device_id?, channel },
            K::Preset => Action::Preset { device: self.device_id?, channel, preset: self.preset? },
            K::OutputOn => Action::Output { device: self.device_id?, output, on: true },
            K::OutputOff => Action::Output { device: self.device_id?, output, on: false },
            K::Arm => Action::Arm {
                device: self.device_id?,
                area: self.area,
                mode: self.mode.map_or(ArmMode::Away, |mode| mode.0),
            },
            K::Disarm => Action::Disarm { device: self.device_id?, area: self.area },
            K::Notify => Action::Notify { staff: self.staff_ids? },
            K::Webhook => Action::Webhook,
        })
    }
}
