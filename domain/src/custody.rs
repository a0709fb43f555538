//! Whose hands a site is in (R-G6, R-T5), and rental.

use crate::words::words;

/// Days in which a company can take up an owner's invitation.
pub const COMPANY_INVITATION_DAYS: i64 = 14;

words! {
    /// Whether the company that serves a site may disable its customer's use of it: only after both sides agreed.
    pub enum Rental {
        /// It may not.
        None = "none",
        /// It asked, and the owner has not answered.
        Asked = "asked",
        /// It may.
        Agreed = "agreed",
    }
}

words! {
    /// What becomes of a site whose owner deletes their account.
    pub enum Parting {
        /// It goes back to the company that installed it, as if nobody had been invited.
        Return = "return",
        /// It goes, and its devices are free for whoever adds them.
        Free = "free",
    }
}

words! {
    /// Where an owner's invitation of a company stands.
    pub enum CompanyInvitationState {
        /// Whoever has the link may take it up for their company.
        Pending = "pending",
        /// A company serves the site.
        Accepted = "accepted",
        /// A company refused.
        Refused = "refused",
        /// Nobody answered in time.
        Expired = "expired",
        /// The owner took it back, or another company came first.
        Cancelled = "cancelled",
    }
}
