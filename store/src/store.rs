//! The store itself: a pool, a vault, and transactions.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::Error as DieselError;

use crate::connection::{Backend, DbConn, Manager, Pooled, Target};
use crate::error::StoreError;
use crate::migrations;
use crate::vault::{MasterKey, Vault};

/// How long a caller waits for a connection before it is told "not available" (T6: no hang over 5 s).
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(4);
/// How often a transaction that lost against another is tried.
const TRIES: u32 = 3;

/// Where the data is.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// `postgres://…`; `None`: SQLite in the data folder.
    pub database_url: Option<String>,
    /// The folder of the SQLite file; made when it is not there.
    pub data_dir: PathBuf,
    /// Most connections; 0: 6 for SQLite, 10 for PostgreSQL.
    pub pool_size: u32,
}

/// The open store. Cheap to clone; every clone is the same store.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    pool: r2d2::Pool<Manager>,
    backend: Backend,
    /// SQLite has one writer at a time: waiting here costs nothing, waiting in SQLite is a busy loop.
    writer: Mutex<()>,
    vault: Vault,
}

/// How a transaction begins and how surely it ends on the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Read,
    Write,
    WriteRelaxed,
}

impl Store {
    /// Opens the database and, where the schema is there, the vault's keys. Runs no migration.
    pub fn open(settings: &StoreSettings, master_key: MasterKey) -> Result<Self, StoreError> {
        let target = Target::choose(settings.database_url.as_deref(), &settings.data_dir)?;
        let backend = target.backend();
        if backend == Backend::Sqlite {
            let mut builder = std::fs::DirBuilder::new();
            builder.recursive(true);
            // The database holds password hashes: it is nobody else's to read.
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder
                .create(&settings.data_dir)
                .map_err(|error| StoreError::Unavailable(format!("data folder: {error}")))?;
        }
        let size = match (settings.pool_size, backend) {
            (0, Backend::Sqlite) => 6,
            (0, Backend::Postgres) => 10,
            (size, _) => size,
        };
        let pool = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(WAIT_FOR_CONNECTION)
            .error_handler(Box::new(r2d2::NopErrorHandler))
            .build_unchecked(Manager(target));
        let store = Self(Arc::new(Inner { pool, backend, writer: Mutex::new(()), vault: Vault::new(master_key) }));
        if store.read(migrations::schema_is_there)? {
            store.write(|conn| store.0.vault.load(conn))?;
        }
        Ok(store)
    }

    /// Brings the schema up to date and gives the names of the migrations that ran. Several processes may call it at once.
    pub fn migrate(&self) -> Result<Vec<String>, StoreError> {
        let names = self.write(migrations::run_pending)?;
        self.write(|conn| self.0.vault.load(conn))?;
        Ok(names)
    }

    /// Runs `f` on one unchanging view of the data (a repeatable read). `f` may run again when the connection was lost.
    ///
    /// Never call `read` or `write` inside: they would wait for each other.
    pub fn read<T>(&self, f: impl FnMut(&mut DbConn) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.in_transaction(Mode::Read, f)
    }

    /// Runs `f` in a write transaction and commits when it returns `Ok`; what is committed survives a loss of power.
    ///
    /// `f` may run several times (lost connection, deadlock, serialization failure), so it must do nothing but talk
    /// to the database. On SQLite it is `BEGIN IMMEDIATE`, one writer at a time.
    pub fn write<T>(&self, f: impl FnMut(&mut DbConn) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.in_transaction(Mode::Write, f)
    }

    /// As [`Store::write`], but the commit does not wait for the disk: a kill of the process loses nothing, a loss of
    /// power may lose the last moments. For measurements, which come again.
    pub fn write_relaxed<T>(&self, f: impl FnMut(&mut DbConn) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.in_transaction(Mode::WriteRelaxed, f)
    }

