//! The jobs, one module a kind.

pub mod advance_addition;
pub mod change_password;
pub mod deliver_webhook;
pub mod import_devices;
pub mod linkage_action;
pub mod send_mail;
pub mod sync_time;
