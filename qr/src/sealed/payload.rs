//! The inside of a sealed code: `[last day, [part, parts], "device", …]` as compact JSON.
//!
//! The last day counts from 1970; `[part, parts]` is left out where there is one code. A device is one text of up to four
//! fields between U+007F, a character that no field may hold and that JSON does not escape: password, place, name, user
//! name. What is usual at the end is left out (`admin`, an empty name). A place is `host` (port 80), `host:port`, or
//! `#` with serial number and verification code.

use std::fmt::Write as _;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use siteward_domain::device::{MOST_NAME_CHARACTERS, MOST_PASSWORD_BYTES, MOST_USER_BYTES};
use siteward_domain::{SerialNumber, VerificationCode};
use zeroize::Zeroizing;

use super::{MOST_IN_A_CODE, Place, SealedDevice, SealedError};
use crate::export::is_host;

const BETWEEN: char = '\u{7F}';
const USUAL_USER: &str = "admin";
const USUAL_PORT: u16 = 80;
const SERIAL_MARK: char = '#';
const SECONDS_OF_A_DAY: i64 = 86_400;

/// What a sealed code held.
#[derive(Debug, Clone)]
pub struct Opened {
    /// When it ceases to open, unix seconds.
    pub expires_at: i64,
    /// Which code of how many it is, from 1.
    pub part: (u32, u32),
    /// Its devices.
    pub devices: Vec<SealedDevice>,
}

/// One element of the list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Element {
    Day(u32),
    Part([u32; 2]),
    Device(SecretString),
}

impl Opened {
    pub(super) fn read(plain: &[u8], now: i64) -> Result<Self, SealedError> {
        let list: Vec<Element> = serde_json::from_slice(plain).map_err(|_| SealedError::Damaged)?;
        let mut list = list.into_iter().peekable();
        let Some(Element::Day(last_day)) = list.next() else { return Err(SealedError::Damaged) };
        let mut part = (1, 1);
        if let Some(Element::Part([this, all])) = list.peek() {
            part = (*this, *all);
            list.next();
        }
        let devices = list.map(|element| match element {
            Element::Device(text) => read_device(text.expose_secret()).ok_or(SealedError::Damaged),
            Element::Day(_) | Element::Part(_) => Err(SealedError::Damaged),
        });
        let devices = devices.collect::<Result<Vec<_>, _>>()?;
        if devices.is_empty() || devices.len() > MOST_IN_A_CODE || part.0 == 0 || part.0 > part.1 {
            return Err(SealedError::Damaged);
        }
        let expires_at = (i64::from(last_day) + 1) * SECONDS_OF_A_DAY;
        if now >= expires_at { Err(SealedError::Expired) } else { Ok(Self { expires_at, part, devices }) }
    }
}

/// The list as JSON; `last_until` in unix seconds, of which the whole day counts.
pub(super) fn write(
    last_until: i64,
    part: (usize, usize),
    devices: &[Zeroizing<String>],
) -> Result<Zeroizing<String>, SealedError> {
    let day = u32::try_from(last_until.div_euclid(SECONDS_OF_A_DAY)).map_err(|_| SealedError::Unwritable)?;
    let mut list = Zeroizing::new(format!("[{day}"));
    if part.1 > 1 {
        // Writing to a string cannot fail.
        let _ = write!(list, ",[{},{}]", part.0, part.1);
    }
    for device in devices {
        list.push(',');
        let quoted = serde_json::to_string(device.as_str()).map_err(|_| SealedError::Unwritable)?;
        list.push_str(&Zeroizing::new(quoted));
    }
    list.push(']');
    Ok(list)
}

/// A device as one text.
pub(super) fn write_device(device: &SealedDevice) -> Result<Zeroizing<String>, SealedError> {
    let password = device.password.expose_secret();
    let place = write_place(&device.place).ok_or(SealedError::Unwritable)?;
    let user_name = if device.user_name == USUAL_USER { "" } else { &device.user_name };
    let fields = [password, &place, &device.name, user_name];
    let controls = fields.iter().any(|field| field.chars().any(char::is_control));
    if controls || !fits(&device.name, &device.user_name, password) {
        return Err(SealedError::Unwritable);
    }
    let mut text = Zeroizing::new(fields.join(&BETWEEN.to_string()));
    let without_usual_end = text.trim_end_matches(BETWEEN).len();
    text.truncate(without_usual_end);
    Ok(text)
}

fn fits(name: &str, user_name: &str, password: &str) -> bool {
    name.chars().count() <= MOST_NAME_CHARACTERS
        && (1..=MOST_USER_BYTES).contains(&user_name.len())
        && password.len() <= MOST_PASSWORD_BYTES
}

fn read_device(text: &str) -> Option<SealedDevice> {
    let mut fields = text.split(BETWEEN);
    let (password, place) = (fields.next()?, fields.next()?);
    let (name, user_name) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
    let user_name = if user_name.is_empty() { USUAL_USER } else { user_name };
    let controls = [password, place, name, user_name].iter().any(|field| field.chars().any(char::is_control));
    if fields.next().is_some() || controls || !fits(name, user_name, password) {
        return None;
    }
    Some(SealedDevice {
        name: name.to_owned(),
        place: read_place(place)?,
        user_name: user_name.to_owned(),
        password: password.into(),
    })
}

fn write_place(place: &Place) -> Option<String> {
    match place {
        Place::Address { host, port } => {
            if !is_host(host) || *port == 0 {
                return None;
            }
            let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
            Some(if *port == USUAL_PORT { host } else { format!("{host}:{port}") })
        }
        Place::Serial { serial, verification_code } => {
            let code = verification_code.as_ref().map_or("", VerificationCode::expose);
            Some(format!("{SERIAL_MARK}{}{code}", serial.as_str()))
        }
    }
}

fn read_place(text: &str) -> Option<Place> {
    if let Some(text) = text.strip_prefix(SERIAL_MARK) {
        let (serial, code) = text.split_at_checked(9)?;
        let verification_code = if code.is_empty() { None } else { Some(VerificationCode::parse(code).ok()?) };
        return Some(Place::Serial { serial: SerialNumber::parse(serial).ok()?, verification_code });
    }
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map(|(host, port)| (host, port.strip_prefix(':')))?,
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map_or(Some(USUAL_PORT), |port| port.parse().ok().filter(|port| *port != 0))?;
    is_host(host).then(|| Place::Address { host: host.to_owned(), port })
}
