//! What the links of a site have found in its LAN (the registry), and what can be done with each.

pub(crate) mod list;
mod view;

pub(crate) use view::FoundList;
