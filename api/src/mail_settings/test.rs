//! `POST /mail_settings/test`: tries the settings with one mail.

use actix_web::{post, web};
use serde::Deserialize;
use serde_json::json;
use siteward_store::{StoreError, companies, mails, smtp};
use siteward_worker::mail::{self, Delivered, Delivering, Patience};
use utoipa::ToSchema;

use super::{OBJECT, may_set};
use crate::access::Admin;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::mails::Mail;
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::session::email;

/// To whom the test mail goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailTest {
    /// The address.
    #[schema(min_length = 3, max_length = 254)]
    receiver: String,
}

/// Sends a test mail now and tells exactly what went wrong, if it does: the code says where, `details.said` is what the mail
/// server said. It is tried even where the server refused the login before.
#[utoipa::path(tag = "mail", request_body = MailTest, responses(
    (status = 200, description = "The server took it", body = Mail),
    (status = 409, description = "No mail server is set", body = ErrorBody),
    (status = 422, description = "It did not go: a code that begins with smtp_ or mail_", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/mail_settings/test")]
pub(crate) async fn test_mail_settings(
    admin: Admin,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<MailTest>,
) -> Result<web::Json<Mail>, ApiError> {
    note.object(OBJECT, &"", "");
    let receiver = email(&body.0.receiver).filter(|address| mail::is_address(address));
    let receiver = receiver.ok_or_else(|| ApiError::field(codes::EMAIL_INVALID, "receiver"))?;
    let (company, now) = (admin.0.company_id(), platform.clock.now());
    let id = platform
        .write(move |conn| {
            if let Err(refusal) = may_set(conn, &company)? {
                return Ok(Err(refusal));
            }
            if smtp::find_smtp(conn)?.is_none() {
                return Ok(Err(ApiError::new(codes::SMTP_NOT_SET)));
            }
            let company = companies::find_company(conn, &company)?.ok_or(StoreError::NotFound)?;
            let letter = mail::test_letter(mail::language(conn)?, &company.name, &company.public_url);
            let new = mail::address(&company, &receiver, letter, now);
            mails::create_mail(conn, &new, now)?;
            Ok(Ok(new.id))
        })
        .await??;
    let (store, clock) = (platform.store.clone(), platform.clock.clone());
    let delivering = Delivering { store, clock, patience: Patience::default(), gateway: None };
    let of_mail = id.clone();
    // A caller who goes away must not leave a mail behind whose fate nobody wrote down.
    let delivered = platform.runtime.spawn(async move { delivering.deliver(&of_mail, true).await });
    match delivered.await.map_err(ApiError::internal)?? {
        Delivered::Sent => {}
        Delivered::Waits | Delivered::Gone => return Err(ApiError::new(codes::SMTP_NOT_SET)),
        Delivered::Later(error) | Delivered::Failed(error) => {
            let details = json!({ "said": error.said, "mail_id": id });
            return Err(ApiError::of_code(error.code, codes::SMTP_BROKEN_OFF).with_details(details));
        }
    }
    let company = admin.0.company_id();
    let sent = platform.read(move |conn| mails::get_mail(conn, &company, &id)).await?;
    // What waited because of a refused login goes now.
    platform.write(move |conn| siteward_worker::jobs::send_mail::enqueue_waiting(conn, true, now)).await?;
    (platform.wake_worker)();
    Ok(web::Json(sent.into()))
}
