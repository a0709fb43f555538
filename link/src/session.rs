//! One connection's life: reports go out, the platform's streams are served.

use std::sync::Arc;

use siteward_devices::tunnel::{Inbound, Mux, MuxStream, Opening, frames};
use tokio::sync::Semaphore;

use crate::commands;
use crate::dialling;
use crate::discovery::Looking;
use crate::lan_page::LanPage;
use crate::reports;
use crate::table::Table;

/// Commands that are done at once.
const MOST_COMMANDS: usize = 64;

/// What a session works with.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) table: Arc<Table>,
    pub(crate) looking: Arc<Looking>,
    pub(crate) page: Arc<LanPage>,
    commands: Arc<Semaphore>,
}

impl Site {
    pub(crate) fn new(table: Arc<Table>, looking: Arc<Looking>, page: Arc<LanPage>) -> Self {
        Self { table, looking, page, commands: Arc::new(Semaphore::new(MOST_COMMANDS)) }
    }
}

/// Serves the platform until the connection ends.
pub(crate) async fn serve(site: &Site, mux: &Mux, mut inbound: Inbound) {
    let serving = async {
        while let Some(stream) = inbound.next().await {
            tokio::spawn(serve_stream(site.clone(), stream));
        }
    };
    let reporting = async {
        if let Err(error) = reports::report(&site.table, mux).await {
            tracing::debug!(%error, "reports cannot be written any more");
        }
        mux.closed().await;
    };
    tokio::select! {
        () = serving => {}
        () = reporting => {}
    }
    mux.close();
}

async fn serve_stream(site: Site, mut stream: MuxStream) {
    match Opening::read(&mut stream).await {
        Ok(Opening::Device { serial, port }) => dialling::serve(&site.table, &serial, port, stream).await,
        Ok(Opening::Command { command }) => {
            let Ok(_permit) = site.commands.acquire().await else { return };
            let answer = commands::execute(&site, command).await;
            if frames::write(&mut stream, &answer).await.is_ok() {
                let _ = tokio::io::AsyncWriteExt::shutdown(&mut stream).await;
            }
        }
        Err(error) => tracing::debug!(%error, "a stream was opened for nothing known"),
    }
}
