//! QR texts and pictures: what an installer photographs, turned into typed facts and back.
//!
//! A picture goes through [`picture`] and becomes texts; [`recognise`] says what kind of text it is; [`export`],
//! [`label`] and [`sealed`] read the kinds that Siteward acts on; [`drawing`] makes pictures again. Everything here is pure:
//! no IO, no clock. Errors and `Debug` output never hold a password, a verification code or a QR text.

pub mod captioned;
pub mod drawing;
pub mod export;
pub mod label;
pub mod picture;
mod recognition;
pub mod sealed;

pub use recognition::{Kind, WRONG_KIND, recognise};
