//! Database: schema, queries, jobs, vault.
