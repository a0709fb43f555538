//! Kills a server with SIGKILL at random moments, again and again, and starts it anew on the same data.
//!
//! The moments follow from a seed, which tests print; `SITEWARD_TEST_SEED` sets another one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::process::ServerProcess;

/// Milliseconds between two kills, at random within.
const BETWEEN: std::ops::Range<u64> = 20..1_600;

/// Kills while it is told to.
pub struct Killer {
    may_kill: Arc<AtomicBool>,
    kills: Arc<AtomicU32>,
    thread: JoinHandle<(ServerProcess, Duration)>,
}

/// What moments and steps of a test follow from.
pub fn seed() -> u64 {
    std::env::var("SITEWARD_TEST_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_120)
}

impl Killer {
    /// Kills `server` so many times; `restart` starts it on the same data and port. It waits for [`Self::allow`].
    pub fn start(mut server: ServerProcess, restart: impl Fn() -> ServerProcess + Send + 'static, most: u32) -> Self {
        let (may_kill, kills) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let (may, counted) = (Arc::clone(&may_kill), Arc::clone(&kills));
        let mut random = StdRng::seed_from_u64(seed());
        let thread = std::thread::spawn(move || {
            let mut slowest = Duration::ZERO;
            while counted.load(Ordering::Relaxed) < most {
                std::thread::sleep(Duration::from_millis(random.random_range(BETWEEN)));
                if !may.load(Ordering::Relaxed) {
                    continue;
                }
                server.kill();
                counted.fetch_add(1, Ordering::Relaxed);
                let started = Instant::now();
                server = restart();
                slowest = slowest.max(started.elapsed());
            }
            (server, slowest)
        });
        Self { may_kill, kills, thread }
    }

    /// Whether it may kill just now.
    pub fn allow(&self, may: bool) {
        self.may_kill.store(may, Ordering::Relaxed);
    }

    /// How often it has.
    pub fn kills(&self) -> u32 {
        self.kills.load(Ordering::Relaxed)
    }

    /// Waits until it has killed as often as it should; gives the server that runs now, and the longest restart.
    pub fn end(self) -> std::thread::Result<(ServerProcess, Duration)> {
        self.thread.join()
    }
}
