//! Sites that change hands, with the mails that belong to each step: all of a step is one transaction.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use siteward_domain::company::Company;
use siteward_domain::custody::{CompanyInvitationState, Parting};
use siteward_domain::grant::{RequestKind, RequestState};
use siteward_domain::handover::Asks;
use siteward_domain::{CompanyId, EndUserId, SiteId, StaffId};
use siteward_store::access_log::Actor;
use siteward_store::company_invitations::{self, CompanyInvitation, NewCompanyInvitation};
use siteward_store::custody::{self, Custody, Released};
use siteward_store::grant_requests::GrantRequest;
use siteward_store::{DbConn, StoreError, Vault, companies, end_users, shares, staff};

use crate::mail::{self, CompanyInvited, CustodyNews, CustodyTold};

/// Something happened to a site, for telling somebody.
struct Happening<'a> {
    news: CustodyNews,
    company: &'a CompanyId,
    site: &'a SiteId,
    name: &'a str,
    at: DateTime<Utc>,
}

/// An owner takes a site away from its company, which is told. The errors are those of [`custody::take_away`].
pub fn take_away(
    conn: &mut DbConn,
    vault: &Vault,
    site: &SiteId,
    owner: &EndUserId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let name = custody::get(conn, site)?.site_name;
    let company = custody::take_away(conn, vault, site, &Actor::EndUser(owner.clone()), now)?;
    let news = Happening { news: CustodyNews::TakenAway, company: &company, site, name: &name, at: now };
    news.tell_admin(conn)
}

/// A company serves a site from now on; its owner is told, and the company that served it until now. The errors are those of
/// [`custody::serve`].
pub fn serve(
    conn: &mut DbConn,
    vault: &Vault,
    site: &SiteId,
    company: &CompanyId,
    granted: &Asks,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let before = custody::get(conn, site)?;
    let lost_by = custody::serve(conn, vault, site, company, granted, by, now)?;
    let news = |news, company| Happening { news, company, site, name: &before.site_name, at: now };
    if let Some(lost_by) = &lost_by {
        news(CustodyNews::TakenAway, lost_by).tell_admin(conn)?;
    }
    let Some(owner) = &before.owner else { return Ok(()) };
    news(CustodyNews::Served, company).tell_owner(conn, owner)
}

/// Does what an owner approved or refused of an application that is about more than permissions: to serve the site, or rental. The
/// application was ended in the same transaction.
pub fn answer(
    conn: &mut DbConn,
    vault: &Vault,
    request: &GrantRequest,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let approved = request.state == RequestState::Approved;
    match request.kind {
        RequestKind::Serve if approved => {
            let granted = request.granted.clone().unwrap_or_default();
            serve(conn, vault, &request.site_id, &request.company_id, &granted, by, now)
        }
        RequestKind::Rental => custody::agree_to_rental(conn, &request.site_id, approved, by, now).map(drop),
        RequestKind::Serve | RequestKind::Site | RequestKind::Devices => Ok(()),
    }
}

/// Invites a company, with the mail. The errors are those of [`company_invitations::create`].
pub fn invite_company(
    conn: &mut DbConn,
    vault: &Vault,
    new: &NewCompanyInvitation,
    token: &SecretString,
    now: DateTime<Utc>,
) -> Result<CompanyInvitation, StoreError> {
    company_invitations::create(conn, new, now)?;
    let invitation = company_invitations::get(conn, &new.id, now)?;
    let owner = end_users::get_end_user(conn, &new.end_user_id)?;
    let url = mail::public_url(conn)?;
    let told = CompanyInvited {
        owner: &owner.name,
        site: &invitation.site_name,
        remark: &invitation.remark,
        until: invitation.expires_at,
        zone: owner.time_zone.parse().unwrap_or(chrono_tz::UTC),
        url: &url,
    };
    let letter = told.letter(owner.language);
    let mail = mail::address_from_platform_with_token(vault, &url, &invitation.email, letter, token, now)?;
    mail::enqueue(conn, &mail, now)?;
    Ok(invitation)
}

/// Somebody of a company takes up an owner's invitation: the company serves the site from now on. [`StoreError::NotFound`]: the link is good no
/// more; otherwise the errors are those of [`custody::serve`].
pub fn accept_invitation(
    conn: &mut DbConn,
    vault: &Vault,
    token_hash: &str,
    (company, staff): (&CompanyId, &StaffId),
    now: DateTime<Utc>,
) -> Result<SiteId, StoreError> {
    let invitation = company_invitations::find_open(conn, token_hash, now)?.ok_or(StoreError::NotFound)?;
    company_invitations::end(conn, &invitation.id, CompanyInvitationState::Accepted, Some(company), now)
        .map_err(gone)?;
    let by = Actor::Staff(staff.clone());
    serve(conn, vault, &invitation.site_id, company, &invitation.asks, &by, now)?;
    Ok(invitation.site_id)
}

