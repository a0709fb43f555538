//! Handover packs: the text as it was written when a site was accepted, and its hash.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;
use siteward_domain::handover::HandoverState;
use siteward_domain::{CompanyId, EndUserId, HandoverId, SiteId};

use crate::access_log::{self, Actor, NewEntry};
use crate::columns::read;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::handovers::dsl;

/// What the access log calls it.
pub const ACTION: &str = "handover_pack";

/// A pack as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPack {
    /// The invitation that was accepted.
    pub handover_id: HandoverId,
    /// The JSON text, byte for byte as it was hashed.
    pub text: String,
    /// Its SHA-256 in hex.
    pub sha256: String,
}

/// Keeps the pack of an invitation that is accepted in this transaction, and writes its hash into the access log of the site.
/// [`StoreError::Stale`] where it is not accepted, or has a pack already: a pack never changes.
pub fn keep_pack(conn: &mut DbConn, pack: &KeptPack, owner: &EndUserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let kept = diesel::update(
        dsl::handovers
            .filter(dsl::id.eq(pack.handover_id.as_str()))
            .filter(dsl::state.eq(HandoverState::Accepted.as_str()))
            .filter(dsl::pack.is_null()),
    )
    .set((dsl::pack.eq(Some(&pack.text)), dsl::pack_sha256.eq(Some(&pack.sha256))))
    .execute(conn)?;
    if kept == 0 {
        return Err(StoreError::Stale);
    }
    let (site, company): (String, String) = dsl::handovers
        .select((dsl::site_id, dsl::company_id))
        .filter(dsl::id.eq(pack.handover_id.as_str()))
        .first(conn)?;
    let entry = NewEntry {
        site_id: read(site, "handovers.site_id")?,
        actor: Actor::EndUser(owner.clone()),
        company: Some(read(company, "handovers.company_id")?),
        action: ACTION,
        device: None,
        detail: json!({ "handover_id": pack.handover_id, "sha256": pack.sha256 }),
    };
    access_log::append(conn, &entry, now)
}

/// The pack of an invitation of a company.
pub fn get_pack(conn: &mut DbConn, company: &CompanyId, handover: &HandoverId) -> Result<KeptPack, StoreError> {
    let row: Row = dsl::handovers
        .select((dsl::id, dsl::pack.assume_not_null(), dsl::pack_sha256.assume_not_null()))
        .filter(dsl::company_id.eq(company.as_str()))
        .filter(dsl::id.eq(handover.as_str()))
        .filter(dsl::pack.is_not_null())
        .first(conn)?;
    kept(row)
}

/// The pack with which a site came to its owner: the newest that this person accepted.
pub fn get_pack_of_site(conn: &mut DbConn, site: &SiteId, owner: &EndUserId) -> Result<KeptPack, StoreError> {
    let row: Row = dsl::handovers
        .select((dsl::id, dsl::pack.assume_not_null(), dsl::pack_sha256.assume_not_null()))
        .filter(dsl::site_id.eq(site.as_str()))
        .filter(dsl::end_user_id.eq(owner.as_str()))
        .filter(dsl::pack.is_not_null())
        .order(dsl::id.desc())
        .first(conn)?;
    kept(row)
}

type Row = (String, String, String);

fn kept((id, text, sha256): Row) -> Result<KeptPack, StoreError> {
    Ok(KeptPack { handover_id: read(id, "handovers.id")?, text, sha256 })
}
