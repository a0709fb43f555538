//! `PUT /mail_settings`: sets the mail server.

use actix_web::{put, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use siteward_devices::{AddressPolicy, AddressRefused};
use siteward_domain::text;
use siteward_store::smtp::{self, SmtpSettings, password_place};
use siteward_store::{SealedText, StoreError};
use siteward_worker::jobs::send_mail::enqueue_waiting;
use siteward_worker::mail::{is_address, is_authority};
use utoipa::ToSchema;

use super::{MailSettings, OBJECT, may_set};
use crate::access::Admin;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, bad_name, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::words::{MailLanguage, SmtpSecurity};

const MOST_HOST: usize = 255;
const MOST_LOGIN: usize = 255;
const MOST_NAME: usize = 128;
const MOST_ADDRESS: usize = 254;
const MOST_CERTIFICATE: usize = 16 * 1024;
/// A mail server often stands on the same machine; link-local and metadata addresses it never has.
const POLICY: AddressPolicy = AddressPolicy { allow_loopback: true, allow_private: true };

/// How mails are to be sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailSettingsUpdate {
    /// The server: a name or an address.
    #[schema(min_length = 1, max_length = 255)]
    host: String,
    /// Its port: mostly 587 with STARTTLS, 465 with TLS from the first byte, 25 without.
    #[schema(minimum = 1, maximum = 65535)]
    port: u16,
    /// How the connection is kept from others.
    security: SmtpSecurity,
    /// The user name, where the server wants a login.
    #[schema(min_length = 1, max_length = 255)]
    user_name: Option<String>,
    /// The password to it; absent: the one that is kept, if nothing changed that it could be sent to.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255, format = Password)]
    password: Option<SecretString>,
    /// Certificate, PEM, of the authority that the server's certificate is from, where browsers do not know it.
    #[schema(min_length = 1, max_length = 16384)]
    certificate: Option<String>,
    /// The name that mails come from; may be empty.
    #[schema(max_length = 128)]
    sender_name: String,
    /// The address that mails come from.
    #[schema(min_length = 3, max_length = 254)]
    sender_address: String,
    /// The language that mails are written in.
    language: MailLanguage,
}

/// Sets the mail server of this installation; mails that wait are sent then.
#[utoipa::path(tag = "mail", request_body = MailSettingsUpdate, responses(
    (status = 200, description = "The settings as they are now", body = MailSettings),
    (status = 422, description = "A field is not valid, or the password has to be given again", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[put("/mail_settings")]
pub(crate) async fn update_mail_settings(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<MailSettingsUpdate>,
) -> Result<web::Json<MailSettings>, ApiError> {
    let mut body = body.into_inner();
    note.object(OBJECT, &"", "");
    let password = body.password.take();
    let new = check(body)?;
    let sealed = password.map(|password| seal(&platform, &password)).transpose()?;
    let (company, now, host) = (admin.0.company_id(), platform.clock.now(), new.host.clone());
    let saved = platform
        .write(move |conn| {
            if let Err(refusal) = may_set(conn, &company)? {
                return Ok(Err(refusal));
            }
            let kept = smtp::find_smtp(conn)?;
            let Some(settings) = with_password(new.clone(), sealed.clone(), kept) else {
                return Ok(Err(ApiError::field(codes::SMTP_PASSWORD_NEEDED, "password")));
            };
            smtp::put_smtp(conn, &settings)?;
            enqueue_waiting(conn, true, now)?;
            Ok(Ok(settings))
        })
        .await??;
    note.object(OBJECT, &"", host);
    (platform.wake_worker)();
    Ok(web::Json(saved.into()))
}

/// With the new password or the kept one. `None`: a password is needed, and the kept one was given for another server or
/// for a safer connection.
fn with_password(new: SmtpSettings, given: Option<SealedText>, kept: Option<SmtpSettings>) -> Option<SmtpSettings> {
    if new.user_name.is_none() {
        return Some(new);
    }
    let sealed_password = if let Some(sealed) = given {
        sealed
    } else {
        let kept = kept?;
        let target = |settings: &SmtpSettings| {
            let (host, user) = (settings.host.clone(), settings.user_name.clone());
            (host, settings.port, settings.security, user, settings.authority.clone())
        };
        kept.sealed_password.clone().filter(|_| target(&kept) == target(&new))?
    };
    Some(SmtpSettings { sealed_password: Some(sealed_password), ..new })
}

fn seal(platform: &Platform, password: &SecretString) -> Result<SealedText, ApiError> {
    let length = password.expose_secret().chars().count();
    if length == 0 || length > MOST_LOGIN || password.expose_secret().chars().any(char::is_control) {
        return Err(ApiError::field(codes::FIELD_INVALID, "password"));
    }
    Ok(platform.store.vault().seal(password_place(), password).map_err(StoreError::from)?)
}

fn check(body: MailSettingsUpdate) -> Result<SmtpSettings, ApiError> {
    let host = text::needed_line(&body.host, MOST_HOST).map_err(|error| bad_name(&error, "host"))?;
    POLICY.check_host_text(&host).map_err(|refused| match refused {
        AddressRefused::Invalid | AddressRefused::Spelling => ApiError::field(codes::ADDRESS_INVALID, "host"),
        _ => ApiError::field(codes::SMTP_ADDRESS_REFUSED, "host"),
    })?;
    if body.port == 0 {
        return Err(ApiError::field(codes::FIELD_INVALID, "port"));
    }
    let user_name = body.user_name.map(|user| text::needed_line(&user, MOST_LOGIN)).transpose();
    let sender_address = body.sender_address.trim().to_owned();
    if sender_address.chars().count() > MOST_ADDRESS || !is_address(&sender_address) {
        return Err(ApiError::field(codes::EMAIL_INVALID, "sender_address"));
    }
    if body.certificate.as_deref().is_some_and(|pem| pem.len() > MOST_CERTIFICATE || !is_authority(pem)) {
        return Err(ApiError::field(codes::SMTP_CERTIFICATE_INVALID, "certificate"));
    }
    Ok(SmtpSettings {
        host,
        port: body.port,
        security: body.security.0,
        user_name: user_name.map_err(|error| bad_name(&error, "user_name"))?,
        sealed_password: None,
        authority: body.certificate,
        sender_name: text::optional_line(&body.sender_name, MOST_NAME)
            .map_err(|error| bad_name(&error, "sender_name"))?,
        sender_address,
        language: body.language.0,
        login_refused: false,
    })
}
