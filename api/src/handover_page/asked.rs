//! What is asked for, as boxes to tick: all of them are at first, and whoever unticks one allows less.

use std::collections::HashSet;

use siteward_domain::handover::{Asks, Offer};
use siteward_store::handovers::OpenHandover;

use super::texts::Texts;

/// A device with what is asked for on it, or what is shared of it.
pub(super) struct AskedDevice<'a> {
    pub(super) name: &'a str,
    pub(super) kind: &'static str,
    pub(super) model: &'a str,
    pub(super) boxes: Vec<AskedBox>,
    /// What is shared, in words.
    pub(super) shared: Vec<String>,
}

/// A box to tick.
pub(super) struct AskedBox {
    /// Its name in the form: the place of what is asked for.
    pub(super) name: String,
    pub(super) words: String,
    pub(super) ticked: bool,
}

/// What was ticked.
#[derive(Debug, Default)]
pub(super) struct Ticked {
    pub(super) site: bool,
    places: HashSet<usize>,
}

impl Ticked {
    /// Reads the fields of a form.
    pub(super) fn read(fields: &[(String, String)]) -> Self {
        let mut ticked = Self::default();
        for (name, _) in fields {
            match name.strip_prefix("allow.") {
                Some("site") => ticked.site = true,
                Some(place) => ticked.places.extend(place.parse::<usize>().ok()),
                None => {}
            }
        }
        ticked
    }

    /// What of what is asked for it allows.
    pub(super) fn of(&self, asks: &Asks) -> Asks {
        let devices = asks.devices.iter().enumerate().filter(|(place, _)| self.places.contains(place));
        Asks { site: asks.site && self.site, devices: devices.map(|(_, ask)| ask.clone()).collect() }
    }
}

/// The devices of the site, each with its boxes.
pub(super) fn of<'a>(handover: &'a OpenHandover, ticked: Option<&Ticked>, texts: &Texts) -> Vec<AskedDevice<'a>> {
    let asks = handover.offer.asks();
    let device = |device: &'a siteward_store::handovers::OfferedDevice| {
        let boxes = asks.devices.iter().enumerate().filter(|(_, ask)| ask.device_id == device.id);
        let boxes = boxes.map(|(place, ask)| AskedBox {
            name: format!("allow.{place}"),
            words: format!("{}, {}", texts.permission(ask.permission), texts.validity(ask.validity)),
            ticked: ticked.is_none_or(|ticked| ticked.places.contains(&place)),
        });
        let shared = match &handover.offer {
            Offer::Transfer(_) => Vec::new(),
            Offer::Share(channels) => channels
                .iter()
                .filter(|channel| channel.device_id == device.id)
                .map(|channel| texts.shared(channel))
                .collect(),
        };
        AskedDevice {
            name: &device.name,
            kind: texts.kind(device.kind),
            model: &device.model,
            boxes: boxes.collect(),
            shared,
        }
    };
    let is_share = matches!(handover.offer, Offer::Share(_));
    let devices = handover.devices.iter().map(device);
    devices.filter(|device| !is_share || !device.shared.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use siteward_domain::DeviceId;
    use siteward_domain::grant::{DevicePermission, Validity};
    use siteward_domain::handover::DeviceAsk;

    use super::*;

    #[test]
    fn what_is_not_ticked_is_not_allowed_and_nothing_else_can_be_ticked() {
        let device_id = DeviceId::parse("01890f00-0000-7000-8000-000000000001").unwrap();
        let ask = |permission| DeviceAsk { device_id: device_id.clone(), permission, validity: Validity::Hours1 };
        let devices = vec![ask(DevicePermission::LiveView), ask(DevicePermission::Playback)];
        let asks = Asks { site: true, devices: devices.clone() };
        let read = |names: &[&str]| {
            let fields: Vec<_> = names.iter().map(|name| ((*name).to_owned(), "on".to_owned())).collect();
            Ticked::read(&fields).of(&asks)
        };
        assert_eq!(read(&["allow.site", "allow.0", "allow.1"]), asks);
        assert_eq!(read(&["allow.1", "name"]), Asks { site: false, devices: vec![devices[1].clone()] });
        assert_eq!(read(&["allow.7", "allow.-1", "allow.x"]), Asks::default());
        let unasked = Asks { site: false, devices: Vec::new() };
        assert!(!Ticked::read(&[("allow.site".to_owned(), String::new())]).of(&unasked).site);
    }
}
