//! Many incidents in one mail: what was held back by the pace of a company goes to each receiver together.

use chrono::{DateTime, Duration, Utc};
use siteward_domain::CompanyId;
use siteward_store::notifications;
use siteward_store::{DbConn, Store, StoreError, companies, staff};

use crate::mail::{self, Digest, DigestItem};

/// Mails about incidents that a company gets an hour, each on its own.
const MOST_AN_HOUR: u32 = 60;
/// How long what is held back is gathered.
const GATHERED_FOR: Duration = Duration::minutes(10);
/// Most receivers served in one turn.
const RECEIVERS_AT_ONCE: u32 = 100;

/// Whether a company may get one more mail of its own about an incident.
pub(super) fn allows(conn: &mut DbConn, company: &CompanyId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(notifications::count_mailed(conn, company, now - Duration::hours(1))? < MOST_AN_HOUR)
}

/// Sends what was held back for long enough; gives how many mails were written.
pub(crate) fn send_digests(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let before = now - GATHERED_FOR;
    let waiting = store.read(|conn| notifications::find_unmailed(conn, before, RECEIVERS_AT_ONCE))?;
    let mut written = 0;
    for (company, receiver) in waiting {
        let sent = store.write(|conn| {
            let items = notifications::take_unmailed(conn, &receiver)?;
            let company = companies::find_company(conn, &company)?.ok_or(StoreError::NotFound)?;
            let receiver = staff::get_staff(conn, &company.id, &receiver)?;
            if items.is_empty() || receiver.disabled {
                return Ok(0);
            }
            let told: Vec<DigestItem<'_>> = items
                .iter()
                .map(|item| DigestItem { what: item.what, site: &item.site_name, name: &item.name, kind: item.kind })
                .collect();
            let digest = Digest { company: &company.name, items: &told, url: &company.public_url };
            let letter = digest.letter(receiver.language);
            mail::enqueue(conn, &mail::address(&company, &receiver.email, letter, now), now)?;
            Ok(1)
        });
        match sent {
            Ok(sent) => written += sent,
            // Who is gone cannot be told, and must not keep the others back.
            Err(StoreError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(written)
}
