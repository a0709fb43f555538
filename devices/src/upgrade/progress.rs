//! `GET /ISAPI/System/upgradeStatus`: how far a device is with an upgrade.

use crate::isapi::{whole_number, yes_or_no};
use crate::xml::Element;

/// How far a device is with an upgrade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Whether it is writing a firmware just now.
    pub upgrading: bool,
    /// How far it is with that.
    pub percent: u8,
    /// It has the firmware and wants to be restarted.
    pub wants_reboot: bool,
}

/// Reads `upgradeStatus`, XML or JSON; `None` for another document.
pub(super) fn read(root: &Element<'_>) -> Option<Progress> {
    let status = root.find("upgradeStatus").unwrap_or(root);
    let flag = |name: &str| status.child_text(name).and_then(yes_or_no);
    let percent = status.child_text("percent").and_then(whole_number);
    let upgrading = flag("upgrading");
    if upgrading.is_none() && percent.is_none() {
        return None;
    }
    Some(Progress {
        upgrading: upgrading.unwrap_or(false),
        percent: u8::try_from(percent.unwrap_or(0).min(100)).unwrap_or(100),
        wants_reboot: flag("reboot").unwrap_or(false),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::xml::read_any;

    #[test]
    fn progress_is_read_from_xml_and_from_the_words_of_json() {
        for (text, progress) in [
            (
                "<upgradeStatus><upgrading>true</upgrading><percent>37</percent></upgradeStatus>",
                Progress { upgrading: true, percent: 37, wants_reboot: false },
            ),
            (
                r#"{"upgradeStatus":{"upgrading":"FALSE","percent":100,"reboot":"TRUE"}}"#,
                Progress { upgrading: false, percent: 100, wants_reboot: true },
            ),
            (
                "<upgradeStatus><upgrading>flase</upgrading><percent>900</percent></upgradeStatus>",
                Progress { upgrading: false, percent: 100, wants_reboot: false },
            ),
        ] {
            assert_eq!(read(&read_any(text).unwrap()), Some(progress), "{text}");
        }
        assert_eq!(read(&read_any("<DeviceInfo/>").unwrap()), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn any_document_is_read_or_left(inside in "(<(upgrading|percent|reboot)>|[0-9a-zA-Z%-]{0,6}|</(upgrading|percent|reboot)>){0,8}") {
            if let Ok(root) = read_any(&format!("<upgradeStatus>{inside}</upgradeStatus>")) {
                prop_assert!(read(&root).is_none_or(|progress| progress.percent <= 100));
            }
        }
    }
}
