//! The worker against a real store and simulated devices.

#[cfg(test)]
mod adding;
#[cfg(test)]
mod alert_streams;
#[cfg(test)]
mod firmware;
#[cfg(test)]
mod health;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod kit;
#[cfg(test)]
mod links;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod monitoring;
#[cfg(test)]
mod office;
#[cfg(test)]
mod passwords;
#[cfg(test)]
mod polling;
#[cfg(test)]
mod post_office;
