//! What comes for as long as somebody reads, may have it, and there is time: a recording, or pictures one after another.
//!
//! It is passed on in a task of its own. A reader who stops reading is not asked for more by their connection, and so would never be asked
//! for their right again, while the device goes on working for nobody and others find no place.

use std::future::Future;
use std::pin::{Pin, pin};
use std::time::Duration;

use actix_web::rt;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::mpsc::{self, Sender};
use tokio::time::{interval, sleep, timeout};

use crate::error::{ApiError, codes};

/// How often whoever reads is asked for their right.
const CHECK: Duration = Duration::from_millis(500);
/// How long a part waits to be read.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether whoever reads may go on.
pub(crate) type MayGoOn = Box<dyn Fn() -> Pin<Box<dyn Future<Output = bool>>>>;

/// A part; `None`: that was all of it.
type Part = Result<Option<Bytes>, ApiError>;

/// Passes on what a source gives, at most one part ahead of its reader. The source is dropped as soon as it has ended, its reader is gone,
/// stands still or may not go on, or the time is over; an error then tells that it is not whole.
pub(crate) fn feed(
    source: impl Stream<Item = Result<Bytes, ApiError>> + 'static,
    may_go_on: MayGoOn,
    longest: Option<Duration>,
) -> impl Stream<Item = Result<Bytes, ApiError>> + 'static {
    feed_with(source, may_go_on, longest, PATIENCE)
}

fn feed_with(
    source: impl Stream<Item = Result<Bytes, ApiError>> + 'static,
    may_go_on: MayGoOn,
    longest: Option<Duration>,
    patience: Duration,
) -> impl Stream<Item = Result<Bytes, ApiError>> + 'static {
    let (sender, receiver) = mpsc::channel::<Part>(1);
    rt::spawn(async move {
        tokio::select! {
            biased;
            () = lost(may_go_on) => (),
            () = over(longest) => (),
            () = sender.closed() => (),
            () = pass_on(source, &sender, patience) => (),
        }
    });
    stream::unfold(Some(receiver), |receiver| async move {
        let mut receiver = receiver?;
        match receiver.recv().await {
            Some(Ok(Some(bytes))) => Some((Ok(bytes), Some(receiver))),
            Some(Ok(None)) => None,
            Some(Err(error)) => Some((Err(error), None)),
            None => Some((Err(ApiError::new(codes::NOT_FOUND)), None)),
        }
    })
}

/// Ends when the right does.
async fn lost(may_go_on: MayGoOn) {
    let mut checks = interval(CHECK);
    loop {
        checks.tick().await;
        if !may_go_on().await {
            return;
        }
    }
}

/// Ends when the time does.
async fn over(longest: Option<Duration>) {
    match longest {
        Some(longest) => sleep(longest).await,
        None => std::future::pending().await,
    }
}

/// Ends with the source, or when a part is not read.
async fn pass_on(source: impl Stream<Item = Result<Bytes, ApiError>>, sender: &Sender<Part>, patience: Duration) {
    let mut source = pin!(source);
    loop {
        let part = source.next().await.transpose();
        let is_last = !matches!(part, Ok(Some(_)));
        let is_taken = timeout(patience, sender.send(part)).await.is_ok_and(|sent| sent.is_ok());
        if is_last || !is_taken {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    const SHORT: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(3600);

    /// Parts without an end, which hold something.
    fn endless(held: Rc<()>) -> impl Stream<Item = Result<Bytes, ApiError>> {
        stream::unfold(held, |held| async move { Some((Ok(Bytes::from_static(b"part")), held)) })
    }

    fn always(may: bool) -> MayGoOn {
        Box::new(move || Box::pin(async move { may }))
    }

    async fn until_free(held: &Rc<()>) {
        let free = async {
            while Rc::strong_count(held) > 1 {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(20), free).await.unwrap();
    }

    #[actix_web::test]
    async fn who_stops_reading_holds_nothing_for_long() {
        let held = Rc::new(());
        let mut stalled = pin!(feed_with(endless(Rc::clone(&held)), always(true), None, SHORT));
        assert!(stalled.next().await.unwrap().is_ok());
        until_free(&held).await;
        let rest: Vec<_> = stalled.collect().await;
        assert!(rest.last().unwrap().is_err() && rest.len() <= 3, "it is not whole");
    }

    #[actix_web::test]
    async fn a_right_and_the_time_end_though_nobody_reads() {
        for (may, longest) in [(false, None), (true, Some(SHORT))] {
            let held = Rc::new(());
            let _unread = feed_with(endless(Rc::clone(&held)), always(may), longest, LONG);
            until_free(&held).await;
        }
        let held = Rc::new(());
        drop(feed_with(endless(Rc::clone(&held)), always(true), None, LONG));
        until_free(&held).await;
    }

    #[actix_web::test]
    async fn what_is_read_comes_whole_and_an_error_comes_as_one() {
        let parts = |last: Result<Bytes, ApiError>| stream::iter([Ok(Bytes::from_static(b"one")), last]);
        let whole: Vec<_> = feed(parts(Ok(Bytes::from_static(b"two"))), always(true), None).collect().await;
        assert!(whole.len() == 2 && whole.iter().all(Result::is_ok));
        let broken: Vec<_> = feed(parts(Err(ApiError::new(codes::UNAVAILABLE))), always(true), None).collect().await;
        assert!(broken.len() == 2 && broken[1].is_err());
    }
}
