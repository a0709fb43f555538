//! First run: the company and its Installer Admin, made once and with the code that the server printed.

pub(crate) mod code;
pub(crate) mod create;
pub(crate) mod get;
