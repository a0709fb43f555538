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
    // PostgreSQL takes no text with a NUL in it, and no list has given one out.
    if parts.iter().any(|part| part.contains('\0')) {
        return Err(StoreError::BadCursor);
    }
    parts.try_into().map_err(|_| StoreError::BadCursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cursors_that_a_list_gave_out_are_read() {
        let given = encode(&["a name".to_owned(), "an id".to_owned()]);
        assert_eq!(decode::<2>(&given).unwrap(), ["a name", "an id"]);
        assert!(matches!(decode::<1>(&given), Err(StoreError::BadCursor)));
        let with_nul = encode(&["a\0b".to_owned()]);
        for bad in ["", "*", "e30", with_nul.as_str()] {
            assert!(matches!(decode::<1>(bad), Err(StoreError::BadCursor)), "{bad}");
        }
    }
}
