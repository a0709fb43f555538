//! What is wrong and what was, in short: for a summary.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;

use super::{Incident, LISTED, Row, SELECT, incident};
use crate::columns::{micros, number};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::reach::Reach;
use crate::select::Select;

/// So many are counted.
const MOST_COUNTED: i64 = 10_000;

/// Which incidents a summary tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// Those that last.
    Open,
    /// Those that ended after a time.
    EndedSince(DateTime<Utc>),
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many incidents within reach that are; beyond 10,000 they are not counted.
pub fn count(conn: &mut DbConn, reach: &Reach, selection: Selection) -> Result<u32, StoreError> {
    let query = Select::new("SELECT count(*) AS count FROM (SELECT 1 FROM ").sql(LISTED.from).sql(" WHERE ");
    let query = query.then(reach.rows(&LISTED, filters(selection))).sql(" LIMIT ").number(MOST_COUNTED);
    let rows: Vec<Count> = query.sql(") AS some_of_them").load(conn)?;
    rows.first().map_or(Ok(0), |row| number(row.count, "count"))
}

/// The newest of them; of those that ended, the last.
pub fn newest(conn: &mut DbConn, reach: &Reach, selection: Selection, most: u32) -> Result<Vec<Incident>, StoreError> {
    let order = match selection {
        Selection::Open => " ORDER BY i.id DESC LIMIT ",
        Selection::EndedSince(_) => " ORDER BY i.closed_at DESC, i.id DESC LIMIT ",
    };
    let query = Select::new(SELECT).then(reach.rows(&LISTED, filters(selection))).sql(order).number(i64::from(most));
    query.load::<Row>(conn)?.into_iter().map(incident).collect()
}

fn filters(selection: Selection) -> Select {
    match selection {
        Selection::Open => Select::new(" AND i.closed_at IS NULL"),
        Selection::EndedSince(since) => Select::new(" AND i.closed_at > ").number(micros(since)),
    }
}
