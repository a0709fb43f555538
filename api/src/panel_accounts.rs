//! Who can enter an alarm panel (R-A1): the accounts on it as the platform keeps them, and those that nobody should have.

pub(crate) mod check;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod of_staff;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_store::panel_accounts as stored;
use utoipa::ToSchema;

use crate::words::{AccountMethod, PanelAccountState, PersonKind, WhyAccount};

/// Whose an account is.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountPerson {
    /// Staff or end user.
    kind: PersonKind,
    /// Their id.
    #[schema(format = "uuid")]
    id: String,
    /// Their name.
    name: String,
}

/// Which password an account on a panel has.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccountPassword {
    /// A password of the person's own, maybe not the newest yet.
    Own,
    /// One made at random, until the person signs in.
    Random,
    /// None that the platform gave.
    None,
}

/// An account on an alarm panel.
#[derive(Serialize, ToSchema)]
pub(crate) struct PanelAccount {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Whose it is; null: nobody should have it.
    #[schema(required = true)]
    person: Option<AccountPerson>,
    /// The user name on the panel.
    user_name: String,
    /// What it is: of a person's account `installer_admin`, `installer`, `owner` or `operator`, else what the panel says.
    role: String,
    /// Why the person has it.
    #[schema(required = true)]
    because: Option<WhyAccount>,
    /// Where it stands.
    state: PanelAccountState,
    /// Why the panel did not take it, or its password.
    #[schema(required = true)]
    reason_code: Option<String>,
    /// Since when it is there, wanted, being removed, or was found.
    since: DateTime<Utc>,
    /// Which password it has.
    password: AccountPassword,
}

/// How the comparing of a panel stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct PanelAccountsState {
    /// When the accounts were last read from the panel.
    #[schema(required = true)]
    checked_at: Option<DateTime<Utc>>,
    /// When they are compared next.
    due_at: DateTime<Utc>,
    /// Why the last comparison did not get to the end.
    #[schema(required = true)]
    reason_code: Option<String>,
    /// How the panel keeps its accounts; null until it was reached.
    #[schema(required = true)]
    method: Option<AccountMethod>,
    /// Whether it is leaving the platform.
    leaving: bool,
}

/// Who can enter an alarm panel.
#[derive(Serialize, ToSchema)]
pub(crate) struct PanelAccountList {
    /// How the comparing stands.
    state: PanelAccountsState,
    /// The accounts, by user name.
    items: Vec<PanelAccount>,
}

impl From<stored::PanelAccount> for PanelAccount {
    fn from(account: stored::PanelAccount) -> Self {
        let password = match (&account.owner, account.password_version, account.index) {
            (Some(_), Some(_), _) => AccountPassword::Own,
            (Some(_), None, Some(_)) => AccountPassword::Random,
            _ => AccountPassword::None,
        };
        let person =
            |owner: stored::Owner| AccountPerson { kind: PersonKind(owner.kind), id: owner.id, name: owner.name };
        Self {
            id: account.id.to_string(),
            person: account.owner.map(person),
            user_name: account.user_name,
            role: account.role,
            because: account.because.map(WhyAccount),
            state: PanelAccountState(account.state),
            reason_code: account.reason_code,
            since: account.since,
            password,
        }
    }
}

impl From<stored::OfPanel> for PanelAccountList {
    fn from(of: stored::OfPanel) -> Self {
        let state = PanelAccountsState {
            checked_at: of.state.checked_at,
            due_at: of.state.due_at,
            reason_code: of.state.reason_code,
            method: of.state.method.map(AccountMethod),
            leaving: of.state.leaving,
        };
        Self { state, items: of.accounts.into_iter().map(PanelAccount::from).collect() }
    }
}
