//! `siteward device`: talking to a device.

mod address;
mod probe;
mod report;

use clap::Subcommand;
use siteward_worker::settings::Settings;

use super::Failure;

#[derive(Subcommand)]
pub(super) enum Device {
    /// Log in to a device and tell everything that it says of itself.
    Probe(probe::Probe),
}

impl Device {
    pub(super) fn wants_json(&self) -> bool {
        let Self::Probe(probe) = self;
        probe.json
    }

    pub(super) fn run(&self, settings: &Settings) -> Result<(), Failure> {
        let Self::Probe(probe) = self;
        probe.run(settings)
    }
}
