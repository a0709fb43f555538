//! One connection type over both databases, and the manager that makes them for the pool.
//!
//! SQLite connections get their PRAGMAs here, each of them: WAL so that readers and the writer do not
//! wait for each other, `foreign_keys` (off by default in SQLite), a busy timeout for other processes
//! (the command line beside a running server), and `synchronous` as each transaction needs it, see `store`.
//! The page cache is small: each commit of another connection empties it, so a larger one takes memory and saves nothing.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::r2d2::R2D2Connection;
use diesel::{Connection, PgConnection, SqliteConnection};

use crate::error::StoreError;

pub use multi::DbConn;
pub(crate) use multi::MultiBackend;

mod multi {
    use diesel::{PgConnection, SqliteConnection};

    /// A connection to either database, inside a transaction that `Store::read` or `Store::write` began.
    #[derive(diesel::MultiConnection)]
    pub enum DbConn {
        /// PostgreSQL.
        Postgresql(PgConnection),
        /// SQLite.
        Sqlite(SqliteConnection),
    }
}

/// Which database is behind the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// SQLite, a file.
    Sqlite,
    /// PostgreSQL, or what speaks its protocol.
    Postgres,
}

/// Where the database is, chosen by the scheme of its URL.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Target {
    /// Absent: `siteward.db` in the data folder. `postgres://`, `postgresql://`: PostgreSQL. Anything else is refused.
    pub(crate) fn choose(url: Option<&str>, data_dir: &Path) -> Result<Self, StoreError> {
        let Some(url) = url.map(str::trim).filter(|url| !url.is_empty()) else {
            return Ok(Self::Sqlite(data_dir.join("siteward.db")));
        };
        match url.split_once("://") {
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(with_timeouts(url))),
            Some((scheme, _)) => Err(StoreError::BadDatabaseUrl(format!(
                "database URL scheme `{scheme}` is not supported: use postgres://… or leave it out for SQLite in the data folder"
            ))),
            None => Err(StoreError::BadDatabaseUrl(
                "the database URL has no scheme: use postgres://… or leave it out for SQLite in the data folder"
                    .to_owned(),
            )),
        }
    }

    pub(crate) fn backend(&self) -> Backend {
        match self {
            Self::Sqlite(_) => Backend::Sqlite,
            Self::Postgres(_) => Backend::Postgres,
        }
    }
}

/// Adds bounds on connecting and on a silent network, unless the URL sets its own.
fn with_timeouts(url: &str) -> String {
    let mut url = url.to_owned();
    for (name, value) in [("connect_timeout", "3"), ("tcp_user_timeout", "5000"), ("application_name", "siteward")] {
        if !url.contains(name) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(name);
            url.push('=');
            url.push_str(value);
        }
    }
    url
}

/// A pooled connection and whether it must be thrown away.
pub(crate) struct Pooled {
    pub(crate) conn: DbConn,
    pub(crate) lost: bool,
}

/// Makes connections for the pool.
pub(crate) struct Manager(pub(crate) Target);

impl r2d2::ManageConnection for Manager {
    type Connection = Pooled;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Pooled, Self::Error> {
        let conn = match &self.0 {
            Target::Sqlite(path) => DbConn::Sqlite(open_sqlite(path)?),
            Target::Postgres(url) => {
                DbConn::Postgresql(PgConnection::establish(url).map_err(diesel::r2d2::Error::ConnectionError)?)
            }
        };
        Ok(Pooled { conn, lost: false })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), Self::Error> {
        pooled.conn.ping().map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.lost || pooled.conn.is_broken()
    }
}

fn open_sqlite(path: &Path) -> Result<SqliteConnection, diesel::r2d2::Error> {
    let mut conn =
        SqliteConnection::establish(&path.to_string_lossy()).map_err(diesel::r2d2::Error::ConnectionError)?;
    conn.batch_execute(
        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;
         PRAGMA synchronous = NORMAL; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;
         PRAGMA journal_size_limit = 67108864;",
    )
    .map_err(diesel::r2d2::Error::QueryError)?;
    Ok(conn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_of_another_scheme_is_refused_by_name() {
        let folder = Path::new("data");
        assert!(Target::choose(None, folder).unwrap() == Target::Sqlite(PathBuf::from("data/siteward.db")));
        for url in ["postgres://u@h/d", "postgresql:///d?host=/run"] {
            assert_eq!(Target::choose(Some(url), folder).unwrap().backend(), Backend::Postgres);
        }
        for url in ["mysql://h/d", "sqlite://x.db", "x.db"] {
            let refused = Target::choose(Some(url), folder).err().unwrap();
            assert!(matches!(refused, StoreError::BadDatabaseUrl(_)), "{url}");
        }
    }

    #[test]
    fn timeouts_are_added_unless_the_url_has_its_own() {
        assert_eq!(
            with_timeouts("postgres://h/d?connect_timeout=9"),
            "postgres://h/d?connect_timeout=9&tcp_user_timeout=5000&application_name=siteward"
        );
    }
}
