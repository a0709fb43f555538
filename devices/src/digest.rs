//! HTTP digest (RFC 7616) as devices speak it: MD5 and SHA-256, with and without `-sess` and `qop`,
//! often without `algorithm`, with an upper-case `stale="FALSE"`; and Basic for old firmware.
//!
//! A [`Session`] keeps the nonce over calls and counts it. It holds a hash that is worth as much
//! as the password: it is erased on drop and never shown.

mod answer;
mod challenge;
#[cfg(test)]
mod tests;

pub(crate) use answer::Session;
pub(crate) use challenge::{Scheme, choose};
