//! Pages of a list: an order, a limit and an opaque cursor; never an offset, never an exact total.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::StoreError;

/// Most items of a page, whatever is asked.
pub const MOST_ITEMS: u32 = 100;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Give it back for the page that follows; `None` on the last one.
    pub next_cursor: Option<String>,
}

/// The limit as a query takes it: one more than shown tells whether a page follows.
pub(crate) fn rows_to_read(limit: u32) -> i64 {
    i64::from(limit.clamp(1, MOST_ITEMS)) + 1
}

/// Cuts what was read to the page and makes the cursor from the last row shown.
pub(crate) fn cut<T>(mut rows: Vec<T>, limit: u32, key: impl Fn(&T) -> Vec<String>) -> (Vec<T>, Option<String>) {
    let shown = usize::try_from(limit.clamp(1, MOST_ITEMS)).unwrap_or(1);
    if rows.len() <= shown {
        return (rows, None);
    }
    rows.truncate(shown);
    let cursor = rows.last().map(|row| encode(&key(row)));
    (rows, cursor)
}

fn encode(parts: &[String]) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(parts).unwrap_or_default())
}

/// The `N` parts of a cursor; one that is not ours is [`StoreError::BadCursor`].
pub(crate) fn decode<const N: usize>(cursor: &str) -> Result<[String; N], StoreError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| StoreError::BadCursor)?;
    let parts: Vec<String> = serde_json::from_slice(&bytes).map_err(|_| StoreError::BadCursor)?;
    parts.try_into().map_err(|_| StoreError::BadCursor)
}
