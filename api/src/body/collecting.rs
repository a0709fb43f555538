//! Bodies that are bytes: a picture, a text read by hand.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::{BytesMut, Payload};
use futures_util::StreamExt as _;

use crate::error::{ApiError, codes};

/// How long a body may take to arrive.
const LONGEST_UPLOAD: Duration = Duration::from_secs(60);

/// Collects a body within a limit of bytes and time.
pub(crate) async fn collect(
    request: &HttpRequest,
    mut payload: Payload,
    most: usize,
    too_large: impl Fn() -> ApiError,
) -> Result<BytesMut, ApiError> {
    let told = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if told.is_some_and(|told| told > most) {
        return Err(too_large());
    }
    let collecting = async {
        let mut bytes = BytesMut::with_capacity(told.unwrap_or(0).min(most));
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| ApiError::new(codes::BAD_REQUEST))?;
            if bytes.len() + chunk.len() > most {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    let collected = tokio::time::timeout(LONGEST_UPLOAD, collecting).await;
    collected.unwrap_or_else(|_| Err(ApiError::new(codes::BAD_REQUEST)))
}
