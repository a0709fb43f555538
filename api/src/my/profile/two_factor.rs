//! An end user's second factor: begun with the password, on once a first code was right, off with password and code.

pub(crate) mod begin;
pub(crate) mod confirm;
pub(crate) mod end;
