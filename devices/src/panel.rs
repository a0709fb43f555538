//! Alarm panels of the AX family: logging in, reading their state, arming and disarming, their accounts.
//!
//! A panel is not spoken to by digest but in a [`session`]: one login, then a cookie. Everything here takes a
//! [`PanelSession`] and does not know whether the panel is reached directly or through a link. Most answers are JSON.

pub mod accounts;
pub mod control;
pub mod session;
pub mod status;

mod values;

pub use accounts::{AccountError, Deleted, NewAccount, PanelAccount, PanelAccounts};
pub use control::{Area, ArmWay, Commanded, ControlError};
pub use session::{PanelSession, UserLevel};

const JSON: &str = "application/json";
