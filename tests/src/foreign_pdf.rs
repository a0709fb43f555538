//! Reads PDF documents with a library that is not ours (pypdf).

use std::process::Command;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::{peers, root};

/// What is in a PDF, as `tests/peers/read_pdf.py` tells.
pub fn read(pdf: &[u8]) -> Result<Value> {
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), pdf)?;
    let output =
        Command::new(peers::python()?).arg(root().join("tests/peers/read_pdf.py")).arg(file.path()).output()?;
    if !output.status.success() {
        bail!("pypdf: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
