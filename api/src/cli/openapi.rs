//! `siteward openapi`.

use super::Failure;

pub(super) fn run() -> Result<(), Failure> {
    let json = siteward_api::openapi::json().map_err(|error| Failure::new("internal_error", error.to_string()))?;
    println!("{json}");
    Ok(())
}
