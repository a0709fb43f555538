//! Grants at work (R-G4): used, with the owner told of the first time; ended by the clock, with everybody told.
//!
//! A permission ends at its instant because it is asked for whenever it is used. What runs here only writes that down.

mod telling;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use siteward_domain::grant::{DevicePermission, Refusal};
use siteward_domain::{CompanyId, DeviceId, StaffId};
use siteward_store::access_log::Actor;
use siteward_store::grants::{self, FirstUse};
use siteward_store::{DbConn, Store, StoreError, Vault, companies};

pub use telling::{device_names, tell_answer, tell_ended, tell_given, tell_request};

use telling::log;

use crate::mail::{self, PermissionUsed};

/// Grants whose end is written down in one transaction.
const AT_ONCE: u32 = 100;

/// Somebody, or the platform by itself, is about to do something with a device.
#[derive(Debug, Clone)]
pub struct Use {
    /// The company.
    pub company_id: CompanyId,
    /// The device.
    pub device_id: DeviceId,
    /// What it takes.
    pub permission: DevicePermission,
    /// Who; `None`: something that runs by itself for the company.
    pub staff_id: Option<StaffId>,
}

/// Whether that is allowed now. Where it is the first use of a grant, that is noted and the owner gets a mail with a link
/// that takes the permission back, in this transaction.
pub fn use_permission(
    conn: &mut DbConn,
    vault: &Vault,
    used: &Use,
    now: DateTime<Utc>,
) -> Result<Result<(), Refusal>, StoreError> {
    let staff = used.staff_id.as_ref();
    match grants::use_grant(conn, &used.company_id, &used.device_id, used.permission, staff, now)? {
        Err(refusal) => Ok(Err(refusal)),
        Ok(None) => Ok(Ok(())),
        Ok(Some(first)) => tell_first_use(conn, vault, used, &first, now).map(Ok),
    }
}

/// The code of a refusal.
pub fn refusal_code(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotAuthorized => "site_not_authorized",
        Refusal::Missing(_) => "permission_missing",
    }
}

/// The hash of a token, as it is kept.
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

fn tell_first_use(
    conn: &mut DbConn,
    vault: &Vault,
    used: &Use,
    first: &FirstUse,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let FirstUse { grant, staff_name, owner } = first;
    let token = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    grants::set_revoke_hash(conn, &grant.id, &hash(&token))?;
    let company = companies::find_company(conn, &used.company_id)?.ok_or(StoreError::NotFound)?;
    let url = mail::public_url(conn)?;
    let told = PermissionUsed {
        company: &company.name,
        who: staff_name,
        name: &owner.name,
        site: &grant.site_name,
        site_id: &grant.site_id,
        device: grant.device.as_ref().map_or("", |(_, name)| name),
        permission: used.permission,
        until: grant.valid_until,
        at: now,
        zone: owner.time_zone.parse().unwrap_or(chrono_tz::UTC),
        url: &url,
    };
    let (letter, token) = (told.letter(owner.language), SecretString::from(token));
    let mail = mail::address_with_token(vault, &company, &owner.email, letter, &token, now)?;
    mail::enqueue(conn, &mail, now)?;
    let actor = used.staff_id.clone().map_or(Actor::Platform, Actor::Staff);
    log(conn, grant, actor, "permission_used", now)
}

/// Writes down the end of permissions whose time is over; gives how many.
pub(crate) fn end_over(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    if !store.read(|conn| grants::any_over(conn, now))? {
        return Ok(0);
    }
    store.write(|conn| {
        let ended = grants::end_over(conn, now, AT_ONCE)?;
        tell_ended(conn, &ended, &Actor::Platform, now)?;
        Ok(ended.len())
    })
}

/// Ends permissions for devices that are not on their site any more; gives how many.
pub(crate) fn end_without_device(store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
    if !store.read(grants::any_without_device)? {
        return Ok(0);
    }
    store.write(|conn| {
        let ended = grants::end_without_device(conn, now, AT_ONCE)?;
        tell_ended(conn, &ended, &Actor::Platform, now)?;
        Ok(ended.len())
    })
}
