//! The device client against devices on loopback that this test plays itself.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod activating;
mod captured;
mod fake;
mod hostile;
mod linked;
mod login;
mod looking;
mod operating;
mod panel_accounts;
mod panel_control;
mod panel_fake;
mod panel_look;
mod panel_session;
mod panel_status;
mod played;
mod sadp;
mod searching;
mod serving;
mod tls;
mod tunnel;
mod upgrading;
mod websocket;
mod writing;
