//! Looking at one channel as long as somebody watches it.

use std::time::Duration;

use bytes::Bytes;
use siteward_devices::{CallError, DeviceClient, operations};
use siteward_store::devices::Device;
use siteward_worker::reaching::note_refusal;
use tokio::time::{Instant, sleep_until, timeout};

use super::{Blind, Key, Lens, Lenses, Shot};
use crate::devices::{reaching, stored};
use crate::error::{ApiError, codes};
use crate::platform::Platform;

/// A channel is asked for a picture this often at most.
const PACE: Duration = Duration::from_millis(600);
/// The same where it gave none.
const PACE_WITHOUT_PICTURE: Duration = Duration::from_secs(2);
/// How long a connection is kept for whoever watches next.
const LINGER: Duration = Duration::from_secs(3);

/// A device with its client, once it was reached.
type Reached = Option<(Device, DeviceClient)>;

/// Takes pictures of a channel until nobody watches any more.
pub(super) async fn look(platform: Platform, lenses: Lenses, key: Key, lens: Lens) {
    let mut reached = None;
    loop {
        if lens.shots.receiver_count() == 0 {
            let wanted = timeout(LINGER, lens.wanted.notified()).await.is_ok();
            if !wanted && lenses.close(&key, &lens) {
                return;
            }
            continue;
        }
        let begun = Instant::now();
        let picture = take(&platform, &key, &mut reached).await;
        let pace = if picture.is_ok() { PACE } else { PACE_WITHOUT_PICTURE };
        let until = (begun + pace).max(Instant::now() + pace / 2);
        lens.shots.send_replace(Some(Shot { picture, until }));
        sleep_until(until).await;
    }
}

async fn take(platform: &Platform, key: &Key, reached: &mut Reached) -> Result<Bytes, Blind> {
    if reached.is_none() {
        *reached = Some(reach(platform, key).await?);
    }
    let Some((_, client)) = reached else { return Err(Blind::Away) };
    match operations::snapshot(client, key.1).await {
        Ok(picture) => Ok(picture.bytes),
        Err(error) => {
            // Whatever it was, the next try begins with what is known of the device by then.
            if let Some((device, _)) = reached.take() {
                note(platform, device, &error).await;
            }
            Err(Blind::Call(error))
        }
    }
}

/// The way to the device, with its own login. Not where that was refused already.
async fn reach(platform: &Platform, (id, _): &Key) -> Result<(Device, DeviceClient), Blind> {
    let why = |error: ApiError| if error.code() == codes::NOT_FOUND.code { Blind::Gone } else { Blind::Away };
    let (device, credential) = stored(platform, id).await.map_err(why)?;
    let client = reaching(platform).client(&platform.store, &device, &credential, platform.clock.now());
    Ok((device, client.map_err(Blind::Resting)?))
}

/// A refused login is written down, so that nobody repeats it (R-H3).
async fn note(platform: &Platform, device: Device, error: &CallError) {
    let (now, error) = (platform.clock.now(), error.clone());
    if let Err(error) = platform.write(move |conn| note_refusal(conn, &device, &error, now)).await {
        tracing::warn!(cause = error.cause(), "a refused login could not be written down");
    }
}
