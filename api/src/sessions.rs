//! Where a person is signed in.

pub(crate) mod delete;
pub(crate) mod delete_others;
pub(crate) mod list;
