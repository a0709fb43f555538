//! Exception rules (R-H4): which of the things that go wrong on a site are told, to whom, when, and after how long.
//!
//! An incident is told when the first of what belongs to it fits a rule and has lasted long enough, at a time that the
//! rule allows, and outside of maintenance windows.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use crate::device::DeviceKind;
use crate::exception::Severity;
use crate::incident::IncidentKind;
use crate::schedule::Schedule;
use crate::words::words;
use crate::{DeviceId, StaffId, WebhookId};

/// Most rules of a site.
pub const MOST_RULES: usize = 50;
/// Most receivers of a rule.
pub const MOST_RECEIVERS: usize = 50;
/// The longest threshold, in minutes: a week.
pub const MOST_THRESHOLD_MINUTES: u32 = 7 * 24 * 60;
/// What the rule that every site begins with tells to its managers and the Admin, at once and always.
pub const USUAL_SEVERITIES: [Severity; 2] = [Severity::Critical, Severity::Warning];

/// Of which devices of its site a rule tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Of all, and of links.
    Site,
    /// Of those of a kind.
    Kind(DeviceKind),
    /// Of one.
    Device(DeviceId),
}

words! {
    /// A kind of receiver.
    pub enum ReceiverKind {
        /// Whoever manages the site then.
        SiteManagers = "site_managers",
        /// The Installer Admin.
        Admin = "admin",
        /// One member of staff.
        Staff = "staff",
        /// A webhook.
        Webhook = "webhook",
    }
}

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Receiver {
    /// Whoever manages the site then.
    SiteManagers,
    /// The Installer Admin.
    Admin,
    /// A member of staff.
    Staff(StaffId),
    /// A webhook.
    Webhook(WebhookId),
}

impl Receiver {
    /// Its kind.
    pub fn kind(&self) -> ReceiverKind {
        match self {
            Self::SiteManagers => ReceiverKind::SiteManagers,
            Self::Admin => ReceiverKind::Admin,
            Self::Staff(_) => ReceiverKind::Staff,
            Self::Webhook(_) => ReceiverKind::Webhook,
        }
    }
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Of which devices.
    pub source: Source,
    /// Whatever is so severe.
    pub severities: Vec<Severity>,
    /// And whatever is of these kinds.
    pub kinds: Vec<IncidentKind>,
    /// Who is told.
    pub receivers: Vec<Receiver>,
    /// When, by the clock of the site; none: always.
    pub schedule: Option<Schedule>,
    /// How long it must have lasted, in minutes.
    pub threshold_minutes: u32,
    /// Whether it tells at all.
    pub enabled: bool,
}

/// Something that is wrong now, as part of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub kind: IncidentKind,
    /// With which device, and what that is; none: a link.
    pub device: Option<(DeviceId, DeviceKind)>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when a maintenance window keeps it quiet, where one does.
    pub quiet_until: Option<DateTime<Utc>>,
}

/// When a rule tells an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Now.
    Now,
    /// Not before then: it is to be asked again.
    NotBefore(DateTime<Utc>),
    /// Not as things stand.
    Never,
}

impl Rule {
    /// The rule that every site begins with.
    pub fn usual() -> Self {
        Self {
            source: Source::Site,
            severities: USUAL_SEVERITIES.to_vec(),
            kinds: Vec::new(),
            receivers: vec![Receiver::SiteManagers, Receiver::Admin],
            schedule: None,
            threshold_minutes: 0,
            enabled: true,
        }
    }

    /// Whether it tells of such a thing at all.
    pub fn fits(&self, fault: &Fault) -> bool {
        let of_source = match (&self.source, &fault.device) {
            (Source::Site, _) => true,
            (Source::Kind(wanted), Some((_, kind))) => wanted == kind,
            (Source::Device(wanted), Some((device, _))) => wanted == device,
            (Source::Kind(_) | Source::Device(_), None) => false,
        };
        of_source && (self.severities.contains(&fault.kind.severity()) || self.kinds.contains(&fault.kind))
    }

    /// When it tells an incident that consists of these faults. `zone`: the site's.
    pub fn telling(&self, faults: &[Fault], zone: Tz, now: DateTime<Utc>) -> Telling {
        if !self.enabled {
            return Telling::Never;
        }
        let threshold = Duration::minutes(i64::from(self.threshold_minutes));
        let times = faults.iter().filter(|fault| self.fits(fault)).filter_map(|fault| {
            let lasted = (fault.since + threshold).max(fault.quiet_until.unwrap_or(now)).max(now);
            self.schedule.as_ref().map_or(Some(lasted), |schedule| schedule.next(lasted, zone))
        });
        match times.min() {
            Some(time) if time <= now => Telling::Now,
            Some(time) => Telling::NotBefore(time),
            None => Telling::Never,
        }
    }
}

#[cfg(test)]
mod tests;
