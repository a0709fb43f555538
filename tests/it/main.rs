//! Integration tests: one binary, a module a part of the product.

mod devices;
mod imports;
mod routes_table;
mod secrets;
mod session;
mod setup;
mod sites;
mod tidy;
