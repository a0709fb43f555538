//! Routers: devices that are only knocked at, so that what is behind them is told as one thing when they are gone.

pub(crate) mod create;
mod trying;

pub(crate) use trying::plan;
