//! `siteward firmware judge`: what is known of firmwares, for lists of devices and for trying out a file of rules.

use std::io::{BufRead as _, Write as _};

use clap::{Args, Subcommand};
use serde::Serialize;
use siteward_domain::device::DeviceKind;
use siteward_domain::firmware::{FirmwareKnowledge, Function, Verdict};
use siteward_worker::settings::Settings;

use super::Failure;

#[derive(Subcommand)]
pub(super) enum Firmware {
    /// Judge devices, one a line of standard input: kind, model and firmware with tabs between them. Answers a line of JSON each.
    Judge(Judge),
}

#[derive(Args)]
pub(super) struct Judge {}

/// What is known of one device's firmware.
#[derive(Serialize)]
struct Judged<'a> {
    model: &'a str,
    firmware: &'a str,
    verdict: Verdict,
    /// The records that name the model, the worst first.
    records: Vec<&'a str>,
    /// The oldest version that has every function, where this one has not.
    minimum_version: Option<String>,
    functions_lost: Vec<Function>,
}

impl Firmware {
    pub(super) fn run(&self, settings: &Settings) -> Result<(), Failure> {
        let Self::Judge(Judge {}) = self;
        let refused = |error: &dyn std::error::Error| Failure::new("settings", error.to_string());
        let knowledge = siteward_worker::firmware::load(&settings.firmware).map_err(|error| refused(&error))?;
        let mut out = std::io::stdout().lock();
        for line in std::io::stdin().lock().lines() {
            let line = line.map_err(|error| Failure::new("input", error.to_string()))?;
            let judged = judge(&knowledge, &line)?;
            serde_json::to_writer(&mut out, &judged).map_err(|error| Failure::new("output", error.to_string()))?;
            out.write_all(b"\n").map_err(|error| Failure::new("output", error.to_string()))?;
        }
        Ok(())
    }
}

fn judge<'a>(knowledge: &'a FirmwareKnowledge, line: &'a str) -> Result<Judged<'a>, Failure> {
    let bad = || Failure::new("input", format!("not a kind, a model and a firmware with tabs between them: {line}"));
    let mut fields = line.split('\t');
    let (Some(kind), Some(model), Some(firmware), None) = (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return Err(bad());
    };
    let kind = DeviceKind::from_stored(kind).ok_or_else(bad)?;
    let found = knowledge.vulnerabilities.judge(model, firmware);
    let lost = knowledge.compatibility.check(kind, model, firmware);
    Ok(Judged {
        model,
        firmware,
        verdict: found.verdict,
        records: found.records.iter().map(|finding| finding.record.cve.as_str()).collect(),
        minimum_version: lost.as_ref().map(|lost| lost.minimum_version.clone()),
        functions_lost: lost.map(|lost| lost.functions_lost).unwrap_or_default(),
    })
}
