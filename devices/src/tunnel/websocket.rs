//! A WebSocket as bytes both ways: its binary messages are the stream.
//!
//! It is written against a stream and a sink of messages, so that the platform's server, the link and
//! processes that forward to each other share it, whatever library speaks WebSocket. An **empty** message is no
//! data: sent, it is to become a ping; received, it says that the peer lives (a ping or a pong came).

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use futures_util::{Sink, Stream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};

/// How often the end that connected pings.
pub const PING_EVERY: Duration = Duration::from_secs(15);
/// Silence after which either end takes the connection for dead.
pub const MOST_SILENCE: Duration = Duration::from_secs(45);
/// Bytes of one message, at most. What is written here comes in pieces of about 64 KiB.
pub const MOST_MESSAGE: usize = 1024 * 1024;

/// How a connection is kept, and found to be dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeepAlive {
    /// How often to ping; `None` leaves that to the peer.
    pub ping_every: Option<Duration>,
    /// Silence after which reading fails with [`io::ErrorKind::TimedOut`].
    pub most_silence: Duration,
}

impl KeepAlive {
    /// For the end that connected: it pings.
    pub const CLIENT: Self = Self { ping_every: Some(PING_EVERY), most_silence: MOST_SILENCE };
    /// For the end that was connected to.
    pub const SERVER: Self = Self { ping_every: None, most_silence: MOST_SILENCE };
}

/// Bytes both ways over the messages of `M`.
pub struct WebSocketIo<M> {
    messages: M,
    read: Bytes,
    keep_alive: KeepAlive,
    heard: Instant,
    pinged: Instant,
    timer: Pin<Box<Sleep>>,
}

impl<M> WebSocketIo<M>
where
    M: Stream<Item = io::Result<Bytes>> + Sink<Bytes, Error = io::Error> + Unpin,
{
    /// Over messages that are open already.
    pub fn new(messages: M, keep_alive: KeepAlive) -> Self {
        let now = Instant::now();
        let timer = Box::pin(sleep_until(now));
        Self { messages, read: Bytes::new(), keep_alive, heard: now, pinged: now, timer }
    }

    /// Pings where it is time, and fails after too long a silence.
    fn poll_keeping_alive(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        while self.timer.as_mut().poll(cx).is_ready() {
            let now = Instant::now();
            let silent_at = self.heard + self.keep_alive.most_silence;
            if now >= silent_at {
                return Err(io::ErrorKind::TimedOut.into());
            }
            let mut next = silent_at;
            if let Some(every) = self.keep_alive.ping_every {
                if now >= self.pinged + every {
                    self.pinged = now;
                    self.ping(cx)?;
                }
                next = next.min(self.pinged + every);
            }
            self.timer.as_mut().reset(next);
        }
        Ok(())
    }

    /// Where messages cannot be sent just now, data is on its way, and that serves as well.
    fn ping(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let mut messages = Pin::new(&mut self.messages);
        if let Poll::Ready(ready) = messages.as_mut().poll_ready(cx) {
            ready?;
            messages.as_mut().start_send(Bytes::new())?;
            if let Poll::Ready(flushed) = messages.poll_flush(cx) {
                flushed?;
            }
        }
        Ok(())
    }
}

impl<M> AsyncRead for WebSocketIo<M>
where
    M: Stream<Item = io::Result<Bytes>> + Sink<Bytes, Error = io::Error> + Unpin,
{
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.read.is_empty() {
            match Pin::new(&mut this.messages).poll_next(cx) {
                Poll::Ready(Some(message)) => {
                    this.read = message?;
                    this.heard = Instant::now();
                }
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Pending => {
                    this.poll_keeping_alive(cx)?;
                    return Poll::Pending;
                }
            }
        }
        let count = buf.remaining().min(this.read.len());
        buf.put_slice(this.read.get(..count).unwrap_or_default());
        this.read.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl<M> AsyncWrite for WebSocketIo<M>
where
    M: Stream<Item = io::Result<Bytes>> + Sink<Bytes, Error = io::Error> + Unpin,
{
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        if data.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let mut messages = Pin::new(&mut self.get_mut().messages);
        ready!(messages.as_mut().poll_ready(cx))?;
        let data = data.get(..MOST_MESSAGE).unwrap_or(data);
        messages.start_send(Bytes::copy_from_slice(data))?;
        Poll::Ready(Ok(data.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().messages).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().messages).poll_close(cx)
    }
}

/// A stream and a sink that are two things, as one.
#[derive(Debug)]
pub struct Halves<R, W> {
    /// What comes in.
    pub stream: R,
    /// What goes out.
    pub sink: W,
}

impl<R: Stream + Unpin, W: Unpin> Stream for Halves<R, W> {
    type Item = R::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<R::Item>> {
        Pin::new(&mut self.get_mut().stream).poll_next(cx)
    }
}

impl<R: Unpin, W: Sink<Bytes> + Unpin> Sink<Bytes> for Halves<R, W> {
    type Error = W::Error;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), W::Error>> {
        Pin::new(&mut self.get_mut().sink).poll_ready(cx)
    }

    fn start_send(self: Pin<&mut Self>, message: Bytes) -> Result<(), W::Error> {
        Pin::new(&mut self.get_mut().sink).start_send(message)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), W::Error>> {
        Pin::new(&mut self.get_mut().sink).poll_flush(cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), W::Error>> {
        Pin::new(&mut self.get_mut().sink).poll_close(cx)
    }
}

/// The messages of a WebSocket of tungstenite.
#[derive(Debug)]
pub struct Tungstenite<S>(pub WebSocketStream<S>);

/// The bounds of such a WebSocket: messages within [`MOST_MESSAGE`], and small buffers.
pub fn tungstenite_config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(16 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(4 * MOST_MESSAGE)
        .max_message_size(Some(MOST_MESSAGE))
        .max_frame_size(Some(MOST_MESSAGE))
}

fn io_error(error: Error) -> io::Error {
    match error {
        Error::Io(error) => error,
        Error::ConnectionClosed | Error::AlreadyClosed => io::ErrorKind::BrokenPipe.into(),
        _ => io::ErrorKind::InvalidData.into(),
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for Tungstenite<S> {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let message = ready!(Pin::new(&mut self.get_mut().0).poll_next(cx));
        Poll::Ready(match message {
            None | Some(Ok(Message::Close(_)) | Err(Error::ConnectionClosed)) => None,
            Some(Ok(Message::Binary(data))) => Some(Ok(data)),
            // Pings are answered by the library.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Some(Ok(Bytes::new())),
            Some(Ok(Message::Text(_) | Message::Frame(_))) => Some(Err(io::ErrorKind::InvalidData.into())),
            Some(Err(error)) => Some(Err(io_error(error))),
        })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Sink<Bytes> for Tungstenite<S> {
    type Error = io::Error;

    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_ready(cx).map_err(io_error)
    }

    fn start_send(self: Pin<&mut Self>, message: Bytes) -> io::Result<()> {
        let message = if message.is_empty() { Message::Ping(message) } else { Message::Binary(message) };
        Pin::new(&mut self.get_mut().0).start_send(message).map_err(io_error)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_flush(cx).map_err(io_error)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_close(cx).map_err(io_error)
    }
}
