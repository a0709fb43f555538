//! How fast devices may push: few bodies are read at once, and each device has a pace of its own, as on its event stream.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::web;
use futures_util::StreamExt as _;
use siteward_devices::events::Told;
use siteward_domain::DeviceId;
use siteward_domain::device_event::DeviceSignal;
use siteward_worker::alert_streams::{Pace, Verdict};
use tokio::sync::Semaphore;

use crate::error::{ApiError, codes};

/// Bodies that are read at once.
const AT_ONCE: usize = 64;
/// Bytes of a body: an event with its pictures.
const MOST_BYTES: usize = 2 * 1024 * 1024;
/// How long a body may take to come.
const LONGEST: Duration = Duration::from_secs(10);
/// Devices whose pace is remembered; those that are silent are forgotten first.
const MOST_DEVICES: usize = 10_000;

/// What all requests of the listener share. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Listening {
    reading: Arc<Semaphore>,
    paces: Arc<Mutex<HashMap<DeviceId, Pace>>>,
}

impl Default for Listening {
    fn default() -> Self {
        Self { reading: Arc::new(Semaphore::new(AT_ONCE)), paces: Arc::default() }
    }
}

/// What of a push is kept.
pub(super) struct Kept {
    pub(super) signals: Vec<DeviceSignal>,
    pub(super) dropped: u64,
}

impl Listening {
    /// Reads a body within its bounds.
    pub(super) async fn read(&self, mut body: web::Payload) -> Result<web::Bytes, ApiError> {
        let busy = || ApiError::new(codes::TOO_MANY_REQUESTS).retry_after(5);
        let _turn = self.reading.try_acquire().map_err(|_| busy())?;
        let reading = async {
            let mut whole = web::BytesMut::new();
            while let Some(chunk) = body.next().await {
                let chunk = chunk.map_err(|_| ApiError::new(codes::BAD_REQUEST))?;
                if whole.len() + chunk.len() > MOST_BYTES {
                    return Err(ApiError::new(codes::BODY_TOO_LARGE));
                }
                whole.extend_from_slice(&chunk);
            }
            Ok(whole.freeze())
        };
        tokio::time::timeout(LONGEST, reading).await.unwrap_or_else(|_| Err(ApiError::new(codes::BAD_REQUEST)))
    }

    /// What of what a device told is kept, at its pace.
    pub(super) fn keep(&self, device: &DeviceId, told: Vec<Told>) -> Kept {
        let now = Instant::now();
        let mut paces = self.paces.lock().unwrap_or_else(PoisonError::into_inner);
        if paces.len() >= MOST_DEVICES {
            paces.retain(|_, pace| !pace.is_idle(now));
        }
        let mut kept = Kept { signals: Vec::new(), dropped: 0 };
        let has_room = paces.len() < MOST_DEVICES || paces.contains_key(device);
        let mut passing = Pace::new(now);
        let pace = if has_room { paces.entry(device.clone()).or_insert(passing) } else { &mut passing };
        for told in told {
            let Told::Event(signal) = told else { continue };
            match pace.judge(&signal, now) {
                Verdict::PassOn => kept.signals.push(signal),
                Verdict::Repeat => {}
                Verdict::Drop => kept.dropped += 1,
            }
        }
        kept
    }
}
