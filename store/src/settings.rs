//! Settings of the server itself, by key: the hash of the set-up code and the like.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::settings::dsl;

/// The value of a setting.
pub fn find(conn: &mut DbConn, key: &str) -> Result<Option<String>, StoreError> {
    Ok(dsl::settings.select(dsl::value).filter(dsl::key.eq(key)).first(conn).optional()?)
}

/// Sets a setting, new or not.
pub fn put(conn: &mut DbConn, key: &str, value: &str) -> Result<(), StoreError> {
    sql_query(
        "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind::<Text, _>(key)
    .bind::<Text, _>(value)
    .execute(conn)?;
    Ok(())
}

/// Takes a setting away; one that is not there is fine.
pub fn delete(conn: &mut DbConn, key: &str) -> Result<(), StoreError> {
    diesel::delete(dsl::settings.filter(dsl::key.eq(key))).execute(conn)?;
    Ok(())
}
