//! Work that goes on behind the pages: jobs, reconcilers, and looking at every device on time.
//!
//! [`Worker::start`] runs all of it on the current runtime, for `siteward serve`, the `siteward-worker` binary and
//! tests alike; several workers on one database share the work.
//!
//! **Invariant:** no device is called inside a database transaction, and no database call runs on a thread of the
//! runtime: both wait for somebody else, and neither may make the other wait.

pub mod adding;
pub mod alert_streams;
pub mod clock;
pub mod custody;
pub mod device_transfers;
pub mod firmware;
pub mod grants;
pub mod handover_packs;
pub mod handovers;
mod incidents;
pub mod job;
pub mod jobs;
mod linkage;
pub mod links;
pub mod mail;
mod notify;
mod panels;
pub mod polling;
pub mod reaching;
mod reconcile;
pub mod retention;
mod runner;
pub mod settings;
pub mod share_applications;
pub mod share_offers;
pub mod text_messages;
pub mod upgrades;
pub mod webhooks;
mod worker;

pub use adding::{Adding, AddingError};
pub use links::{LinkHub, ProcessAddress};
pub use reconcile::ReconcilerStatus;
pub use runner::RunnerStatus;
pub use worker::{Worker, WorkerHandle, WorkerSettings, WorkerStatus};
