//! Events: the one append-only log of what happened, read by notifications, webhooks and the live console.

use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A site was made.
    SiteCreated,
    /// A site was edited.
    SiteUpdated,
    /// A site was deleted, with its devices.
    SiteDeleted,
    /// A device was added.
    DeviceAdded,
    /// A device was edited.
    DeviceUpdated,
    /// A device was deleted.
    DeviceDeleted,
    /// The state of an import or one of its rows changed.
    ImportChanged,
    /// A device's health changed; data: `{"from","to"}`.
    HealthChanged,
    /// A fact other than health changed; data: `{"topic"}`.
    FactsChanged,
    /// An exception opened; data: `{"exception_id","kind","part"}`.
    ExceptionOpened,
    /// An exception closed; data: `{"exception_id","kind","part","duration_seconds"}`.
    ExceptionClosed,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::SiteCreated,
        Self::SiteUpdated,
        Self::SiteDeleted,
        Self::DeviceAdded,
        Self::DeviceUpdated,
        Self::DeviceDeleted,
        Self::ImportChanged,
        Self::HealthChanged,
        Self::FactsChanged,
        Self::ExceptionOpened,
        Self::ExceptionClosed,
    ];

    /// The kind as stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SiteCreated => "site_created",
            Self::SiteUpdated => "site_updated",
            Self::SiteDeleted => "site_deleted",
            Self::DeviceAdded => "device_added",
            Self::DeviceUpdated => "device_updated",
            Self::DeviceDeleted => "device_deleted",
            Self::ImportChanged => "import_changed",
            Self::HealthChanged => "health_changed",
            Self::FactsChanged => "facts_changed",
            Self::ExceptionOpened => "exception_opened",
            Self::ExceptionClosed => "exception_closed",
        }
    }

    /// Reads a stored kind.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
