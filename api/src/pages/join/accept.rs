//! `POST /join/{token}`: accepts the invitation and signs the new colleague in.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use siteward_domain::event::EventKind;
use siteward_domain::staff::{MOST_NAME_CHARACTERS, check_password};
use siteward_domain::{CompanyId, StaffId, text};
use siteward_store::events::{self, NewEvent};
use siteward_store::invitations::{self, Joining};
use siteward_store::operations::{self, NewOperation};
use siteward_store::sessions;

use super::{Link, Typed};
use crate::access::session::Caller;
use crate::error::{ApiError, codes};
use crate::pages::frame::Field;
use crate::pages::language::language_of;
use crate::pages::message::{gone, refused};
use crate::pages::{is_own_form, password};
use crate::platform::Platform;
use crate::profile::password::hashed;
use crate::session::start::{From, NewToken};

/// The form.
#[derive(Deserialize)]
pub(crate) struct JoinForm {
    name: String,
    password: SecretString,
}

/// What of the form is good.
struct Checked {
    name: String,
    password: SecretString,
}

/// Accepts the invitation: the person is staff from now on, and signed in.
pub(crate) async fn accept_invitation(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
    form: Result<web::Form<JoinForm>, actix_web::Error>,
) -> HttpResponse {
    let link = match Link::find(&request, &platform, &token).await {
        Ok(Some(link)) => link,
        Ok(None) => return gone(language_of(&request, None)),
        Err(error) => return refused(language_of(&request, None), &error),
    };
    if !is_own_form(&request) {
        return refused(link.language, &ApiError::new(codes::CSRF_MISSING));
    }
    let Ok(form) = form else { return refused(link.language, &ApiError::new(codes::BAD_REQUEST)) };
    let checked = match check(&link, form.into_inner()) {
        Ok(checked) => checked,
        Err(typed) => return link.page(StatusCode::UNPROCESSABLE_ENTITY, &typed, None),
    };
    let name = Field::filled(&checked.name);
    match join(&request, &platform, &link, checked).await {
        Ok(response) => response,
        Err(error) if error.code() == codes::NOT_FOUND.code => gone(link.language),
        Err(error) if error.code() == codes::STAFF_EMAIL_TAKEN.code => {
            let taken = Some(link.texts().address_taken);
            link.page(StatusCode::CONFLICT, &Typed { name, password_error: None }, taken)
        }
        Err(error) => refused(link.language, &error),
    }
}

fn check(link: &Link, form: JoinForm) -> Result<Checked, Typed> {
    let name = text::needed_line(&form.name, MOST_NAME_CHARACTERS);
    let weak = check_password(form.password.expose_secret(), &link.invitation.email).err();
    match (name, weak) {
        (Ok(name), None) => Ok(Checked { name, password: form.password }),
        (name, weak) => Err(Typed {
            name: Field { error: name.err().map(|bad| link.texts().bad_name(&bad)), value: form.name },
            password_error: weak.map(|weak| password::refusal(weak, link.language)),
        }),
    }
}

async fn join(
    request: &HttpRequest,
    platform: &Platform,
    link: &Link,
    checked: Checked,
) -> Result<HttpResponse, ApiError> {
    let password_hash = hashed(platform, &checked.password).await?;
    let (now, from) = (platform.clock.now(), From::of(request, platform));
    let (company, id) = (link.invitation.company_id.clone(), StaffId::generate(now));
    let logged = logged(&company, &id, &checked.name, &from.address, now);
    let joined = joined(&company, &id, now);
    let token = NewToken::generate(&company, &id, from, now);
    let (session, token_hash) = (token.session.clone(), link.token_hash.clone());
    let joining = Joining { staff_id: id, name: checked.name, password_hash, language: link.language };
    let before = request.extensions().get::<Caller>().map(|caller| caller.record.id.clone());
    let ended = before.clone();
    platform
        .write(move |conn| {
            invitations::accept(conn, &token_hash, &joining, now)?;
            if let Some(before) = &before {
                sessions::end_session(conn, before)?;
            }
            sessions::create_session(conn, &session)?;
            operations::append(conn, &logged)?;
            events::append(conn, &joined)
        })
        .await?;
    if let Some(ended) = &ended {
        platform.live.end_session(ended);
    }
    (platform.wake_worker)();
    let (cookie, _) = token.describe(platform).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, "/")).cookie(cookie).finish())
}

fn logged(company: &CompanyId, id: &StaffId, name: &str, address: &str, now: DateTime<Utc>) -> NewOperation {
    NewOperation {
        company_id: company.clone(),
        staff_id: Some(id.clone()),
        action: "POST /join/{token}".to_owned(),
        object_kind: "staff".to_owned(),
        object_id: id.to_string(),
        object_name: name.to_owned(),
        from_address: address.to_owned(),
        result: "ok".to_owned(),
        at: now,
    }
}

fn joined(company: &CompanyId, id: &StaffId, now: DateTime<Utc>) -> NewEvent {
    NewEvent {
        company_id: company.clone(),
        site_id: None,
        device_id: None,
        kind: EventKind::StaffChanged,
        actor: format!("staff:{id}"),
        at: now,
        data: serde_json::json!({ "staff_id": id }),
    }
}
