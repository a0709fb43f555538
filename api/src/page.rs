//! Cursor pages: the two query parameters that every list takes.

use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use crate::error::{ApiError, codes};

/// Items of a page when nothing is asked (R-T6).
const USUAL_ITEMS: u32 = 20;
/// Most items of a page.
const MOST_ITEMS: u32 = 100;
/// Most characters of a search text.
const MOST_SEARCH: usize = 128;

/// Most characters of a text that something must be exactly.
const MOST_EXACT: usize = 256;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// `next_cursor` of the page before.
    #[param(max_length = 2048)]
    pub(crate) cursor: Option<String>,
    /// Items wanted, 20 unless told.
    #[param(minimum = 1, maximum = 100)]
    pub(crate) limit: Option<u32>,
}

impl PageQuery {
    /// The limit, checked.
    pub(crate) fn limit(&self) -> Result<u32, ApiError> {
        limit(self.limit)
    }
}

/// The limit of a page, checked.
pub(crate) fn limit(asked: Option<u32>) -> Result<u32, ApiError> {
    let limit = asked.unwrap_or(USUAL_ITEMS);
    if (1..=MOST_ITEMS).contains(&limit) { Ok(limit) } else { Err(bad("limit")) }
}

/// A search text, checked; blank is none.
pub(crate) fn search(text: Option<String>) -> Result<Option<String>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    if text.chars().count() > MOST_SEARCH || text.contains('\0') {
        return Err(bad("search"));
    }
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// A text that something must be exactly, checked; an empty one means what is empty.
pub(crate) fn exactly(text: Option<String>, parameter: &'static str) -> Result<Option<String>, ApiError> {
    match text {
        Some(text) if text.chars().count() > MOST_EXACT || text.contains('\0') => Err(bad(parameter)),
        text => Ok(text),
    }
}

/// A refused query parameter.
pub(crate) fn bad(parameter: &'static str) -> ApiError {
    ApiError::new(codes::BAD_QUERY).with_details(json!({ "parameter": parameter }))
}
