//! Speaks to devices: ISAPI over HTTP digest, probe, address policy.
//!
//! A device is not trusted: every answer is bounded in time, size and depth, no redirect is
//! followed, and nothing is dialled that the address policy does not allow. A refused login is
//! never tried again on its own.
//!
//! Start with [`mod@probe`] (a full look, a poll, the search for the HTTP port) and
//! [`http::DeviceClient`]; `isapi` reads what devices answer. What is asked of them to change is in
//! [`activation`], [`service`] and [`operations`]; [`sadp`] finds them on their own network.

pub mod activation;
pub mod address_policy;
mod call_error;
mod digest;
pub mod events;
pub mod http;
pub mod isapi;
mod json;
pub mod operations;
pub mod panel;
pub mod probe;
pub mod ptz;
pub mod recordings;
pub mod sadp;
pub mod service;
pub mod transport;
pub mod tunnel;
pub mod upgrade;
pub mod xml;

pub use address_policy::{AddressPolicy, AddressRefused, Host};
pub use call_error::CallError;
pub use http::{Answer, DeviceClient, Forward, Forwarded, Limits, Login, Package, Pin, Target};
pub use probe::{Known, Look, find_http, look, probe, probe_known};
pub use transport::{LinkDialer, LinkRoute, Transport, Wire};
