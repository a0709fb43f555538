//! What others offer to share with the end user, and their answers (R-E4).

pub(crate) mod accept;
pub(crate) mod list;
pub(crate) mod refuse;
