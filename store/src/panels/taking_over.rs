//! A panel that is added again while an earlier row of it is still leaving: its accounts go over to the new row, and the
//! exit ends as superseded. Nothing was proved, for the accounts are wanted again.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use serde_json::json;
use siteward_domain::event::EventKind;
use siteward_domain::panel_accounts::ExitState;
use siteward_domain::{CompanyId, DeviceId};

use crate::changes::{CHANGES_LOCK, one_appender};
use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::{self, NewEvent};
use crate::select::Select;
use crate::sites;

/// A panel that may have been here before.
pub(super) struct Returning<'a> {
    pub(super) company_id: &'a CompanyId,
    pub(super) device_id: &'a DeviceId,
    pub(super) serial: Option<&'a str>,
    /// Host in lower case and port of one that is reached directly.
    pub(super) address: Option<(&'a str, i32)>,
}

#[derive(QueryableByName)]
struct Earlier {
    #[diesel(sql_type = Text)]
    device_id: String,
    #[diesel(sql_type = Text)]
    exit_id: String,
}

/// Takes over the accounts of the same company's rows that are leaving and have the same serial or, where one of the two
/// has none, the same address.
pub(super) fn take_over(conn: &mut DbConn, new: &Returning<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut query =
        Select::new("SELECT device_id, exit_id FROM panels WHERE leaving_since IS NOT NULL AND company_id = ")
            .text(new.company_id.as_str())
            .sql(" AND device_id <> ")
            .text(new.device_id.as_str())
            .sql(" AND ((1 = 0)");
    if let Some(serial) = new.serial {
        query = query.sql(" OR serial = ").text(serial);
    }
    if let Some((host, port)) = new.address {
        query = query.sql(" OR (link_id IS NULL AND lower(host) = ").text(host).sql(" AND port = ").number(port.into());
        query = query.sql(if new.serial.is_some() { " AND serial IS NULL)" } else { ")" });
    }
    let earlier: Vec<Earlier> = query.sql(") ORDER BY device_id").load(conn)?;
    for row in earlier {
        move_accounts(conn, &row.device_id, new.device_id)?;
        end_as_superseded(conn, new.company_id, new.device_id, &row.exit_id, now)?;
    }
    Ok(())
}

/// What the new row knows already counts. A comparison of the old row that is under way still holds the panel: the new row
/// waits until it has let go.
fn move_accounts(conn: &mut DbConn, from: &str, to: &DeviceId) -> Result<(), StoreError> {
    Select::new(
        "UPDATE panels SET locked_by = old.locked_by, locked_until = old.locked_until,
         method = coalesce(panels.method, old.method) FROM panels old WHERE old.device_id = ",
    )
    .text(from)
    .sql(" AND panels.device_id = ")
    .text(to.as_str())
    .execute(conn)?;
    Select::new("UPDATE panel_accounts SET device_id = ")
        .text(to.as_str())
        .sql(" WHERE device_id = ")
        .text(from)
        .sql(" AND user_name NOT IN (SELECT user_name FROM panel_accounts WHERE device_id = ")
        .text(to.as_str())
        .sql(")")
        .execute(conn)?;
    Select::new("DELETE FROM panels WHERE device_id = ").text(from).execute(conn)?;
    Ok(())
}

/// Ends an exit whose panel is here again.
pub(super) fn end_as_superseded(
    conn: &mut DbConn,
    company: &CompanyId,
    device: &DeviceId,
    exit: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    Select::new("UPDATE panel_exits SET state = 'superseded', ended_at = ")
        .number(micros(now))
        .sql(" WHERE state = 'running' AND id = ")
        .text(exit)
        .execute(conn)?;
    sites::delete_closed(conn, company)?;
    let told = NewEvent {
        company_id: company.clone(),
        site_id: None,
        device_id: Some(device.clone()),
        kind: EventKind::PanelExitEnded,
        actor: "system".to_owned(),
        at: now,
        data: json!({ "exit_id": exit, "state": ExitState::Superseded.as_str() }),
    };
    // The order of both logs' locks, should devices be noted after this.
    one_appender(conn, CHANGES_LOCK)?;
    events::append(conn, &told)
}
