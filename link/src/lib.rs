//! The site agent: a small program on any box in a customer's network.
//!
//! It enrols once ([`enrol()`]), and then holds one outgoing connection to the platform ([`run`]). It finds the devices
//! of its network and tells the platform of them; over that connection it carries the platform's requests to
//! **devices it has found and to nothing else**, and does a few commands.
//!
//! ```text
//! supervision  connects, again and again        discovery  looks around, fills the table of devices
//!   connection  TCP, TLS, WebSocket             table      who is there; what may be dialled
//!   session     one connection's life           reports    what of the table the platform is told
//!     dialling, piping, commands                status     what `siteward-link status` shows
//!                                               lan_page   a code for whoever is in this network
//! ```

mod backoff;
mod commands;
mod config;
mod connection;
mod dialling;
mod discovery;
mod enrolment;
mod lan_page;
mod piping;
mod reports;
mod session;
mod status;
mod supervision;
mod table;

pub use config::{ByHand, Config, ConfigError, Discovery, LanPage, NewEnrolment, USUAL_PATH};
pub use connection::ConnectError;
pub use enrolment::{Enrolled, enrol};
pub use status::{Standing, Status};
pub use supervision::run;

/// This agent's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What it runs on, as the platform is told: `linux aarch64`.
pub fn system() -> String {
    format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)
}
