//! What follows from one look at a device: which exceptions open and close, and the health a person sees.

use std::collections::BTreeSet;

use crate::device::DeviceKind;
use crate::exception::{self, ExceptionKey, ExceptionKind};
use crate::health::{DeviceHealth, Reachability};
use crate::observation::{Channel, Disk};

/// After so many looks in a row without an answer the exception *device offline* opens. The health is *offline* from the
/// first: a single lost packet may flicker on the page, but alarms nobody.
pub const OFFLINE_AFTER_LOOKS: u8 = 2;

/// What a look found, as far as exceptions follow from it. Parts that were not looked at are `None`
/// and leave their exceptions as they stand.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Whether it answered and let us in.
    pub reachability: &'a Reachability,
    /// Looks in a row that got no answer, this one included.
    pub unanswered: u8,
    /// The channels, where they were looked at.
    pub channels: Option<&'a [Channel]>,
    /// The disks, where they were looked at.
    pub disks: Option<&'a [Disk]>,
    /// Whether its firmware is known to be vulnerable, where that can be told.
    pub vulnerable: Option<bool>,
    /// What the device is: a recorder without a disk is at fault, a camera is not.
    pub kind: DeviceKind,
}

/// What follows from a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Exceptions that begin.
    pub opened: Vec<ExceptionKey>,
    /// Exceptions that end.
    pub closed: Vec<ExceptionKey>,
    /// The state now.
    pub health: DeviceHealth,
}

/// Judges a look against the exceptions that are open: each opens once and closes once (R-H4).
///
/// A look can only end what it could see: an unreachable device keeps its open faults and its failed login,
/// a device that did not let us in keeps its faults.
pub fn judge(open: &BTreeSet<ExceptionKey>, seen: &Seen<'_>) -> Judgement {
    let mut wanted: BTreeSet<ExceptionKey> = open.iter().filter(|key| !can_judge(key.kind, seen)).cloned().collect();
    let of_device = exception::from_reachability(seen.reachability);
    wanted.extend(of_device.filter(|key| can_judge(key.kind, seen) && !is_unconfirmed(key, seen)));
    if *seen.reachability == Reachability::Ok {
        wanted.extend(seen.channels.map(exception::from_channels).unwrap_or_default());
        let needs_disk = matches!(seen.kind, DeviceKind::Nvr | DeviceKind::Dvr);
        wanted.extend(seen.disks.map(|disks| exception::from_disks(disks, needs_disk)).unwrap_or_default());
        let is_vulnerable = seen.vulnerable == Some(true);
        wanted.extend(is_vulnerable.then(|| ExceptionKey::of_device(ExceptionKind::FirmwareVulnerable)));
    }
    let faulty = wanted.iter().any(|key| key.kind.is_fault());
    Judgement {
        opened: wanted.difference(open).cloned().collect(),
        closed: open.difference(&wanted).cloned().collect(),
        health: DeviceHealth::judge(seen.reachability, faulty),
    }
}

/// Whether this look tells if an exception of this kind holds.
fn can_judge(kind: ExceptionKind, seen: &Seen<'_>) -> bool {
    let let_in = *seen.reachability == Reachability::Ok;
    match kind {
        ExceptionKind::DeviceOffline => true,
        ExceptionKind::LoginFailed => {
            seen.reachability.answered() && !matches!(seen.reachability, Reachability::TooManySessions)
        }
        ExceptionKind::OfflineAfterUpgrade => let_in,
        ExceptionKind::DiskError | ExceptionKind::NoDisk => let_in && seen.disks.is_some(),
        ExceptionKind::VideoLoss | ExceptionKind::ChannelOffline => let_in && seen.channels.is_some(),
        ExceptionKind::FirmwareVulnerable => let_in && seen.vulnerable.is_some(),
        ExceptionKind::DiskFull
        | ExceptionKind::RecordingGap
        | ExceptionKind::ClockDrift
        | ExceptionKind::RebootsOften
        | ExceptionKind::AddressChanged
        | ExceptionKind::Tamper
        | ExceptionKind::LowBattery
        | ExceptionKind::MainsLost
        | ExceptionKind::PanelLinkDown
        | ExceptionKind::ZoneFault
        | ExceptionKind::PeripheralOffline => false,
    }
}