/// Somebody of a company refuses an owner's invitation. [`StoreError::NotFound`]: the link is good no more.
pub fn refuse_invitation(
    conn: &mut DbConn,
    token_hash: &str,
    company: &CompanyId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let invitation = company_invitations::find_open(conn, token_hash, now)?.ok_or(StoreError::NotFound)?;
    company_invitations::end(conn, &invitation.id, CompanyInvitationState::Refused, Some(company), now).map_err(gone)
}

fn gone(error: StoreError) -> StoreError {
    if matches!(error, StoreError::Stale) { StoreError::NotFound } else { error }
}

/// The company that serves a site disables the customer's use or enables it, and the customer is told. The errors are those of
/// [`custody::set_suspended`].
pub fn set_suspended(
    conn: &mut DbConn,
    (company, staff): (&CompanyId, &StaffId),
    site: &SiteId,
    on: bool,
    now: DateTime<Utc>,
) -> Result<Custody, StoreError> {
    let Some(custody) = custody::set_suspended(conn, company, site, on, &Actor::Staff(staff.clone()), now)? else {
        return custody::get(conn, site);
    };
    let news = if on { CustodyNews::Suspended } else { CustodyNews::Resumed };
    if let Some(owner) = &custody.owner {
        Happening { news, company, site, name: &custody.site_name, at: now }.tell_owner(conn, owner)?;
    }
    Ok(custody)
}

/// The company that serves a site, or its owner, ends the agreement on rental; the other side is told. The errors are those of
/// [`custody::end_rental`].
pub fn end_rental(conn: &mut DbConn, site: &SiteId, by: &Actor, now: DateTime<Utc>) -> Result<Custody, StoreError> {
    let before = custody::end_rental(conn, site, by, now)?;
    if let (Some(company), Some(owner)) = (&before.company, &before.owner) {
        let news = |news| Happening { news, company, site, name: &before.site_name, at: now };
        match by {
            Actor::EndUser(_) => news(CustodyNews::RentalEndedByOwner).tell_admin(conn)?,
            Actor::Staff(_) | Actor::Platform => news(CustodyNews::RentalEnded).tell_owner(conn, owner)?,
        }
    }
    custody::get(conn, site)
}

/// An owner deletes their account: what becomes of each site is told to the companies that it concerns, and what they receive ends. The row of
/// the account is left to the caller, in the same transaction.
pub fn release<S: std::hash::BuildHasher>(
    conn: &mut DbConn,
    vault: &Vault,
    owner: &EndUserId,
    choices: &HashMap<SiteId, Parting, S>,
    now: DateTime<Utc>,
) -> Result<Vec<Released>, StoreError> {
    let released = custody::release(conn, vault, owner, choices, now)?;
    shares::end_of_receiver(conn, owner, now)?;
    for one in &released {
        let news = |news, company| Happening { news, company, site: &one.site_id, name: &one.site_name, at: now };
        if let Some(company) = &one.company {
            let what = if one.parting == Parting::Return { CustodyNews::Returned } else { CustodyNews::Freed };
            news(what, company).tell_admin(conn)?;
        }
        if let Some(lost_by) = &one.lost_by {
            news(CustodyNews::TakenAway, lost_by).tell_admin(conn)?;
        }
    }
    Ok(released)
}

impl Happening<'_> {
    /// Tells the Admin of the company.
    fn tell_admin(&self, conn: &mut DbConn) -> Result<(), StoreError> {
        let Some(admin) = staff::find_admin(conn, self.company)? else { return Ok(()) };
        let zone = admin.time_zone.parse().unwrap_or(chrono_tz::UTC);
        let url = companies::find_company(conn, self.company)?.ok_or(StoreError::NotFound)?.public_url;
        self.tell(conn, (&admin.name, &admin.email), (admin.language, zone), &url)
    }

    fn tell_owner(&self, conn: &mut DbConn, owner: &EndUserId) -> Result<(), StoreError> {
        let owner = end_users::get_end_user(conn, owner)?;
        let zone = owner.time_zone.parse().unwrap_or(chrono_tz::UTC);
        let url = mail::public_url(conn)?;
        self.tell(conn, (&owner.name, &owner.email), (owner.language, zone), &url)
    }

    fn tell(
        &self,
        conn: &mut DbConn,
        (name, email): (&str, &str),
        (language, zone): (siteward_domain::mail::MailLanguage, chrono_tz::Tz),
        url: &str,
    ) -> Result<(), StoreError> {
        let company: Company = companies::find_company(conn, self.company)?.ok_or(StoreError::NotFound)?;
        let told = CustodyTold {
            news: self.news,
            company: &company.name,
            name,
            site: self.name,
            site_id: self.site,
            at: self.at,
            zone,
            url,
        };
        mail::enqueue(conn, &mail::address(&company, email, told.letter(language), self.at), self.at)
    }
}
