//! The rules of Siteward, pure: ids, states, limits, rights and what follows from them.
//!
//! Nothing here does IO or reads the clock; time is always an argument. Every other crate
//! points here and this one points at none of them.

pub mod add_state;
pub mod availability;
pub mod company;
pub mod custody;
pub mod device;
pub mod device_event;
pub mod device_functions;
pub mod device_needs;
pub mod device_password;
pub mod end_user;
pub mod event;
pub mod exception;
pub mod exception_rule;
pub mod firmware;
pub mod flapping;
pub mod grant;
pub mod handover;
pub mod handover_pack;
pub mod health;
pub mod ids;
pub mod import;
pub mod incident;
pub mod link;
pub mod linkage;
pub mod look;
pub mod mail;
pub mod maintenance;
pub mod notification;
pub mod observation;
pub mod own_network;
pub mod panel;
pub mod panel_accounts;
pub mod password_change;
pub mod report;
pub mod schedule;
pub mod serial;
pub mod share;
pub mod share_code;
pub mod site;
pub mod staff;
pub mod text;
pub mod unbind;
pub mod upgrade;
pub mod uptime;
pub mod verification_code;
pub mod webhook;
mod words;

pub use ids::{
    AdditionId, CaptchaId, CompanyId, DeviceId, EventId, ExceptionId, ExceptionRuleId, ImportId, IncidentId,
    InvitationId, JobId, LinkId, LinkageFiringId, LinkageRuleId, MailId, MaintenanceWindowId, NotificationId,
    PanelAccountId, PanelExitId, RemoteSessionId, RoleId, SessionId, SiteId, StaffId, WebhookId,
};
pub use ids::{CompanyInvitationId, EndUserId, EndUserSessionId, GrantId, GrantRequestId, HandoverId, ShareId};
pub use ids::{DeviceTransferId, ShareApplicationId, ShareCodeId, ShareOfferId};
pub use ids::{FirmwareFileId, UpgradeId};
pub use link::Sighting;
pub use serial::SerialNumber;
pub use verification_code::VerificationCode;
