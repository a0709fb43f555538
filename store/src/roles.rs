//! Roles: sets of rights of a company's staff (R-S3).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use siteward_domain::staff::{DEFAULT_ROLES, InvitationState, MOST_ROLES, Right};
use siteward_domain::{CompanyId, RoleId};

use crate::columns::{micros, number, read, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::panels;
use crate::schema::{role_rights, roles, staff, staff_invitations};

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its name, unique in the company in any case.
    pub name: String,
    /// What it allows, in the order of [`Right::ALL`].
    pub rights: Vec<Right>,
    /// How many members of staff have it.
    pub members: u64,
}

/// What to change of a role; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct RoleChange {
    /// The name.
    pub name: Option<String>,
    /// The rights, all of them.
    pub rights: Option<Vec<Right>>,
}

/// Why a role cannot be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleInUse {
    /// Members of staff who have it.
    pub members: u64,
    /// Invitations to it that can still be accepted.
    pub invitations: u64,
}

/// Gives a new company its first roles.
pub fn create_default_roles(conn: &mut DbConn, company: &CompanyId, now: DateTime<Utc>) -> Result<(), StoreError> {
    for role in DEFAULT_ROLES {
        create_role(conn, company, &RoleId::generate(now), role.name, role.rights, now)?;
    }
    Ok(())
}

/// Makes a role. `Duplicate { what: "role_name" }` when the company has one of that name.
pub fn create_role(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &RoleId,
    name: &str,
    rights: &[Right],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    diesel::insert_into(roles::table)
        .values((
            roles::id.eq(id.as_str()),
            roles::company_id.eq(company.as_str()),
            roles::name.eq(name),
            roles::name_lower.eq(name.to_lowercase()),
            roles::created_at.eq(micros(now)),
        ))
        .execute(conn)?;
    put_rights(conn, id, rights)
}

/// One role of a company; another company's is not found.
pub fn get_role(conn: &mut DbConn, company: &CompanyId, id: &RoleId) -> Result<Role, StoreError> {
    let (id, name): (String, String) = roles::table
        .select((roles::id, roles::name))
        .filter(roles::company_id.eq(company.as_str()))
        .filter(roles::id.eq(id.as_str()))
        .first(conn)?;
    let mut rights = rights_of_roles(conn, std::slice::from_ref(&id))?;
    let members: i64 = staff::table.filter(staff::role_id.eq(&id)).count().get_result(conn)?;
    let rights = rights.remove(&id).unwrap_or_default();
    Ok(Role { id: read(id, "roles.id")?, name, rights, members: number(members, "count")? })
}

/// A company's roles by name, all of them: there are few.
pub fn list_roles(conn: &mut DbConn, company: &CompanyId) -> Result<Vec<Role>, StoreError> {
    let rows: Vec<(String, String)> = roles::table
        .select((roles::id, roles::name))
        .filter(roles::company_id.eq(company.as_str()))
        .order((roles::name_lower, roles::id))
        .limit(i64::try_from(MOST_ROLES).unwrap_or(i64::MAX))
        .load(conn)?;
    let ids: Vec<String> = rows.iter().map(|(id, _)| id.clone()).collect();
    let mut rights = rights_of_roles(conn, &ids)?;
    let counted: Vec<(Option<String>, i64)> = staff::table
        .group_by(staff::role_id)
        .select((staff::role_id, diesel::dsl::count_star()))
        .filter(staff::company_id.eq(company.as_str()))
        .load(conn)?;
    let counts: HashMap<String, i64> = counted.into_iter().filter_map(|(id, count)| Some((id?, count))).collect();
    let role = |(id, name): (String, String)| {
        Ok(Role {
            rights: rights.remove(&id).unwrap_or_default(),
            members: number(counts.get(&id).copied().unwrap_or(0), "count")?,
            id: read(id, "roles.id")?,
            name,
        })
    };
    rows.into_iter().map(role).collect()
}

