//! What linkage rules have devices do beside pictures: switch an output, begin to record, turn to a preset.
//!
//! Paths and words stand here only, see docs/devices.md for how sure they are. Each is one request that is never repeated.

use bytes::Bytes;
use http::Method;

use super::{Done, XML};
use crate::call_error::CallError;
use crate::http::DeviceClient;
use crate::isapi::outcome;

/// Switches an output, from 1, on or off.
pub async fn set_output(client: &mut DeviceClient, output: u32, on: bool) -> Result<Done, CallError> {
    let state = if on { "high" } else { "low" };
    let body = format!("<IOPortData><outputState>{state}</outputState></IOPortData>");
    let path = format!("/ISAPI/System/IO/outputs/{output}/trigger");
    let answer = client.send(Method::PUT, &path, Some(XML), Bytes::from(body)).await?;
    outcome::read(&answer)
}

/// Has the main stream of a channel, from 1, recorded until somebody stops it on the device.
pub async fn start_recording(client: &mut DeviceClient, channel: u32) -> Result<Done, CallError> {
    let path = format!("/ISAPI/ContentMgmt/record/control/manual/start/tracks/{channel}01");
    put_nothing(client, &path).await
}

/// Turns the camera of a channel to a preset; both count from 1.
pub async fn go_to_preset(client: &mut DeviceClient, channel: u32, preset: u32) -> Result<Done, CallError> {
    put_nothing(client, &format!("/ISAPI/PTZCtrl/channels/{channel}/presets/{preset}/goto")).await
}

async fn put_nothing(client: &mut DeviceClient, path: &str) -> Result<Done, CallError> {
    let answer = client.send(Method::PUT, path, None, Bytes::new()).await?;
    outcome::read(&answer)
}
