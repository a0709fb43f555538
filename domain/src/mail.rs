//! Mail: what is sent, in which language, how it is carried, and where each mail stands.

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
    }
}
