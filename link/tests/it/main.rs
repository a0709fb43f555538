//! The link against a platform and a network that this test plays itself, on loopback.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a helper of a test fails the test")]

mod commanding;
mod enrolling;
mod kit;
mod memory;
mod reaching;
mod reconnecting;
mod reporting;
