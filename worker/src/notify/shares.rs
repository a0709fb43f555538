//! Receivers are told by mail of shares that changed or ended, whoever or whatever did it; of what they did themselves they are told nothing.

use chrono::{DateTime, Utc};
use serde_json::Value;
use siteward_domain::share::ShareEnd;
use siteward_store::events::Event;
use siteward_store::mail_paces::{self, Pace};
use siteward_store::{DbConn, StoreError, end_users, shares};

use crate::mail::{self, ShareTold, address_from_platform};

/// Mails about one share that changed in an hour: an owner who tries things out is not written about each time.
const MOST_CHANGES_AN_HOUR: usize = 3;

/// Tells the receiver of an event about a share; gives how many mails were written.
pub(super) fn tell(conn: &mut DbConn, event: &Event, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let text = |name: &str| event.data.get(name).and_then(Value::as_str);
    let Some(id) = text("share_id").and_then(|id| id.parse().ok()) else { return Ok(0) };
    let ended = match text("state") {
        Some("changed") => None,
        Some(state) => match ShareEnd::from_stored(state) {
            Some(ShareEnd::Left) | None => return Ok(0),
            ended => ended,
        },
        None => return Ok(0),
    };
    let Some(about) = shares::find_told(conn, &id)? else { return Ok(0) };
    // Their account is going, or gone.
    if event.actor == format!("end_user:{}", about.receiver_id) {
        return Ok(0);
    }
    if ended.is_none() {
        let pace = Pace { purpose: "share_changed", subject: id.to_string(), most: MOST_CHANGES_AN_HOUR };
        if mail_paces::take_turn(conn, &[pace], now)?.is_some() {
            return Ok(0);
        }
    }
    let receiver = end_users::get_end_user(conn, &about.receiver_id)?;
    let url = mail::public_url(conn)?;
    let told = ShareTold {
        name: &receiver.name,
        giver: &about.giver_name,
        site: &about.site_name,
        ended,
        at: event.at,
        zone: receiver.time_zone.parse().unwrap_or(chrono_tz::UTC),
        url: &url,
    };
    let letter = told.letter(receiver.language);
    mail::enqueue(conn, &address_from_platform(&url, &receiver.email, letter, now), now)?;
    Ok(1)
}
