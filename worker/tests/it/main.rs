//! The worker against a real store and simulated devices.

#[cfg(test)]
mod imports;
#[cfg(test)]
mod kit;
#[cfg(test)]
mod polling;
