//! The one-time set-up code: printed at start while there is no company, so that only who sees the
//! server's output can take the fresh server.

use rand::RngExt as _;
use siteward_store::{DbConn, StoreError, companies, settings};

use crate::access::token;

/// Letters and digits that are not mistaken for each other.
const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Where its hash is kept.
const KEY: &str = "setup_code_hash";

/// Makes a new code when there is no company yet; an older one is no longer good.
pub(crate) fn renew(conn: &mut DbConn) -> Result<Option<String>, StoreError> {
    if companies::any_company(conn)? {
        settings::delete(conn, KEY)?;
        return Ok(None);
    }
    let code = new_code();
    settings::put(conn, KEY, &token::hash(&normal(&code)))?;
    Ok(Some(code))
}

/// Whether a code is the one printed last.
pub(crate) fn is_right(conn: &mut DbConn, given: &str) -> Result<bool, StoreError> {
    let stored = settings::find(conn, KEY)?;
    Ok(stored.is_some_and(|stored| token::equal(&stored, &token::hash(&normal(given)))))
}

/// Makes the code useless.
pub(crate) fn forget(conn: &mut DbConn) -> Result<(), StoreError> {
    settings::delete(conn, KEY)
}

fn new_code() -> String {
    let mut random = rand::rng();
    let mut code = String::with_capacity(14);
    for place in 0..12 {
        if place > 0 && place % 4 == 0 {
            code.push('-');
        }
        let letter = ALPHABET.get(random.random_range(0..ALPHABET.len())).copied().unwrap_or(b'A');
        code.push(char::from(letter));
    }
    code
}

/// Codes are compared in capitals and without the dashes.
fn normal(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_three_groups_of_four_and_is_read_in_any_form() {
        let code = new_code();
        assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4]);
        assert_eq!(normal(&code.to_lowercase().replace('-', " ")), code.replace('-', ""));
        assert_ne!(code, new_code());
    }
}
