//! Rental: once both sides agreed, the company that serves a site may disable the customer's use of it, and enable it again. While it
//! is disabled the owner's portal, their accounts on its panels and their shares of it stand still.

use chrono::{DateTime, Utc};
use serde_json::json;
use siteward_domain::custody::Rental;
use siteward_domain::event::EventKind;
use siteward_domain::{CompanyId, SiteId};

use super::{Custody, get, lock, note, tell};
use crate::access_log::Actor;
use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::panels;
use crate::select::Select;

/// The company that serves an owned site asks for rental. [`StoreError::NotFound`] where it does not serve it;
/// [`StoreError::Stale`] where there is no owner to ask, or it asked already.
pub fn ask_for_rental(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Custody, StoreError> {
    let custody = served_by(conn, company, site)?;
    if custody.owner.is_none() || custody.rental != Rental::None {
        return Err(StoreError::Stale);
    }
    turn(conn, &custody, Rental::Asked, "rental_asked", by, now)
}

/// The owner agrees to rental, or does not. [`StoreError::Stale`] where nobody asks.
pub fn agree_to_rental(
    conn: &mut DbConn,
    site: &SiteId,
    agreed: bool,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Custody, StoreError> {
    let custody = lock(conn, site)?.custody;
    if custody.rental != Rental::Asked {
        return Err(StoreError::Stale);
    }
    let (rental, what) = if agreed { (Rental::Agreed, "rental_agreed") } else { (Rental::None, "rental_refused") };
    turn(conn, &custody, rental, what, by, now)
}

/// The company does not ask for rental any more. [`StoreError::Stale`] where it does not wait for an answer.
pub fn withdraw_rental(
    conn: &mut DbConn,
    site: &SiteId,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Custody, StoreError> {
    let custody = lock(conn, site)?.custody;
    if custody.rental != Rental::Asked {
        return Err(StoreError::Stale);
    }
    turn(conn, &custody, Rental::None, "rental_withdrawn", by, now)
}

/// The company disables the customer's use, or enables it; `None`: it was so already. [`StoreError::NotFound`] where it does not serve the site;
/// [`StoreError::Stale`] where the owner did not agree to rental.
pub fn set_suspended(
    conn: &mut DbConn,
    company: &CompanyId,
    site: &SiteId,
    on: bool,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<Custody>, StoreError> {
    let custody = served_by(conn, company, site)?;
    if custody.owner.is_none() || custody.rental != Rental::Agreed {
        return Err(StoreError::Stale);
    }
    if on == custody.suspended_at.is_some() {
        return Ok(None);
    }
    let update = Select::new("UPDATE sites SET suspended_at = ");
    let update = if on { update.number(micros(now)) } else { update.sql("NULL") };
    update.sql(" WHERE id = ").text(site.as_str()).execute(conn)?;
    panels::touch_site(conn, company, site, now)?;
    change(conn, &custody, if on { "use_suspended" } else { "use_resumed" }, by, now)?;
    get(conn, site).map(Some)
}

/// The company that serves a site ends the agreement on rental, or its owner does; a pause ends with it. Gives the custody as it was before.
/// [`StoreError::Stale`] where nothing is agreed, and for the owner while their use is disabled: what is rented and paused is for the
/// company to give back.
pub fn end_rental(conn: &mut DbConn, site: &SiteId, by: &Actor, now: DateTime<Utc>) -> Result<Custody, StoreError> {
    let custody = lock(conn, site)?.custody;
    let is_owner = matches!(by, Actor::EndUser(_));
    let Some(company) = custody.company.clone().filter(|_| custody.rental == Rental::Agreed) else {
        return Err(StoreError::Stale);
    };
    if is_owner && custody.suspended_at.is_some() {
        return Err(StoreError::Stale);
    }
    Select::new("UPDATE sites SET suspended_at = NULL WHERE id = ").text(site.as_str()).execute(conn)?;
    if custody.suspended_at.is_some() {
        panels::touch_site(conn, &company, site, now)?;
    }
    turn(conn, &custody, Rental::None, "rental_ended", by, now)?;
    Ok(custody)
}

fn served_by(conn: &mut DbConn, company: &CompanyId, site: &SiteId) -> Result<Custody, StoreError> {
    let custody = lock(conn, site)?.custody;
    if custody.company.as_ref() == Some(company) { Ok(custody) } else { Err(StoreError::NotFound) }
}

fn turn(
    conn: &mut DbConn,
    custody: &Custody,
    rental: Rental,
    what: &str,
    by: &Actor,
    now: DateTime<Utc>,
) -> Result<Custody, StoreError> {
    Select::new("UPDATE sites SET rental = ")
        .text(rental.as_str())
        .sql(" WHERE id = ")
        .text(custody.site_id.as_str())
        .execute(conn)?;
    change(conn, custody, what, by, now)?;
    get(conn, &custody.site_id)
}

fn change(conn: &mut DbConn, custody: &Custody, what: &str, by: &Actor, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(company) = &custody.company else { return Err(StoreError::Stale) };
    tell(conn, company, &custody.site_id, EventKind::CustodyChanged, by, json!({ "what": what }), now)?;
    note(conn, company, &custody.site_id, what, by, json!({}), now)
}
