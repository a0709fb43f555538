//! Who scanned a code of an owner and wants in (R-E5). Those that wait and those that were accepted take a place of the code; of any number who
//! want the last one at the same instant one gets it.

mod reading;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use serde_json::json;
use siteward_domain::company::Region;
use siteward_domain::share::{AnswerState, MOST_APPLICATIONS_A_CODE, SharedChannel};
use siteward_domain::share_code::CodeStanding;
use siteward_domain::{EndUserId, ShareApplicationId};

use crate::columns::{micros, read, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;
use crate::share_codes::{Happened, find_code, hold_site, tell};
use crate::shares::{ReceivedChannel, ShareRefusal, accept_channels};

pub use reading::{ShareApplication, get_application, list_of_applicant, list_waiting};

/// An application to make.
#[derive(Debug, Clone)]
pub struct NewApplication {
    /// Its id.
    pub id: ShareApplicationId,
    /// The hash of the token that was shown.
    pub token_hash: String,
    /// Who applies.
    pub applicant_id: EndUserId,
}

/// Why an application is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApplyRefusal {
    /// No code has this token, or its giver revoked it or has not to do with the site any more.
    Ended,
    /// The time of the code is over.
    Expired,
    /// As many have applied as may.
    Full,
    /// The code is the applicant's own.
    Own,
    /// The two accounts are in different regions (R-E2).
    RegionDiffers,
    /// They applied already, and it waits or was accepted.
    Applied,
    /// They applied as often as they may.
    TooOften,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    #[expect(dead_code, reason = "the row is read to hold it")]
    id: String,
}

#[derive(QueryableByName)]
struct RegionRow {
    #[diesel(sql_type = Text)]
    region: String,
}

#[derive(QueryableByName)]
struct TriesRow {
    #[diesel(sql_type = BigInt)]
    made: i64,
    #[diesel(sql_type = BigInt)]
    alive: i64,
}

#[derive(QueryableByName)]
struct StateRow {
    #[diesel(sql_type = Text)]
    state: String,
}

/// Takes an application, or says why not. [`StoreError::NotFound`] where the applicant is gone.
pub fn apply(
    conn: &mut DbConn,
    new: &NewApplication,
    now: DateTime<Utc>,
) -> Result<Result<ShareApplication, ApplyRefusal>, StoreError> {
    hold_code(conn, &new.token_hash)?;
    let Some(code) = find_code(conn, &new.token_hash)? else { return Ok(Err(ApplyRefusal::Ended)) };
    if code.giver_id == new.applicant_id {
        return Ok(Err(ApplyRefusal::Own));
    }
    let standing = code.terms().standing(now);
    if matches!(standing, CodeStanding::Ended | CodeStanding::Expired) {
        let expired = standing == CodeStanding::Expired;
        return Ok(Err(if expired { ApplyRefusal::Expired } else { ApplyRefusal::Ended }));
    }
    let tries = tries(conn, code.id.as_str(), &new.applicant_id)?;
    if tries.alive > 0 {
        return Ok(Err(ApplyRefusal::Applied));
    }
    if standing == CodeStanding::Full {
        return Ok(Err(ApplyRefusal::Full));
    }
    if region_of(conn, &new.applicant_id)? != code.giver_region {
        return Ok(Err(ApplyRefusal::RegionDiffers));
    }
    if tries.made >= MOST_APPLICATIONS_A_CODE {
        return Ok(Err(ApplyRefusal::TooOften));
    }
    Select::new("INSERT INTO share_applications (id, code_id, applicant_id, state, created_at) VALUES (")
        .text(new.id.as_str())
        .sql(", ")
        .text(code.id.as_str())
        .sql(", ")
        .text(new.applicant_id.as_str())
        .sql(", ")
        .text(AnswerState::Pending.as_str())
        .sql(", ")
        .number(micros(now))
        .sql(")")
        .execute(conn)?;
    let application = get_application(conn, &new.id)?;
    tell_application(conn, &application, &new.applicant_id, ("share_applied", "applied"), now)?;
    Ok(Ok(application))
}

