//! Captchas: a picture to read, or work to do for whoever cannot see it. Each is good for one answer.

pub(crate) mod create;
mod picture;
