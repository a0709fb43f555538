//! Setting a device's clock and zone.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use http::Method;

use super::{Done, XML};
use crate::call_error::CallError;
use crate::http::DeviceClient;
use crate::isapi::edit::Edit;
use crate::isapi::time::PATH;
use crate::isapi::{outcome, posix_zone};

/// Sets the clock to `now` and the zone to `zone`, with its summer time. The device no longer asks a time server then.
pub async fn set_time(client: &mut DeviceClient, now: DateTime<Utc>, zone: Tz) -> Result<Done, CallError> {
    let answer = client.get(PATH).await?;
    let mut edit = Edit::read(&answer, "Time")?;
    edit.set("timeMode", "manual")?;
    edit.set("localTime", &now.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false))?;
    edit.set("timeZone", &posix_zone::of(zone, now))?;
    let answer = client.send(Method::PUT, PATH, Some(XML), edit.into_body()).await?;
    outcome::read(&answer)
}
