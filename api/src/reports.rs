//! The report of a site: how available each device was over a span of days, what was wrong, disks and firmware; as data for the
//! console, as PDF and as CSV. All of them tell how downtime was counted, which the caller chooses.

pub(crate) mod csv;
pub(crate) mod disk_temperatures;
pub(crate) mod get;
mod making;
pub(crate) mod pdf;
mod query;
mod sheet;
mod texts;
mod view;

use actix_web::HttpResponse;
use actix_web::http::header::{
    CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType, ExtendedValue, HeaderValue,
};
use siteward_domain::availability::Shares;

/// The bytes of a file.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its description is used; the bytes are sent as they come")]
pub(crate) struct ReportFile(Vec<u8>);

/// An answer that a browser saves under a name.
fn file(content_type: &str, name: String, bytes: Vec<u8>) -> HttpResponse {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '_' }).collect();
    let named = ExtendedValue {
        charset: actix_web::http::header::Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: name.into_bytes(),
    };
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(plain), DispositionParam::FilenameExt(named)],
    };
    let mut response = HttpResponse::Ok().content_type(content_type).body(bytes);
    if let Ok(value) = HeaderValue::from_str(&disposition.to_string()) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}

/// The part of the counted time that was up, in percent with three decimals, cut and never rounded up: 99.9999 is not 100.
fn percent(shares: Shares) -> Option<f64> {
    shares.availability().map(|part| (part * 100_000.0).floor() / 1000.0)
}
