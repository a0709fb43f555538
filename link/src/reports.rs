//! What the platform is told of the devices: everything after each connect, and from then on what changed.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use siteward_devices::tunnel::{LinkReport, Mux, MuxClosed, MuxStream, frames};
use siteward_domain::link::Sighting;
use siteward_domain::serial::SerialNumber;
use tokio::sync::watch;

use crate::table::Table;

type Told = HashMap<SerialNumber, Arc<Sighting>>;

/// Reports until the session ends.
pub(crate) async fn report(table: &Table, mux: &Mux) -> io::Result<()> {
    let mut stream = mux.open().await.map_err(|MuxClosed| io::ErrorKind::BrokenPipe)?;
    let hello = LinkReport::Hello { version: crate::VERSION.to_owned(), system: crate::system() };
    frames::write(&mut stream, &hello).await?;
    let mut rounds = table.rounds();
    // Before anybody looked, nobody is known: that is not the same as nobody being there.
    let ended = rounds.wait_for(|rounds| *rounds > 0).await.is_err();
    if ended {
        return Ok(());
    }
    rounds.mark_unchanged();
    let mut told = Told::new();
    let all = take_in(table.all(), &mut told);
    frames::write(&mut stream, &LinkReport::All { devices: all.0 }).await?;
    report_changes(table, &mut stream, &mut rounds, told).await
}

async fn report_changes(
    table: &Table,
    stream: &mut MuxStream,
    rounds: &mut watch::Receiver<u64>,
    mut told: Told,
) -> io::Result<()> {
    while rounds.changed().await.is_ok() {
        let (found, lost) = take_in(table.all(), &mut told);
        let report =
            if found.is_empty() && lost.is_empty() { LinkReport::Alive } else { LinkReport::Changed { found, lost } };
        frames::write(stream, &report).await?;
    }
    Ok(())
}

/// What is new or different, and who is gone, since `told`, which then is as `now`.
fn take_in(now: Vec<Arc<Sighting>>, told: &mut Told) -> (Vec<Sighting>, Vec<SerialNumber>) {
    let mut before = std::mem::take(told);
    let mut found = Vec::new();
    for sighting in now {
        let same = before.remove(&sighting.serial).is_some_and(|old| Arc::ptr_eq(&old, &sighting) || old == sighting);
        if !same {
            found.push((*sighting).clone());
        }
        told.insert(sighting.serial.clone(), sighting);
    }
    let mut lost: Vec<_> = before.into_keys().collect();
    lost.sort();
    (found, lost)
}
