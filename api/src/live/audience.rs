//! Who hears what of the event log (R-S4, R-S5): of sites within reach, as far as that reaches when the event is told.
//!
//! The sites assigned to a person are kept with the stream, each with the end of its assignment, so that no event costs a
//! query: they are read anew once a second at most while events flow, and at once when the log says that managers changed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::staff::Right;
use siteward_domain::{CompanyId, SiteId, StaffId};
use siteward_store::events::{self, Event};
use siteward_store::reach::{AssignedSites, Reach};
use siteward_store::sessions::SessionRecord;

use crate::error::ApiError;
use crate::platform::Platform;

/// How long the sites are taken for what they were.
const FRESH: Duration = Duration::from_secs(1);

/// The person who listens.
pub(super) struct Audience {
    company_id: CompanyId,
    staff_id: StaffId,
    is_admin: bool,
    rights: Vec<Right>,
    /// Of somebody with assigned sites; none until they are read.
    sites: Option<Sites>,
}

struct Sites {
    assigned: AssignedSites,
    read_at: Instant,
    /// The last event that they already show the outcome of.
    last_seq: i64,
}

impl Audience {
    pub(super) fn new(record: &SessionRecord) -> Self {
        Self {
            company_id: record.company_id.clone(),
            staff_id: record.staff_id.clone(),
            is_admin: record.is_admin,
            rights: record.rights.clone(),
            sites: None,
        }
    }

    /// What they may work on at `now`.
    pub(super) fn reach(&self, now: DateTime<Utc>) -> Option<Reach> {
        Reach::of(&self.company_id, &self.staff_id, &self.rights, now)
    }

    /// Takes over what their session says now. Where that changes what they may see, this tells them so.
    pub(super) fn learn(&mut self, record: &SessionRecord, now: DateTime<Utc>) -> Option<Arc<Event>> {
        if (record.is_admin, &record.rights) != (self.is_admin, &self.rights) {
            *self = Self::new(record);
            return Some(self.own(EventKind::StaffChanged, json!({ "staff_id": self.staff_id }), now));
        }
        let assigned = &mut self.sites.as_mut()?.assigned;
        let before = assigned.len();
        assigned.retain(|_, until| until.is_none_or(|until| now < until));
        let has_ended = assigned.len() < before;
        has_ended.then(|| self.own(EventKind::SiteManagersChanged, json!({}), now))
    }

    /// Reads the sites where they are not known yet.
    pub(super) async fn prepare(&mut self, platform: &Platform) -> Result<(), ApiError> {
        if self.has_assigned() && self.sites.is_none() { self.read_sites(platform).await } else { Ok(()) }
    }

    /// The event as this person may hear it; `None`: not at all.
    pub(super) async fn hears(
        &mut self,
        platform: &Platform,
        event: Arc<Event>,
    ) -> Result<Option<Arc<Event>>, ApiError> {
        if event.company_id != self.company_id {
            return Ok(None);
        }
        if self.is_admin {
            return Ok(Some(event));
        }
        let Some(site) = &event.site_id else { return Ok(of_company(event.kind, &self.rights).then_some(event)) };
        if is_exceptional(event.kind) && !self.rights.contains(&Right::ViewExceptions) {
            return Ok(None);
        }
        if self.rights.contains(&Right::ManageAllSites) {
            return Ok(Some(event));
        }
        if !self.has_assigned() {
            return Ok(None);
        }
        let now = platform.clock.now();
        let before = self.holds(site, now);
        if self.is_stale(&event) {
            self.read_sites(platform).await?;
        }
        if self.holds(site, now) {
            return Ok(Some(event));
        }
        // Somebody from whom a site was taken is told that it was, and nothing more of it.
        let taken = before && event.kind == EventKind::SiteManagersChanged;
        Ok(if taken { Some(self.own(event.kind, json!({}), now)) } else { self.moved_away(&event, now) })
    }

