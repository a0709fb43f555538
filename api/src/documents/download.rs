//! A document as an answer that a browser saves.

use actix_web::HttpResponse;
use actix_web::http::header::{
    CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType, ExtendedValue, HeaderName, HeaderValue,
};

/// An answer that a browser saves under a name.
pub(crate) fn file(content_type: &str, name: String, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok().content_type(content_type).insert_header(attachment(name)).body(bytes)
}

/// The header that has a browser save an answer under a name.
pub(crate) fn attachment(name: String) -> (HeaderName, HeaderValue) {
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
    let value = HeaderValue::from_str(&disposition.to_string());
    (CONTENT_DISPOSITION, value.unwrap_or_else(|_| HeaderValue::from_static("attachment")))
}
