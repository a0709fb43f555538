//! `siteward serve`.

use std::io::Write as _;
use std::net::SocketAddr;

use clap::Args;
use siteward_api::serve::{Application, StartOptions};
use siteward_worker::settings::Settings;

use super::{Failure, start_logging};

/// Serve the web console and the API, with a worker inside.
///
/// At the first start it prints a link to set up the company. It runs until SIGINT or SIGTERM.
#[derive(Args)]
pub(super) struct Serve {
    /// Address and port to listen on, instead of server.listen of the settings.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Run no worker inside: `siteward-worker` does the work in a process of its own.
    #[arg(long)]
    no_worker: bool,
    /// Print every setting as it stands, without secrets, and end.
    #[arg(long)]
    print_config: bool,
}

impl Serve {
    pub(super) fn run(&self, mut settings: Settings) -> Result<(), Failure> {
        if let Some(listen) = self.listen {
            settings.server.listen = listen;
        }
        if self.print_config {
            print!("{}", settings.shown());
            return Ok(());
        }
        start_logging(&settings)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let options = StartOptions { worker: !self.no_worker, ..StartOptions::default() };
        runtime.block_on(async {
            let application = Application::build(settings, options).await?;
            println!("Siteward listens on {}", application.address());
            if let Some(link) = application.setup_link() {
                println!("Set up your company: {link}");
            }
            // Whoever reads this through a pipe must see it now.
            std::io::stdout().flush()?;
            Ok(application.run().await?)
        })
    }
}
