//! What devices told by themselves, as end users hear of it: of their own devices, and of what is shared with them for it.

pub(crate) mod list;
pub(crate) mod mails;
