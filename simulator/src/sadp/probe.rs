//! What somebody asks over SADP.

use crate::device::Device;
use crate::xml;

/// An inquiry, or a command to one device.
pub(super) struct Probe {
    pub(super) uuid: String,
    /// `Types`: what is asked.
    pub(super) kind: String,
    /// MAC address of the device it is for, as written.
    mac: String,
    text: String,
}

impl Probe {
    /// `None` for what is no probe.
    pub(super) fn parse(datagram: &[u8]) -> Option<Self> {
        let text = str::from_utf8(datagram).ok()?.trim_end_matches('\0');
        xml::find(text, "Probe")?;
        Some(Self {
            uuid: xml::find(text, "Uuid").unwrap_or_default(),
            kind: xml::find(text, "Types")?,
            mac: xml::find(text, "MAC").unwrap_or_default().to_ascii_lowercase().replace('-', ":"),
            text: text.to_owned(),
        })
    }

    pub(super) fn is_inquiry(&self) -> bool {
        matches!(self.kind.as_str(), "inquiry" | "inquiry_v32")
    }

    pub(super) fn is_for(&self, device: &Device) -> bool {
        self.mac == device.identity.mac
    }

    /// The text of an element.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        xml::find(&self.text, name)
    }

    /// The password element: its text, and whether it says that its key is made with the device's salt.
    pub(super) fn password(&self) -> Option<(String, bool)> {
        xml::find_with(&self.text, "Password").map(|(attributes, text)| (text, attributes.contains("bSalt=\"true\"")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_probes_are_read() {
        let probe = Probe::parse(
            b"<?xml version=\"1.0\"?><Probe><Uuid>A-1</Uuid><MAC>44-19-B6-00-01-02</MAC><Types>update</Types>\
              <Password bSalt=\"true\">eA==</Password></Probe>",
        )
        .unwrap();
        assert_eq!(
            (probe.uuid.as_str(), probe.kind.as_str(), probe.mac.as_str()),
            ("A-1", "update", "44:19:b6:00:01:02")
        );
        assert_eq!(probe.password(), Some(("eA==".to_owned(), true)));
        for other in
            ["", "<ProbeMatch><Types>inquiry</Types></ProbeMatch>", "<Probe><Uuid>A</Uuid></Probe>", "\u{0}<Pro"]
        {
            assert!(Probe::parse(other.as_bytes()).is_none(), "{other:?}");
        }
        assert!(Probe::parse(&vec![0xFF; 60_000]).is_none());
    }
}
