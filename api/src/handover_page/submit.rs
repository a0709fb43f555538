//! `POST /handover/{token}`: the answer to an invitation.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::SecretString;
use siteward_store::StoreError;
use siteward_store::handovers::{Accepted, Accepting};
use siteward_worker::handovers;

use super::asked::Ticked;
use super::done;
use super::person::{Answering, Given, Stop};
use super::{Link, Person, SIGN_IN, Typed};
use crate::error::{ApiError, codes};
use crate::handover_packs::{self, ForPack};
use crate::pages::frame::Field;
use crate::pages::is_own_form;
use crate::pages::language::language_of;
use crate::pages::message::{gone_to, refused};
use crate::platform::{Platform, off_thread};

/// The fields of the form; boxes come with a name each.
type Fields = Vec<(String, String)>;

/// Accepts all that is ticked, or refuses.
pub(crate) async fn answer_handover(
    request: HttpRequest,
    platform: web::Data<Platform>,
    token: web::Path<String>,
    form: Result<web::Form<Fields>, actix_web::Error>,
) -> HttpResponse {
    let link = match Link::find(&request, &platform, &token).await {
        Ok(Some(link)) => link,
        Ok(None) => return gone_to(language_of(&request, None), SIGN_IN),
        Err(error) => return refused(language_of(&request, None), &error),
    };
    if !is_own_form(&request) {
        return refused(link.language, &ApiError::new(codes::CSRF_MISSING));
    }
    let Ok(form) = form else { return refused(link.language, &ApiError::new(codes::BAD_REQUEST)) };
    let fields = form.into_inner();
    match field(&fields, "answer") {
        "accept" => accept(&request, &platform, link, &fields).await,
        "refuse" => refuse(&platform, &link).await,
        _ => refused(link.language, &ApiError::new(codes::BAD_REQUEST)),
    }
}

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

/// What became of it.
enum Outcome {
    Accepted(Box<Accepted>),
    /// What they showed was used at the same instant.
    Unproven,
    /// An account with this address was made at the same instant: most likely by themself, with a second click.
    HasAccount,
    /// What is shared cannot be given; an account that was made for it stays.
    Refused,
}

async fn accept(request: &HttpRequest, platform: &Platform, link: Link, fields: &Fields) -> HttpResponse {
    let ticked = Ticked::read(fields);
    let given = Given {
        name: field(fields, "name").to_owned(),
        region: field(fields, "region").to_owned(),
        password: SecretString::from(field(fields, "password")),
        code: Some(field(fields, "code")).filter(|code| !code.trim().is_empty()).map(SecretString::from),
    };
    let kept = (Field::filled(&given.name), Field::filled(&given.region));
    let again = |status, typed: Typed, ticked| {
        let (name, region) = match link.person {
            Person::New if typed.name.value.is_empty() && typed.name.error.is_none() => kept.clone(),
            _ => (typed.name.clone(), typed.region.clone()),
        };
        link.page(status, &Typed { ticked: Some(ticked), name, region, ..typed })
    };
    let answering = match Answering::begin(request, platform, &link, given).await {
        Ok(answering) => Arc::new(answering),
        Err(Stop::Wrong(typed)) => return again(StatusCode::UNPROCESSABLE_ENTITY, *typed, ticked),
        Err(Stop::Error(error)) => return refused(link.language, &error),
    };
    match write(platform, &link, &ticked, Arc::clone(&answering)).await {
        Ok(Outcome::Accepted(accepted)) => {
            (platform.wake_worker)();
            done::accepted(platform, &link, &answering, &accepted).await
        }
        Ok(Outcome::HasAccount) => {
            anew(request, platform, &link, Typed { ticked: Some(ticked), ..Typed::default() }).await
        }
        Ok(Outcome::Unproven) => {
            let wrong = Typed { password_error: Some(link.texts().password_wrong), ..Typed::default() };
            again(StatusCode::UNPROCESSABLE_ENTITY, wrong, ticked)
        }
        Ok(Outcome::Refused) => {
            let failed = Some(link.texts().share_refused);
            anew(request, platform, &link, Typed { failed, ticked: Some(ticked), ..Typed::default() }).await
        }
        Err(error) if error.code() == codes::NOT_FOUND.code => gone_to(link.language, SIGN_IN),
        Err(error) => refused(link.language, &error),
    }
}

/// The page as it is now: who had no account may have one.
async fn anew(request: &HttpRequest, platform: &Platform, link: &Link, typed: Typed) -> HttpResponse {
    match Link::find(request, platform, &link.secret).await {
        Ok(Some(found)) => found.page(StatusCode::CONFLICT, &typed),
        Ok(None) => gone_to(link.language, SIGN_IN),
        Err(error) => refused(link.language, &error),
    }
}

async fn write(
    platform: &Platform,
    link: &Link,
    ticked: &Ticked,
    answering: Arc<Answering>,
) -> Result<Outcome, ApiError> {
    let (now, store) = (platform.clock.now(), platform.store.clone());
    let accepting = Accepting {
        id: link.handover.id.clone(),
        token_hash: Some(link.token_hash.clone()),
        end_user_id: answering.id.clone(),
        email: link.handover.email.clone(),
        allowed: ticked.of(&link.handover.offer.asks()),
    };
    let (company_id, handover_id) = (link.handover.company_id.clone(), link.handover.id.clone());
    let (owner, allowed) = (answering.owner(&link.handover.email), accepting.allowed.clone());
    let pack = handover_packs::make(platform, ForPack { company_id, handover_id, owner, allowed }).await?;
    let written = off_thread(move || {
        store.write(|conn| {
            if !answering.enter(conn, now)? {
                return Ok(Outcome::Unproven);
            }
            match handovers::accept(conn, &accepting, pack.as_ref(), now)? {
                Ok(accepted) => {
                    answering.stay(conn, store.vault(), now)?;
                    Ok(Outcome::Accepted(Box::new(accepted)))
                }
                Err(refusal) => {
                    tracing::info!(?refusal, "a share could not be given");
                    Ok(Outcome::Refused)
                }
            }
        })
    });
    match written.await? {
        Err(StoreError::Duplicate { what: "end_user_email" }) => Ok(Outcome::HasAccount),
        written => Ok(written?),
    }
}

async fn refuse(platform: &Platform, link: &Link) -> HttpResponse {
    let now = platform.clock.now();
    let (company, id, hash) = (link.handover.company_id.clone(), link.handover.id.clone(), link.token_hash.clone());
    let end_user = match &link.person {
        Person::SignedIn(caller) => Some(caller.id()),
        Person::Known | Person::New => None,
    };
    let written = platform.write(move |conn| -> Result<(), StoreError> {
        handovers::refuse(conn, (&company, &id), Some(&hash), end_user.as_ref(), now)
    });
    match written.await {
        Ok(()) => {
            (platform.wake_worker)();
            done::refused(link)
        }
        Err(error) if error.code() == codes::NOT_FOUND.code => gone_to(link.language, SIGN_IN),
        Err(error) => refused(link.language, &error),
    }
}
