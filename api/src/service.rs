//! How a company comes to serve a site that it does not have: it asks the owner by the number of the site (R-T5), or the owner invites
//! it (R-G6).

pub(crate) mod invitations;
pub(crate) mod requests;
