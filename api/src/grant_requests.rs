//! What companies apply for at owners (R-G4), as the company sees it.

pub(crate) mod checking;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod withdraw;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::grant::RequestKind;
use siteward_domain::handover::Asks;
use siteward_store::grant_requests as stored;
use siteward_store::{DbConn, Page, StoreError};
use siteward_worker::grants::device_names;
use utoipa::ToSchema;

use crate::words::{DevicePermission, GrantRequestKind, GrantRequestState, Validity};

/// An application to the owner of a site.
#[derive(Serialize, ToSchema)]
pub(crate) struct GrantRequest {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The company that applied.
    company_name: String,
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The site's name.
    site_name: String,
    /// For what.
    kind: GrantRequestKind,
    /// What the company has to say besides; may be empty.
    remark: String,
    /// What it asks for.
    asks: RequestedAsks,
    /// What the owner let of it; null until approved.
    #[schema(required = true)]
    granted: Option<RequestedAsks>,
    /// Where it stands.
    state: GrantRequestState,
    /// The name of who applied.
    asked_by_name: String,
    /// When.
    created_at: DateTime<Utc>,
    /// When it was answered, withdrawn or void; null while it waits.
    #[schema(required = true)]
    ended_at: Option<DateTime<Utc>>,
}

/// What is asked for, or granted, with the names of the devices.
#[derive(Serialize, ToSchema)]
pub(crate) struct RequestedAsks {
    /// Managing the site: it is authorized.
    site: bool,
    /// Permissions for devices of the site.
    #[schema(max_items = 3000)]
    devices: Vec<RequestedDevice>,
}

/// A permission for a device that is asked for.
#[derive(Serialize, ToSchema)]
pub(crate) struct RequestedDevice {
    /// The device.
    #[schema(format = "uuid")]
    device_id: String,
    /// Its name; empty where it has none or is gone.
    device_name: String,
    /// To do what.
    permission: DevicePermission,
    /// For how long, from the moment it is granted.
    validity: Validity,
}

/// A page of applications.
#[derive(Serialize, ToSchema)]
pub(crate) struct GrantRequestPage {
    /// The applications.
    #[schema(max_items = 200)]
    items: Vec<GrantRequest>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

impl GrantRequest {
    /// Describes an application with the names of its devices.
    pub(crate) fn describe(conn: &mut DbConn, request: stored::GrantRequest) -> Result<Self, StoreError> {
        // What somebody may serve who asks for a site is none of their business before the owner agreed.
        let names = match request.kind {
            RequestKind::Serve => Vec::new(),
            _ => device_names(conn, &request.company_id, &request.asks)?,
        };
        let asks = |asks: Asks| RequestedAsks {
            site: asks.site,
            devices: asks
                .devices
                .into_iter()
                .map(|ask| RequestedDevice {
                    device_name: names
                        .iter()
                        .find(|(id, _)| *id == ask.device_id)
                        .map(|(_, name)| name.clone())
                        .unwrap_or_default(),
                    device_id: ask.device_id.to_string(),
                    permission: DevicePermission(ask.permission),
                    validity: Validity(ask.validity),
                })
                .collect(),
        };
        Ok(Self {
            id: request.id.to_string(),
            company_name: request.company_name,
            site_id: request.site_id.to_string(),
            site_name: request.site_name,
            kind: GrantRequestKind(request.kind),
            remark: request.remark,
            granted: request.granted.map(asks),
            asks: asks(request.asks),
            state: GrantRequestState(request.state),
            asked_by_name: request.asked_by_name,
            created_at: request.created_at,
            ended_at: request.ended_at,
        })
    }
}

impl GrantRequestPage {
    /// Describes a page.
    pub(crate) fn describe(conn: &mut DbConn, page: Page<stored::GrantRequest>) -> Result<Self, StoreError> {
        let items = page.items.into_iter().map(|request| GrantRequest::describe(conn, request));
        Ok(Self { items: items.collect::<Result<_, _>>()?, next_cursor: page.next_cursor })
    }
}
