//! The accounts of a panel: who is on it, putting somebody on it, another password, taking somebody off.
//!
//! New panels have users of the cloud service (`cloud_users`), older ones a list of their own (`configured_users`). Which
//! it is, the panel says itself; whoever reconciles does not know the difference.

mod cloud_users;
mod configured_users;
mod told;

use http::Method;
use secrecy::SecretString;
use siteward_domain::panel::PanelRole;

use super::JSON;
use super::session::PanelSession;
use crate::call_error::CallError;
use crate::isapi::{read_answer, yes_or_no};
use told::Told;

const CAPABILITIES: &str = "/SDK/capabilities";
/// Accounts that are read at most.
const MOST_ACCOUNTS: usize = 256;

/// An account as the panel lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelAccount {
    /// The panel's number for it.
    pub index: u32,
    /// Its user name.
    pub user_name: String,
    /// What it may do.
    pub role: PanelRole,
}

/// An account to be.
#[derive(Debug, Clone, Copy)]
pub struct NewAccount<'a> {
    /// The user name.
    pub user_name: &'a str,
    /// The password.
    pub password: &'a SecretString,
    /// What it may do.
    pub role: &'a PanelRole,
    /// The person's address, where the panel is to know it.
    pub email: Option<&'a str>,
}

/// What became of taking an account off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleted {
    /// It is off now.
    Deleted,
    /// There was none.
    WasGone,
}

/// Why an account is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// The panel has an account of this name.
    #[error("the panel has an account of this name")]
    AlreadyThere,
    /// The panel has no room for another account.
    #[error("the panel has no room for another account")]
    Full,
    /// The panel does not take this password.
    #[error("the panel does not take this password: {code}")]
    PasswordRefused {
        /// The panel's own word.
        code: String,
    },
    /// The panel has no such account.
    #[error("the panel has no such account")]
    Gone,
    /// The connection broke in the middle, so that it may have been done or not: list the accounts again.
    #[error("it is not known whether the panel did it")]
    NotKnown(#[source] CallError),
    /// A call failed, and nothing was changed.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl AccountError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyThere => "panel_account_exists",
            Self::Full => "panel_accounts_full",
            Self::PasswordRefused { .. } => "panel_password_refused",
            Self::Gone => "panel_account_gone",
            Self::NotKnown(_) => "panel_account_not_known",
            Self::Call(error) => error.code(),
        }
    }
}

/// How this panel keeps its accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanelAccounts {
    /// `Security/CloudUserManage`.
    CloudUsers,
    /// `SecurityCP/Configuration/users`, of older panels.
    ConfiguredUsers,
}

impl PanelAccounts {
    /// Asks the panel which it is.
    pub async fn of(session: &mut PanelSession<'_>) -> Result<Self, CallError> {
        let answer = session.get(CAPABILITIES).await?;
        let told = read_answer(&answer, |root| Some(root.text_of("isSupportCloudUserManage").and_then(yes_or_no)));
        match told {
            Ok(Some(true)) => Ok(Self::CloudUsers),
            Err(error) if error.ends_a_look() => Err(error),
            // Older panels do not know the question.
            Ok(_) | Err(_) => Ok(Self::ConfiguredUsers),
        }
    }

    /// The accounts of the panel.
    pub async fn list(self, session: &mut PanelSession<'_>) -> Result<Vec<PanelAccount>, CallError> {
        match self {
            Self::CloudUsers => read_answer(&session.get(cloud_users::USERS).await?, cloud_users::read_list),
            Self::ConfiguredUsers => {
                read_answer(&session.get(configured_users::USERS).await?, configured_users::read_list)
            }
        }
    }

    /// How many accounts the panel has room for, where it tells.
    pub async fn most_accounts(self, session: &mut PanelSession<'_>) -> Result<Option<u32>, CallError> {
        let told = match self {
            Self::CloudUsers => {
                let answer = session.get(cloud_users::CAPABILITIES).await?;
                read_answer(&answer, |root| Some(cloud_users::read_most(root)))
            }
            Self::ConfiguredUsers => {
                let answer = session.get(configured_users::CAPABILITIES).await?;
                read_answer(&answer, |root| Some(configured_users::read_most(root)))
            }
        };
        match told {
            Err(error) if !error.ends_a_look() => Ok(None),
            told => told,
        }
    }

    /// Puts an account on the panel and gives its number.
    pub async fn create(self, session: &mut PanelSession<'_>, new: NewAccount<'_>) -> Result<u32, AccountError> {
        let (path, body) = match self {
            Self::CloudUsers => (cloud_users::USERS, cloud_users::create_body(&new)),
            Self::ConfiguredUsers => (configured_users::USERS, configured_users::create_body(&new)),
        };
        let answer = write(session, Method::POST, path, body.into()).await?;
        let told = Told::read(&answer)?;
        told.created()?;
        if let Some(index) = told.index {
            return Ok(index);
        }
        // It was made, and its number not told.
        let list = self.list(session).await.map_err(AccountError::NotKnown)?;
        let made = list.iter().find(|account| account.user_name == new.user_name);
        made.map(|account| account.index).ok_or(AccountError::NotKnown(CallError::BadAnswer { what: "not_listed" }))
    }

    /// Gives an account another password.
    pub async fn set_password(
        self,
        session: &mut PanelSession<'_>,
        account: &PanelAccount,
        password: &SecretString,
    ) -> Result<(), AccountError> {
        let (path, body) = match self {
            Self::CloudUsers => (cloud_users::user_path(account.index), cloud_users::password_body(password)),
            Self::ConfiguredUsers => {
                (configured_users::user_path(account.index), configured_users::password_body(account, password))
            }
        };
        let answer = write(session, Method::PUT, &path, body.into()).await?;
        Told::read(&answer)?.changed_password()
    }

    /// Takes an account off the panel.
    pub async fn delete(self, session: &mut PanelSession<'_>, index: u32) -> Result<Deleted, AccountError> {
        let path = match self {
            Self::CloudUsers => cloud_users::user_path(index),
            Self::ConfiguredUsers => configured_users::user_path(index),
        };
        let answer = write(session, Method::DELETE, &path, bytes::Bytes::new()).await?;
        match Told::read(&answer)?.deleted() {
            Ok(()) => Ok(Deleted::Deleted),
            Err(AccountError::Gone) => Ok(Deleted::WasGone),
            Err(error) => Err(error),
        }
    }
}

/// Writes once. A connection that broke, or a time that ran out, leaves open what was done.
async fn write(
    session: &mut PanelSession<'_>,
    method: Method,
    path: &str,
    body: bytes::Bytes,
) -> Result<crate::http::Answer, AccountError> {
    let content_type = (!body.is_empty()).then_some(JSON);
    session.send(method, path, content_type, body).await.map_err(|error| match error {
        CallError::Unreachable { reason: "closed" | "timeout" } | CallError::BadAnswer { .. } => {
            AccountError::NotKnown(error)
        }
        error => AccountError::Call(error),
    })
}
