//! Captchas: a picture to read, or work to do for whoever cannot see it. Each is good for one answer, right or wrong.

mod answer;
pub(crate) mod create;
mod pace;
mod picture;
mod work;

pub(crate) use answer::{CaptchaAnswer, is_right};
pub(crate) use create::{Captcha, make};
pub(crate) use pace::Pace;
