//! `GET /mail_templates/{template}/{language}`: a letter with made-up content, as this company sends it.

use actix_web::{get, web};
use serde::Serialize;
use siteward_domain::mail::{MailLanguage as Language, MailTemplate as Template};
use siteward_store::{StoreError, companies, company_logos};
use siteward_worker::mail::{TOKEN_GAP, preview, sample};
use utoipa::ToSchema;

use super::TemplateSample;
use crate::access::Admin;
use crate::error::{ApiError, ErrorBody, codes};
use crate::platform::Platform;
use crate::words::{MailLanguage, MailTemplate};

/// A letter to look at.
#[derive(Serialize, ToSchema)]
pub(crate) struct TemplatePreview {
    /// The letter.
    sample: TemplateSample,
    /// What it says, as text.
    text: String,
    /// What it says, as HTML, with its pictures within.
    html: String,
}

/// Gives a letter with made-up content, with the company's own name and logo.
#[utoipa::path(tag = "mail", params(
    ("template" = MailTemplate, Path, description = "What it is about"),
    ("language" = MailLanguage, Path, description = "The language"),
), responses(
    (status = 200, description = "The letter", body = TemplatePreview),
    (status = 404, description = "No such letter or language", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[get("/mail_templates/{template}/{language}")]
pub(crate) async fn get_mail_template(
    admin: Admin,
    platform: web::Data<Platform>,
    path: web::Path<(String, String)>,
) -> Result<web::Json<TemplatePreview>, ApiError> {
    let (id, now, (template, language)) = (admin.0.company_id(), platform.clock.now(), path.into_inner());
    let found = Template::from_stored(&template).zip(Language::from_stored(&language));
    let (template, language) = found.ok_or_else(|| ApiError::new(codes::NOT_FOUND))?;
    let (company, logo) = platform
        .read(move |conn| {
            let logo = company_logos::find_logo(conn, &id)?;
            Ok((companies::find_company(conn, &id)?.ok_or(StoreError::NotFound)?, logo))
        })
        .await?;
    let letter = sample(template, language, &company.name, &company.public_url, now);
    let html = preview(&letter.html, logo.as_ref().map(|logo| (&company, logo)));
    let text = letter.text.replace(TOKEN_GAP, "…");
    let (template, language) = (MailTemplate(template), MailLanguage(language));
    let sample = TemplateSample { template, language, subject: letter.subject };
    Ok(web::Json(TemplatePreview { sample, text, html }))
}
