//! What a request carries: bytes at hand, or a file that is read as it is sent, so that a hundred megabytes cost one
//! buffer.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead as _, ReadBuf};

use crate::call_error::CallError;

/// Bytes read from a file at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// A file to send.
#[derive(Debug, Clone)]
pub struct Package {
    path: PathBuf,
    size: u64,
    sent: Arc<AtomicU64>,
}

impl Package {
    /// The file at a path, of so many bytes.
    pub fn new(path: PathBuf, size: u64) -> Self {
        Self { path, size, sent: Arc::new(AtomicU64::new(0)) }
    }

    /// Its bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// How many of them the connection took so far.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

/// The body of a request.
pub(crate) enum Outgoing {
    Whole(Full<Bytes>),
    Streamed(Streamed),
}

/// A file on its way.
pub(crate) struct Streamed {
    file: File,
    left: u64,
    sent: Arc<AtomicU64>,
    buffer: BytesMut,
}

impl Outgoing {
    pub(super) fn of(bytes: Bytes) -> Self {
        Self::Whole(Full::new(bytes))
    }

    /// From the first byte on: [`CallError::BadAnswer`] with `package_unreadable` where it is not there any more.
    pub(super) async fn of_package(package: &Package) -> Result<Self, CallError> {
        let file = File::open(&package.path).await;
        let file = file.map_err(|_| CallError::BadAnswer { what: "package_unreadable" })?;
        package.sent.store(0, Ordering::Relaxed);
        let sent = Arc::clone(&package.sent);
        Ok(Self::Streamed(Streamed { file, left: package.size, sent, buffer: BytesMut::new() }))
    }

    pub(super) fn is_streamed(&self) -> bool {
        matches!(self, Self::Streamed(_))
    }
}

impl Streamed {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(CHUNK_BYTES);
        self.buffer.resize(wanted, 0);
        let mut read = ReadBuf::new(&mut self.buffer);
        ready!(Pin::new(&mut self.file).poll_read(cx, &mut read))?;
        let count = read.filled().len();
        if count == 0 {
            // Shorter than it was: the device must not take it for whole.
            return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
        }
        let chunk = self.buffer.split_to(count).freeze();
        self.left = self.left.saturating_sub(count as u64);
        self.sent.fetch_add(count as u64, Ordering::Relaxed);
        Poll::Ready(Ok(chunk))
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.get_mut() {
            Self::Whole(whole) => {
                let frame = Pin::new(whole).poll_frame(cx);
                frame.map(|frame| frame.map(|frame| frame.map_err(|never| match never {})))
            }
            Self::Streamed(streamed) if streamed.left == 0 => Poll::Ready(None),
            Self::Streamed(streamed) => streamed.poll_chunk(cx).map(|chunk| Some(chunk.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(whole) => whole.is_end_stream(),
            Self::Streamed(streamed) => streamed.left == 0,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(whole) => whole.size_hint(),
            Self::Streamed(streamed) => SizeHint::with_exact(streamed.left),
        }
    }
}
