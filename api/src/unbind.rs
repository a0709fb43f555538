//! Unbinding a device from the account that has it (R-U1 to R-U3): by whoever holds it, without that account's help.

mod attempt;
mod case;
pub(crate) mod create;
mod on_device;
mod own_way;

pub(crate) use attempt::{Attempt, locked};
pub(crate) use on_device::{Known, free, look_again};
