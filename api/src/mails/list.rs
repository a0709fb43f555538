//! `GET /mails`: the outbox, newest first.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use siteward_store::{mails, smtp};
use utoipa::{IntoParams, ToSchema};

use super::Mail;
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody};
use crate::page;
use crate::platform::Platform;
use crate::words::MailState;

/// Which mails, and which page of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MailQuery {
    /// Only those in this state.
    state: Option<MailState>,
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    cursor: Option<String>,
    /// Mails wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// A page of the outbox.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailPage {
    /// The mails, newest first.
    #[schema(max_items = 100)]
    items: Vec<Mail>,
    /// Give it back for the next page; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
    /// Whether a mail server is set; without one mails wait.
    server_set: bool,
    /// Whether that server refused the login: mails wait until it is changed or a test goes through.
    login_refused: bool,
}

/// Lists the company's mails, newest first.
#[utoipa::path(tag = "mail", params(MailQuery), responses(
    (status = 200, description = "A page of the outbox", body = MailPage),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/mails")]
pub(crate) async fn list_mails(
    admin: Admin,
    platform: web::Data<Platform>,
    query: web::Query<MailQuery>,
) -> Result<web::Json<MailPage>, ApiError> {
    let (company, query) = (admin.0.company_id(), query.into_inner());
    let limit = page::limit(query.limit)?;
    let state = query.state.map(|state| state.0);
    let (found, server) = platform
        .read(move |conn| {
            let found = mails::list_mails(conn, &company, state, query.cursor.as_deref(), limit)?;
            Ok((found, smtp::find_smtp(conn)?))
        })
        .await?;
    Ok(web::Json(MailPage {
        items: found.items.into_iter().map(Mail::from).collect(),
        next_cursor: found.next_cursor,
        server_set: server.is_some(),
        login_refused: server.is_some_and(|server| server.login_refused),
    }))
}
