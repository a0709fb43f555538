//! `POST /setup`: makes the company and its Installer Admin, and signs them in.

use actix_web::{HttpRequest, HttpResponse, post, web};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use siteward_domain::company::Region;
use siteward_domain::mail::MailLanguage;
use siteward_domain::staff::check_password;
use siteward_domain::{CompanyId, StaffId, text};
use siteward_store::companies::{self, NewCompany};
use siteward_store::staff::{self, NewStaff};
use siteward_store::{DbConn, StoreError, sessions};
use utoipa::ToSchema;

use super::code;
use crate::access::password;
use crate::body::{Body, object};
use crate::company::public_url;
use crate::error::{ApiError, ErrorBody, bad_name, codes};
use crate::operation_log::Note;
use crate::platform::{Platform, off_thread};
use crate::session::start::{From, NewToken};
use crate::session::{Session, email, weak_password};

/// What makes the company.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupRequest {
    /// The code that the server printed at its start.
    #[schema(max_length = 64)]
    setup_code: String,
    /// The company.
    #[serde(deserialize_with = "object")]
    company: SetupCompany,
    /// Its Installer Admin.
    #[serde(deserialize_with = "object")]
    admin: SetupAdmin,
    /// How people reach this server.
    #[schema(min_length = 8, max_length = 255)]
    public_url: String,
}

/// The company to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupCompany {
    /// Its name.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    /// Country code of two letters, fixed from now on.
    #[schema(min_length = 2, max_length = 2)]
    region: String,
}

/// The Installer Admin to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupAdmin {
    /// Their name.
    #[schema(min_length = 1, max_length = 128)]
    name: String,
    /// E-mail address to sign in with.
    #[schema(min_length = 3, max_length = 254)]
    email: String,
    /// 8 to 64 characters, three of: small letters, capitals, digits, others.
    #[schema(value_type = String, min_length = 8, max_length = 64, format = Password)]
    password: SecretString,
}

/// Makes the company and its Installer Admin, and signs them in. Only once, and only with the printed code.
#[utoipa::path(tag = "setup", request_body = SetupRequest, security(()), responses(
    (status = 201, description = "Made and signed in", body = Session),
    (status = 403, description = "The code is wrong", body = ErrorBody),
    (status = 409, description = "Set up already", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/setup")]
pub(crate) async fn create_setup(
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<SetupRequest>,
) -> Result<HttpResponse, ApiError> {
    let body = body.into_inner();
    let now = platform.clock.now();
    let given = body.setup_code.clone();
    platform.read(move |conn| may_set_up(conn, &given)).await??;
    let (company, mut admin) = check(&body, now)?;
    let secret = body.admin.password.clone();
    let turn = platform.turn_to_hash().await?;
    admin.password_hash = off_thread(move || password::hash(secret.expose_secret())).await??;
    drop(turn);
    let (company_id, admin_id, name) = (company.id.clone(), admin.id.clone(), company.name.clone());
    let token = NewToken::generate(&company.id, &admin.id, From::of(&request, &platform), now);
    let (session, given) = (token.session.clone(), body.setup_code.clone());
    let outcome = platform
        .write(move |conn| {
            if let Err(refusal) = may_set_up(conn, &given)? {
                return Ok(Err(refusal));
            }
            companies::create_first_company(conn, &company, now)?;
            staff::create_staff(conn, &admin, now)?;
            code::forget(conn)?;
            sessions::create_session(conn, &session)?;
            Ok(Ok(()))
        })
        .await;
    outcome.map_err(as_setup_done)??;
    note.object("company", &company_id, name);
    note.who(company_id, Some(admin_id));
    token.answer(&platform, actix_web::http::StatusCode::CREATED).await
}

/// Two set-ups at the same instant: the second finds a company.
fn as_setup_done(error: ApiError) -> ApiError {
    if error.code() == codes::STALE.code { ApiError::new(codes::SETUP_DONE) } else { error }
}

fn may_set_up(conn: &mut DbConn, given: &str) -> Result<Result<(), ApiError>, StoreError> {
    if companies::any_company(conn)? {
        return Ok(Err(ApiError::new(codes::SETUP_DONE)));
    }
    if !code::is_right(conn, given)? {
        return Ok(Err(ApiError::new(codes::SETUP_CODE_WRONG)));
    }
    Ok(Ok(()))
}

fn check(body: &SetupRequest, now: DateTime<Utc>) -> Result<(NewCompany, NewStaff), ApiError> {
    let company = NewCompany {
        id: CompanyId::generate(now),
        name: text::needed_line(&body.company.name, 128).map_err(|error| bad_name(&error, "company.name"))?,
        region: Region::parse(&body.company.region)
            .map_err(|_| ApiError::field(codes::REGION_INVALID, "company.region"))?,
        public_url: public_url(&body.public_url)
            .ok_or_else(|| ApiError::field(codes::PUBLIC_URL_INVALID, "public_url"))?,
    };
    let email = email(&body.admin.email).ok_or_else(|| ApiError::field(codes::EMAIL_INVALID, "admin.email"))?;
    check_password(body.admin.password.expose_secret(), &email)
        .map_err(|weak| weak_password(weak, "admin.password"))?;
    let admin = NewStaff {
        id: StaffId::generate(now),
        company_id: company.id.clone(),
        name: text::needed_line(&body.admin.name, 128).map_err(|error| bad_name(&error, "admin.name"))?,
        email,
        password_hash: String::new(),
        is_admin: true,
        role_id: None,
        language: MailLanguage::En,
        time_zone: "UTC".to_owned(),
    };
    Ok((company, admin))
}
