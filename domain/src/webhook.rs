//! Webhooks: who else is told of what happens, and for how long it is tried.

use crate::words::words;

/// Most webhooks of a company.
pub const MOST_WEBHOOKS: u32 = 20;
/// For how long an event is tried to be told, in seconds.
pub const TRIED_SECONDS: i64 = 3 * 24 * 60 * 60;
/// Most events of one replay.
pub const MOST_REPLAYED: u32 = 10_000;

words! {
    /// Where the telling of an event stands.
    pub enum DeliveryState {
        /// It waits for its turn, or to be tried again.
        Waiting = "waiting",
        /// The receiver took it.
        Delivered = "delivered",
        /// It was tried for three days; a person may send it again.
        Dead = "dead",
    }
}
