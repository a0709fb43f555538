//! The handover pack (R-G3): what a customer was handed, put together at the acceptance and never changed; as data and on paper.

pub(crate) mod get;
pub(crate) mod making;
pub(crate) mod pdf;
mod sheet;

use actix_web::HttpResponse;
use siteward_domain::handover_pack::HandoverPack;
use siteward_domain::mail::MailLanguage;
use siteward_store::handover_packs::KeptPack;

use crate::documents::{Texts, file};
use crate::error::ApiError;
use crate::platform::off_thread;

pub(crate) use making::{ForPack, Owner, make};

/// The bytes of a pack.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its description is used; the bytes are sent as they come")]
pub(crate) struct PackFile(Vec<u8>);

/// The pack as data: the very text that was hashed.
pub(crate) fn as_data(kept: KeptPack) -> Result<HttpResponse, ApiError> {
    let pack = HandoverPack::from_text(&kept.text).map_err(ApiError::internal)?;
    Ok(file("application/json", format!("{}.json", pack.site.name), kept.text.into_bytes()))
}

/// The pack on paper.
pub(crate) async fn on_paper(kept: KeptPack, language: MailLanguage) -> Result<HttpResponse, ApiError> {
    let pack = HandoverPack::from_text(&kept.text).map_err(ApiError::internal)?;
    let name = format!("{}.pdf", pack.site.name);
    let drawn = off_thread(move || sheet::write(&pack, &kept.sha256, Texts { language })).await?;
    Ok(file("application/pdf", name, drawn.map_err(ApiError::internal)?))
}

/// In which language a pack is wanted.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PackQuery {
    /// The language; English unless told.
    language: Option<crate::words::MailLanguage>,
}

impl PackQuery {
    pub(crate) fn language(&self) -> MailLanguage {
        self.language.map_or(MailLanguage::En, |language| language.0)
    }
}