/// How many roles a company has.
pub fn count_roles(conn: &mut DbConn, company: &CompanyId) -> Result<usize, StoreError> {
    let count: i64 = roles::table.filter(roles::company_id.eq(company.as_str())).count().get_result(conn)?;
    number(count, "count")
}

/// Changes a role and gives it as it now is; the accounts of its members on alarm panels follow.
/// `Duplicate { what: "role_name" }` when the name is taken.
pub fn update_role(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &RoleId,
    change: &RoleChange,
    now: DateTime<Utc>,
) -> Result<Role, StoreError> {
    hold(conn, id)?;
    let mut role = get_role(conn, company, id)?;
    if let Some(name) = &change.name {
        role.name.clone_from(name);
        diesel::update(roles::table.filter(roles::id.eq(id.as_str())))
            .set((roles::name.eq(name), roles::name_lower.eq(name.to_lowercase())))
            .execute(conn)?;
    }
    if let Some(rights) = &change.rights {
        diesel::delete(role_rights::table.filter(role_rights::role_id.eq(id.as_str()))).execute(conn)?;
        put_rights(conn, id, rights)?;
        panels::touch_company(conn, company, now)?;
    }
    get_role(conn, company, id)
}

/// Deletes a role that nobody has and nobody is invited to.
pub fn delete_role(
    conn: &mut DbConn,
    company: &CompanyId,
    id: &RoleId,
    now: DateTime<Utc>,
) -> Result<Result<(), RoleInUse>, StoreError> {
    // Who is given the role at the same instant waits, and then finds it gone or was counted.
    hold(conn, id)?;
    let role = get_role(conn, company, id)?;
    let invitations: i64 = staff_invitations::table
        .filter(staff_invitations::role_id.eq(id.as_str()))
        .filter(staff_invitations::state.eq(InvitationState::Pending.as_str()))
        .filter(staff_invitations::expires_at.gt(micros(now)))
        .count()
        .get_result(conn)?;
    let in_use = RoleInUse { members: role.members, invitations: number(invitations, "count")? };
    if in_use.members > 0 || in_use.invitations > 0 {
        return Ok(Err(in_use));
    }
    diesel::delete(roles::table.filter(roles::id.eq(id.as_str()))).execute(conn)?;
    Ok(Ok(()))
}

/// The rights of some roles, each in the order of [`Right::ALL`].
pub(crate) fn rights_of_roles(conn: &mut DbConn, ids: &[String]) -> Result<HashMap<String, Vec<Right>>, StoreError> {
    let most = ids.len().saturating_mul(Right::ALL.len());
    let rows: Vec<(String, String)> = role_rights::table
        .select((role_rights::role_id, role_rights::name))
        .filter(role_rights::role_id.eq_any(ids))
        .order((role_rights::role_id, role_rights::name))
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .load(conn)?;
    let mut rights: HashMap<String, Vec<Right>> = HashMap::new();
    for (id, name) in rows {
        rights.entry(id).or_default().push(word(Right::from_stored(&name), "role_rights.name")?);
    }
    for of_role in rights.values_mut() {
        of_role.sort_unstable();
    }
    Ok(rights)
}

fn put_rights(conn: &mut DbConn, id: &RoleId, rights: &[Right]) -> Result<(), StoreError> {
    let mut rights = rights.to_vec();
    rights.sort_unstable();
    rights.dedup();
    for right in rights {
        diesel::insert_into(role_rights::table)
            .values((role_rights::role_id.eq(id.as_str()), role_rights::name.eq(right.as_str())))
            .execute(conn)?;
    }
    Ok(())
}

/// Keeps others from changing a role, and from giving it to somebody, until the transaction ends.
fn hold(conn: &mut DbConn, id: &RoleId) -> Result<(), StoreError> {
    if let DbConn::Postgresql(conn) = conn {
        sql_query("SELECT 1 FROM roles WHERE id = $1 FOR UPDATE").bind::<Text, _>(id.as_str()).execute(conn)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
