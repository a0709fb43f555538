//! Bytes both ways between a device and the platform. A thousand connections lie idle at a time, so none
//! has a buffer of its own: what is read goes through one that all share, and only what the other end does not
//! take at once is kept.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

const SCRATCH_BYTES: usize = 16 * 1024;
/// How long one end may take nothing of what waits for it; it is then as good as gone.
const MOST_STUCK: Duration = Duration::from_secs(60);

thread_local! {
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; SCRATCH_BYTES].into_boxed_slice());
}

/// What was read from one end and not taken by the other yet.
#[derive(Default)]
struct Kept {
    bytes: Vec<u8>,
    taken: usize,
    stuck: Option<Pin<Box<Sleep>>>,
}

impl Kept {
    /// Pending for a while, and then an error.
    fn poll_stuck(&mut self, cx: &mut Context<'_>, most: Duration) -> Poll<io::Result<()>> {
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(sleep(most)));
        stuck.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// Carries bytes until either end has no more, and what it sent has been handed on.
pub(crate) async fn pipe<A, B>(one: A, other: B) -> io::Result<()>
where
    A: AsyncRead + AsyncWrite + Unpin,
    B: AsyncRead + AsyncWrite + Unpin,
{
    pipe_within(one, other, MOST_STUCK).await
}

async fn pipe_within<A, B>(mut one: A, mut other: B, most_stuck: Duration) -> io::Result<()>
where
    A: AsyncRead + AsyncWrite + Unpin,
    B: AsyncRead + AsyncWrite + Unpin,
{
    let (mut there, mut back) = (Kept::default(), Kept::default());
    poll_fn(|cx| {
        if let Poll::Ready(ended) = poll_carry(&mut one, &mut other, &mut there, most_stuck, cx) {
            return Poll::Ready(ended);
        }
        poll_carry(&mut other, &mut one, &mut back, most_stuck, cx)
    })
    .await
}

/// Ready when `from` has ended and `to` has been told.
fn poll_carry<A, B>(
    from: &mut A,
    to: &mut B,
    kept: &mut Kept,
    most_stuck: Duration,
    cx: &mut Context<'_>,
) -> Poll<io::Result<()>>
where
    A: AsyncRead + Unpin,
    B: AsyncWrite + Unpin,
{
    loop {
        while let Some(left) = kept.bytes.get(kept.taken..).filter(|left| !left.is_empty()) {
            match Pin::new(&mut *to).poll_write(cx, left) {
                Poll::Ready(taken) => {
                    kept.taken += taken?;
                    kept.stuck = None;
                }
                Poll::Pending => return kept.poll_stuck(cx, most_stuck),
            }
        }
        *kept = Kept::default();
        let count = ready!(SCRATCH.with_borrow_mut(|scratch| {
            let mut buffer = ReadBuf::new(scratch);
            ready!(Pin::new(&mut *from).poll_read(cx, &mut buffer))?;
            let read = buffer.filled();
            if read.is_empty() {
                return Poll::Ready(Ok(0));
            }
            let taken = match Pin::new(&mut *to).poll_write(cx, read) {
                Poll::Ready(taken) => taken?,
                Poll::Pending => 0,
            };
            if let Some(left) = read.get(taken..).filter(|left| !left.is_empty()) {
                kept.bytes = left.to_vec();
            }
            Poll::Ready(Ok::<usize, io::Error>(read.len()))
        }))?;
        if count == 0 {
            return Pin::new(to).poll_shutdown(cx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    #[tokio::test]
    async fn much_is_carried_both_ways_through_narrow_ends_and_the_end_is_told() {
        let (mut device, device_end) = duplex(700);
        let (platform_end, mut platform) = duplex(300);
        let piping = tokio::spawn(pipe(device_end, platform_end));
        let sent: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
        let (mut reading, mut writing) = tokio::io::split(&mut platform);
        let mut heard = vec![0; sent.len()];
        let echo = async {
            let (mut from, mut to) = tokio::io::split(&mut device);
            let mut left = sent.len() as u64;
            let mut buffer = [0; 512];
            while left > 0 {
                let count = from.read(&mut buffer).await.unwrap();
                to.write_all(&buffer[..count]).await.unwrap();
                left -= count as u64;
            }
            to.shutdown().await.unwrap();
        };
        let (written, read, ()) = tokio::join!(writing.write_all(&sent), reading.read_exact(&mut heard), echo);
        written.unwrap();
        read.unwrap();
        assert!(heard == sent);
        assert_eq!(reading.read(&mut [0]).await.unwrap(), 0);
        piping.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn an_end_that_takes_nothing_for_too_long_ends_it() {
        let (_deaf, device_end) = duplex(10);
        let (platform_end, mut platform) = duplex(1000);
        platform.write_all(&[1; 500]).await.unwrap();
        let error = pipe_within(device_end, platform_end, Duration::from_millis(50)).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
