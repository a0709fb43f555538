//! What can go wrong with the store, the same on both databases.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::vault::VaultError;

/// Why the store did not do what was asked.
///
/// After [`StoreError::Duplicate`] or [`StoreError::Refused`] a transaction cannot go on
/// (PostgreSQL has given it up): return the error from the closure of `write`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row is not there, is not this company's, or what it should hang on is gone.
    #[error("not found")]
    NotFound,
    /// Something that must be unique exists already.
    #[error("{what} exists already")]
    Duplicate {
        /// What: `site_name`, `device_address`, `device_serial`, `device_binding`, `password_change`, `staff_email`, `company_admin`,
        /// `end_user_email`, `end_user_phone`, `role_name`, `invitation`, `handover`, `job`, `upgrade`, `row`.
        what: &'static str,
    },
    /// The row changed since it was read, or a lease was lost.
    #[error("changed meanwhile")]
    Stale,
    /// The database refuses the value (a CHECK or NOT NULL constraint); the caller should have.
    #[error("refused by the database: {0}")]
    Refused(String),
    /// A secret cannot be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// No connection, or none in time: answer 503 and try again later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The configured address of the database is not one of ours.
    #[error("{0}")]
    BadDatabaseUrl(String),
    /// A migration failed.
    #[error("migration failed: {0}")]
    Migration(String),
    /// The cursor of a page is not one that this list gave out.
    #[error("not a cursor of this list")]
    BadCursor,
    /// A stored value cannot be read back.
    #[error("unreadable value in {column}")]
    Unreadable {
        /// Which column, never the value.
        column: &'static str,
    },
    /// Anything else the database says.
    #[error("database: {0}")]
    Database(#[source] DieselError),
}

impl StoreError {
    /// Whether the connection it happened on must not be used again.
    pub(crate) fn is_lost_connection(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }

    /// Whether the same transaction may succeed when it is run once more.
    pub(crate) fn is_worth_another_try(&self) -> bool {
        // Who looks again sees that somebody else was quicker.
        if matches!(self, Self::Duplicate { what: "end_user_phone" }) {
            return true;
        }
        let Self::Database(DieselError::DatabaseError(kind, info)) = self else { return false };
        matches!(kind, DatabaseErrorKind::SerializationFailure) || info.message().contains("deadlock detected")
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, info) = &error else {
            return match error {
                DieselError::NotFound => Self::NotFound,
                other => Self::Database(other),
            };
        };
        let message = info.message();
        match kind {
            DatabaseErrorKind::UniqueViolation => {
                Self::Duplicate { what: what_is_unique(info.constraint_name(), message) }
            }
            DatabaseErrorKind::ForeignKeyViolation => Self::NotFound,
            DatabaseErrorKind::CheckViolation | DatabaseErrorKind::NotNullViolation => {
                Self::Refused(message.to_owned())
            }
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                Self::Unavailable(message.to_owned())
            }
            _ if says_unavailable(message) => Self::Unavailable(message.to_owned()),
            _ => Self::Database(error),
        }
    }
}

/// Unique constraints: the name PostgreSQL tells, the columns SQLite tells, and our word for it.
const UNIQUE: [(&str, &str, &str); 16] = [
    ("sites_name", "sites.company_id, sites.name_lower", "site_name"),
    ("devices_address", "devices.company_id, devices.host_lower, devices.port", "device_address"),
    ("devices_given_address", "devices.company_id, devices.host_lower, devices.given_port", "device_address"),
    ("devices_serial", "devices.company_id, devices.serial", "device_serial"),
    ("staff_email", "staff.email_lower", "staff_email"),
    ("end_users_email", "end_users.email_lower", "end_user_email"),
    ("end_users_phone", "end_users.phone", "end_user_phone"),
    ("staff_one_admin", "staff.company_id", "company_admin"),
    ("roles_name", "roles.company_id, roles.name_lower", "role_name"),
    ("staff_invitations_pending", "staff_invitations.company_id, staff_invitations.email_lower", "invitation"),
    ("handovers_pending", "handovers.site_id", "handover"),
    ("handovers_sharing", "handovers.site_id, handovers.email_lower", "handover"),
    ("exceptions_one_open", "exceptions.device_id, exceptions.kind, exceptions.part", "open_exception"),
    ("bindings_pkey", "bindings.serial", "device_binding"),
    ("jobs_dedup", "jobs.kind, jobs.dedup_key", "job"),
    ("upgrade_devices_one_open", "upgrade_devices.device_id", "upgrade"),
];

fn what_is_unique(constraint: Option<&str>, message: &str) -> &'static str {
    let columns = message.rsplit_once("failed: ").map_or("", |(_, columns)| columns);
    UNIQUE
        .into_iter()
        .find(|(name, of_columns, _)| constraint == Some(name) || *of_columns == columns)
        .map_or("row", |(_, _, what)| what)
}

/// Phrases of both databases that mean "not now": they have no error kind of their own in diesel.
fn says_unavailable(message: &str) -> bool {
    [
        "database is locked",
        "terminating connection",
        "the database system is",
        "server closed the connection",
        "connection not open",
        "no connection to the server",
        "too many clients",
        "remaining connection slots",
        "disk is full",
    ]
    .into_iter()
    .any(|phrase| message.contains(phrase))
}
