//! Who is told of what happened: reads the event log with a position of its own and writes mails into the outbox.
//!
//! Mails, their jobs and the new position are one transaction: an event is told once, whoever dies when.

mod alarms;
mod digests;
mod incidents;
mod shares;
mod summaries;

use chrono::{DateTime, Utc};
use siteward_domain::event::EventKind;
use siteward_store::events::{self, Event};
use siteward_store::{DbConn, Store, StoreError, companies, grants, sites, staff, tellings};

use crate::mail::{self, DeviceUnbound};

pub(crate) use digests::send_digests;
pub(crate) use summaries::send_summaries;

/// The name of the position.
const READER: &str = "mail";
/// What is told by mail.
const TOLD: [EventKind; 4] =
    [EventKind::DeviceUnbound, EventKind::IncidentOpened, EventKind::IncidentClosed, EventKind::SharesChanged];
/// Most events told in one transaction.
const AT_ONCE: u32 = 100;
/// After so many events that concern nobody the position is moved on, so that they are not read again and again.
const MOST_BEHIND: i64 = 1000;

/// Tells what happened since it was last called, and what was held back until now; gives how many mails were written.
pub(crate) fn notify(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Ok(read_log(store, now)? + tell_due(store, now)? + alarms::tell_alarms(store, now)?)
}

/// Tells of incidents whose time has come.
fn tell_due(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    if !store.read(|conn| tellings::is_due(conn, now))? {
        return Ok(0);
    }
    store.write(|conn| {
        // Who tells is alone: the pace of mails is counted, and what is told is told once.
        events::reader_position(conn, READER)?;
        let mut written = 0;
        for due in tellings::take_due(conn, now, AT_ONCE)? {
            match incidents::tell(conn, &due, now) {
                Ok(told) => written += told,
                Err(StoreError::NotFound | StoreError::Unreadable { .. }) => {
                    tracing::warn!(incident.id = %due.incident_id, "nobody could be told of an incident");
                    tellings::end(conn, &due.incident_id)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(written)
    })
}

/// Reads the log from where it was left.
fn read_log(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let (behind, waiting) = store.read(|conn| {
        let position = events::look_at_reader(conn, READER)?;
        let waiting = !events::after_of_kinds(conn, &TOLD, position, 1)?.is_empty();
        Ok((events::last_seq(conn)? - position, waiting))
    })?;
    if !waiting && behind < MOST_BEHIND {
        return Ok(0);
    }
    store.write(|conn| {
        let position = events::reader_position(conn, READER)?;
        // Numbers become visible in order: up to the last one seen now, nothing comes in between any more.
        let last = events::last_seq(conn)?;
        let found = events::after_of_kinds(conn, &TOLD, position, AT_ONCE)?;
        let (mut written, mut end) = (0, last);
        if found.len() >= usize::try_from(AT_ONCE).unwrap_or(usize::MAX) {
            end = found.last().map_or(last, |event| event.seq);
        }
        for event in found.iter().filter(|event| event.seq <= end) {
            match tell(conn, event, now) {
                Ok(told) => written += told,
                // What is gone cannot be told of, and must not keep the others back.
                Err(StoreError::NotFound | StoreError::Unreadable { .. }) => {
                    tracing::warn!(event.seq, "nobody could be told of an event");
                }
                Err(error) => return Err(error),
            }
        }
        events::move_reader(conn, READER, end.max(position))?;
        Ok(written)
    })
}

fn tell(conn: &mut DbConn, event: &Event, now: DateTime<Utc>) -> Result<usize, StoreError> {
    match event.kind {
        EventKind::DeviceUnbound => device_unbound(conn, event, now),
        EventKind::SharesChanged => shares::tell(conn, event, now),
        EventKind::IncidentOpened | EventKind::IncidentClosed => incidents::note(conn, event, now).map(|()| 0),
        _ => Ok(0),
    }
}

/// Tells the former company's Admin and the owner of the site (R-U3).
fn device_unbound(conn: &mut DbConn, event: &Event, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let company = companies::find_company(conn, &event.company_id)?.ok_or(StoreError::NotFound)?;
    let site = match &event.site_id {
        Some(id) => match sites::get_site(conn, &event.company_id, id) {
            Err(StoreError::NotFound) => None,
            found => Some(found?),
        },
        None => None,
    };
    let text = |name: &str| event.data.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    let told = DeviceUnbound {
        company: &company.name,
        device: text("name"),
        serial: text("serial"),
        site: site.as_ref().map_or("", |site| site.name.as_str()),
        at: event.at,
        zone: site.as_ref().and_then(|site| site.time_zone.parse().ok()).unwrap_or(chrono_tz::UTC),
        url: &company.public_url,
    };
    let mut written = 0;
    if let Some(admin) = staff::find_admin(conn, &event.company_id)? {
        let letter = told.letter(mail::language(conn)?);
        mail::enqueue(conn, &mail::address(&company, &admin.email, letter, now), now)?;
        written += 1;
    }
    let owner = event.site_id.as_ref().map(|site| grants::owner_of(conn, site)).transpose()?.flatten();
    if let Some(owner) = owner {
        let (zone, url) = (owner.time_zone.parse().unwrap_or(told.zone), mail::public_url(conn)?);
        let letter = DeviceUnbound { zone, url: &url, ..told }.letter_to_owner(owner.language);
        mail::enqueue(conn, &mail::address(&company, &owner.email, letter, now), now)?;
        written += 1;
    }
    Ok(written)
}
