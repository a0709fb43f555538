//! Invitations to own a site (R-G1 to R-G3): a link in a mail, good once and for some days, and what it offers.
//!
//! Only a hash of the token is kept. Whatever changes an invitation holds its site first, then the invitation: so of all who
//! accept, refuse, cancel or invite at the same instant one comes after the other, on both databases.

mod accepting;
mod ending;
mod listing;
mod opening;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::handover::{HandoverKind, HandoverState, Offer};
use siteward_domain::mail::MailLanguage;
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, HandoverId, SiteId, StaffId};

use crate::columns::{micros, read};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::mails;
use crate::schema::handovers::dsl;
use crate::sites;

pub use accepting::{Accepted, Accepting, accept};
pub use ending::{Ended, cancel_handover, expire, is_any_due, refuse};
pub use listing::{Handover, get_handover, list_handovers};
pub use opening::{OfferedDevice, OpenHandover, count_devices, devices_of, find_by_id, find_by_token, list_open_of};

/// An invitation to make.
#[derive(Debug, Clone)]
pub struct NewHandover {
    /// Its id.
    pub id: HandoverId,
    /// The company that invites.
    pub company_id: CompanyId,
    /// The site.
    pub site_id: SiteId,
    /// The address that it goes to, as typed.
    pub email: String,
    /// The receiver's telephone number, where it is known.
    pub phone: Option<String>,
    /// The receiver's name; may be empty.
    pub name: String,
    /// The language of the mail.
    pub language: MailLanguage,
    /// What the company has to say besides; may be empty.
    pub remark: String,
    /// What is offered, and what is asked for in return.
    pub offer: Offer,
    /// The hash of the token in the link.
    pub token_hash: String,
    /// Who invites.
    pub invited_by: StaffId,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

/// What to change of an invitation that waits; `None` leaves a field as it is. Each change sends it anew.
#[derive(Debug, Clone, Default)]
pub struct HandoverChange {
    /// The address that it goes to.
    pub email: Option<String>,
    /// The receiver's name.
    pub name: Option<String>,
    /// The receiver's telephone number; `Some(None)` takes it away.
    pub phone: Option<Option<String>>,
    /// The language of the mail.
    pub language: Option<MailLanguage>,
}

/// Holds a site until the commit and gives its status: what that allows is decided by one at a time. [`StoreError::NotFound`]
/// where the company has no such site.
pub fn hold_site(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<SiteStatus, StoreError> {
    Ok(sites::hold_site(conn, company, site)?.status)
}

/// Invites somebody; a site that is to be handed over is *not accepted* from now on. That its status allows it is for the
/// caller to ask, after [`hold_site`]. `Duplicate { what: "handover" }`: there is one that can still be accepted.
pub fn create_handover(conn: &mut DbConn, new: &NewHandover, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (kind, email) = (new.offer.kind(), new.email.to_lowercase());
    // What nobody answered in time stands in nobody's way.
    diesel::update(
        dsl::handovers
            .filter(dsl::site_id.eq(new.site_id.as_str()))
            .filter(dsl::state.eq(HandoverState::Pending.as_str()))
            .filter(dsl::kind.eq(kind.as_str()))
            .filter(dsl::expires_at.le(micros(now))),
    )
    .set((dsl::state.eq(HandoverState::Expired.as_str()), dsl::ended_at.eq(Some(micros(now)))))
    .execute(conn)?;
    if is_open(conn, &new.site_id, kind, &email)? {
        return Err(StoreError::Duplicate { what: "handover" });
    }
    diesel::insert_into(dsl::handovers)
        .values((
            (
                dsl::id.eq(new.id.as_str()),
                dsl::company_id.eq(new.company_id.as_str()),
                dsl::site_id.eq(new.site_id.as_str()),
                dsl::kind.eq(kind.as_str()),
                dsl::email.eq(&new.email),
                dsl::email_lower.eq(&email),
                dsl::phone.eq(new.phone.as_ref()),
                dsl::name.eq(&new.name),
                dsl::language.eq(new.language.as_str()),
                dsl::remark.eq(&new.remark),
            ),
            (
                dsl::asks.eq(new.offer.to_stored()),
                dsl::token_hash.eq(&new.token_hash),
                dsl::state.eq(HandoverState::Pending.as_str()),
                dsl::invited_by.eq(Some(new.invited_by.as_str())),
                dsl::created_at.eq(micros(now)),
                dsl::sent_at.eq(micros(now)),
                dsl::expires_at.eq(micros(new.expires_at)),
            ),
        ))
        .execute(conn)?;
    if kind == HandoverKind::Transfer {
        sites::set_status(conn, &new.company_id, &new.site_id, SiteStatus::NotAccepted, now)?;
    }
    let of = Of { id: &new.id, company_id: &new.company_id, site_id: &new.site_id };
    tell(conn, &of, HandoverState::Pending, format!("staff:{}", new.invited_by), now)
}

/// Whether somebody is invited to own a site and can still accept.
pub fn is_invited(conn: &mut DbConn, site: &SiteId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let open: Option<String> = dsl::handovers
        .select(dsl::id)
        .filter(dsl::site_id.eq(site.as_str()))
        .filter(dsl::state.eq(HandoverState::Pending.as_str()))
        .filter(dsl::kind.eq(HandoverKind::Transfer.as_str()))
        .filter(dsl::expires_at.gt(micros(now)))
        .order(dsl::id)
        .limit(1)
        .first(conn)
        .optional()?;
    Ok(open.is_some())
}

/// Whether a site has an invitation of this kind that waits; of shares, one to this address.
fn is_open(conn: &mut DbConn, site: &SiteId, kind: HandoverKind, email_lower: &str) -> Result<bool, StoreError> {
    let mut query = dsl::handovers
        .select(dsl::id)
        .filter(dsl::site_id.eq(site.as_str().to_owned()))
        .filter(dsl::state.eq(HandoverState::Pending.as_str()))
        .filter(dsl::kind.eq(kind.as_str()))
        .into_boxed();
    if kind == HandoverKind::Share {
        query = query.filter(dsl::email_lower.eq(email_lower.to_owned()));
    }
    let open: Option<String> = query.order(dsl::id).limit(1).first(conn).optional()?;
    Ok(open.is_some())
}

/// Changes an invitation that waits and sends it anew: it has a new token and its full time, and the old link is dead.
/// [`StoreError::Stale`]: it ended.
pub fn renew_handover(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &HandoverId,
    change: &HandoverChange,
    token_hash: &str,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Handover, StoreError> {
    let before = hold(conn, company, id, now)?;
    if before.state != HandoverState::Pending {
        return Err(StoreError::Stale);
    }
    let email = change.email.as_ref().unwrap_or(&before.email);
    let email_lower = email.to_lowercase();
    let is_moved = email_lower != before.email.to_lowercase();
    if is_moved && before.kind == HandoverKind::Share && is_open(conn, &before.site_id, before.kind, &email_lower)? {
        return Err(StoreError::Duplicate { what: "handover" });
    }
    diesel::update(dsl::handovers.filter(dsl::id.eq(id.as_str())))
        .set((
            dsl::email.eq(email),
            dsl::email_lower.eq(email_lower),
            dsl::phone.eq(change.phone.as_ref().unwrap_or(&before.phone)),
            dsl::name.eq(change.name.as_ref().unwrap_or(&before.name)),
            dsl::language.eq(change.language.unwrap_or(before.language).as_str()),
            dsl::token_hash.eq(token_hash),
            dsl::sent_at.eq(micros(now)),
            dsl::expires_at.eq(micros(expires_at)),
        ))
        .execute(conn)?;
    mails::drop_unneeded(conn, now)?;
    get_handover(conn, company, id, now)
}

/// Holds the site of an invitation, then gives the invitation as it is.
fn hold(conn: &mut DbConn, company: &CompanyId, id: &HandoverId, now: DateTime<Utc>) -> Result<Handover, StoreError> {
    let site: String = dsl::handovers
        .select(dsl::site_id)
        .filter(dsl::company_id.eq(company.as_str()))
        .filter(dsl::id.eq(id.as_str()))
        .first(conn)?;
    hold_site(conn, company, &read(site, "handovers.site_id")?)?;
    get_handover(conn, company, id, now)
}

/// Which invitation an event is about.
struct Of<'a> {
    id: &'a HandoverId,
    company_id: &'a CompanyId,
    site_id: &'a SiteId,
}

/// Tells the event log where an invitation stands.
fn tell(
    conn: &mut DbConn,
    of: &Of<'_>,
    state: HandoverState,
    actor: String,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let event = NewEvent {
        company_id: of.company_id.clone(),
        site_id: Some(of.site_id.clone()),
        device_id: None,
        kind: EventKind::HandoverChanged,
        actor,
        at: now,
        data: json!({ "handover_id": of.id, "state": state }),
    };
    events::append(conn, &event)
}

#[cfg(test)]
mod tests;