fn is_unconfirmed(key: &ExceptionKey, seen: &Seen<'_>) -> bool {
    key.kind == ExceptionKind::DeviceOffline && seen.unanswered < OFFLINE_AFTER_LOOKS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::{ChannelSource, DiskState};

    fn gone() -> Reachability {
        Reachability::Unreachable { reason: "timeout".into() }
    }

    fn refused() -> Reachability {
        Reachability::LoginRefused { tries_left: None }
    }

    fn seen(reachability: &Reachability, unanswered: u8) -> Seen<'_> {
        Seen { reachability, unanswered, channels: None, disks: None, vulnerable: None, kind: DeviceKind::Nvr }
    }

    fn offline() -> ExceptionKey {
        ExceptionKey::of_device(ExceptionKind::DeviceOffline)
    }

    fn login_failed() -> ExceptionKey {
        ExceptionKey::of_device(ExceptionKind::LoginFailed)
    }

    fn channel(video_loss: bool) -> Channel {
        Channel {
            number: 3,
            name: String::new(),
            source: ChannelSource::Analog,
            online: None,
            video_loss: Some(video_loss),
            detail: None,
            address: None,
            model: None,
            firmware: None,
        }
    }

    #[test]
    fn offline_shows_at_once_and_opens_an_exception_at_the_second_look() {
        let none = BTreeSet::new();
        let first = judge(&none, &seen(&gone(), 1));
        assert_eq!((first.opened, first.health), (vec![], DeviceHealth::Offline));
        assert_eq!(judge(&none, &seen(&gone(), 2)).opened, vec![offline()]);
    }

    #[test]
    fn what_is_open_does_not_open_again_and_closes_once() {
        let open = BTreeSet::from([offline()]);
        let still = judge(&open, &seen(&gone(), 9));
        assert_eq!((still.opened, still.closed), (vec![], vec![]));
        assert_eq!(judge(&open, &seen(&Reachability::Ok, 0)).closed, vec![offline()]);
    }

    #[test]
    fn a_look_ends_only_what_it_could_see() {
        let loss = ExceptionKey::of_part(ExceptionKind::VideoLoss, "3");
        let open = BTreeSet::from([loss.clone(), login_failed()]);
        assert_eq!(judge(&open, &seen(&gone(), 2)).closed, vec![]);
        assert_eq!(judge(&open, &seen(&refused(), 0)).closed, vec![]);
        let let_in = judge(&open, &seen(&Reachability::Ok, 0));
        assert_eq!((let_in.closed, let_in.health), (vec![login_failed()], DeviceHealth::Faulty));
        let channels = [channel(false)];
        let looked =
            judge(&BTreeSet::from([loss.clone()]), &Seen { channels: Some(&channels), ..seen(&Reachability::Ok, 0) });
        assert_eq!((looked.closed, looked.health), (vec![loss], DeviceHealth::Healthy));
    }

    #[test]
    fn a_lost_picture_makes_a_device_faulty() {
        let channels = [channel(true)];
        let judged = judge(&BTreeSet::new(), &Seen { channels: Some(&channels), ..seen(&Reachability::Ok, 0) });
        assert_eq!(judged.opened, vec![ExceptionKey::of_part(ExceptionKind::VideoLoss, "3")]);
        assert_eq!(judged.health, DeviceHealth::Faulty);
    }

    #[test]
    fn a_vulnerable_firmware_is_told_once_and_makes_no_device_faulty() {
        let key = ExceptionKey::of_device(ExceptionKind::FirmwareVulnerable);
        let judged = |open: &BTreeSet<ExceptionKey>, reachability: &Reachability, vulnerable| {
            judge(open, &Seen { vulnerable, ..seen(reachability, 0) })
        };
        let first = judged(&BTreeSet::new(), &Reachability::Ok, Some(true));
        assert_eq!((first.opened, first.health), (vec![key.clone()], DeviceHealth::Healthy));
        let open = BTreeSet::from([key.clone()]);
        assert_eq!(judged(&open, &Reachability::Ok, Some(true)).opened, vec![]);
        assert_eq!(judged(&open, &Reachability::Ok, None).closed, vec![]);
        assert_eq!(judged(&open, &gone(), Some(false)).closed, vec![]);
        assert_eq!(judged(&open, &Reachability::Ok, Some(false)).closed, vec![key]);
    }

    #[test]
    fn a_disk_that_moves_from_failed_to_gone_closes_one_exception_and_opens_another() {
        let disk = Disk {
            id: "1".into(),
            name: "hdda".into(),
            kind: "hdd".into(),
            state: DiskState::Empty,
            raw_state: "notexist".into(),
            capacity_mb: None,
            free_mb: None,
        };
        let failed = ExceptionKey::of_part(ExceptionKind::DiskError, "1");
        let judged =
            judge(&BTreeSet::from([failed.clone()]), &Seen { disks: Some(&[disk]), ..seen(&Reachability::Ok, 0) });
        assert_eq!(judged.closed, vec![failed]);
        assert_eq!(judged.opened, vec![ExceptionKey::of_device(ExceptionKind::NoDisk)]);
    }
}