    /// Of a device that leaves their sites they hear that it does, and not where to.
    fn moved_away(&self, event: &Event, now: DateTime<Utc>) -> Option<Arc<Event>> {
        if event.kind != EventKind::DeviceMoved {
            return None;
        }
        let from: SiteId = event.data.get("from")?.as_str()?.parse().ok()?;
        let told = Event { data: json!({ "from": from }), site_id: Some(from.clone()), ..event.clone() };
        self.holds(&from, now).then(|| Arc::new(told))
    }

    fn has_assigned(&self) -> bool {
        !self.rights.contains(&Right::ManageAllSites) && self.rights.contains(&Right::ManageAssignedSites)
    }

    fn holds(&self, site: &SiteId, now: DateTime<Utc>) -> bool {
        let until = self.sites.as_ref().and_then(|sites| sites.assigned.get(site));
        until.is_some_and(|until| until.is_none_or(|until| now < until))
    }

    fn is_stale(&self, event: &Event) -> bool {
        let changes = matches!(event.kind, EventKind::SiteManagersChanged | EventKind::SiteCreated);
        self.sites
            .as_ref()
            .is_none_or(|sites| sites.read_at.elapsed() >= FRESH || (changes && event.seq > sites.last_seq))
    }

    async fn read_sites(&mut self, platform: &Platform) -> Result<(), ApiError> {
        let reach = Reach::of_manager(&self.company_id, &self.staff_id, platform.clock.now());
        let read_at = Instant::now();
        let read = move |conn: &mut siteward_store::DbConn| {
            Ok((events::last_seq(conn)?, reach.assigned_sites(conn)?.unwrap_or_default()))
        };
        let (last_seq, assigned) = platform.read(read).await?;
        self.sites = Some(Sites { assigned, read_at, last_seq });
        Ok(())
    }

    /// An event of the stream's own: what this person may see is not what it was.
    fn own(&self, kind: EventKind, data: serde_json::Value, at: DateTime<Utc>) -> Arc<Event> {
        Arc::new(Event {
            seq: 0,
            company_id: self.company_id.clone(),
            site_id: None,
            device_id: None,
            kind,
            actor: "system".to_owned(),
            at,
            data,
        })
    }
}

/// Whether an event tells of what only those may see who see exceptions.
fn is_exceptional(kind: EventKind) -> bool {
    use EventKind as E;
    matches!(kind, E::ExceptionOpened | E::ExceptionClosed | E::IncidentOpened | E::IncidentClosed)
}

/// Whether these rights let somebody hear of what is about no site: those who may see it where it is listed.
fn of_company(kind: EventKind, rights: &[Right]) -> bool {
    let has = |right| rights.contains(&right);
    match kind {
        EventKind::StaffChanged => has(Right::ManageStaff),
        EventKind::RoleChanged => has(Right::ManageStaff) || has(Right::ManageRoles),
        EventKind::PanelExitEnded => has(Right::ManageAllSites),
        EventKind::NetworkLost | EventKind::NetworkBack | EventKind::Notified => has(Right::ViewExceptions),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_about_no_site_is_heard_by_one_right_or_by_the_admin_alone() {
        for (kind, heard_by) in [
            (EventKind::StaffChanged, &[Right::ManageStaff][..]),
            (EventKind::RoleChanged, &[Right::ManageStaff, Right::ManageRoles]),
            (EventKind::PanelExitEnded, &[Right::ManageAllSites]),
            (EventKind::Notified, &[Right::ViewExceptions]),
            (EventKind::NetworkLost, &[Right::ViewExceptions]),
            (EventKind::DeviceUnbound, &[]),
        ] {
            let hears: Vec<Right> =
                Right::ALL.iter().copied().filter(|right| of_company(kind, std::slice::from_ref(right))).collect();
            assert_eq!(hears, heard_by, "{kind:?}");
        }
    }
}
