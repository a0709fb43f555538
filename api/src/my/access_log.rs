//! The access log of an end user's site: who did what there since it is theirs, to be read and to be taken home.

pub(crate) mod download;
pub(crate) mod list;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::access_log::chain;
use utoipa::ToSchema;

/// An entry of the access log.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccessEntry {
    /// Its number, from 1 without a gap.
    n: i64,
    /// When.
    at: DateTime<Utc>,
    /// `staff`, `end_user` or `platform`.
    actor_kind: String,
    /// Who, by the name they had; may be empty.
    actor_name: String,
    /// The company it was done for or concerns; may be empty.
    company_name: String,
    /// What: a stable word, or the call that it was.
    action: String,
    /// The device, where it is about one.
    #[schema(required = true)]
    device_id: Option<String>,
    /// Its name at the time; may be empty.
    device_name: String,
    /// What more there is to tell, by action.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
    /// Its hash, which the next entry carries on.
    hash: String,
}

impl From<chain::Entry> for AccessEntry {
    fn from(entry: chain::Entry) -> Self {
        Self {
            n: entry.n,
            at: entry.at.parse().unwrap_or_default(),
            actor_kind: entry.actor_kind,
            actor_name: entry.actor_name,
            company_name: entry.company_name,
            action: entry.action,
            device_id: Some(entry.device_id).filter(|id| !id.is_empty()),
            device_name: entry.device_name,
            detail: serde_json::from_str(&entry.detail).unwrap_or_default(),
            hash: entry.hash,
        }
    }
}
