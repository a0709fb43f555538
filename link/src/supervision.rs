//! Holding the connection: again after every end, patiently where the platform does not want this link.

use std::sync::Arc;
use std::time::Duration;

use siteward_devices::tunnel::{self, Side};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::backoff::Backoff;
use crate::config::Config;
use crate::connection::{ConnectError, Platform};
use crate::discovery::Looking;
use crate::lan_page::LanPage;
use crate::session::{self, Site};
use crate::status::{Standing, StatusFile};
use crate::table::Table;

/// How long the first look around is waited for.
const LONGEST_FIRST_LOOK: Duration = Duration::from_secs(15);

/// Runs the link until `stop` is cancelled.
///
/// Errors: only what no time will mend, such as an address that is none.
pub async fn run(config: Config, stop: CancellationToken) -> Result<(), ConnectError> {
    let platform = Platform::new(&config.url, config.ca.as_deref(), config.insecure_http)?;
    let table = Arc::new(Table::new(config.discovery.allow_loopback));
    let looking = Arc::new(Looking::new(config.discovery.clone(), Arc::clone(&table)));
    let page = Arc::new(LanPage::new(config.lan_page.clone(), &config.url));
    let site = Site::new(Arc::clone(&table), Arc::clone(&looking), Arc::clone(&page));
    let status = StatusFile::new(config.status_file.clone());
    let supervising = async {
        // A link that has not looked around yet knows no device, and would say of each that it is not there.
        let _ = tokio::time::timeout(LONGEST_FIRST_LOOK, table.rounds().wait_for(|rounds| *rounds > 0)).await;
        let mut backoff = Backoff::default();
        loop {
            let mut session = None;
            let ended = hold(&platform, &config, &site, &status, &mut session).await;
            if let Some(began) = session {
                backoff.lasted(began.elapsed());
            }
            let wait = match &ended {
                Err(ConnectError::Refused) => Backoff::refused(rand::random()),
                _ => backoff.next(rand::random()),
            };
            let standing =
                if matches!(ended, Err(ConnectError::Refused)) { Standing::Refused } else { Standing::Offline };
            status.write(standing, &config.url, table.count());
            let seconds = wait.as_secs_f32();
            match ended {
                Ok(()) => tracing::info!(seconds, "the connection to the platform ended; trying again"),
                Err(error) => tracing::warn!(%error, seconds, "no connection to the platform; trying again"),
            }
            tokio::time::sleep(wait).await;
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = looking.run(&stop) => {}
        () = page.serve() => {}
        () = supervising => {}
    }
    status.remove();
    Ok(())
}

/// One connection, from its beginning to its end; `began` is when its session did, if it came to that.
async fn hold(
    platform: &Platform,
    config: &Config,
    site: &Site,
    status: &StatusFile,
    began: &mut Option<Instant>,
) -> Result<(), ConnectError> {
    let socket = platform.open_session(&config.token).await?;
    *began = Some(Instant::now());
    tracing::info!(url = config.url, "connected to the platform");
    let (mux, inbound) = tunnel::start(socket, Side::Link);
    // Whatever ends this function ends the session too.
    let _end = CloseOnDrop(&mux);
    let mut rounds = site.table.rounds();
    let telling = async {
        loop {
            status.write(Standing::Connected, &config.url, site.table.count());
            if rounds.changed().await.is_err() {
                return std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        () = session::serve(site, &mux, inbound) => {}
        () = telling => {}
    }
    Ok(())
}

struct CloseOnDrop<'a>(&'a tunnel::Mux);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}
