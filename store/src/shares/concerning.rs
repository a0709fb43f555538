//! Whom an event about sharing concerns besides the owner of the site: receivers, applicants, and those who are offered something. The event itself
//! names only what it is about, so that whoever else reads the log learns nothing of them.

use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::EndUserId;

use crate::columns::read;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::events::Event;
use crate::select::Select;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
}

/// What events name, and who that concerns.
const NAMED: [(&str, &str); 4] = [
    ("share_id", "SELECT receiver_id AS id FROM shares WHERE id = "),
    ("share_application_id", "SELECT applicant_id AS id FROM share_applications WHERE id = "),
    (
        "share_offer_id",
        "SELECT u.id FROM share_offers o JOIN end_users u ON u.id = o.receiver_id
         OR (o.receiver_id IS NULL AND u.email_lower = o.receiver_login)
         OR (o.receiver_id IS NULL AND u.phone = o.receiver_login AND u.phone_confirmed_at IS NOT NULL) WHERE o.id = ",
    ),
    // Until its code was entered a transfer concerns nobody but its giver.
    (
        "device_transfer_id",
        "SELECT u.id FROM device_transfers o JOIN end_users u ON u.id = o.receiver_id
         OR (o.receiver_id IS NULL AND u.email_lower = o.receiver_login)
         WHERE o.state NOT IN ('unconfirmed', 'void') AND o.id = ",
    ),
];

/// The end users that an event concerns because of what it names.
pub fn concerned(conn: &mut DbConn, event: &Event) -> Result<Vec<EndUserId>, StoreError> {
    let mut concerned = Vec::new();
    for (name, query) in NAMED {
        let Some(id) = event.data.get(name).and_then(serde_json::Value::as_str) else { continue };
        let rows: Vec<Row> = Select::new(query).text(id).sql(" LIMIT 2").load(conn)?;
        for row in rows {
            concerned.push(read(row.id, "end_users.id")?);
        }
    }
    Ok(concerned)
}
