//! Exception rules: who is told of what goes wrong on a site, when, and after how long.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod update;

use serde::{Deserialize, Serialize};
use siteward_domain::exception_rule::{
    MOST_RECEIVERS, MOST_THRESHOLD_MINUTES, Receiver, ReceiverKind as KindOfReceiver, Rule, Source,
};
use siteward_domain::firmware::Function;
use siteward_domain::schedule::{Period, Schedule, read_minute, write_minute};
use siteward_domain::{CompanyId, DeviceId, SiteId, StaffId, WebhookId};
use siteward_store::exception_rules::{self, StoredRule};
use siteward_store::{DbConn, StoreError, devices, monitoring, notifications, sites, staff, webhooks};
use utoipa::ToSchema;

use crate::error::{ApiError, codes};
use crate::monitoring::refusal;
use crate::words::{Day, DeviceKind, IncidentKind, ReceiverKind, Severity};

/// The kind of object in the operation log.
const OBJECT: &str = "exception_rule";

/// A rule: what of a site is told, to whom, when, and after how long.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExceptionRule {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The device that it is about; null: not one alone.
    #[schema(required = true, format = "uuid")]
    device_id: Option<String>,
    /// The name of that device.
    #[schema(required = true)]
    device_name: Option<String>,
    /// The kind of devices that it is about; null: not one kind alone.
    #[schema(required = true)]
    device_kind: Option<DeviceKind>,
    /// Whatever is so severe is told.
    severities: Vec<Severity>,
    /// And whatever is of these kinds.
    kinds: Vec<IncidentKind>,
    /// Who is told.
    receivers: Vec<RuleReceiver>,
    /// When, by the clock of the site; null: always.
    #[schema(required = true)]
    schedule: Option<Vec<SchedulePeriod>>,
    /// How long it must have lasted, in minutes.
    threshold_minutes: u32,
    /// Whether it tells at all.
    enabled: bool,
}

/// Somebody whom a rule tells.
#[derive(Serialize, ToSchema)]
pub(crate) struct RuleReceiver {
    /// What kind of receiver.
    kind: ReceiverKind,
    /// The id of the member of staff or webhook; null: those whom the kind names.
    #[schema(required = true, format = "uuid")]
    id: Option<String>,
    /// Their name.
    #[schema(required = true)]
    name: Option<String>,
    /// Whether they can be told: staff who may not see the site's exceptions are told nothing.
    able: bool,
}

/// The same hours on some days of the week.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SchedulePeriod {
    /// The days on which it begins.
    #[schema(min_items = 1, max_items = 7)]
    days: Vec<Day>,
    /// When it begins, `00:00` to `23:59`.
    #[schema(min_length = 5, max_length = 5)]
    from: String,
    /// When it ends, `00:01` to `24:00`; on the next day where that is not after `from`.
    #[schema(min_length = 5, max_length = 5)]
    until: String,
}

/// What a rule is to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExceptionRuleWrite {
    /// The device that it is about; absent: not one alone.
    #[schema(value_type = Option<String>, format = "uuid")]
    device_id: Option<DeviceId>,
    /// The kind of devices that it is about; absent: not one kind alone.
    device_kind: Option<DeviceKind>,
    /// Whatever is so severe is told.
    #[schema(max_items = 3)]
    severities: Vec<Severity>,
    /// And whatever is of these kinds. One of both is needed.
    #[schema(max_items = 100)]
    kinds: Vec<IncidentKind>,
    /// Who is told.
    #[schema(min_items = 1, max_items = 50)]
    receivers: Vec<RuleReceiverWrite>,
    /// When, by the clock of the site; absent: always.
    #[schema(min_items = 1, max_items = 20)]
    schedule: Option<Vec<SchedulePeriod>>,
    /// How long it must have lasted, in minutes; a week at most.
    #[schema(maximum = 10080)]
    threshold_minutes: u32,
    /// Whether it tells at all.
    enabled: bool,
}

