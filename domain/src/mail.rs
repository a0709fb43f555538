//! Mail: what is sent, in which language, how it is carried, and where each mail stands.

use crate::end_user::{OFFER_TEXT_MINUTES, PHONE_CODE_MINUTES};
use crate::words::words;

words! {
    /// Where a mail stands.
    pub enum MailState {
        /// It waits: for SMTP to be set, for its turn, or to be tried again.
        Waiting = "waiting",
        /// It is being handed over just now, or was when its worker died.
        Sending = "sending",
        /// The server took it.
        Sent = "sent",
        /// It is not tried any more by itself; a person may send it again.
        Failed = "failed",
        /// It never went and is not needed any more: what it invites to is over, or was sent anew.
        NotNeeded = "not_needed",
    }
}

words! {
    /// How the connection to the mail server is kept from others.
    pub enum SmtpSecurity {
        /// Not at all: for a relay on the same machine or a trusted network.
        None = "none",
        /// STARTTLS, which the server must offer: without it nothing is sent.
        Starttls = "starttls",
        /// TLS from the first byte.
        Implicit = "implicit",
    }
}

words! {
    /// A language that mails are written in.
    pub enum MailLanguage {
        /// English.
        En = "en",
        /// Russian.
        Ru = "ru",
    }
}

words! {
    /// What a mail is about.
    pub enum MailTemplate {
        /// A trial of the SMTP settings.
        Test = "test",
        /// Whoever holds a device unbound it from the receiver's company.
        DeviceUnbound = "device_unbound",
        /// Somebody is invited to the company's staff.
        StaffInvitation = "staff_invitation",
        /// A link to choose a new password, which its receiver asked for.
        PasswordReset = "password_reset",
        /// The receiver's password or second factor was changed.
        AccountChanged = "account_changed",
        /// Something went wrong, with everything that follows from it.
        IncidentOpened = "incident_opened",
        /// It is over.
        IncidentClosed = "incident_closed",
        /// Many of both, in one mail.
        Digest = "digest",
        /// What is wrong and what was, once a day.
        DailySummary = "daily_summary",
        /// A linkage rule fired.
        LinkageFired = "linkage_fired",
        /// Somebody is invited to own a site.
        HandoverInvitation = "handover_invitation",
        /// Somebody is invited to see some channels of a site.
        ShareInvitation = "share_invitation",
        /// An invitation was accepted, as its company is told.
        HandoverAccepted = "handover_accepted",
        /// An invitation was accepted, as the new owner is told.
        HandoverWelcome = "handover_welcome",
        /// An invitation was refused.
        HandoverRefused = "handover_refused",
        /// Nobody answered an invitation in time.
        HandoverExpired = "handover_expired",
        /// A link that confirms the registration of an end user.
        EndUserRegistration = "end_user_registration",
        /// Somebody wanted to register an address that has an account of an end user.
        EndUserKnown = "end_user_known",
        /// A link that shows that another e-mail address is an end user's.
        EndUserAddress = "end_user_address",
        /// A link to choose a new password, which an end user asked for.
        EndUserPasswordReset = "end_user_password_reset",
        /// An end user's password or second factor was changed.
        EndUserChanged = "end_user_changed",
        /// An end user deleted their account.
        EndUserDeleted = "end_user_deleted",
        /// A company asks an owner for something.
        PermissionRequested = "permission_requested",
        /// What an owner granted is used for the first time.
        PermissionUsed = "permission_used",
        /// An owner answered what somebody asked for.
        RequestAnswered = "request_answered",
        /// An owner invites a company to serve a site.
        CompanyInvitation = "company_invitation",
        /// An owner took a site away from its company.
        SiteTakenAway = "site_taken_away",
        /// A company serves a site, as the owner is told.
        SiteServed = "site_served",
        /// A site is back with the company that installed it.
        SiteReturned = "site_returned",
        /// A site is gone and its devices are free.
        SiteFreed = "site_freed",
        /// The customer's use of a site is disabled (rental).
        UseSuspended = "use_suspended",
        /// The customer's use of a site is enabled again.
        UseResumed = "use_resumed",
        /// The company ended the agreement on rental, as the owner is told.
        RentalEnded = "rental_ended",
        /// The owner ended it, as the company is told.
        RentalEndedByOwner = "rental_ended_by_owner",
        /// An owner offers channels to somebody who has an account.
        ShareOffered = "share_offered",
        /// An owner offers channels to an address that has no account yet.
        ShareOfferedNew = "share_offered_new",
        /// A device that is shared told of an alarm.
        ShareAlarm = "share_alarm",
        /// Somebody scanned an owner's QR and wants in.
        ShareApplied = "share_applied",
        /// An offer or an application was answered.
        ShareAnswered = "share_answered",
        /// What is shared with the receiver changed.
        ShareChanged = "share_changed",
        /// It is shared no more.
        ShareEnded = "share_ended",
        /// The code that an owner enters to give a device away.
        DeviceTransferCode = "device_transfer_code",
        /// A device is to go to the receiver.
        DeviceTransferOffered = "device_transfer_offered",
        /// The receiver's device was taken by whom they offered it to, or was not.
        DeviceTransferAnswered = "device_transfer_answered",
        /// A text message: the code that shows that a phone number is an end user's.
        PhoneCode = "phone_code",
        /// A text message: an owner offers channels to a number that nobody has shown to be theirs yet.
        ShareOfferedPhone = "share_offered_phone",
    }
}

impl MailTemplate {
    /// Whether it goes to a phone number in a text message, and not by mail.
    pub fn goes_to_phone(self) -> bool {
        self.text_minutes().is_some()
    }

    /// How long a text message is tried, in minutes: a code that is over helps nobody, and each message costs. `None` for mails.
    pub fn text_minutes(self) -> Option<i64> {
        match self {
            Self::PhoneCode => Some(PHONE_CODE_MINUTES),
            Self::ShareOfferedPhone => Some(OFFER_TEXT_MINUTES),
            _ => None,
        }
    }
}
