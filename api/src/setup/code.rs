//! The one-time set-up code: printed at start while there is no company, so that only who sees the
//! server's output can take the fresh server.

use siteward_store::{DbConn, StoreError, companies, settings};

use crate::access::one_time_code::{generate, normal};
use crate::access::token;

/// Where its hash is kept.
const KEY: &str = "setup_code_hash";

/// Makes a new code when there is no company yet; an older one is no longer good.
pub(crate) fn renew(conn: &mut DbConn) -> Result<Option<String>, StoreError> {
    if companies::any_company(conn)? {
        settings::delete(conn, KEY)?;
        return Ok(None);
    }
    let code = generate();
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
