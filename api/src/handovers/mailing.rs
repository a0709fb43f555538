//! How often invitations go to one address.

use chrono::{DateTime, Utc};
use siteward_domain::SiteId;
use siteward_domain::handover::MOST_AN_HOUR;
use siteward_store::mail_paces::{self, Pace};
use siteward_store::{DbConn, StoreError};

use crate::access::token;
use crate::error::ApiError;

/// Counts one more mail to an address about a site, or refuses it until there is room: nobody is flooded, and who has twenty
/// sites is invited to all of them at once.
pub(super) fn pace(
    conn: &mut DbConn,
    site: &SiteId,
    email: &str,
    now: DateTime<Utc>,
) -> Result<Result<(), ApiError>, StoreError> {
    let subject = token::hash(&format!("handover:{site}:{}", email.to_lowercase()));
    let pace = Pace { purpose: "handover", subject, most: MOST_AN_HOUR };
    Ok(match mail_paces::take_turn(conn, &[pace], now)? {
        None => Ok(()),
        Some(free_at) => Err(ApiError::too_many_until(free_at, now)),
    })
}
