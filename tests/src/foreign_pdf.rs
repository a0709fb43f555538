//! Reads PDF documents with a library that is not ours (pypdf).

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// What is in a PDF, as `tests/peers/read_pdf.py` tells. Its Python environment is made by `tests/peers/venv`.
pub fn read(pdf: &[u8]) -> Result<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("a workspace")?;
    let python = root.join("target/peers-venv/bin/python");
    if !python.is_file() {
        bail!("no Python with pypdf here: tests/peers/venv makes it");
    }
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), pdf)?;
    let output = Command::new(python).arg(root.join("tests/peers/read_pdf.py")).arg(file.path()).output()?;
    if !output.status.success() {
        bail!("pypdf: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
