//! One connection to a device: reads requests, writes answers, ends when it has been idle for too long.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::Instant;

use crate::answers::{self, Next};
use crate::change::Hostile;
use crate::device::{Device, Now, count};
use crate::hostile;
use crate::telling;
use crate::wire::{self, Parsed};

/// What a connection carries: TCP, or TLS on it.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// Serves a connection until it ends; errors only end it, as on a device.
pub(crate) async fn serve(mut stream: impl Stream, device: Arc<Device>) {
    let _ = converse(&mut stream, &device).await;
}

async fn converse<S: Stream>(stream: &mut S, device: &Arc<Device>) -> io::Result<()> {
    let idle = device.limits.idle_timeout;
    let mut buffer = Vec::with_capacity(1024);
    let mut out = Vec::new();
    let mut deadline = std::pin::pin!(tokio::time::sleep(idle));
    let mut heard = Instant::now();
    loop {
        let mut used = 0;
        loop {
            let (request, length) = match wire::parse(buffer.get(used..).unwrap_or_default()) {
                Parsed::Incomplete => break,
                Parsed::Request(request, length) => (request, length),
                Parsed::Bad => {
                    wire::answer(&mut out, 400, "text/html", "", false, b"<html><body>400 Bad Request</body></html>");
                    stream.write_all(&out).await?;
                    return stream.shutdown().await;
                }
            };
            count(&device.tallies.requests);
            let now = Now::read();
            let (hostile, delay) = device.manners();
            let next = match hostile {
                None => answers::answer(device, &request, now, &mut out),
                Some(Hostile::EndlessChallenges) => {
                    answers::challenge_again(device, &request, now, &mut out);
                    Next::KeepAlive
                }
                Some(kind) => {
                    tokio::time::sleep(delay).await;
                    // Boxed, as what follows: a connection that only polls should not hold room for it.
                    return Box::pin(hostile::attack(stream, kind)).await;
                }
            };
            used += length;
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            match next {
                Next::KeepAlive => {}
                Next::Close => {
                    stream.write_all(&out).await?;
                    return stream.shutdown().await;
                }
                Next::Events => return Box::pin(telling::send_stream(stream, device)).await,
            }
        }
        buffer.drain(..used);
        if !out.is_empty() {
            stream.write_all(&out).await?;
            stream.flush().await?;
            out.clear();
            heard = Instant::now();
        }
        // The timer is armed once and only looked at when it fires: moving it at each request would cost more than the request.
        let read = loop {
            tokio::select! {
                biased;
                read = stream.read_buf(&mut buffer) => break read?,
                () = &mut deadline => {
                    if heard.elapsed() >= idle {
                        return stream.shutdown().await;
                    }
                    deadline.as_mut().reset(heard + idle);
                }
            }
        };
        if read == 0 {
            return Ok(());
        }
        heard = Instant::now();
    }
}

/// Counts a connection as open while it lives.
pub(crate) struct Open(Arc<Device>);

impl Open {
    /// `None` if the device has as many as it serves.
    pub(crate) fn claim(device: &Arc<Device>) -> Option<Self> {
        if device.open.fetch_add(1, Ordering::Relaxed) >= device.limits.connections {
            device.open.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        Some(Self(Arc::clone(device)))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Longest that a TLS handshake may take.
pub(crate) const HANDSHAKE: Duration = Duration::from_secs(10);
