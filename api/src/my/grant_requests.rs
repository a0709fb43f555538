//! What companies apply for on an owner's sites.

mod answering;
pub(crate) mod approve;
pub(crate) mod list;
pub(crate) mod list_waiting;
pub(crate) mod refuse;