    /// The vault.
    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.0.backend
    }

    fn in_transaction<T>(
        &self,
        mode: Mode,
        mut f: impl FnMut(&mut DbConn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let alone = mode != Mode::Read && self.0.backend == Backend::Sqlite;
        let _writer = alone.then(|| self.0.writer.lock().unwrap_or_else(PoisonError::into_inner));
        // After a restart of the server every idle connection of the pool is dead: each may cost one attempt.
        let (mut attempts_left, mut lost_left) = (TRIES, self.0.pool.max_size() + 1);
        loop {
            let mut pooled =
                self.0.pool.get().map_err(|error| StoreError::Unavailable(format!("no connection: {error}")))?;
            match once(&mut pooled, mode, &mut f) {
                Err(Failure { error, may_repeat }) => {
                    let left = if error.is_lost_connection() { &mut lost_left } else { &mut attempts_left };
                    *left = left.saturating_sub(1);
                    pooled.lost |= error.is_lost_connection();
                    if !may_repeat || *left == 0 {
                        return Err(error);
                    }
                    tracing::debug!(%error, "a transaction is tried again");
                }
                Ok(value) => return Ok(value),
            }
        }
    }
}

struct Failure {
    error: StoreError,
    may_repeat: bool,
}

/// One attempt. A connection lost before the commit has done nothing and may be repeated; a commit whose answer
/// was lost may have happened, so it is not.
fn once<T>(
    pooled: &mut Pooled,
    mode: Mode,
    f: &mut impl FnMut(&mut DbConn) -> Result<T, StoreError>,
) -> Result<T, Failure> {
    let conn = &mut pooled.conn;
    let repeatable = |error: StoreError| {
        let may_repeat = error.is_worth_another_try() || error.is_lost_connection();
        Failure { error, may_repeat }
    };
    begin(conn, mode).map_err(|error| repeatable(error.into()))?;
    match f(conn) {
        Ok(value) => {
            commit(conn).map_err(|error| {
                let error = StoreError::from(error);
                Failure { may_repeat: mode == Mode::Read || error.is_worth_another_try(), error }
            })?;
            Ok(value)
        }
        Err(error) => {
            if let Err(failed) = rollback(conn) {
                tracing::debug!(error = %failed, "rollback failed, the connection is dropped");
                pooled.lost = true;
            }
            Err(repeatable(error))
        }
    }
}

fn begin(conn: &mut DbConn, mode: Mode) -> Result<(), DieselError> {
    match conn {
        DbConn::Sqlite(conn) => {
            let sql = match mode {
                Mode::Read => "BEGIN",
                Mode::Write => {
                    conn.batch_execute("PRAGMA synchronous = FULL")?;
                    "BEGIN IMMEDIATE"
                }
                Mode::WriteRelaxed => {
                    conn.batch_execute("PRAGMA synchronous = NORMAL")?;
                    "BEGIN IMMEDIATE"
                }
            };
            AnsiTransactionManager::begin_transaction_sql(conn, sql)
        }
        DbConn::Postgresql(conn) => {
            let sql = match mode {
                Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                Mode::Write => "BEGIN",
                Mode::WriteRelaxed => "BEGIN; SET LOCAL synchronous_commit = off",
            };
            AnsiTransactionManager::begin_transaction_sql(conn, sql)
        }
    }
}

fn commit(conn: &mut DbConn) -> Result<(), DieselError> {
    match conn {
        DbConn::Sqlite(conn) => AnsiTransactionManager::commit_transaction(conn),
        DbConn::Postgresql(conn) => AnsiTransactionManager::commit_transaction(conn),
    }
}

fn rollback(conn: &mut DbConn) -> Result<(), DieselError> {
    match conn {
        DbConn::Sqlite(conn) => AnsiTransactionManager::rollback_transaction(conn),
        DbConn::Postgresql(conn) => AnsiTransactionManager::rollback_transaction(conn),
    }
}

#[cfg(test)]
mod tests;
