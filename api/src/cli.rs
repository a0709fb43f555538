//! The command line: one module a command.
//!
//! Results go to standard output, everything else to standard error. A refusal is `code: message`
//! there, with status 1; a wrong use of the command line has status 2.

mod admin;
mod device;
mod failure;
mod firmware;
mod log;
mod migrate;
mod openapi;
mod qr;
mod serve;
mod table;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use siteward_worker::settings::{LogFormat, Settings, SettingsError};
use tracing_subscriber::EnvFilter;

use failure::Failure;

/// Siteward: a self-hosted platform for the companies that install security systems.
#[derive(Parser)]
#[command(name = "siteward", version, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Settings file; else SITEWARD_CONFIG, else siteward.toml where it is.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  siteward serve                                    serve http://localhost:8080; prints a set-up link at the first start
  siteward serve --print-config                     every setting as it stands
  siteward qr decode --password 1234 -- export.png  what an export QR holds
  siteward device probe 192.168.1.64 --user admin --password-stdin < password.txt

Settings come from a file and from the environment: SITEWARD__DEVICES__ALLOW_LOOPBACK=true is allow_loopback of [devices].
`siteward <command> --help` tells more of each.";

#[derive(Subcommand)]
enum Command {
    /// Serve the web console and the API, with a worker inside.
    Serve(serve::Serve),
    /// Bring the database up to date and end.
    Migrate,
    /// Accounts, when nobody can sign in.
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Read and write QR codes.
    #[command(subcommand)]
    Qr(qr::Qr),
    /// Talk to a device.
    #[command(subcommand)]
    Device(device::Device),
    /// What is known of firmwares.
    #[command(subcommand)]
    Firmware(firmware::Firmware),
    /// Downloaded access logs.
    #[command(subcommand)]
    Log(log::Log),
    /// Print the description of the API (OpenAPI, JSON).
    Openapi,
}

/// Runs a command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let settings = || Settings::load(arguments.config.as_deref());
    let json = matches!(&arguments.command, Command::Qr(qr) if qr.wants_json())
        || matches!(&arguments.command, Command::Device(device) if device.wants_json());
    let done = match &arguments.command {
        Command::Serve(serve) => settings().map_err(Failure::from).and_then(|settings| serve.run(settings)),
        Command::Migrate => settings().map_err(Failure::from).and_then(|settings| migrate::run(&settings)),
        Command::Admin(admin) => settings().map_err(Failure::from).and_then(|settings| admin.run(&settings)),
        Command::Qr(qr) => qr.run(),
        Command::Device(device) => settings().map_err(Failure::from).and_then(|settings| device.run(&settings)),
        Command::Firmware(firmware) => settings().map_err(Failure::from).and_then(|settings| firmware.run(&settings)),
        Command::Log(log) => log.run(),
        Command::Openapi => openapi::run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell(json);
            ExitCode::FAILURE
        }
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::new("settings", error.to_string())
    }
}

/// Log lines on standard error, as the settings want them.
fn start_logging(settings: &Settings) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&settings.log.filter)
        .map_err(|error| Failure::new("settings", format!("log.filter: {error}")))?;
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    match settings.log.format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
    Ok(())
}

/// Reads a password from standard input: one line, without its end.
fn password_from_stdin() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| Failure::new("input", error.to_string()))?;
    let password = line.strip_suffix('\n').unwrap_or(&line);
    let password = password.strip_suffix('\r').unwrap_or(password);
    if password.is_empty() {
        return Err(Failure::new("input", "standard input holds no password"));
    }
    Ok(password.to_owned())
}
