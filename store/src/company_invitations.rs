//! Invitations of companies by owners (R-G6): a link in a mail, good once and for some days, with which the staff of any company of
//! this server take up serving a site. Only a hash of its token is kept.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::custody::CompanyInvitationState;
use siteward_domain::handover::Asks;
use siteward_domain::{CompanyId, CompanyInvitationId, EndUserId, SiteId};

use crate::columns::{micros, read, read_or_none, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::company_invitations::dsl;
use crate::schema::{end_users, sites};

/// Invitations of a site that are listed.
const MOST_LISTED: i64 = 100;

/// An invitation to make.
#[derive(Debug, Clone)]
pub struct NewCompanyInvitation {
    /// Its id.
    pub id: CompanyInvitationId,
    /// The site.
    pub site_id: SiteId,
    /// Its owner, who invites.
    pub end_user_id: EndUserId,
    /// Where it goes.
    pub email: String,
    /// What the owner has to say; may be empty.
    pub remark: String,
    /// What the company may do from the beginning.
    pub asks: Asks,
    /// The hash of the link's token.
    pub token_hash: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyInvitation {
    /// Its id.
    pub id: CompanyInvitationId,
    /// The site.
    pub site_id: SiteId,
    /// The name of the site.
    pub site_name: String,
    /// Its owner, who invites.
    pub end_user_id: EndUserId,
    /// The owner's name.
    pub owner_name: String,
    /// Where it went.
    pub email: String,
    /// What the owner has to say; may be empty.
    pub remark: String,
    /// What the company may do from the beginning.
    pub asks: Asks,
    /// Where it stands.
    pub state: CompanyInvitationState,
    /// The company that accepted.
    pub company_id: Option<CompanyId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

#[derive(Queryable)]
struct Row {
    id: String,
    site_id: String,
    site_name: String,
    end_user_id: String,
    owner_name: String,
    email: String,
    remark: String,
    asks: String,
    state: String,
    company_id: Option<String>,
    created_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
}

macro_rules! rows {
    () => {
        dsl::company_invitations
            .inner_join(sites::table.on(sites::id.eq(dsl::site_id)))
            .inner_join(end_users::table.on(end_users::id.eq(dsl::end_user_id)))
            .select((
                dsl::id,
                dsl::site_id,
                sites::name,
                dsl::end_user_id,
                end_users::name,
                dsl::email,
                dsl::remark,
                dsl::asks,
                dsl::state,
                dsl::company_id,
                dsl::created_at,
                dsl::expires_at,
                dsl::ended_at,
            ))
    };
}

/// Makes an invitation. `Duplicate { what: "company_invitation" }`: one of this site can still be accepted.
pub fn create(conn: &mut DbConn, new: &NewCompanyInvitation, now: DateTime<Utc>) -> Result<(), StoreError> {
    if let DbConn::Postgresql(conn) = conn {
        // Of two at the same instant the second one sees the first.
        diesel::update(sites::table.filter(sites::id.eq(new.site_id.as_str())))
            .set(sites::updated_at.eq(sites::updated_at))
            .execute(conn)?;
    }
    let pending = || {
        dsl::company_invitations
            .filter(dsl::site_id.eq(new.site_id.as_str()))
            .filter(dsl::state.eq(CompanyInvitationState::Pending.as_str()))
    };
    diesel::update(pending().filter(dsl::expires_at.le(micros(now))))
        .set((dsl::state.eq(CompanyInvitationState::Expired.as_str()), dsl::ended_at.eq(Some(micros(now)))))
        .execute(conn)?;
    let open: Option<String> = pending().select(dsl::id).first(conn).optional()?;
    if open.is_some() {
        return Err(StoreError::Duplicate { what: "company_invitation" });
    }
    let unwritable = |_| StoreError::Unreadable { column: "company_invitations.asks" };
    diesel::insert_into(dsl::company_invitations)
        .values((
            dsl::id.eq(new.id.as_str()),
            dsl::site_id.eq(new.site_id.as_str()),
            dsl::end_user_id.eq(new.end_user_id.as_str()),
            dsl::email.eq(&new.email),
            dsl::email_lower.eq(new.email.to_lowercase()),
            dsl::remark.eq(&new.remark),
            dsl::asks.eq(serde_json::to_string(&new.asks).map_err(unwritable)?),
            dsl::token_hash.eq(&new.token_hash),
            dsl::state.eq(CompanyInvitationState::Pending.as_str()),
            dsl::created_at.eq(micros(now)),
            dsl::expires_at.eq(micros(new.expires_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The invitations of a site, newest first, as they stand at `now`.
pub fn list_of_site(
    conn: &mut DbConn,
    site: &SiteId,
    now: DateTime<Utc>,
) -> Result<Vec<CompanyInvitation>, StoreError> {
    // Those of an owner before are nobody else's business.
    let owner: Option<String> =
        sites::table.select(sites::owner_id).filter(sites::id.eq(site.as_str())).first(conn).optional()?.flatten();
    let rows: Vec<Row> = rows!()
        .filter(dsl::site_id.eq(site.as_str()))
        .filter(dsl::end_user_id.eq(owner.unwrap_or_default()))
        .order(dsl::id.desc())
        .limit(MOST_LISTED)
        .load(conn)?;
    rows.into_iter().map(|row| row.read(now)).collect()
}

/// One by its id. [`StoreError::NotFound`] where there is none.
pub fn get(conn: &mut DbConn, id: &CompanyInvitationId, now: DateTime<Utc>) -> Result<CompanyInvitation, StoreError> {
    let row: Row = rows!().filter(dsl::id.eq(id.as_str())).first(conn)?;
    row.read(now)
}

/// The one that a link names, if it can still be accepted: its time is not over, and whoever invited still owns the site.
pub fn find_open(
    conn: &mut DbConn,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<CompanyInvitation>, StoreError> {
    let row: Option<Row> = rows!()
        .filter(dsl::token_hash.eq(token_hash))
        .filter(dsl::state.eq(CompanyInvitationState::Pending.as_str()))
        .filter(dsl::expires_at.gt(micros(now)))
        .filter(sites::owner_id.eq(dsl::end_user_id.nullable()))
        .filter(sites::closing_at.is_null())
        .first(conn)
        .optional()?;
    row.map(|row| row.read(now)).transpose()
}

/// Ends one that can still be accepted. [`StoreError::Stale`]: it ended before, somebody else was first.
pub fn end(
    conn: &mut DbConn,
    id: &CompanyInvitationId,
    state: CompanyInvitationState,
    company: Option<&CompanyId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let ended = diesel::update(
        dsl::company_invitations
            .filter(dsl::id.eq(id.as_str()))
            .filter(dsl::state.eq(CompanyInvitationState::Pending.as_str()))
            .filter(dsl::expires_at.gt(micros(now))),
    )
    .set((
        dsl::state.eq(state.as_str()),
        dsl::company_id.eq(company.map(CompanyId::as_str)),
        dsl::ended_at.eq(Some(micros(now))),
    ))
    .execute(conn)?;
    if ended == 0 { Err(StoreError::Stale) } else { Ok(()) }
}

impl Row {
    fn read(self, now: DateTime<Utc>) -> Result<CompanyInvitation, StoreError> {
        let expires_at = time(self.expires_at)?;
        let state = match word(CompanyInvitationState::from_stored(&self.state), "company_invitations.state")? {
            CompanyInvitationState::Pending if expires_at <= now => CompanyInvitationState::Expired,
            state => state,
        };
        Ok(CompanyInvitation {
            id: read(self.id, "company_invitations.id")?,
            site_id: read(self.site_id, "company_invitations.site_id")?,
            site_name: self.site_name,
            end_user_id: read(self.end_user_id, "company_invitations.end_user_id")?,
            owner_name: self.owner_name,
            email: self.email,
            remark: self.remark,
            asks: serde_json::from_str(&self.asks)
                .map_err(|_| StoreError::Unreadable { column: "company_invitations.asks" })?,
            state,
            company_id: read_or_none(self.company_id, "company_invitations.company_id")?,
            created_at: time(self.created_at)?,
            expires_at,
            ended_at: time_or_none(self.ended_at)?,
        })
    }
}

#[cfg(test)]
mod tests;
