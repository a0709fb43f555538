//! The worker against a real store and simulated devices.

mod kit;
mod polling;
