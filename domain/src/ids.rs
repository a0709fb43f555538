//! Identifiers: UUIDv7 as text newtypes, made by the application.
//!
//! Version 7 ids sort by the time of their making, so that cursors over them read in that order.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Timestamp, Uuid};

/// A text that is not an id of this kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// A new id; `now` gives its leading, sortable part.
            pub fn generate(now: DateTime<Utc>) -> Self {
                Self(new_v7(now))
            }

            /// The id as text, 36 lower-case characters with dashes.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Reads an id from text in any case.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                let id = Uuid::try_parse(text).map_err(|_| NotAnId)?;
                Ok(Self(id.as_hyphenated().to_string()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    };
}

fn new_v7(now: DateTime<Utc>) -> String {
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    let stamp = Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos());
    Uuid::new_v7(stamp).as_hyphenated().to_string()
}

id!(/// An installer company, the tenant.
    CompanyId);
id!(/// A member of a company's staff.
    StaffId);
id!(/// A signed-in session of a staff member.
    SessionId);
id!(/// A site: one customer place.
    SiteId);
id!(/// A device on a site.
    DeviceId);
id!(/// One import of an export QR.
    ImportId);
id!(/// A unit of background work.
    JobId);
id!(/// A row of the event log.
    EventId);
id!(/// A health exception of a device.
    ExceptionId);
id!(/// A link: the agent in a customer's network.
    LinkId);
id!(/// One run of the add wizard for one serial.
    AdditionId);
id!(/// A session of remote configuration.
    RemoteSessionId);
id!(/// A captcha.
    CaptchaId);
id!(/// A mail of the outbox.
    MailId);
id!(/// A role: a set of rights of a company's staff.
    RoleId);
id!(/// An invitation of somebody to a company's staff.
    InvitationId);
id!(/// An account on an alarm panel.
    PanelAccountId);
id!(/// An alarm panel's leaving of the platform.
    PanelExitId);
id!(/// An address that a company has told of what happens.
    WebhookId);
id!(/// Something that went wrong, with everything that follows from it.
    IncidentId);
id!(/// Something that one member of staff was told.
    NotificationId);
id!(/// A rule that says who is told of what.
    ExceptionRuleId);
id!(/// A time in which somebody works on a site or device.
    MaintenanceWindowId);
id!(/// A firmware file of the catalogue.
    FirmwareFileId);
id!(/// An upgrade of the firmware of one or many devices.
    UpgradeId);

id!(/// A linkage rule.
    LinkageRuleId);
id!(/// One time that a linkage rule fired.
    LinkageFiringId);
id!(/// An end user: a customer's own account.
    EndUserId);
id!(/// A session of a signed-in end user.
    EndUserSessionId);
id!(/// An invitation to own a site, or to receive channels of it.
    HandoverId);
id!(/// Something that an owner lets a company do.
    GrantId);
id!(/// Something that a company applied for with an owner.
    GrantRequestId);
id!(/// An owner's invitation of a company.
    CompanyInvitationId);
id!(/// Channels that somebody else may see.
    ShareId);
id!(/// An offer of channels to somebody, until they answer.
    ShareOfferId);
id!(/// A QR that others apply with for channels.
    ShareCodeId);
id!(/// Somebody's application for the channels of such a QR.
    ShareApplicationId);
id!(/// A device on its way to another owner.
    DeviceTransferId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let early = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let late = DateTime::from_timestamp(1_700_000_001, 0).unwrap();
        assert!(SiteId::generate(early) < SiteId::generate(late));
    }

    #[test]
    fn text_that_is_no_uuid_is_refused() {
        assert_eq!(SiteId::parse("42"), Err(NotAnId));
        assert!(SiteId::parse("01890F00-0000-7000-8000-000000000001").is_ok());
    }
}
