//! The simulator from outside: a socket at one end, its control API at the other.

#[cfg(test)]
mod behind;
#[cfg(test)]
mod client;
#[cfg(test)]
mod cloud;
#[cfg(test)]
mod control;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod events;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod panel_accounts;
#[cfg(test)]
mod panel_client;
#[cfg(test)]
mod panel_login;
#[cfg(test)]
mod panel_watching;
#[cfg(test)]
mod sadp;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod upgrades;
