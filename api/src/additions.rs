//! Adding cloud devices (R-D1, R-D3 to R-D9): one addition a serial number, led from state to state until it is added.
//!
//! An addition is kept in the database, so that it goes on after a restart, and ends by itself when nobody goes on.

pub(crate) mod activation;
pub(crate) mod batch;
pub(crate) mod check;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod login;
pub(crate) mod service;
pub(crate) mod verification_code;
mod view;

pub(crate) use view::Addition;
