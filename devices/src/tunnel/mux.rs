//! Many streams in one connection: yamux, driven by a task of its own.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::AsyncWrite as _;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::compat::{Compat, FuturesAsyncReadCompatExt as _, TokioAsyncReadCompatExt as _};
use tokio_util::sync::CancellationToken;
use yamux::{Config, Connection, Mode};

use super::batching::Batched;

/// Streams that may be open at once in the direction devices are reached.
pub const MOST_STREAMS: usize = 4096;
/// Streams a link may open towards the platform: it needs one, for its reports.
const MOST_FROM_LINK: usize = 16;
/// Streams as the multiplexer counts them, which forgets those that ended a little later than we do. A peer that opens more ends
/// the connection.
const MOST_COUNTED: usize = 2 * MOST_STREAMS;
/// What a stream may send that is not read yet. It starts so and is never raised, whatever the peer does.
const WINDOW: usize = yamux::DEFAULT_CREDIT as usize;
/// Openings that wait for the driver.
const MOST_OPENINGS: usize = 64;
/// Time to say good-bye.
const FAREWELL: Duration = Duration::from_secs(2);

/// Which end this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Opens streams to devices. So does a process that has another one forward to its link.
    Platform,
    /// Takes streams to devices.
    Link,
}

/// The connection has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the connection to the link has ended")]
pub struct MuxClosed;

/// Opens streams. Clones are handles to the same connection, which ends when its bytes do, when one is told
/// to [`Mux::close`] it, or when nobody holds it, its [`Inbound`] or a stream any more.
#[derive(Clone)]
pub struct Mux {
    openings: mpsc::Sender<oneshot::Sender<yamux::Stream>>,
    permits: Arc<Semaphore>,
    closing: CancellationToken,
    closed: CancellationToken,
}

impl std::fmt::Debug for Mux {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Mux").field("is_closed", &self.is_closed()).finish_non_exhaustive()
    }
}

/// The streams that the other end opens.
#[derive(Debug)]
pub struct Inbound {
    streams: mpsc::Receiver<MuxStream>,
}

/// One stream. Dropping it resets it; shutting it down ends the writing half only.
pub struct MuxStream {
    /// Given back before the stream goes, so that whoever looks then sees the true count.
    _permit: OwnedSemaphorePermit,
    inner: Compat<yamux::Stream>,
}

impl std::fmt::Debug for MuxStream {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("MuxStream").finish_non_exhaustive()
    }
}

/// Runs streams over `io`, in a task on the current runtime.
pub fn start<I>(io: I, side: Side) -> (Mux, Inbound)
where
    I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mode, outwards, inwards) = match side {
        Side::Platform => (Mode::Client, MOST_STREAMS, MOST_FROM_LINK),
        Side::Link => (Mode::Server, MOST_FROM_LINK, MOST_STREAMS),
    };
    let mut config = Config::default();
    // In this order: each call checks that every stream has at least its window.
    config.set_max_connection_receive_window(None);
    config.set_max_num_streams(MOST_COUNTED);
    config.set_max_connection_receive_window(Some(MOST_COUNTED * WINDOW));
    let (openings, asked) = mpsc::channel(MOST_OPENINGS);
    let (given, streams) = mpsc::channel(inwards);
    let mux = Mux {
        openings,
        permits: Arc::new(Semaphore::new(outwards)),
        closing: CancellationToken::new(),
        closed: CancellationToken::new(),
    };
    let driver = Driver {
        connection: Connection::new(Batched::new(io).compat(), config, mode),
        asked,
        asked_no_more: false,
        waiting: None,
        given,
        outbound: (Arc::clone(&mux.permits), outwards),
        inbound: (Arc::new(Semaphore::new(inwards)), inwards),
    };
    tokio::spawn(driver.run(mux.closing.clone(), mux.closed.clone()));
    (mux, Inbound { streams })
}

