//! `POST /my/confirm/{token}`: makes the account and signs its owner in.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use siteward_domain::EndUserId;
use siteward_store::end_user_operations::{self, NewEndUserOperation};
use siteward_store::{end_user_registrations, end_user_sessions, end_users};

use super::gone;
use crate::access::end_user::EndUserCaller;
use crate::access::token;
use crate::error::{ApiError, codes};
use crate::my::session::start::NewEndUserToken;
use crate::pages::is_own_form;
use crate::pages::language::language_of;
use crate::pages::message::refused;
use crate::platform::Platform;
use crate::session::start::From;

/// Confirms the address: the person has an account from now on, and is signed in.
pub(crate) async fn confirm_registration(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
) -> HttpResponse {
    let language = language_of(&request, None);
    if !is_own_form(&request) {
        return refused(language, &ApiError::new(codes::CSRF_MISSING));
    }
    match confirm(&request, &platform, token::hash(&token)).await {
        Ok(response) => response,
        Err(error) if error.code() == codes::NOT_FOUND.code || error.code() == codes::EMAIL_TAKEN.code => {
            gone(&request)
        }
        Err(error) => refused(language, &error),
    }
}

async fn confirm(request: &HttpRequest, platform: &Platform, token_hash: String) -> Result<HttpResponse, ApiError> {
    let (now, from) = (platform.clock.now(), From::of(request, platform));
    let (id, from_address) = (EndUserId::generate(now), from.address.clone());
    let token = NewEndUserToken::generate(&id, from, now);
    let session = token.session.clone();
    let before = EndUserCaller::find(platform, request).await?.map(|caller| caller.record.id);
    let confirmed = platform.write(move |conn| {
        end_user_registrations::confirm(conn, &token_hash, &id, now)?;
        if let Some(before) = &before {
            end_user_sessions::end_session(conn, before)?;
        }
        end_user_sessions::create_session(conn, &session)?;
        let operation = NewEndUserOperation {
            end_user_id: id.clone(),
            action: "POST /my/confirm/{token}".to_owned(),
            object_kind: "end_user".to_owned(),
            object_id: id.to_string(),
            object_name: end_users::get_end_user(conn, &id)?.name,
            from_address: from_address.clone(),
            result: "ok".to_owned(),
            at: now,
        };
        end_user_operations::append(conn, &operation)
    });
    confirmed.await?;
    let cookie = token.cookie(platform).await?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, "/my")).cookie(cookie).finish())
}
