//! HTTP API, web console and the `siteward` binary.
//!
//! Start with [`serve::Application`], which binds everything together, and `routes`, which lists every
//! route. One handler a file: URL path and folder are the same.

mod access;
mod body;
mod company;
mod console;
mod devices;
mod edge;
pub mod error;
mod exceptions;
mod imports;
mod live;
pub mod openapi;
mod operation_log;
mod page;
mod platform;
mod routes;
pub mod serve;
mod session;
mod setup;
mod sites;
pub mod staff;
mod words;
