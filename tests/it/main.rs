//! Integration tests: one binary, a module a part of the product.

mod tidy;
