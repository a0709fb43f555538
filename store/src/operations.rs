//! The operation log (R-S8): who did what, on which object, when, from where, with which result. Append-only: the
//! database refuses to change or delete a row.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::{CompanyId, StaffId};

use crate::columns::{micros, read_or_none, time};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::schema::{operations, staff};

/// An operation to note.
#[derive(Debug, Clone)]
pub struct NewOperation {
    /// The company.
    pub company_id: CompanyId,
    /// Who, where it was a person.
    pub staff_id: Option<StaffId>,
    /// What, a stable word such as `site_created`.
    pub action: String,
    /// The kind of object, e.g. `site`.
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
pub struct Operation {
    /// Its number in the log.
    pub id: i64,
    /// Who, where it was a person.
    pub staff_id: Option<StaffId>,
    /// That person's name at the time.
    pub who: Option<String>,
    /// What.
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

type Row = (i64, Option<String>, Option<String>, String, String, String, String, String, String, i64);

/// Notes an operation, with the person's name as it is now.
pub fn append(conn: &mut DbConn, new: &NewOperation) -> Result<(), StoreError> {
    let who: Option<String> = match &new.staff_id {
        Some(id) => staff::table.select(staff::name).filter(staff::id.eq(id.as_str())).first(conn).optional()?,
        None => None,
    };
    diesel::insert_into(operations::table)
        .values((
            operations::company_id.eq(new.company_id.as_str()),
            operations::staff_id.eq(new.staff_id.as_ref().map(StaffId::as_str)),
            operations::who.eq(who),
            operations::action.eq(&new.action),
            operations::object_kind.eq(&new.object_kind),
            operations::object_id.eq(&new.object_id),
            operations::object_name.eq(&new.object_name),
            operations::from_address.eq(&new.from_address),
            operations::result.eq(&new.result),
            operations::at.eq(micros(new.at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// A company's log, newest first.
pub fn list(
    conn: &mut DbConn,
    company: &CompanyId,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Operation>, StoreError> {
    let before = match cursor {
        Some(cursor) => {
            let [id] = page::decode(cursor)?;
            id.parse().map_err(|_| StoreError::BadCursor)?
        }
        None => i64::MAX,
    };
    let rows: Vec<Row> = operations::table
        .select((
            operations::id,
            operations::staff_id,
            operations::who,
            operations::action,
            operations::object_kind,
            operations::object_id,
            operations::object_name,
            operations::from_address,
            operations::result,
            operations::at,
        ))
        .filter(operations::company_id.eq(company.as_str()))
        .filter(operations::id.lt(before))
        .order(operations::id.desc())
        .limit(page::rows_to_read(limit))
        .load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.0.to_string()]);
    let items = rows.into_iter().map(operation).collect::<Result<_, _>>()?;
    Ok(Page { items, next_cursor })
}

fn operation(row: Row) -> Result<Operation, StoreError> {
    let (id, staff, who, action, object_kind, object_id, object_name, from_address, result, at) = row;
    Ok(Operation {
        id,
        staff_id: read_or_none(staff, "operations.staff_id")?,
        who,
        action,
        object_kind,
        object_id,
        object_name,
        from_address,
        result,
        at: time(at)?,
    })
}
