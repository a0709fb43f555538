//! `siteward migrate`.

use siteward_worker::settings::Settings;

use super::Failure;

pub(super) fn run(settings: &Settings) -> Result<(), Failure> {
    let store = siteward_api::serve::open_unmigrated(settings)?;
    let ran = store.migrate().map_err(|error| Failure::new("migration", error.to_string()))?;
    if ran.is_empty() {
        println!("The database is up to date.");
    }
    for name in ran {
        println!("ran {name}");
    }
    Ok(())
}
