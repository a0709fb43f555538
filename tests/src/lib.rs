//! Test kit of Siteward: a client of its API, its programs as real processes, pictures of export QRs.

pub mod client;
pub mod control;
pub mod picture;
pub mod process;
