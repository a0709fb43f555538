//! `GET /mail_templates`: every letter, by its subject.

use actix_web::{get, web};
use serde::Serialize;
use siteward_domain::mail::{MailLanguage as Language, MailTemplate as Template};
use siteward_store::{StoreError, companies};
use siteward_worker::mail::sample;
use utoipa::ToSchema;

use super::TemplateSample;
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody};
use crate::platform::Platform;
use crate::words::{MailLanguage, MailTemplate};

/// Every letter in every language.
#[derive(Serialize, ToSchema)]
pub(crate) struct TemplateList {
    /// The letters.
    #[schema(max_items = 200)]
    items: Vec<TemplateSample>,
}

/// Lists the letters that people get, in every language.
#[utoipa::path(tag = "mail", responses(
    (status = 200, description = "The letters", body = TemplateList),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/mail_templates")]
pub(crate) async fn list_mail_templates(
    admin: Admin,
    platform: web::Data<Platform>,
) -> Result<web::Json<TemplateList>, ApiError> {
    let (id, now) = (admin.0.company_id(), platform.clock.now());
    let company = platform.read(move |conn| companies::find_company(conn, &id)?.ok_or(StoreError::NotFound)).await?;
    let every =
        Template::ALL.iter().flat_map(|template| Language::ALL.iter().map(move |language| (template, language)));
    let items = every.map(|(template, language)| TemplateSample {
        template: MailTemplate(*template),
        language: MailLanguage(*language),
        subject: sample(*template, *language, &company.name, &company.public_url, now).subject,
    });
    Ok(web::Json(TemplateList { items: items.collect() }))
}