impl Mux {
    /// Opens a stream; waits where [`MOST_STREAMS`] are open, or the peer has many left to take.
    pub async fn open(&self) -> Result<MuxStream, MuxClosed> {
        let opening = async {
            let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| MuxClosed)?;
            let (reply, opened) = oneshot::channel();
            self.openings.send(reply).await.map_err(|_| MuxClosed)?;
            let stream = opened.await.map_err(|_| MuxClosed)?;
            Ok(MuxStream { _permit: permit, inner: stream.compat() })
        };
        tokio::select! {
            biased;
            () = self.closing.cancelled() => Err(MuxClosed),
            () = self.closed.cancelled() => Err(MuxClosed),
            opened = opening => opened,
        }
    }

    /// Ends the connection and all its streams.
    pub fn close(&self) {
        self.closing.cancel();
    }

    /// Whether it has ended, or is about to.
    pub fn is_closed(&self) -> bool {
        self.closing.is_cancelled() || self.closed.is_cancelled()
    }

    /// Waits until it has ended, or is told to.
    pub async fn closing(&self) {
        tokio::select! {
            () = self.closing.cancelled() => {}
            () = self.closed.cancelled() => {}
        }
    }

    /// Waits for its end.
    pub async fn closed(&self) {
        self.closed.cancelled().await;
    }
}

impl Inbound {
    /// The next stream; `None` when the connection has ended.
    pub async fn next(&mut self) -> Option<MuxStream> {
        self.streams.recv().await
    }
}

struct Driver<I> {
    connection: Connection<Compat<Batched<I>>>,
    asked: mpsc::Receiver<oneshot::Sender<yamux::Stream>>,
    asked_no_more: bool,
    /// Who is next to get a stream.
    waiting: Option<oneshot::Sender<yamux::Stream>>,
    given: mpsc::Sender<MuxStream>,
    /// Permits left, and how many there are, each way.
    outbound: (Arc<Semaphore>, usize),
    inbound: (Arc<Semaphore>, usize),
}

impl<I: AsyncRead + AsyncWrite + Send + Unpin + 'static> Driver<I> {
    async fn run(mut self, closing: CancellationToken, closed: CancellationToken) {
        // Whatever happens below, nobody waits for ever.
        let _guard = closed.drop_guard();
        tokio::select! {
            () = closing.cancelled() => {}
            () = poll_fn(|cx| self.poll_work(cx)) => {}
        }
        let farewell = poll_fn(|cx| self.connection.poll_close(cx));
        let _ = tokio::time::timeout(FAREWELL, farewell).await;
    }

    /// Ready when the connection has ended, or nobody needs it.
    fn poll_work(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if self.poll_openings(cx).is_err() {
                return Poll::Ready(());
            }
            match self.connection.poll_next_inbound(cx) {
                Poll::Ready(Some(Ok(stream))) => self.take_in(stream, cx),
                Poll::Ready(None | Some(Err(_))) => return Poll::Ready(()),
                Poll::Pending => break,
            }
        }
        if self.is_abandoned() { Poll::Ready(()) } else { Poll::Pending }
    }

    fn poll_openings(&mut self, cx: &mut Context<'_>) -> Result<(), MuxClosed> {
        loop {
            // Who has given up waiting gets none.
            self.waiting.take_if(|waiting| waiting.is_closed());
            if self.waiting.is_none() {
                match self.asked.poll_recv(cx) {
                    Poll::Ready(Some(asked)) => self.waiting = Some(asked),
                    Poll::Ready(None) => self.asked_no_more = true,
                    Poll::Pending => {}
                }
            }
            if self.waiting.is_none() {
                return Ok(());
            }
            match self.connection.poll_new_outbound(cx) {
                Poll::Ready(Ok(stream)) => {
                    if let Some(waiting) = self.waiting.take() {
                        let _ = waiting.send(stream);
                    }
                }
                Poll::Ready(Err(_)) => return Err(MuxClosed),
                Poll::Pending => return Ok(()),
            }
        }
    }

    /// Hands on a stream of the peer's; one too many is dropped, which resets it.
    fn take_in(&self, mut stream: yamux::Stream, cx: &mut Context<'_>) {
        let Ok(permit) = Arc::clone(&self.inbound.0).try_acquire_owned() else { return };
        // Nothing to say yet, but it acknowledges: a peer waits once 256 of its streams are not.
        let _ = Pin::new(&mut stream).poll_write(cx, &[]);
        let _ = self.given.try_send(MuxStream { _permit: permit, inner: stream.compat() });
    }

    fn is_abandoned(&self) -> bool {
        let unused = |(permits, most): &(Arc<Semaphore>, usize)| permits.available_permits() == *most;
        self.asked_no_more && self.given.is_closed() && unused(&self.outbound) && unused(&self.inbound)
    }
}

impl AsyncRead for MuxStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_read(cx, buf)
    }
}

impl AsyncWrite for MuxStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        if data.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let count = ready!(Pin::new(&mut self.get_mut().inner).poll_write(cx, data))?;
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}
