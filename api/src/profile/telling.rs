//! People are told by mail of what happened to their own account, whoever did it.

use chrono::{DateTime, Utc};
use siteward_domain::{CompanyId, StaffId};
use siteward_store::{DbConn, StoreError, companies, staff};
use siteward_worker::mail::{self, AccountChange, AccountChanged};

/// Writes the mail about a change, in the transaction of the change. `address`: where it was ordered; empty for none.
pub(crate) fn tell(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &StaffId,
    change: AccountChange,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let account = staff::get_staff(conn, company, id)?;
    let company = companies::find_company(conn, company)?.ok_or(StoreError::NotFound)?;
    let told = AccountChanged {
        company: &company.name,
        name: &account.name,
        change,
        at: now,
        zone: account.time_zone.parse().unwrap_or(chrono_tz::UTC),
        address,
        url: &company.public_url,
    };
    mail::enqueue(conn, &mail::address(&company, &account.email, told.letter(account.language), now), now)
}
