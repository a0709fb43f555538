//! Who a simulated device is: names and numbers that follow from the seed alone.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::profile::{Model, Profile};

/// What a device tells about itself and never changes.
pub(crate) struct Identity {
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
    pub(crate) fn new(seed: u64, index: usize, nth: usize, profile: Profile) -> Self {
        let mut random = StdRng::seed_from_u64(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ index as u64);
        let model = profile.model(nth);
        let digits = 9 - model.short_letters.len();
        // The place is part of the number, so that no two devices of a run share a serial, counted from a start of the
        // seed's own, so that two runs hardly ever do.
        let start = StdRng::seed_from_u64(!seed).random::<u32>();
        let place = u64::from(start) + index as u64;
        let number = random.random_range(10..100_u64) * 100_000 + place % 100_000;
        let short_serial = format!("{}{number:0>digits$}", model.short_letters);
        let date = format!(
            "{}{:02}{:02}",
            random.random_range(2015..2024),
            random.random_range(1..13),
            random.random_range(1..29)
        );
        let serial_number = format!("{}{date}{}{short_serial}{}", model.title, model.letters, model.tail);
        let [.., high, middle, low] = place.to_be_bytes();
        let mac = format!("44:19:b6:{high:02x}:{middle:02x}:{low:02x}");
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
            Profile::NvrOld | Profile::Router => "255".to_owned(),
            Profile::Panel | Profile::PanelHybrid => format!("48513038-3937-3932-3036-{}", mac.replace(':', "")),
        };
        Self {
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

    /// The text of the QR code on the label: a host, the short serial, a code where one is printed, the model.
    pub(crate) fn label(&self, code: Option<&str>) -> String {
        let end = match self.profile {
            Profile::Nvr | Profile::NvrOld | Profile::Dvr => "\r\n",
            _ => "\r",
        };
        let lines = [Some("www.hik-connect.com"), Some(self.short_serial.as_str()), code, Some(self.model.title)];
        lines.into_iter().flatten().fold(String::new(), |text, line| text + line + end)
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

/// The verification code printed on the device at place `index`: six capitals, and not the one that is refused.
pub(crate) fn verification_code(seed: u64, index: usize) -> String {
    let mut random = StdRng::seed_from_u64(seed.rotate_left(17) ^ (index as u64).wrapping_mul(0xD129_0B26_8F4C_5A73));
    loop {
        let code: String = (0..6).map(|_| char::from(random.random_range(b'A'..=b'Z'))).collect();
        if code != "ABCDEF" {
            return code;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn short_serials_are_nine_characters_and_distinct() {
        let mut seen = HashSet::new();
        for index in 0..2_000 {
            let profile = Profile::ALL[index % Profile::ALL.len()];
            let identity = Identity::new(7, index, index / Profile::ALL.len(), profile);
            assert_eq!(identity.short_serial.len(), 9, "{}", identity.short_serial);
            assert!(identity.serial_number.contains(&identity.short_serial));
            assert!(seen.insert(identity.short_serial));
            assert!(seen.insert(identity.mac));
        }
    }
}
