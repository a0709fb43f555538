//! Who is told by mail of what a shared device tells: receivers with alarms of the channel, each at most once in five minutes about a device.
//!
//! Mails, their jobs and the position in the events are one transaction: an event is told once, whoever dies when.

use chrono::{DateTime, Duration, Utc};
use siteward_domain::device_event::DeviceEvent;
use siteward_store::end_user_events::{self, AlarmReader};
use siteward_store::{DbConn, Store, StoreError, device_events, end_users, events};

use crate::mail::{self, ShareAlarm};

/// The name of the position.
const READER: &str = "alarm_mails";
/// Most events read in one transaction.
const AT_ONCE: u32 = 100;
/// Nobody gets a second mail about a device within this.
const APART: Duration = Duration::minutes(5);
/// What happened longer ago than this is not told any more: the mail would only alarm.
const TOO_LATE: Duration = Duration::hours(1);

/// Tells what devices told since it was last called; gives how many mails were written.
pub(super) fn tell_alarms(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    if !store.read(|conn| Ok(device_events::last_seq(conn)? > events::look_at_reader(conn, READER)?))? {
        return Ok(0);
    }
    store.write(|conn| {
        let position = events::reader_position(conn, READER)?;
        let found = device_events::after(conn, position, AT_ONCE)?;
        let Some(last) = found.last().map(|event| event.seq) else { return Ok(0) };
        let mut told = Vec::new();
        for event in found.iter().filter(|event| event.kind.is_alarm() && now - event.at < TOO_LATE) {
            for reader in end_user_events::readers(conn, event.seq, now - APART)? {
                match write(conn, event, &reader, now) {
                    Ok(()) => told.push((reader.end_user_id, &event.device_id, event.channel)),
                    // Whoever is gone cannot be told, and must not keep the others back.
                    Err(StoreError::NotFound | StoreError::Unreadable { .. }) => {
                        tracing::warn!(event.seq, "somebody could not be told of an alarm");
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        // The log of an owner comes last: all who write into one wait for each other.
        for (reader, device, channel) in &told {
            end_user_events::note_use(conn, reader, device, *channel, now)?;
        }
        events::move_reader(conn, READER, last)?;
        Ok(told.len())
    })
}

fn write(conn: &mut DbConn, event: &DeviceEvent, reader: &AlarmReader, now: DateTime<Utc>) -> Result<(), StoreError> {
    let person = end_users::get_end_user(conn, &reader.end_user_id)?;
    let url = mail::public_url(conn)?;
    let told = ShareAlarm {
        name: &person.name,
        site: &reader.site_name,
        device: &reader.device_name,
        device_id: &event.device_id,
        channel: event.channel,
        kind: event.kind,
        at: event.at,
        zone: person.time_zone.parse().unwrap_or(chrono_tz::UTC),
        url: &url,
    };
    let letter = told.letter(person.language);
    mail::enqueue(conn, &mail::address_from_platform(&url, &person.email, letter, now), now)?;
    end_user_events::note_told(conn, &reader.end_user_id, &event.device_id, now)
}
