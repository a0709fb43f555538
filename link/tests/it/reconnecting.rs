//! The connection ends, again and again, and comes back by itself; but not where it is not wanted.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::kit::{Lan, Platform, TOKEN, run};

#[tokio::test]
async fn a_session_that_ended_is_followed_by_another_that_starts_from_everything() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    lan.set(&[("G00000001", "127.0.0.1", 8081)]);
    let _link = run(platform.url(), TOKEN, lan.discovery(true));
    for _ in 0..2 {
        let mut session = platform.session().await;
        assert_eq!(session.all().await, ["G00000001"]);
        session.mux.close();
    }
    assert_eq!(platform.session().await.all().await, ["G00000001"]);
}

#[tokio::test]
async fn a_platform_that_restarts_is_found_again() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    let _link = run(platform.url(), TOKEN, lan.discovery(true));
    let session = platform.session().await;
    let port = platform.port;
    drop((session, platform));
    // As long as the listener of the old one is about, it takes nobody.
    let mut platform = loop {
        match tokio::net::TcpListener::bind(("127.0.0.1", port)).await {
            Ok(free) => {
                drop(free);
                break Platform::start_at(port).await;
            }
            Err(_) => tokio::task::yield_now().await,
        }
    };
    platform.session().await.all().await;
}

#[tokio::test]
async fn a_link_that_was_revoked_does_not_hammer() {
    let (platform, lan) = (Platform::start().await, Lan::start().await);
    for status in [401, 403, 410] {
        platform.refuses_with.store(status, Ordering::Relaxed);
        let before = platform.tries();
        let link = run(platform.url(), TOKEN, lan.discovery(true));
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(platform.tries() - before, 1, "{status}");
        drop(link);
    }
}

#[tokio::test]
async fn a_platform_in_trouble_is_tried_again_soon() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    platform.refuses_with.store(503, Ordering::Relaxed);
    let _link = run(platform.url(), TOKEN, lan.discovery(true));
    while platform.tries() < 2 {
        tokio::task::yield_now().await;
    }
    platform.refuses_with.store(0, Ordering::Relaxed);
    platform.session().await.all().await;
}

#[tokio::test]
async fn a_wrong_token_opens_no_session() {
    let (platform, lan) = (Platform::start().await, Lan::start().await);
    let _link = run(platform.url(), "another", lan.discovery(true));
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(platform.tries(), 1);
}
