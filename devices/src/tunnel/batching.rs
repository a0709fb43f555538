//! Few large reads and writes below many small frames.
//!
//! The multiplexer flushes after each frame it writes, reads a head of twelve bytes and then a body. A flush is
//! therefore only remembered here: what was written goes out in one piece when the multiplexer, having
//! nothing more to write, comes to wait for what it may read.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes that wait to be written, before the writer has to wait.
const MOST_WAITING: usize = 64 * 1024;
/// Room for one read.
const READ_ROOM: usize = 16 * 1024;

/// Bytes both ways, in large pieces.
pub(super) struct Batched<I> {
    inner: I,
    read: BytesMut,
    written: BytesMut,
    unflushed: bool,
}

impl<I: AsyncRead + AsyncWrite + Unpin> Batched<I> {
    pub(super) fn new(inner: I) -> Self {
        Self { inner, read: BytesMut::new(), written: BytesMut::new(), unflushed: false }
    }

    /// Writes out what waits.
    fn poll_write_out(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.written.is_empty() {
            let count = ready!(Pin::new(&mut self.inner).poll_write(cx, &self.written))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written.advance(count);
            self.unflushed = true;
        }
        if self.written.capacity() > MOST_WAITING {
            // A busy moment is over.
            self.written = BytesMut::new();
        }
        if self.unflushed {
            ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
            self.unflushed = false;
        }
        Poll::Ready(Ok(()))
    }
}

impl<I: AsyncRead + AsyncWrite + Unpin> AsyncRead for Batched<I> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.read.is_empty() {
            if let Poll::Ready(Err(error)) = this.poll_write_out(cx) {
                return Poll::Ready(Err(error));
            }
            this.read.reserve(READ_ROOM);
            let reading = pin_read(&mut this.inner, cx, &mut this.read);
            ready!(reading)?;
        }
        let count = buf.remaining().min(this.read.len());
        buf.put_slice(&this.read.split_to(count));
        Poll::Ready(Ok(()))
    }
}

fn pin_read<I: AsyncRead + Unpin>(inner: &mut I, cx: &mut Context<'_>, into: &mut BytesMut) -> Poll<io::Result<usize>> {
    let reading = std::pin::pin!(tokio::io::AsyncReadExt::read_buf(inner, into));
    reading.poll(cx)
}

impl<I: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Batched<I> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.written.len() >= MOST_WAITING {
            ready!(this.poll_write_out(cx))?;
        }
        this.written.extend_from_slice(data);
        Poll::Ready(Ok(data.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_write_out(cx))?;
        Pin::new(&mut this.inner).poll_shutdown(cx)
    }
}
