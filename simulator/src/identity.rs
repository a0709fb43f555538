//! Who a simulated device is: names and numbers that follow from the seed alone.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::profile::{Model, Profile};

/// What a device tells about itself and never changes.
pub(crate) struct Identity {
    pub(crate) name: String,
    pub(crate) profile: Profile,
    pub(crate) model: &'static Model,
    /// 9 characters.
    pub(crate) short_serial: String,
    /// Model, date, letters, short serial, tail.
    pub(crate) serial_number: String,
    pub(crate) mac: String,
    pub(crate) device_id: String,
    /// Hours east of Greenwich.
    pub(crate) zone_hours: i32,
    /// Seconds that it had been running when the simulator started.
    pub(crate) uptime_at_start: u64,
}

impl Identity {
    /// The identity of the device at place `index`, of which `nth` of its profile came before.
    pub(crate) fn new(seed: u64, index: usize, nth: usize, name: &str, profile: Profile) -> Self {
        let mut random = StdRng::seed_from_u64(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ index as u64);
        let model = profile.model(nth);
        let digits = 9 - model.short_letters.len();
        // The place is part of the number, so that no two devices of a run share a serial.
        let number = random.random_range(10..100_u64) * 100_000 + index as u64 % 100_000;
        let short_serial = format!("{}{number:0>digits$}", model.short_letters);
        let date = format!(
            "{}{:02}{:02}",
            random.random_range(2015..2024),
            random.random_range(1..13),
            random.random_range(1..29)
        );
        let serial_number = format!("{}{date}{}{short_serial}{}", model.title, model.letters, model.tail);
        let bytes: [u8; 3] = random.random();
        let mac = format!("44:19:b6:{:02x}:{:02x}:{:02x}", bytes[0], bytes[1], bytes[2]);
        let device_id = match profile {
            Profile::Camera | Profile::Dome | Profile::Thermal | Profile::CameraOld => {
                format!(
                    "{:08x}-{:04x}-11b4-8{:03x}-{}",
                    random.random::<u32>(),
                    random.random::<u16>(),
                    index % 4096,
                    mac.replace(':', "")
                )
            }
            Profile::Nvr | Profile::Dvr => format!("48443030-3030-3030-3030-{}", mac.replace(':', "")),
            Profile::NvrOld => "255".to_owned(),
        };
        Self {
            name: name.to_owned(),
            profile,
            model,
            short_serial,
            serial_number,
            mac,
            device_id,
            zone_hours: [3, 1, 0, -5, 8].get(index % 5).copied().unwrap_or(0),
            uptime_at_start: random.random_range(3_600..8_000_000),
        }
    }
}

/// A password for the device at place `index`: satisfies every rule of the vendor (8–16 characters, several classes).
pub(crate) fn password(seed: u64, index: usize) -> String {
    const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut random = StdRng::seed_from_u64(!seed ^ (index as u64).rotate_left(32));
    let mut text = String::from("Sim7-");
    for _ in 0..8 {
        let at = random.random_range(0..LETTERS.len());
        text.push(LETTERS.get(at).copied().map_or('x', char::from));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn short_serials_are_nine_characters_and_distinct() {
        let mut seen = HashSet::new();
        for index in 0..2_000 {
            let profile = Profile::ALL[index % 7];
            let identity = Identity::new(7, index, index / 7, "x", profile);
            assert_eq!(identity.short_serial.len(), 9, "{}", identity.short_serial);
            assert!(identity.serial_number.contains(&identity.short_serial));
            assert!(seen.insert(identity.short_serial));
        }
    }
}
