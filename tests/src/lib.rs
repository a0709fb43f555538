//! Test kit of Siteward: a server within the test, a client of its API, its programs as real processes, pictures of export QRs.

#![expect(clippy::indexing_slicing, reason = "indexing a JSON value gives null where nothing is; it never panics")]

pub mod app;
pub mod authenticator;
pub mod canary;
pub mod captcha;
pub mod client;
pub mod control;
pub mod elsewhere;
pub mod foreign_mail;
pub mod foreign_pdf;
pub mod forwarder;
pub mod hook;
pub mod killer;
pub mod lan;
pub mod listening;
pub mod mailbox;
pub mod owner;
pub mod patience;
pub mod peers;
pub mod picture;
pub mod process;
pub mod site;
pub mod stored;
pub mod street;
pub mod trouble;
pub mod websocket;

use std::path::Path;

/// The root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}
