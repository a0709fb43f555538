//! HTTP API, web console and the `siteward` binary.
//!
//! Start with [`serve::Application`], which binds everything together, and `routes`, which lists every
//! route. One handler a file: URL path and folder are the same.

mod access;
mod additions;
mod body;
mod captchas;
mod company;
mod console;
mod device_qr;
mod devices;
mod edge;
pub mod error;
mod exceptions;
mod fleet;
mod found;
mod imports;
mod incidents;
mod link;
mod links;
mod live;
mod mail_settings;
mod mails;
mod network;
mod notifications;
pub mod openapi;
mod operation_log;
mod page;
mod pages;
mod panel_accounts;
mod panel_exits;
mod panels;
mod parents;
mod password_changes;
mod password_resets;
mod platform;
mod profile;
mod remote;
mod remote_sessions;
mod roles;
mod routers;
mod routes;
pub mod serve;
mod session;
mod sessions;
mod setup;
mod site_managers;
mod sites;
pub mod staff;
mod staff_invitations;
mod unbind;
mod webhooks;
mod words;
