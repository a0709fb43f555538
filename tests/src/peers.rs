//! Other people's programs in Python that tests speak with.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context as _, Result, ensure};

use crate::root;

/// The Python that has them; its environment is made by `tests/peers/venv`, once a process at most.
pub fn python() -> Result<PathBuf> {
    static MADE: OnceLock<Result<(), String>> = OnceLock::new();
    let made = MADE.get_or_init(|| make().map_err(|error| format!("{error:#}")));
    made.clone().map_err(anyhow::Error::msg)?;
    Ok(root().join("target/peers-venv/bin/python"))
}

fn make() -> Result<()> {
    let made = Command::new(root().join("tests/peers/venv")).status().context("running tests/peers/venv")?;
    ensure!(made.success(), "tests/peers/venv made no Python environment: {made}");
    Ok(())
}
