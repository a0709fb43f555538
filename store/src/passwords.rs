//! A new password for a person, with everything that ends or begins with it, whoever sets it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use secrecy::SecretString;
use siteward_domain::{CompanyId, EndUserId, EndUserSessionId, SessionId, StaffId};

use crate::connection::DbConn;
use crate::error::StoreError;
use crate::panel_passwords::{self, Holder};
use crate::person::Person;
use crate::schema::end_users;
use crate::schema::staff::dsl;
use crate::select::Select;
use crate::vault::Vault;
use crate::{end_user_sessions, password_resets, sessions};

/// A new password. No `Debug`: it holds the password itself.
#[derive(Clone)]
pub struct NewPassword {
    /// The company.
    pub company_id: CompanyId,
    /// Whose.
    pub staff_id: StaffId,
    /// Its argon2id hash.
    pub hash: String,
    /// The password, which the person's panels get.
    pub password: SecretString,
}

/// Sets a person's password: all their sessions end (T15), links to a new password are void, and it is held for the panels
/// that they have accounts on (R-A3), in place of any older one. Gives the ids of the sessions that ended.
pub fn change_password(
    conn: &mut DbConn,
    vault: &Vault,
    new: &NewPassword,
    now: DateTime<Utc>,
) -> Result<Vec<SessionId>, StoreError> {
    let changed = diesel::update(
        dsl::staff.filter(dsl::id.eq(new.staff_id.as_str())).filter(dsl::company_id.eq(new.company_id.as_str())),
    )
    .set((dsl::password_hash.eq(&new.hash), dsl::password_version.eq(dsl::password_version + 1)))
    .execute(conn)?;
    if changed == 0 {
        return Err(StoreError::NotFound);
    }
    let ended = sessions::end_sessions_of(conn, &new.staff_id)?;
    password_resets::void_resets_of(conn, &new.staff_id, now)?;
    let holder = Holder::Staff(&new.company_id, &new.staff_id);
    panel_passwords::erase_of(conn, holder)?;
    panel_passwords::hold_if_wanted(conn, vault, holder, &new.password, now)?;
    Ok(ended)
}

/// Sets an end user's password, with all that [`change_password`] does for staff.
pub fn change_end_user_password(
    conn: &mut DbConn,
    vault: &Vault,
    id: &EndUserId,
    hash: &str,
    password: &SecretString,
    now: DateTime<Utc>,
) -> Result<Vec<EndUserSessionId>, StoreError> {
    let version = end_users::password_version;
    let changed = diesel::update(end_users::table.filter(end_users::id.eq(id.as_str())))
        .set((end_users::password_hash.eq(hash), version.eq(version + 1)))
        .execute(conn)?;
    if changed == 0 {
        return Err(StoreError::NotFound);
    }
    let ended = end_user_sessions::end_sessions_of(conn, id, None)?;
    password_resets::void_resets_of(conn, id, now)?;
    panel_passwords::erase_of(conn, Holder::EndUser(id))?;
    panel_passwords::hold_if_wanted(conn, vault, Holder::EndUser(id), password, now)?;
    Ok(ended)
}

/// Whether the password that was compared with `hash` is still the person's, and they may sign in. Holds their row until
/// the transaction ends, so that whoever changes it or shuts them out ends what is begun here.
pub fn is_still(conn: &mut DbConn, person: impl Into<Person>, hash: &str) -> Result<bool, StoreError> {
    let person = person.into();
    let who_may = match &person {
        Person::Staff(_) => " AND disabled = false AND id = ",
        Person::EndUser(_) => " AND id = ",
    };
    let held = Select::new("UPDATE ").sql(person.table()).sql(" SET password_hash = ").text(hash);
    let held = held.sql(" WHERE password_hash = ").text(hash).sql(who_may).text(person.as_str());
    Ok(held.execute(conn)? == 1)
}
