//! What end users did with their own accounts. Append-only.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::EndUserId;

use crate::columns::{micros, time};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::end_user_operations::dsl;

/// Most entries that are given at once.
const MOST_LISTED: i64 = 10_000;

/// An operation to note.
#[derive(Debug, Clone)]
pub struct NewEndUserOperation {
    /// Who.
    pub end_user_id: EndUserId,
    /// What: method and route.
    pub action: String,
    /// The kind of object.
    pub object_kind: String,
    /// Its id, or empty.
    pub object_id: String,
    /// Its name at that time, or empty.
    pub object_name: String,
    /// The network address it came from.
    pub from_address: String,
    /// `ok` or the code of the refusal.
    pub result: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A noted operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndUserOperation {
    /// What: method and route.
    pub action: String,
    /// The kind of object.
    pub object_kind: String,
    /// Its id, or empty.
    pub object_id: String,
    /// Its name at that time, or empty.
    pub object_name: String,
    /// The network address it came from.
    pub from_address: String,
    /// `ok` or the code of the refusal.
    pub result: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Notes an operation.
pub fn append(conn: &mut DbConn, new: &NewEndUserOperation) -> Result<(), StoreError> {
    diesel::insert_into(dsl::end_user_operations)
        .values((
            dsl::end_user_id.eq(new.end_user_id.as_str()),
            dsl::action.eq(&new.action),
            dsl::object_kind.eq(&new.object_kind),
            dsl::object_id.eq(&new.object_id),
            dsl::object_name.eq(&new.object_name),
            dsl::from_address.eq(&new.from_address),
            dsl::result.eq(&new.result),
            dsl::at.eq(micros(new.at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// What an end user did, newest first, at most 10,000.
pub fn list_of(conn: &mut DbConn, end_user: &EndUserId) -> Result<Vec<EndUserOperation>, StoreError> {
    let rows: Vec<(String, String, String, String, String, String, i64)> = dsl::end_user_operations
        .select((
            dsl::action,
            dsl::object_kind,
            dsl::object_id,
            dsl::object_name,
            dsl::from_address,
            dsl::result,
            dsl::at,
        ))
        .filter(dsl::end_user_id.eq(end_user.as_str()))
        .order(dsl::id.desc())
        .limit(MOST_LISTED)
        .load(conn)?;
    rows.into_iter()
        .map(|(action, object_kind, object_id, object_name, from_address, result, at)| {
            let at = time(at)?;
            Ok(EndUserOperation { action, object_kind, object_id, object_name, from_address, result, at })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, end_user, on_both};

    #[test]
    fn a_person_sees_what_they_did_and_nothing_else() {
        on_both(|store| {
            let (olga, peter) = (end_user(store, "olga@example.com"), end_user(store, "peter@example.com"));
            for (who, seconds) in [(&olga, 1), (&peter, 2), (&olga, 3)] {
                let new = NewEndUserOperation {
                    end_user_id: who.clone(),
                    action: "PATCH /my/profile".into(),
                    object_kind: "end_user".into(),
                    object_id: who.to_string(),
                    object_name: "Olga".into(),
                    from_address: "192.0.2.7".into(),
                    result: "ok".into(),
                    at: at(seconds),
                };
                store.write(|conn| append(conn, &new)).unwrap();
            }
            let seen = store.read(|conn| list_of(conn, &olga)).unwrap();
            assert_eq!(seen.iter().map(|one| one.at).collect::<Vec<_>>(), [at(3), at(1)]);
        });
    }
}
