//! SQL of lists, put together piece by piece: the text and its binds grow side by side.
//!
//! Both databases take `$1`, `$2` …; SQLite numbers them by first appearance, so each bind is a new one.

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use crate::connection::{DbConn, MultiBackend};
use crate::error::StoreError;

#[derive(Clone)]
enum Bind {
    Text(String),
    Number(i64),
}

/// A query under construction.
#[derive(Clone)]
pub(crate) struct Select {
    sql: String,
    binds: Vec<Bind>,
}

impl Select {
    pub(crate) fn new(sql: &str) -> Self {
        Self { sql: sql.to_owned(), binds: Vec::new() }
    }

    /// Adds text as it is. Never a value.
    pub(crate) fn sql(mut self, sql: &str) -> Self {
        self.sql.push_str(sql);
        self
    }

    /// Adds a text value.
    pub(crate) fn text(self, value: impl Into<String>) -> Self {
        self.bind(Bind::Text(value.into()))
    }

    /// Adds a number.
    pub(crate) fn number(self, value: i64) -> Self {
        self.bind(Bind::Number(value))
    }

    /// Adds a list of text values in brackets; an empty one matches nothing.
    pub(crate) fn texts<'a>(mut self, values: impl IntoIterator<Item = &'a str>) -> Self {
        self.sql.push_str("(NULL");
        for value in values {
            self = self.sql(", ").text(value);
        }
        self.sql(")")
    }

    /// Adds a list of numbers in brackets; an empty one matches nothing.
    pub(crate) fn numbers(mut self, values: impl IntoIterator<Item = i64>) -> Self {
        self.sql.push_str("(NULL");
        for value in values {
            self.sql.push_str(", ");
            self.sql.push_str(&value.to_string());
        }
        self.sql(")")
    }

    /// Adds a piece that was put together apart; its binds are numbered anew.
    pub(crate) fn then(mut self, piece: Self) -> Self {
        let mut parts = piece.sql.split('$');
        self.sql.push_str(parts.next().unwrap_or_default());
        for (bind, part) in piece.binds.into_iter().zip(parts) {
            self = self.bind(bind).sql(part.trim_start_matches(|c: char| c.is_ascii_digit()));
        }
        self
    }

    fn bind(mut self, bind: Bind) -> Self {
        self.binds.push(bind);
        self.sql.push('$');
        self.sql.push_str(&self.binds.len().to_string());
        self
    }

    /// Runs it and gives its rows.
    pub(crate) fn load<T: QueryableByName<MultiBackend> + 'static>(
        self,
        conn: &mut DbConn,
    ) -> Result<Vec<T>, StoreError> {
        let mut query = sql_query(self.sql).into_boxed::<MultiBackend>();
        for bind in self.binds {
            query = match bind {
                Bind::Text(text) => query.bind::<Text, _>(text),
                Bind::Number(number) => query.bind::<BigInt, _>(number),
            };
        }
        Ok(query.load(conn)?)
    }

    /// Runs it and gives the number of rows it touched.
    pub(crate) fn execute(self, conn: &mut DbConn) -> Result<usize, StoreError> {
        let mut query = sql_query(self.sql).into_boxed::<MultiBackend>();
        for bind in self.binds {
            query = match bind {
                Bind::Text(text) => query.bind::<Text, _>(text),
                Bind::Number(number) => query.bind::<BigInt, _>(number),
            };
        }
        Ok(query.execute(conn)?)
    }
}
