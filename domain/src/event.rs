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
    /// A link was made; data: `{"link_id"}`.
    LinkCreated,
    /// A link holds a session; data: `{"link_id"}`.
    LinkOnline,
    /// A link holds no session any more; data: `{"link_id"}`.
    LinkOffline,
    /// A link was revoked; data: `{"link_id"}`.
    LinkRevoked,
    /// An addition began, went on or ended; data: `{"addition_id","serial","state"}`.
    AdditionChanged,
    /// A device was moved to another site; data: `{"from","to"}`, ids of sites.
    DeviceMoved,
    /// A device behind a link got another address; data: `{"from","to"}`.
    DeviceAddressChanged,
    /// Who holds the device unbound it from this company; data: `{"serial","name"}`.
    DeviceUnbound,
    /// A device was told to restart.
    DeviceRebooted,
    /// A device's clock was set.
    DeviceTimeSet,
    /// A device got a new password.
    DevicePasswordChanged,
    /// Remote configuration of a device began; data: `{"remote_session_id"}`.
    RemoteSessionOpened,
    /// Remote configuration of a device ended; data: `{"remote_session_id"}`.
    RemoteSessionClosed,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 24] = [
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
        Self::LinkCreated,
        Self::LinkOnline,
        Self::LinkOffline,
        Self::LinkRevoked,
        Self::AdditionChanged,
        Self::DeviceMoved,
        Self::DeviceAddressChanged,
        Self::DeviceUnbound,
        Self::DeviceRebooted,
        Self::DeviceTimeSet,
        Self::DevicePasswordChanged,
        Self::RemoteSessionOpened,
        Self::RemoteSessionClosed,
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
            Self::LinkCreated => "link_created",
            Self::LinkOnline => "link_online",
            Self::LinkOffline => "link_offline",
            Self::LinkRevoked => "link_revoked",
            Self::AdditionChanged => "addition_changed",
            Self::DeviceMoved => "device_moved",
            Self::DeviceAddressChanged => "device_address_changed",
            Self::DeviceUnbound => "device_unbound",
            Self::DeviceRebooted => "device_rebooted",
            Self::DeviceTimeSet => "device_time_set",
            Self::DevicePasswordChanged => "device_password_changed",
            Self::RemoteSessionOpened => "remote_session_opened",
            Self::RemoteSessionClosed => "remote_session_closed",
        }
    }

    /// Reads a stored kind.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
