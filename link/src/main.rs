//! `siteward-link`: enrol once, then run.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use secrecy::SecretString;
use siteward_link::{Config, NewEnrolment, Standing, Status, USUAL_PATH};
use tokio_util::sync::CancellationToken;

/// The site agent: makes the devices of this network reachable for a Siteward platform.
#[derive(Parser)]
#[command(name = "siteward-link", version)]
struct Arguments {
    /// The configuration file.
    #[arg(long, global = true, default_value = USUAL_PATH)]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Takes the code that the console shows, and writes the configuration.
    Enroll {
        /// The platform, e.g. https://siteward.example
        url: String,
        /// The code, XXXX-XXXX-XXXX
        code: String,
        /// Certificates (PEM) to trust besides the public ones.
        #[arg(long)]
        ca: Option<PathBuf>,
        /// Permits a platform without TLS, for a trial. Everybody between can then read passwords.
        #[arg(long)]
        insecure_http: bool,
    },
    /// Connects and stays connected.
    Run {
        /// Tells more in the log.
        #[arg(long, short)]
        verbose: bool,
    },
    /// Says how the running link stands; fails unless it is connected.
    Status,
}

fn main() -> anyhow::Result<ExitCode> {
    let Arguments { config, command } = Arguments::parse();
    match command {
        Command::Enroll { url, code, ca, insecure_http } => {
            runtime()?.block_on(enrol(&config, &url, &SecretString::from(code), ca.as_deref(), insecure_http))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Run { verbose } => {
            log(verbose);
            let config = Config::read(&config)?;
            runtime()?.block_on(run(config))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Status => Ok(status(&Config::read(&config)?)),
    }
}

/// One thread: a thousand devices are no work for more, and each costs memory.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

fn log(verbose: bool) {
    let level = if verbose { tracing::Level::DEBUG } else { tracing::Level::INFO };
    tracing_subscriber::fmt().with_max_level(level).with_target(false).with_writer(std::io::stderr).init();
}

async fn enrol(
    config: &Path,
    url: &str,
    code: &SecretString,
    ca: Option<&Path>,
    insecure_http: bool,
) -> anyhow::Result<()> {
    // Once the code is taken it is worth nothing: see first that the token can be kept.
    let folder = config.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let writable = tempfile_in(folder);
    writable.with_context(|| format!("{} cannot be written; use --config or more rights", config.display()))?;
    let enrolled = siteward_link::enrol(url, code, ca, insecure_http).await?;
    let ca = ca.map(std::path::absolute).transpose()?;
    let new =
        NewEnrolment { url, token: &enrolled.token, link_id: &enrolled.link_id, ca: ca.as_deref(), insecure_http };
    Config::save_enrolment(config, &new)?;
    say(&format!("Enrolled; {} is written. Start it with: siteward-link run", config.display()));
    Ok(())
}

/// Whether a file can be made in the folder.
fn tempfile_in(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".siteward-link-{}", std::process::id()));
    std::fs::File::create_new(&probe)?;
    std::fs::remove_file(&probe)
}

async fn run(config: Config) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    let mut ended = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let stopping = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = ended.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        stopping.cancel();
    });
    Ok(siteward_link::run(config, stop).await?)
}

fn status(config: &Config) -> ExitCode {
    let Some(status) = Status::read(&config.status_file) else {
        say(&format!("{}: not running, or its status file cannot be read", config.url));
        return ExitCode::FAILURE;
    };
    let standing = match status.standing {
        Standing::Connected => "connected",
        Standing::Offline => "not connected, trying again",
        Standing::Refused => "refused by the platform: enrol it again",
    };
    say(&format!("{}: {standing}; {} devices found; version {}", status.url, status.devices, status.version));
    if status.standing == Standing::Connected { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn say(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout(), "{text}");
}
