//! The pages behind the link that shows that another e-mail address is an end user's.

pub(crate) mod confirm;
pub(crate) mod show;
