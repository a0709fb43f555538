//! Where an end user is signed in.

pub(crate) mod delete;
pub(crate) mod delete_others;
pub(crate) mod list;
