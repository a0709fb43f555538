//! `POST /staff_invitations`: invites somebody to the company's staff.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use siteward_domain::staff::MOST_NAME_CHARACTERS;
use siteward_domain::{InvitationId, RoleId, text};
use siteward_store::invitations::{self, NewInvitation};
use siteward_store::staff;
use siteward_worker::mail::is_address;
use utoipa::ToSchema;

use super::{StaffInvitation, mailing};
use crate::access::May;
use crate::access::rights::ManageStaff;
use crate::access::session::Caller;
use crate::access::token;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, bad_name, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::session::email;
use crate::staff::member::may_give_role;
use crate::words::MailLanguage;

/// Whom to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaffInvitationCreate {
    /// The e-mail address.
    #[schema(min_length = 3, max_length = 254)]
    email: String,
    /// The person's name.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    /// The role they will have; its rights may not exceed those of the caller.
    #[schema(value_type = String, format = "uuid")]
    role_id: RoleId,
    /// The language of the mail, and theirs.
    language: MailLanguage,
}

/// Invites somebody: a mail with a link that is good once and for 72 hours. At most 3 an hour to one address, and 30 an hour
/// of one company.
#[utoipa::path(tag = "staff", request_body = StaffInvitationCreate, responses(
    (status = 201, description = "Invited", body = StaffInvitation),
    (status = 403, description = "The role has rights that the caller lacks; details.rights", body = ErrorBody),
    (status = 409, description = "They are staff already, or have an open invitation", body = ErrorBody),
    (status = 429, description = "Too many invitations; Retry-After tells when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/staff_invitations")]
pub(crate) async fn create_invitation(
    may: May<ManageStaff>,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<StaffInvitationCreate>,
) -> Result<HttpResponse, ApiError> {
    let (caller, now, store) = (may.caller().clone(), platform.clock.now(), platform.store.clone());
    let secret = token::new_token();
    let new = check(body.into_inner(), &caller, InvitationId::generate(now), token::hash(&secret))?;
    note.object("staff_invitation", &new.id, &new.name);
    let secret = secret.into();
    let made = platform
        .write(move |conn| {
            if let Err(refusal) = may_give_role(conn, &caller, &new.role_id)? {
                return Ok(Err(refusal));
            }
            // That the address is staff of another company is for nobody here to know.
            if staff::find_by_email(conn, &new.email)?.is_some_and(|known| known.company_id == new.company_id) {
                return Ok(Err(ApiError::field(codes::STAFF_EMAIL_TAKEN, "email")));
            }
            if let Err(refusal) = mailing::pace(conn, &new.company_id, &new.email, now)? {
                return Ok(Err(refusal));
            }
            invitations::create_invitation(conn, &new, now)?;
            let made = invitations::get_invitation(conn, &new.company_id, &new.id, now)?;
            mailing::write(conn, &store, &new.company_id, &made, &secret, now)?;
            Ok(Ok(made))
        })
        .await??;
    (platform.wake_worker)();
    Ok(HttpResponse::Created().json(StaffInvitation::from(made)))
}

fn check(
    body: StaffInvitationCreate,
    caller: &Caller,
    id: InvitationId,
    token_hash: String,
) -> Result<NewInvitation, ApiError> {
    let email = email(&body.email).filter(|address| is_address(address));
    Ok(NewInvitation {
        id,
        company_id: caller.company_id(),
        email: email.ok_or_else(|| ApiError::field(codes::EMAIL_INVALID, "email"))?,
        name: text::needed_line(&body.name, MOST_NAME_CHARACTERS).map_err(|error| bad_name(&error, "name"))?,
        role_id: body.role_id,
        language: body.language.0,
        token_hash,
        invited_by: caller.staff_id(),
    })
}
