//! What a device hangs behind: a router, a switch, a recorder. When that is gone, so is the device, and no fault of its own.

pub(crate) mod get;
pub(crate) mod set;

use serde::{Deserialize, Serialize};
use siteward_domain::incident::Said;
use siteward_domain::{CompanyId, DeviceId};
use siteward_store::{DbConn, StoreError, incidents};
use utoipa::ToSchema;

use crate::words::{BehindBecause, DeviceKind};

/// Who says what a device hangs behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ParentMode {
    /// It follows from what is known of the site.
    Derived,
    /// A person said: no other device.
    Alone,
    /// A person said: this one.
    Device,
}

/// What a device hangs behind.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeviceParent {
    /// Who says so.
    mode: ParentMode,
    /// The device that it hangs behind; null: none.
    #[schema(required = true)]
    parent: Option<ParentDevice>,
}

/// A device that another hangs behind.
#[derive(Serialize, ToSchema)]
pub(crate) struct ParentDevice {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Its name, or its address where it has none.
    name: String,
    /// What it is.
    kind: DeviceKind,
    /// Why.
    because: BehindBecause,
}

impl DeviceParent {
    fn read(conn: &mut DbConn, company: &CompanyId, id: &DeviceId) -> Result<Self, StoreError> {
        let found = incidents::find_parent(conn, company, id)?;
        let parent = found.parent.map(|(id, name, kind, because)| ParentDevice {
            id: id.to_string(),
            name,
            kind: DeviceKind(kind),
            because: BehindBecause(because),
        });
        let mode = match found.said {
            Said::Nothing => ParentMode::Derived,
            Said::Alone => ParentMode::Alone,
            Said::Behind(_) => ParentMode::Device,
        };
        Ok(Self { mode, parent })
    }
}
