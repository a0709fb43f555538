//! What ends when a company does not serve a site any more, and when an owner deletes their account.

use std::collections::HashMap;
use std::hash::BuildHasher;

use chrono::{DateTime, Utc};
use serde_json::json;
pub use siteward_domain::custody::Parting;
use siteward_domain::event::EventKind;
use siteward_domain::grant::{GrantEnd, RequestState};
use siteward_domain::handover::HandoverState;
use siteward_domain::share::{GiverKind, ShareEnd};
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, EndUserId, SiteId};

use super::{Custody, Held, lock, moving, names_of, note, set, tell};
use crate::access_log::Actor;
use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::exception_rules;
use crate::grants;
use crate::mails;
use crate::select::Select;
use crate::shares;
use crate::sites;
use crate::vault::Vault;

/// What became of a site when its owner deleted their account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// The site.
    pub site_id: SiteId,
    /// Its name.
    pub site_name: String,
    /// Whether it went back or is gone.
    pub parting: Parting,
    /// The company that has it again, or that served it until now.
    pub company: Option<CompanyId>,
    /// The company that served it and does not any more, because another one has it again.
    pub lost_by: Option<CompanyId>,
}

/// Ends what a company was let do on a site and what it wished for; its invitations and shares there too.
pub(super) fn part(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    grants::end_of_site(conn, company, site, GrantEnd::CompanyLeft, now)?;
    end_requests(conn, site, "company_id = ", company.as_str(), now)?;
    end_waiting("handovers", HandoverState::Cancelled.as_str(), "pending", now)
        .sql(" AND company_id = ")
        .text(company.as_str())
        .sql(" AND site_id = ")
        .text(site.as_str())
        .execute(conn)?;
    mails::drop_unneeded(conn, now)?;
    shares::end_of_giver(conn, site, GiverKind::Company, company.as_str(), ShareEnd::Removed, now)
}

/// Somebody serves the site from now on: whoever else wished to, or was invited to, need not wait.
pub(super) fn end_wishes(
    conn: &mut DbConn,
    site: &SiteId,
    company: &CompanyId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    end_requests(conn, site, "kind = 'serve' AND company_id <> ", company.as_str(), now)?;
    end_waiting("company_invitations", "cancelled", "pending", now)
        .sql(" AND site_id = ")
        .text(site.as_str())
        .execute(conn)?;
    Ok(())
}

fn end_requests(
    conn: &mut DbConn,
    site: &SiteId,
    which: &str,
    company: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    end_waiting("grant_requests", RequestState::Void.as_str(), RequestState::Waiting.as_str(), now)
        .sql(" AND site_id = ")
        .text(site.as_str())
        .sql(" AND ")
        .sql(which)
        .text(company)
        .execute(conn)?;
    Ok(())
}

fn end_waiting(table: &str, to: &str, from: &str, now: DateTime<Utc>) -> Select {
    Select::new("UPDATE ")
        .sql(table)
        .sql(" SET state = ")
        .text(to)
        .sql(", ended_at = ")
        .number(micros(now))
        .sql(" WHERE state = ")
        .text(from)
}

/// An owner deletes their account: each of their sites goes back to the company that installed it, or its devices become free,
/// as `choices` says; those of a site that it does not name become free, for only its owner can give a site away. One whose installer is gone
/// goes back to the company that serves it, and is free where nobody does. Whoever loses or gets a site is told by an event, and is in the answer to be told by mail.
pub fn release<S: BuildHasher>(
    conn: &mut DbConn,
    vault: &Vault,
    owner: &EndUserId,
    choices: &HashMap<SiteId, Parting, S>,
    now: DateTime<Utc>,
) -> Result<Vec<Released>, StoreError> {
    let by = Actor::EndUser(owner.clone());
    let mut released = Vec::new();
    for custody in super::owned_sites(conn, owner)? {
        let held = lock(conn, &custody.site_id)?;
        shares::end_of_giver(
            conn,
            &custody.site_id,
            GiverKind::EndUser,
            owner.as_str(),
            ShareEnd::AccountDeleted,
            now,
        )?;
        // What is rented and paused is not its owner's to set free.
        let paused = held.custody.suspended_at.is_some();
        let chosen = choices.get(&custody.site_id).copied().unwrap_or(Parting::Free);
        let wanted = if paused { Parting::Return } else { chosen };
        let heir = if wanted == Parting::Return { heir(conn, &held.custody)? } else { None };
        released.push(match heir {
            Some(heir) => give_back(conn, vault, held, heir, &by, now)?,
            None => set_free(conn, held, &by, now)?,
        });
    }
    Ok(released)
}

/// Who gets a site back.
fn heir(conn: &mut DbConn, custody: &Custody) -> Result<Option<CompanyId>, StoreError> {
    let candidates: Vec<CompanyId> = custody.installed_by.iter().chain(&custody.company).cloned().collect();
    let there = names_of(conn, &candidates)?;
    Ok(candidates.into_iter().find(|company| there.contains_key(company)))
}

fn give_back(
    conn: &mut DbConn,
    vault: &Vault,
    held: Held,
    heir: CompanyId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Released, StoreError> {
    let Held { custody, named } = held;
    let site = &custody.site_id;
    if let Some(company) = &custody.company {
        part(conn, company, site, now)?;
    }
    let lost_by = custody.company.clone().filter(|company| *company != heir);
    end_wishes(conn, site, &heir, now)?;
    if named != heir {
        moving::move_site(conn, vault, site, &named, &heir, now)?;
        exception_rules::create_usual(conn, &heir, site, now)?;
    }
    disown(conn, site)?;
    set(conn, site, SiteStatus::NotInvited, None, now)?;
    if let Some(company) = &lost_by {
        tell(conn, company, site, EventKind::SiteTakenAway, by, super::named(&custody), now)?;
    }
    tell(conn, &heir, site, EventKind::SiteReturned, by, super::named(&custody), now)?;
    note(conn, &heir, site, "site_returned", by, json!({}), now)?;
    Ok(Released {
        site_id: custody.site_id,
        site_name: custody.site_name,
        parting: Parting::Return,
        company: Some(heir),
        lost_by,
    })
}

/// The site goes with its devices: what binds them is gone, and the accounts of owner and staff come off its panels before what reaches
/// them is forgotten.
fn set_free(conn: &mut DbConn, held: Held, by: &Actor, now: DateTime<Utc>) -> Result<Released, StoreError> {
    let Held { custody, named } = held;
    let site = &custody.site_id;
    disown(conn, site)?;
    sites::delete_site(conn, &named, site, now)?;
    tell(conn, &named, site, EventKind::SiteDeleted, by, super::named(&custody), now)?;
    note(conn, &named, site, "devices_freed", by, json!({}), now)?;
    Ok(Released {
        site_id: custody.site_id,
        site_name: custody.site_name,
        parting: Parting::Free,
        company: custody.company,
        lost_by: None,
    })
}

fn disown(conn: &mut DbConn, site: &SiteId) -> Result<(), StoreError> {
    Select::new("UPDATE sites SET owner_id = NULL, owned_since = NULL, installed_by = NULL WHERE id = ")
        .text(site.as_str())
        .execute(conn)?;
    Select::new("UPDATE bindings SET owner_id = NULL WHERE device_id IN (SELECT id FROM devices WHERE site_id = ")
        .text(site.as_str())
        .sql(")")
        .execute(conn)?;
    Ok(())
}
