//! Accounts on alarm panels as the platform knows them, and the proofs that accounts were taken off.

mod listing;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use siteward_domain::panel_accounts::{AccountState, Because, PersonKind};
use siteward_domain::{CompanyId, DeviceId, PanelAccountId};

use crate::columns::{micros, read, time, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::panels;
use crate::select::Select;

pub use listing::{
    OfPanel, OnPanel, PanelState, Removal, Removed, find_panel, list_for_panel, list_for_person, list_removals,
};

/// Accounts of one panel that are read at most.
pub(crate) const MOST_ACCOUNTS: i64 = 2000;

/// Whose an account is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Staff or end user.
    pub kind: PersonKind,
    /// Their id.
    pub id: String,
    /// Their name when the account was last written.
    pub name: String,
}

/// An account on a panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelAccount {
    /// Its id.
    pub id: PanelAccountId,
    /// Whose it is; `None`: nobody should have it.
    pub owner: Option<Owner>,
    /// The user name on the panel.
    pub user_name: String,
    /// Of a person's account the role it was made with; of another one what the panel says.
    pub role: String,
    /// Why the person has it.
    pub because: Option<Because>,
    /// Where it stands.
    pub state: AccountState,
    /// Why the panel did not take it, or its password.
    pub reason_code: Option<String>,
    /// The panel's number for it, once it was seen there.
    pub index: Option<u32>,
    /// Which of the person's passwords it has; `None`: one made at random.
    pub password_version: Option<i32>,
    /// Which of them the panel refused.
    pub refused_version: Option<i32>,
    /// Since when it is there, wanted, being removed, or was found.
    pub since: DateTime<Utc>,
}

impl PanelAccount {
    /// Whether it was on the panel when that was last read.
    pub fn was_seen(&self) -> bool {
        let is_there =
            [AccountState::WaitingForSignIn, AccountState::There, AccountState::Removing, AccountState::Unexpected];
        self.index.is_some() || is_there.contains(&self.state)
    }
}

/// What every query of accounts reads: a row of [`Row`].
const SELECT: &str = "SELECT a.id, a.person_kind, a.person_id, a.person_name, a.user_name, a.role, a.because, a.state,
    a.reason_code, a.account_index, a.password_version, a.refused_version, a.since FROM panel_accounts a";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Nullable<Text>)]
    person_kind: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    person_id: Option<String>,
    #[diesel(sql_type = Text)]
    person_name: String,
    #[diesel(sql_type = Text)]
    user_name: String,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Nullable<Text>)]
    because: Option<String>,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    account_index: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    password_version: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    refused_version: Option<i32>,
    #[diesel(sql_type = BigInt)]
    since: i64,
}

/// The accounts of a panel, by user name.
pub(crate) fn load(conn: &mut DbConn, device: &DeviceId) -> Result<Vec<PanelAccount>, StoreError> {
    let rows: Vec<Row> = Select::new(SELECT)
        .sql(" WHERE a.device_id = ")
        .text(device.as_str())
        .sql(" ORDER BY a.user_name LIMIT ")
        .number(MOST_ACCOUNTS)
        .load(conn)?;
    rows.into_iter().map(account).collect()
}

