//! Test kit of Siteward: a client of its API, and its programs as real processes.

#![allow(clippy::missing_panics_doc, reason = "a test kit may panic")]

pub mod client;
pub mod process;
