//! `POST /company/admin`: the Installer Admin hands their role over (R-S1).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, post, web};
use secrecy::SecretString;
use serde::Deserialize;
use siteward_domain::{RoleId, StaffId};
use siteward_store::{events, sessions, staff};
use utoipa::ToSchema;

use crate::access::Admin;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::session::Session;
use crate::session::proof::{Proof, code_wrong, prove};
use crate::session::start::NewToken;
use crate::staff::member::staff_event;

/// To whom, and that it is really the Admin who asks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdminHandOver {
    /// Who is the Installer Admin from now on.
    #[schema(value_type = String, format = "uuid")]
    staff_id: StaffId,
    /// The caller's password.
    #[schema(value_type = String, max_length = 256, format = Password)]
    password: SecretString,
    /// The code of the caller's second factor, or a recovery code, where one is on.
    #[schema(value_type = Option<String>, max_length = 64, format = Password)]
    code: Option<SecretString>,
    /// The role of the caller from now on.
    #[schema(value_type = String, format = "uuid")]
    role_id: RoleId,
}

/// Hands the role of the Installer Admin over to a colleague. The caller goes on under a new session, with the role they
/// chose for themself.
#[utoipa::path(tag = "company", request_body = AdminHandOver, responses(
    (status = 200, description = "Handed over; the caller's new session", body = Session),
    (status = 404, description = "No such colleague or role", body = ErrorBody),
    (status = 409, description = "They may not sign in, or the caller is the Admin no more", body = ErrorBody),
    (status = 423, description = "Locked; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/company/admin")]
pub(crate) async fn hand_over_admin(
    admin: Admin,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<AdminHandOver>,
) -> Result<HttpResponse, ApiError> {
    let AdminHandOver { staff_id, password, code, role_id } = body.into_inner();
    let caller = admin.0;
    note.object("staff", &staff_id, "");
    if caller.record.staff_id == staff_id {
        return Err(ApiError::new(codes::OWN_ACCOUNT));
    }
    let Proof { account, from, shown, turn } = prove(&platform, &request, &caller, password, code.as_ref()).await?;
    let now = platform.clock.now();
    let token = NewToken::generate(&account.company_id, &account.id, from, now);
    let (session, before, next_id) = (token.session.clone(), caller.record.id.clone(), staff_id.clone());
    let name = platform
        .write(move |conn| {
            if !shown.take(conn, now)? {
                return Ok(Err(code_wrong()));
            }
            let next = staff::get_staff(conn, &account.company_id, &staff_id)?;
            if next.disabled {
                return Ok(Err(ApiError::new(codes::STAFF_DISABLED)));
            }
            staff::hand_over_admin(conn, &account.company_id, &account.id, &staff_id, &role_id, now)?;
            for person in [&account.id, &staff_id] {
                events::append(conn, &staff_event(&caller, person, now))?;
            }
            sessions::end_session(conn, &before)?;
            sessions::create_session(conn, &session)?;
            Ok(Ok(next.name))
        })
        .await??;
    drop(turn);
    note.object("staff", &next_id, name);
    (platform.wake_worker)();
    token.answer(&platform, StatusCode::OK).await
}
