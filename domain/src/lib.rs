//! The rules of Siteward, pure: ids, states, limits, rights and what follows from them.
//!
//! Nothing here does IO or reads the clock; time is always an argument. Every other crate
//! points here and this one points at none of them.

pub mod company;
pub mod device;
pub mod event;
pub mod exception;
pub mod firmware;
pub mod health;
pub mod ids;
pub mod import;
pub mod look;
pub mod observation;
pub mod serial;
pub mod site;
pub mod staff;
pub mod text;
pub mod uptime;
pub mod verification_code;

pub use ids::{CompanyId, DeviceId, EventId, ExceptionId, ImportId, JobId, SessionId, SiteId, StaffId};
pub use serial::SerialNumber;
pub use verification_code::VerificationCode;
