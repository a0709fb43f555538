//! Integration tests: one binary, a module a part of the product.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod account;
mod bad_input;
mod cloud;
mod command_line;
mod device_operations;
mod device_qr;
mod devices;
mod firmware;
mod foreign_links;
mod forwarding;
mod imports;
mod incidents;
mod invitations;
mod kill;
mod leaks;
mod leaks_of_accounts;
mod leaks_of_cloud_devices;
mod link_faults;
mod links;
mod mail;
mod panel_accounts;
mod panel_kill;
mod panels;
mod panels_behind_links;
mod password_reset;
mod python_device;
mod races;
mod reach;
mod remote_configuration;
mod roles;
mod routes_table;
mod secrets;
mod session;
mod sessions;
mod setup;
mod site_managers;
mod sites;
mod staff;
mod streams;
mod tidy;
mod transport;
mod two_factor;
mod unbind;
mod webhooks;
