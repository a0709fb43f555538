//! A document as an answer that a browser saves.

use actix_web::HttpResponse;
use actix_web::http::header::{
    CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType, ExtendedValue, HeaderValue,
};

/// An answer that a browser saves under a name.
pub(crate) fn file(content_type: &str, name: String, bytes: Vec<u8>) -> HttpResponse {
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
