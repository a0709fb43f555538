//! What an owner lets companies do on their sites.

pub(crate) mod list;
pub(crate) mod revoke;