/// The giver lets an applicant have `channels`; `None`: what the code offers. It is theirs from the commit on. [`StoreError::NotFound`] where
/// the application or its site is not the giver's, [`StoreError::Stale`] where it was answered or withdrawn.
pub fn accept(
    conn: &mut DbConn,
    giver: &EndUserId,
    id: &ShareApplicationId,
    channels: Option<&[SharedChannel]>,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<Result<ShareApplication, ShareRefusal>, StoreError> {
    let application = of_giver(conn, giver, id)?;
    hold_site(conn, &application.site_id, giver)?;
    hold_pending(conn, id)?;
    let offered: Vec<SharedChannel>;
    let channels = if let Some(channels) = channels {
        channels
    } else {
        offered = application.channels.iter().map(offer).collect();
        &offered
    };
    let (site, applicant) = (&application.site_id, &application.applicant_id);
    let share = match accept_channels(conn, site, giver, applicant, channels, actor, now)? {
        Ok(share) => share,
        Err(refusal) => return Ok(Err(refusal)),
    };
    Select::new("UPDATE share_applications SET state = ")
        .text(AnswerState::Accepted.as_str())
        .sql(", share_id = ")
        .text(share.as_str())
        .sql(", answered_at = ")
        .number(micros(now))
        .sql(" WHERE id = ")
        .text(id.as_str())
        .execute(conn)?;
    get_application(conn, id).map(Ok)
}

fn offer(channel: &ReceivedChannel) -> SharedChannel {
    SharedChannel {
        device_id: channel.device_id.clone(),
        channel: channel.channel,
        permissions: channel.permissions.clone(),
    }
}

/// The giver refuses an applicant, whose place is free again. Errors as of [`accept`].
pub fn refuse(
    conn: &mut DbConn,
    giver: &EndUserId,
    id: &ShareApplicationId,
    now: DateTime<Utc>,
) -> Result<ShareApplication, StoreError> {
    of_giver(conn, giver, id)?;
    let refused = end(conn, id, AnswerState::Refused, now)?;
    tell_application(conn, &refused, giver, ("share_application_refused", "application_refused"), now)?;
    Ok(refused)
}

/// The applicant takes an application back, whose place is free again. Errors as of [`accept`].
pub fn withdraw(
    conn: &mut DbConn,
    applicant: &EndUserId,
    id: &ShareApplicationId,
    now: DateTime<Utc>,
) -> Result<ShareApplication, StoreError> {
    if get_application(conn, id)?.applicant_id != *applicant {
        return Err(StoreError::NotFound);
    }
    let withdrawn = end(conn, id, AnswerState::Withdrawn, now)?;
    tell_application(conn, &withdrawn, applicant, ("share_application_withdrawn", "application_withdrawn"), now)?;
    Ok(withdrawn)
}

/// Applications that wait for somebody who owns the site no more, or for channels that are gone, are void: at most `limit` at once.
pub fn void_without_giver(conn: &mut DbConn, now: DateTime<Utc>, limit: u32) -> Result<usize, StoreError> {
    let gone = Select::new(
        "SELECT a.id FROM share_applications a JOIN share_codes k ON k.id = a.code_id JOIN sites s ON s.id = k.site_id
         WHERE a.state = 'pending' AND (s.owner_id IS NULL OR s.owner_id <> k.giver_id OR s.closing_at IS NOT NULL
            OR NOT EXISTS (SELECT 1 FROM share_code_channels c JOIN devices d ON d.id = c.device_id AND d.site_id = k.site_id
                WHERE c.code_id = k.id)) ORDER BY a.id LIMIT ",
    )
    .number(i64::from(limit));
    Select::new("UPDATE share_applications SET state = ")
        .text(AnswerState::Void.as_str())
        .sql(", answered_at = ")
        .number(micros(now))
        .sql(" WHERE state = 'pending' AND id IN (")
        .then(gone)
        .sql(")")
        .execute(conn)
}

/// An application to a code of the giver's, on a site that is theirs.
fn of_giver(conn: &mut DbConn, giver: &EndUserId, id: &ShareApplicationId) -> Result<ShareApplication, StoreError> {
    let application = get_application(conn, id)?;
    let is_theirs = application.giver_id == *giver && application.is_held;
    if is_theirs { Ok(application) } else { Err(StoreError::NotFound) }
}

fn end(
    conn: &mut DbConn,
    id: &ShareApplicationId,
    state: AnswerState,
    now: DateTime<Utc>,
) -> Result<ShareApplication, StoreError> {
    hold_pending(conn, id)?;
    Select::new("UPDATE share_applications SET state = ")
        .text(state.as_str())
        .sql(", answered_at = ")
        .number(micros(now))
        .sql(" WHERE id = ")
        .text(id.as_str())
        .execute(conn)?;
    get_application(conn, id)
}

/// Holds an application that waits until the commit; [`StoreError::Stale`] where it waits no more.
fn hold_pending(conn: &mut DbConn, id: &ShareApplicationId) -> Result<(), StoreError> {
    let query = Select::new("SELECT state FROM share_applications WHERE id = ").text(id.as_str()).sql(lock(conn));
    let rows: Vec<StateRow> = query.load(conn)?;
    let row = rows.into_iter().next().ok_or(StoreError::NotFound)?;
    let state = word(AnswerState::from_stored(&row.state), "share_applications.state")?;
    if state == AnswerState::Pending { Ok(()) } else { Err(StoreError::Stale) }
}

/// Holds a code until the commit, so that its places are counted by one after the other.
fn hold_code(conn: &mut DbConn, token_hash: &str) -> Result<(), StoreError> {
    let query = Select::new("SELECT id FROM share_codes WHERE token_hash = ").text(token_hash).sql(lock(conn));
    let _: Vec<Id> = query.load(conn)?;
    Ok(())
}

fn lock(conn: &DbConn) -> &'static str {
    match conn {
        DbConn::Sqlite(_) => "",
        DbConn::Postgresql(_) => " FOR UPDATE",
    }
}

fn tell_application(
    conn: &mut DbConn,
    application: &ShareApplication,
    actor: &EndUserId,
    (action, state): (&'static str, &str),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let happened = Happened {
        company_id: &application.company_id,
        site_id: &application.site_id,
        actor,
        action,
        detail: json!({ "applicant": application.applicant_name, "label": application.label }),
        data: json!({ "share_application_id": application.id, "state": state }),
    };
    tell(conn, happened, now)
}

fn region_of(conn: &mut DbConn, end_user: &EndUserId) -> Result<Region, StoreError> {
    let query = Select::new("SELECT region FROM end_users WHERE id = ").text(end_user.as_str());
    let rows: Vec<RegionRow> = query.load(conn)?;
    read(rows.into_iter().next().ok_or(StoreError::NotFound)?.region, "end_users.region")
}

fn tries(conn: &mut DbConn, code: &str, applicant: &EndUserId) -> Result<TriesRow, StoreError> {
    let rows: Vec<TriesRow> = Select::new(
        "SELECT count(*) AS made, coalesce(sum(CASE WHEN state IN ('pending', 'accepted') THEN 1 ELSE 0 END), 0) AS alive
         FROM share_applications WHERE code_id = ",
    )
    .text(code)
    .sql(" AND applicant_id = ")
    .text(applicant.as_str())
    .load(conn)?;
    Ok(rows.into_iter().next().unwrap_or(TriesRow { made: 0, alive: 0 }))
}

#[cfg(test)]
mod tests;
