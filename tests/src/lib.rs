//! Test kit of Siteward: a server within the test, a client of its API, its programs as real processes, pictures of export QRs.

pub mod app;
pub mod client;
pub mod control;
pub mod picture;
pub mod process;
