//! The fleet: which models and firmwares a company's devices run, and what is known of them.

pub(crate) mod get;
