//! The `siteward` program: the server, and tools for QR codes and devices.

#![expect(clippy::print_stdout, reason = "printing is what a command line is for")]

mod cli;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    cli::run(&cli::Arguments::parse())
}