/// Somebody whom a rule is to tell.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleReceiverWrite {
    /// What kind of receiver.
    kind: ReceiverKind,
    /// With `staff` and `webhook`: which.
    #[schema(format = "uuid")]
    id: Option<String>,
}

/// Somebody who can be chosen.
#[derive(Serialize, ToSchema)]
pub(crate) struct RuleChoice {
    /// The id.
    #[schema(format = "uuid")]
    id: String,
    /// The name.
    name: String,
}

/// Whom rules of a site can tell by name.
#[derive(Serialize, ToSchema)]
pub(crate) struct RuleChoices {
    /// Staff who may see the site's exceptions.
    staff: Vec<RuleChoice>,
    /// The company's webhooks.
    webhooks: Vec<RuleChoice>,
}

/// The rules of a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExceptionRuleList {
    /// The rules, oldest first.
    items: Vec<ExceptionRule>,
    /// The time zone of their schedules: the site's.
    time_zone: String,
    /// Whom they can tell by name.
    choices: RuleChoices,
}

impl ExceptionRuleList {
    fn read(
        conn: &mut DbConn,
        company: &CompanyId,
        site: &SiteId,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Self, StoreError> {
        let time_zone = sites::get_site(conn, company, site)?.time_zone;
        let able = notifications::receivers(conn, company, site, now)?;
        let staff: Vec<_> = able.into_iter().map(|one| RuleChoice { id: one.id.to_string(), name: one.name }).collect();
        let webhooks = webhooks::list_webhooks(conn, company)?;
        let webhooks: Vec<_> =
            webhooks.into_iter().map(|one| RuleChoice { id: one.id.to_string(), name: one.name }).collect();
        let choices = RuleChoices { staff, webhooks };
        let stored = exception_rules::list_rules(conn, company, site)?;
        let items = stored.into_iter().map(|one| ExceptionRule::read(conn, company, one, &choices));
        Ok(Self { items: items.collect::<Result<_, _>>()?, time_zone, choices })
    }

    /// One of them.
    fn take(self, id: &str) -> Result<ExceptionRule, StoreError> {
        self.items.into_iter().find(|rule| rule.id == id).ok_or(StoreError::NotFound)
    }
}

impl ExceptionRule {
    fn read(
        conn: &mut DbConn,
        company: &CompanyId,
        stored: StoredRule,
        choices: &RuleChoices,
    ) -> Result<Self, StoreError> {
        let rule = stored.rule;
        let (device, device_kind) = match rule.source {
            Source::Site => (None, None),
            Source::Kind(kind) => (None, Some(DeviceKind(kind))),
            Source::Device(device) => (Some(devices::get_device(conn, company, &device)?), None),
        };
        let receivers = rule.receivers.iter().map(|one| RuleReceiver::read(conn, company, one, choices));
        Ok(Self {
            id: stored.id.to_string(),
            receivers: receivers.collect::<Result<_, _>>()?,
            device_id: device.as_ref().map(|device| device.id.to_string()),
            device_name: device.map(|device| if device.name.is_empty() { device.address.host } else { device.name }),
            device_kind,
            severities: rule.severities.into_iter().map(Severity).collect(),
            kinds: rule.kinds.into_iter().map(IncidentKind).collect(),
            schedule: rule.schedule.map(|schedule| schedule.periods().iter().map(SchedulePeriod::from).collect()),
            threshold_minutes: rule.threshold_minutes,
            enabled: rule.enabled,
        })
    }
}

impl RuleReceiver {
    fn read(
        conn: &mut DbConn,
        company: &CompanyId,
        receiver: &Receiver,
        choices: &RuleChoices,
    ) -> Result<Self, StoreError> {
        let named = |choices: &[RuleChoice], id: &str| {
            choices.iter().find(|choice| choice.id == id).map(|choice| choice.name.clone())
        };
        let (id, name, able) = match receiver {
            Receiver::SiteManagers | Receiver::Admin => (None, None, true),
            Receiver::Staff(id) => match named(&choices.staff, id.as_str()) {
                Some(name) => (Some(id.to_string()), Some(name), true),
                None => (Some(id.to_string()), Some(staff::get_staff(conn, company, id)?.name), false),
            },
            Receiver::Webhook(id) => (Some(id.to_string()), named(&choices.webhooks, id.as_str()), true),
        };
        Ok(Self { kind: ReceiverKind(receiver.kind()), id, name, able })
    }
}

impl From<&Period> for SchedulePeriod {
    fn from(period: &Period) -> Self {
        let days = period.days.iter().copied().map(Day).collect();
        Self { days, from: write_minute(period.from), until: write_minute(period.until) }
    }
}

impl ExceptionRuleWrite {
    /// The rule that it says, checked.
    fn rule(self) -> Result<Rule, ApiError> {
        let invalid = |field| ApiError::field(codes::FIELD_INVALID, field);
        let source = match (self.device_id, self.device_kind) {
            (None, None) => Source::Site,
            (Some(device), None) => Source::Device(device),
            (None, Some(kind)) => Source::Kind(kind.0),
            (Some(_), Some(_)) => return Err(invalid("device_kind")),
        };
        let severities = once(self.severities.into_iter().map(|severity| severity.0));
        let kinds = once(self.kinds.into_iter().map(|kind| kind.0));
        if severities.is_empty() && kinds.is_empty() {
            return Err(invalid("severities"));
        }
        if !(1..=MOST_RECEIVERS).contains(&self.receivers.len()) {
            return Err(invalid("receivers"));
        }
        let receivers = self
            .receivers
            .into_iter()
            .enumerate()
            .map(|(index, one)| one.receiver().ok_or_else(|| invalid("receivers").with_index(index)));
        let receivers = once(receivers.collect::<Result<Vec<_>, _>>()?);
        if self.threshold_minutes > MOST_THRESHOLD_MINUTES {
            return Err(invalid("threshold_minutes"));
        }
        let schedule = self.schedule.map(schedule).transpose()?;
        let threshold_minutes = self.threshold_minutes;
        Ok(Rule { source, severities, kinds, receivers, schedule, threshold_minutes, enabled: self.enabled })
    }
}

/// Nothing is set for a device that is not watched (R-O1): switched on, or brought up to date, comes first.
fn check(conn: &mut DbConn, company: &CompanyId, rule: &Rule) -> Result<Result<(), ApiError>, StoreError> {
    let Source::Device(device) = &rule.source else { return Ok(Ok(())) };
    if !rule.enabled {
        return Ok(Ok(()));
    }
    match monitoring::standing(conn, company, device) {
        Ok(standing) => Ok(standing.may(Function::HealthMonitoring).map_err(|why| refusal(&why))),
        // What is not there is refused with its field, as a receiver that is not there.
        Err(StoreError::NotFound) => Ok(Ok(())),
        Err(error) => Err(error),
    }
}

impl RuleReceiverWrite {
    fn receiver(self) -> Option<Receiver> {
        match (self.kind.0, self.id) {
            (KindOfReceiver::SiteManagers, None) => Some(Receiver::SiteManagers),
            (KindOfReceiver::Admin, None) => Some(Receiver::Admin),
            (KindOfReceiver::Staff, Some(id)) => StaffId::parse(&id).ok().map(Receiver::Staff),
            (KindOfReceiver::Webhook, Some(id)) => WebhookId::parse(&id).ok().map(Receiver::Webhook),
            _ => None,
        }
    }
}

fn schedule(given: Vec<SchedulePeriod>) -> Result<Schedule, ApiError> {
    let invalid = || ApiError::field(codes::FIELD_INVALID, "schedule");
    let period = |given: SchedulePeriod| {
        let days = once(given.days.into_iter().map(|day| day.0));
        Some(Period { days, from: read_minute(&given.from)?, until: read_minute(&given.until)? })
    };
    let periods = given.into_iter().map(period).collect::<Option<Vec<_>>>().ok_or_else(invalid)?;
    Schedule::try_from(periods).map_err(|_| invalid())
}

/// Each once, sorted.
fn once<T: Ord>(all: impl IntoIterator<Item = T>) -> Vec<T> {
    all.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
