//! Captchas of end users, who unbind what they hold.

pub(crate) mod create;
