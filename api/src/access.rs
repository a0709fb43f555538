//! Who is asking, and whether they may: sessions, rights as extractors, CSRF, passwords.

pub(crate) mod csrf;
pub(crate) mod end_user;
pub(crate) mod one_time_code;
pub(crate) mod owned;
pub(crate) mod password;
pub(crate) mod reach;
pub(crate) mod rights;
pub(crate) mod second_factor;
pub(crate) mod sent_code;
pub(crate) mod session;
pub(crate) mod token;

pub(crate) use end_user::EndUser;
pub(crate) use owned::Owned;
pub(crate) use reach::OnSites;
pub(crate) use rights::{Admin, Enrolling, May, SignedIn};
