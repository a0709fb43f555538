//! What is forgotten after a while: logs, oldest first, a bounded number of rows at a time.
//!
//! Numbers of these logs rise with time, so the oldest rows are looked at alone: nothing reads a whole log to find that
//! there is nothing to forget.

use chrono::{DateTime, Utc};

use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// Rows looked at in one step.
const ROWS_A_STEP: i64 = 2000;

/// A log that is pruned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// What happened on the platform. What a reader has not read yet stays.
    Events,
    /// What devices told.
    DeviceEvents,
    /// Changes of devices' health.
    Transitions,
}

impl Log {
    /// Table and number.
    fn table(self) -> (&'static str, &'static str) {
        match self {
            Self::Events => ("events", "seq"),
            Self::DeviceEvents => ("device_events", "seq"),
            Self::Transitions => ("transitions", "id"),
        }
    }
}

/// Forgets the oldest rows of a log that are from before `before`; gives how many. None: there is nothing to forget.
pub fn prune(conn: &mut DbConn, log: Log, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let (table, number) = log.table();
    let read = log.read_by_all();
    let query = Select::new(&format!(
        "DELETE FROM {table} WHERE {number} IN (SELECT {number} FROM (SELECT {number}, at FROM {table}{read} ORDER BY {number} LIMIT "
    ));
    let query = query.number(ROWS_A_STEP).sql(") AS oldest WHERE at < ").number(micros(before)).sql(")");
    query.execute(conn)
}

impl Log {
    /// Narrows it to what nobody has still to read.
    fn read_by_all(self) -> &'static str {
        match self {
            Self::Events => " WHERE seq <= (SELECT min(seq) FROM event_readers WHERE name IN ('mail', 'webhooks'))",
            Self::DeviceEvents => {
                " WHERE seq <= (SELECT coalesce(min(seq), 9223372036854775807) FROM event_readers WHERE name = 'linkage')"
            }
            Self::Transitions => "",
        }
    }
}

#[cfg(test)]
mod tests;
