//! Daily summaries: what is wrong, and what ended since the last one, to each member of staff at a time of their own day.

use chrono::{DateTime, Duration, Utc};
use siteward_domain::notification::SummaryMode;
use siteward_domain::schedule::zone_named;
use siteward_domain::staff::Right;
use siteward_store::daily_summaries::{self, DueSummary};
use siteward_store::incidents::Incident;
use siteward_store::reach::Reach;
use siteward_store::{DbConn, Store, StoreError, companies, sessions, staff};

use crate::mail::{self, DailySummary, SummaryItem};

/// Most summaries written in one transaction.
const AT_ONCE: u32 = 100;
/// Most incidents of a sort that one names.
const MOST_NAMED: u32 = 10;
/// What a summary looks back on at most, and the first one does.
const DAY: Duration = Duration::days(1);

/// Sends the summaries whose time has come; gives how many mails were written.
pub(crate) fn send_summaries(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    if !store.read(|conn| daily_summaries::is_due(conn, now))? {
        return Ok(0);
    }
    store.write(|conn| {
        daily_summaries::begin(conn, now, AT_ONCE)?;
        let mut written = 0;
        for due in daily_summaries::take_due(conn, now, AT_ONCE)? {
            match send(conn, &due, now) {
                Ok(sent) => written += usize::from(sent),
                // Who is gone cannot be told, and must not keep the others back.
                Err(StoreError::NotFound | StoreError::Unreadable { .. }) => {
                    tracing::warn!(staff.id = %due.staff_id, "a daily summary could not be written");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(written)
    })
}

fn send(conn: &mut DbConn, due: &DueSummary, now: DateTime<Utc>) -> Result<bool, StoreError> {
    if due.setting.mode == SummaryMode::Never {
        return Ok(false);
    }
    let receiver = staff::get_staff(conn, &due.company_id, &due.staff_id)?;
    let rights = if receiver.is_admin { Right::ALL.to_vec() } else { sessions::rights_of(conn, &due.staff_id)? };
    let reach = Reach::of(&due.company_id, &due.staff_id, &rights, now);
    let Some(reach) = reach.filter(|_| !receiver.disabled && rights.contains(&Right::ViewExceptions)) else {
        return Ok(false);
    };
    let since = due.sent_at.map_or(now - DAY, |sent| sent.max(now - DAY));
    let content = daily_summaries::content(conn, &reach, since, MOST_NAMED)?;
    let is_wrong = content.open_count > 0 || content.ended_count > 0;
    if !is_wrong && due.setting.mode == SummaryMode::IfWrong {
        return Ok(false);
    }
    let company = companies::find_company(conn, &due.company_id)?.ok_or(StoreError::NotFound)?;
    let summary = DailySummary {
        company: &company.name,
        name: &receiver.name,
        open: items(&content.open),
        open_count: content.open_count,
        ended: items(&content.ended),
        ended_count: content.ended_count,
        now,
        zone: zone_named(&receiver.time_zone),
        url: &company.public_url,
    };
    mail::enqueue(conn, &mail::address(&company, &receiver.email, summary.letter(receiver.language), now), now)?;
    Ok(true)
}

fn items(incidents: &[Incident]) -> Vec<SummaryItem<'_>> {
    incidents.iter().map(SummaryItem::from).collect()
}
