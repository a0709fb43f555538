//! The way to a link: its session where it is held here, else a connection to the process that holds it.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use siteward_devices::CallError;
use siteward_devices::transport::{Dialling, LinkDialer, Wire};
use siteward_devices::tunnel::{self, Mux, MuxStream};
use siteward_domain::{LinkId, SerialNumber};
use siteward_store::links;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Mutex;

use super::{LINK_DOWN, LinkHub};

/// A link that nobody holds is not looked for again so soon: a thousand devices may be behind it.
const ABSENT_FOR: Duration = Duration::from_secs(1);
/// A connection to another process is kept so long after its last use.
const KEPT_FOR: Duration = Duration::from_secs(60);

/// The connection to the process that holds a link. Whoever needs it makes it; the others wait.
#[derive(Default)]
pub(super) struct Far(Mutex<Way>);

#[derive(Default)]
enum Way {
    #[default]
    Unknown,
    Open {
        mux: Mux,
        since: Instant,
        used_at: Instant,
    },
    Absent {
        since: Instant,
    },
}

/// A session that was reached.
pub(super) struct Reached {
    pub(super) mux: Mux,
    /// Since when it stands, as far as this process knows.
    pub(super) since: Instant,
    /// Held on to while streams are open, so that the connection is not taken for unused.
    pub(super) far: Option<Arc<Far>>,
}

/// Dials devices behind one link.
pub(super) struct Route {
    pub(super) hub: LinkHub,
    pub(super) link: LinkId,
}

impl LinkDialer for Route {
    fn dial<'a>(&'a self, serial: &'a SerialNumber, port: u16) -> Dialling<'a> {
        Box::pin(self.hub.dial(&self.link, serial, port))
    }
}

/// What a call meets when no session of its link can be reached.
pub(super) fn link_down() -> CallError {
    CallError::Unreachable { reason: LINK_DOWN }
}

impl LinkHub {
    /// A connection to a port of a device behind a link.
    pub(super) async fn dial(
        &self,
        link: &LinkId,
        serial: &SerialNumber,
        port: u16,
    ) -> Result<Box<dyn Wire>, CallError> {
        let Reached { mux, far, .. } = self.reach(link).await?;
        let stream = tunnel::dial(&mux, serial, port).await?;
        Ok(match far {
            Some(far) => Box::new(FarWire { stream, _far: far }),
            None => Box::new(stream),
        })
    }

    /// The session of a link, wherever it is held.
    pub(super) async fn reach(&self, link: &LinkId) -> Result<Reached, CallError> {
        if let Some(held) = self.find_held(link) {
            return Ok(Reached { mux: held.mux, since: held.since, far: None });
        }
        let far = {
            let mut all = self.0.far.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(link.clone()).or_default())
        };
        let mut way = far.0.lock().await;
        match &mut *way {
            Way::Open { mux, since, used_at } if !mux.is_closed() => {
                *used_at = Instant::now();
                return Ok(Reached { mux: mux.clone(), since: *since, far: Some(Arc::clone(&far)) });
            }
            Way::Absent { since } if since.elapsed() < ABSENT_FOR => return Err(link_down()),
            _ => {}
        }
        let (found, since) = (self.find_far(link).await, Instant::now());
        let mux = match found {
            Ok(mux) => mux,
            Err(error) => {
                *way = Way::Absent { since };
                return Err(error);
            }
        };
        *way = Way::Open { mux: mux.clone(), since, used_at: since };
        drop(way);
        Ok(Reached { mux, since, far: Some(far) })
    }

    async fn find_far(&self, link: &LinkId) -> Result<Mux, CallError> {
        let wanted = link.clone();
        let holder = self.with_store(move |store| store.read(|conn| links::find_holder(conn, &wanted))).await;
        let holder = holder.map_err(|error| {
            tracing::warn!(link.id = %link, %error, "who holds a link could not be read");
            link_down()
        })?;
        let holder = holder.filter(|holder| holder.holder != self.0.own.id).ok_or_else(link_down)?;
        let url = holder.url.ok_or_else(link_down)?;
        self.forward_to(&url, link).await.map_err(|error| {
            tracing::debug!(link.id = %link, %error, "the process that holds a link could not be reached");
            link_down()
        })
    }

    /// A link has just come to this process: what was known of it elsewhere is over.
    pub(super) fn forget_far(&self, link: &LinkId) {
        self.0.far.lock().unwrap_or_else(PoisonError::into_inner).remove(link);
    }

    /// Closes connections to other processes that nobody used for a while.
    pub(super) fn close_unused(&self) {
        let mut all = self.0.far.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, far| {
            // Where it is locked, somebody is using it.
            let Ok(way) = far.0.try_lock() else { return true };
            match &*way {
                Way::Open { mux, used_at, .. } if used_at.elapsed() > KEPT_FOR && Arc::strong_count(far) == 1 => {
                    mux.close();
                    false
                }
                Way::Open { mux, .. } => !mux.is_closed(),
                Way::Absent { since } => since.elapsed() < ABSENT_FOR,
                Way::Unknown => Arc::strong_count(far) > 1,
            }
        });
    }
}

/// A stream through another process.
struct FarWire {
    stream: MuxStream,
    _far: Arc<Far>,
}

impl AsyncRead for FarWire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for FarWire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
