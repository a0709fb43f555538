//! Everything that is kept: schema, queries, jobs, events, vault.
//!
//! The only crate that knows a database. [`Store`] opens it, [`Store::read`] and [`Store::write`]
//! lend a connection inside a transaction, and one module an aggregate has the functions that take it.
//! SQLite and PostgreSQL behave alike: where they need different SQL, a function has an explicit
//! `match` and tests on both.
//!
//! **Invariant:** no function here reads the clock, dials anything, or returns a secret in the open:
//! passwords come and go as [`vault::SealedText`].

pub mod access_log;
pub mod account_codes;
pub mod additions;
pub mod address_changes;
pub mod bindings;
pub mod captchas;
mod changes;
mod columns;
pub mod companies;
pub mod company_invitations;
pub mod company_logos;
pub mod compatibility_rules;
mod connection;
pub mod custody;
pub mod daily_summaries;
pub mod device_events;
pub mod device_transfers;
pub mod devices;
pub mod end_user_events;
pub mod end_user_operations;
pub mod end_user_registrations;
pub mod end_user_sessions;
pub mod end_users;
mod error;
pub mod events;
pub mod exception_rules;
pub mod exceptions;
pub mod facts;
pub mod firmware_files;
pub mod fleet;
pub mod grant_requests;
pub mod grants;
pub mod handover_packs;
pub mod handovers;
pub mod history;
pub mod imports;
pub mod incidents;
pub mod invitations;
pub mod jobs;
pub mod linkage;
pub mod links;
pub mod mail_paces;
pub mod mails;
pub mod maintenance;
mod migrations;
pub mod monitoring;
pub mod network_losses;
pub mod notifications;
pub mod operations;
pub mod owned_sites;
pub mod owning;
pub mod page;
pub mod panel_accounts;
pub mod panel_exits;
pub mod panel_passwords;
pub mod panels;
pub mod password_changes;
pub mod password_resets;
pub mod passwords;
pub mod person;
pub mod phone_codes;
pub mod polling;
pub mod profiles;
pub mod reach;
pub mod remote_sessions;
pub mod reports;
pub mod retention;
pub mod roles;
mod schema;
mod select;
mod sent_codes;
pub mod sessions;
pub mod settings;
pub mod share_applications;
pub mod share_codes;
pub mod share_offers;
pub mod shares;
pub mod sightings;
pub mod sign_in;
pub mod site_managers;
pub mod sites;
pub mod smtp;
pub mod staff;
mod store;
pub mod tellings;
pub mod two_factor;
pub mod unbinding;
pub mod upgrades;
pub mod uptime_days;
pub mod vault;
pub mod viewing;
pub mod webhooks;

#[cfg(test)]
mod testing;

pub use connection::{Backend, DbConn};
pub use error::StoreError;
pub use page::Page;
pub use store::{Store, StoreSettings};
pub use vault::{MasterKey, SealedText, Vault, VaultError};