/// Writes an account as it stands now. The name is the key: what was ordered meanwhile for an account that nobody should
/// have is not taken back (`keep_orders`).
pub(crate) fn write(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &DeviceId,
    account: &PanelAccount,
    keep_orders: bool,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let text = |query: Select, value: Option<&str>| match value {
        Some(value) => query.sql(", ").text(value),
        None => query.sql(", NULL"),
    };
    let number = |query: Select, value: Option<i32>| match value {
        Some(value) => query.sql(", ").number(value.into()),
        None => query.sql(", NULL"),
    };
    let owner = account.owner.as_ref();
    let mut query = Select::new(
        "INSERT INTO panel_accounts (id, company_id, device_id, user_name, role, state, person_name, person_kind, person_id,
         because, reason_code, account_index, password_version, refused_version, since, updated_at) VALUES (",
    )
    .text(account.id.as_str())
    .sql(", ")
    .text(company.as_str())
    .sql(", ")
    .text(device.as_str())
    .sql(", ")
    .text(account.user_name.as_str())
    .sql(", ")
    .text(account.role.as_str())
    .sql(", ")
    .text(account.state.as_str())
    .sql(", ")
    .text(owner.map_or("", |owner| owner.name.as_str()));
    query = text(query, owner.map(|owner| owner.kind.as_str()));
    query = text(query, owner.map(|owner| owner.id.as_str()));
    query = text(query, account.because.map(Because::as_str));
    query = text(query, account.reason_code.as_deref());
    query = text(query, account.index.map(|index| index.to_string()).as_deref());
    query = number(query, account.password_version);
    query = number(query, account.refused_version);
    let state = if keep_orders {
        "CASE WHEN panel_accounts.state = 'removing' AND excluded.state = 'unexpected' THEN 'removing' ELSE excluded.state END"
    } else {
        "excluded.state"
    };
    query
        .sql(", ")
        .number(micros(account.since))
        .sql(", ")
        .number(micros(now))
        .sql(") ON CONFLICT (device_id, user_name) DO UPDATE SET role = excluded.role, state = ")
        .sql(state)
        .sql(
            ", person_name = excluded.person_name, person_kind = excluded.person_kind, person_id = excluded.person_id,
             because = excluded.because, reason_code = excluded.reason_code, account_index = excluded.account_index,
             password_version = excluded.password_version, refused_version = excluded.refused_version,
             since = excluded.since, updated_at = excluded.updated_at",
        )
        .execute(conn)?;
    Ok(())
}

/// Orders an account off that nobody should have, and makes its panel due. [`StoreError::NotFound`] when the panel has no
/// such account, [`StoreError::Stale`] when it is one that somebody should have or that goes already.
pub fn order_removal(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &DeviceId,
    account: &PanelAccountId,
    now: DateTime<Utc>,
) -> Result<PanelAccount, StoreError> {
    // First the panel's row, as whoever writes down a comparison does.
    panels::check(conn, company, device, now)?;
    let rows: Vec<Row> = Select::new(SELECT)
        .sql(" WHERE a.company_id = ")
        .text(company.as_str())
        .sql(" AND a.device_id = ")
        .text(device.as_str())
        .sql(" AND a.id = ")
        .text(account.as_str())
        .load(conn)?;
    let found = self::account(rows.into_iter().next().ok_or(StoreError::NotFound)?)?;
    if found.state != AccountState::Unexpected {
        return Err(StoreError::Stale);
    }
    Select::new("UPDATE panel_accounts SET state = 'removing', reason_code = NULL, since = ")
        .number(micros(now))
        .sql(", updated_at = ")
        .number(micros(now))
        .sql(" WHERE id = ")
        .text(account.as_str())
        .execute(conn)?;
    Ok(found)
}

fn account(row: Row) -> Result<PanelAccount, StoreError> {
    let kind =
        row.person_kind.map(|kind| word(PersonKind::from_stored(&kind), "panel_accounts.person_kind")).transpose()?;
    let because =
        row.because.map(|because| word(Because::from_stored(&because), "panel_accounts.because")).transpose()?;
    Ok(PanelAccount {
        id: read(row.id, "panel_accounts.id")?,
        owner: kind.zip(row.person_id).map(|(kind, id)| Owner { kind, id, name: row.person_name }),
        user_name: row.user_name,
        role: row.role,
        because,
        state: word(AccountState::from_stored(&row.state), "panel_accounts.state")?,
        reason_code: row.reason_code,
        index: row.account_index.and_then(|index| index.parse().ok()),
        password_version: row.password_version,
        refused_version: row.refused_version,
        since: time(row.since)?,
    })
}
