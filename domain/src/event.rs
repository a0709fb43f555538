//! Events: the one append-only log of what happened, read by notifications, webhooks and the live console.

use crate::words::words;

words! {
    /// What happened.
    pub enum EventKind {
        /// A site was made.
        SiteCreated = "site_created",
        /// A site was edited.
        SiteUpdated = "site_updated",
        /// A site was deleted, with its devices.
        SiteDeleted = "site_deleted",
        /// A device was added.
        DeviceAdded = "device_added",
        /// A device was edited.
        DeviceUpdated = "device_updated",
        /// A device was deleted.
        DeviceDeleted = "device_deleted",
        /// The state of an import or one of its rows changed.
        ImportChanged = "import_changed",
        /// A device's health changed; data: `{"from","to"}`.
        HealthChanged = "health_changed",
        /// A fact other than health changed; data: `{"topic"}`.
        FactsChanged = "facts_changed",
        /// An exception opened; data: `{"exception_id","kind","part"}`.
        ExceptionOpened = "exception_opened",
        /// An exception closed; data: `{"exception_id","kind","part","duration_seconds"}`.
        ExceptionClosed = "exception_closed",
        /// A link was made; data: `{"link_id"}`.
        LinkCreated = "link_created",
        /// A link holds a session; data: `{"link_id"}`.
        LinkOnline = "link_online",
        /// A link holds no session any more; data: `{"link_id"}`.
        LinkOffline = "link_offline",
        /// A link was revoked; data: `{"link_id"}`.
        LinkRevoked = "link_revoked",
        /// An addition began, went on or ended; data: `{"addition_id","serial","state"}`.
        AdditionChanged = "addition_changed",
        /// A device was moved to another site; data: `{"from","to"}`, ids of sites.
        DeviceMoved = "device_moved",
        /// A device behind a link got another address; data: `{"from","to"}`.
        DeviceAddressChanged = "device_address_changed",
        /// Who holds the device unbound it from this company; data: `{"serial","name"}`.
        DeviceUnbound = "device_unbound",
        /// A device was told to restart.
        DeviceRebooted = "device_rebooted",
        /// A device's clock was set.
        DeviceTimeSet = "device_time_set",
        /// A device got a new password.
        DevicePasswordChanged = "device_password_changed",
        /// Remote configuration of a device began; data: `{"remote_session_id"}`.
        RemoteSessionOpened = "remote_session_opened",
        /// Remote configuration of a device ended; data: `{"remote_session_id"}`.
        RemoteSessionClosed = "remote_session_closed",
        /// A member of staff joined, was edited, disabled or deleted, or got another role; data: `{"staff_id"}`.
        StaffChanged = "staff_changed",
        /// A role was made, edited or deleted; data: `{"role_id"}`.
        RoleChanged = "role_changed",
        /// Who manages a site changed, or a site's manager expired; data: `{}`.
        SiteManagersChanged = "site_managers_changed",
        /// An account was put on an alarm panel; data: `{"user_name","person_id","person_name","role"}`.
        PanelAccountAdded = "panel_account_added",
        /// An account was taken off an alarm panel; data as above.
        PanelAccountRemoved = "panel_account_removed",
        /// A person's login password reached an alarm panel; data as above.
        PanelPasswordDelivered = "panel_password_delivered",
        /// An account that nobody should have was found on an alarm panel; data: `{"user_name","role"}`.
        PanelDriftFound = "panel_drift_found",
        /// Areas of an alarm panel were armed, disarmed, or zones bypassed; data: `{"action","area"?,"zone"?}`.
        PanelControlled = "panel_controlled",
        /// A panel that left the platform is proved clean, or was given up; data: `{"exit_id","state"}`.
        PanelExitEnded = "panel_exit_ended",
        /// Something went wrong, with everything that follows from it; data:
        /// `{"incident_id","cause","kind","name","affected"}`, `cause` is `device` or `link`.
        IncidentOpened = "incident_opened",
        /// It is over; data as above, and `duration_seconds`.
        IncidentClosed = "incident_closed",
        /// The platform's own network is gone: nothing is known of any device.
        NetworkLost = "network_lost",
        /// The platform's own network is back; data: `{"duration_seconds"}`.
        NetworkBack = "network_back",
        /// A rule tells a webhook of an incident; data: those of the incident, and
        /// `{"what","webhook_id","site_name","opened_at","closed_at"}`, `what` is `incident_opened` or `incident_closed`.
        IncidentTold = "incident_told",
        /// The exception rules of a site changed; data: `{"rule_id"}`.
        ExceptionRulesChanged = "exception_rules_changed",
        /// A maintenance window was made or ended; data: `{"window_id"}`.
        MaintenanceChanged = "maintenance_changed",
        /// A linkage rule that tells webhooks fired; data:
        /// `{"rule_id","rule","firing_id","event_kind","channel","event_at"}`.
        LinkageFired = "linkage_fired",
        /// A device is watched again, or not any more; data: `{"watched","because"?}`, `because` is `monitoring_off` or
        /// `firmware_incompatible`.
        MonitoringChanged = "monitoring_changed",
        /// A device told of events; every few seconds at most, the newest stands for all. data: `{"seq","kind"?,"channel"?}`.
        DeviceEvent = "device_event",
        /// Some of the staff have something new to read; data: `{}`.
        Notified = "notified",
        /// An upgrade went on or ended; data: `{"upgrade_id","state"}` of the whole, or of a device with `"percent"`.
        UpgradeChanged = "upgrade_changed",
        /// The owner took the site away from this company, or another company serves it now; data: `{"name"}`.
        SiteTakenAway = "site_taken_away",
        /// This company serves the site from now on; data: `{"name"}`.
        SiteServed = "site_served",
        /// The owner deleted their account and gave the site back to this company; data: `{"name"}`.
        SiteReturned = "site_returned",
        /// Rental, the customer's use or an invitation of a company changed; data: `{"what"}`.
        CustodyChanged = "custody_changed",
        /// Channels of the site are shared with somebody, or not any more; data: `{"share_id","state"}`, or the id of the code,
        /// application or offer that it is about instead.
        SharesChanged = "shares_changed",
        /// An invitation to own a site was made or ended; data: `{"handover_id","state"}`.
        HandoverChanged = "handover_changed",
        /// Something that the owner lets the company do began or ended; data: `{"what"}`, `given` or why it ended.
        GrantsChanged = "grants_changed",
        /// An application to the owner was made, answered or withdrawn; data: `{"grant_request_id","kind","state"}`.
        GrantRequestChanged = "grant_request_changed",
    }
}
