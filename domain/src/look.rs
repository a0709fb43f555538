//! What follows from one look at a device: which exceptions open and close, and the health a person sees.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::device::DeviceKind;
use crate::exception::{self, ExceptionKey, ExceptionKind, StorageSeen};
use crate::flapping::Flapping;
use crate::health::{DeviceHealth, Reachability};
use crate::observation::{Channel, Disk, DiskSmart, Recording};
use crate::panel::{PanelLinks, PanelStatus};

/// After so many looks in a row without an answer the exception *device offline* opens. The health is *offline* from the
/// first: a single lost packet may flicker on the page, but alarms nobody.
pub const OFFLINE_AFTER_LOOKS: u8 = 2;

/// What a look found, as far as exceptions follow from it. Parts that were not looked at are `None`
/// and leave their exceptions as they stand.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it answered and let us in.
    pub reachability: &'a Reachability,
    /// Looks in a row that got no answer, this one included.
    pub unanswered: u8,
    /// The channels, where they were looked at.
    pub channels: Option<&'a [Channel]>,
    /// The disks, where they were looked at.
    pub disks: Option<&'a [Disk]>,
    /// What the disks' own checks said last.
    pub smart: &'a [DiskSmart],
    /// What it is set to record, as it told last.
    pub recording: Option<&'a Recording>,
    /// Seconds that its clock is off, where it was read.
    pub clock_offset: Option<i64>,
    /// How often it started anew in the last day, where its uptime is known.
    pub restarts: Option<usize>,
    /// Whether it has been at its address for long enough.
    pub settled: bool,
    /// What it told as an alarm panel, where it was asked.
    pub panel: Option<&'a PanelStatus>,
    /// A panel's ways to the outside before that.
    pub links_before: Option<&'a PanelLinks>,
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

/// Judges a look against the exceptions that are open: each opens once and closes once (R-H4), and one that flaps closes
/// when it was good for a while.
///
/// A look can only end what it could see: an unreachable device keeps its open faults and its failed login,
/// a device that did not let us in keeps its faults.
pub fn judge(open: &BTreeSet<ExceptionKey>, flapping: &mut Flapping, seen: &Seen<'_>) -> Judgement {
    let mut wanted = found(open, seen);
    let good: Vec<&ExceptionKey> = open.iter().filter(|key| can_judge(key, seen) && !wanted.contains(*key)).collect();
    for key in &wanted {
        flapping.note_bad(key);
    }
    let held: Vec<&ExceptionKey> = good.into_iter().filter(|key| !flapping.may_close(key, seen.at)).collect();
    wanted.extend(held.into_iter().cloned());
    wanted.extend(open.iter().filter(|key| !can_judge(key, seen)).cloned());
    let opened: Vec<ExceptionKey> = wanted.difference(open).cloned().collect();
    for key in &opened {
        flapping.note_opened(key, seen.at);
    }
    flapping.forget_old(seen.at, |key| wanted.contains(key));
    let faulty = wanted.iter().any(|key| key.kind.is_fault());
    Judgement {
        opened,
        closed: open.difference(&wanted).cloned().collect(),
        health: DeviceHealth::judge(seen.reachability, faulty),
    }
}

/// What is wrong as far as this look tells.
fn found(open: &BTreeSet<ExceptionKey>, seen: &Seen<'_>) -> BTreeSet<ExceptionKey> {
    let of_device = exception::from_reachability(seen.reachability);
    // One that is open was confirmed before.
    let confirmed = |key: &ExceptionKey| can_judge(key, seen) && (open.contains(key) || !is_unconfirmed(key, seen));
    let mut wanted: BTreeSet<ExceptionKey> = of_device.into_iter().filter(confirmed).collect();
    if *seen.reachability != Reachability::Ok {
        return wanted;
    }
    if let Some(channels) = seen.channels {
        wanted.extend(exception::from_channels(channels));
        wanted.extend(seen.recording.map(|set| exception::from_recording(channels, set)).unwrap_or_default());
    }
    if let Some(disks) = seen.disks {
        let needs_disk = matches!(seen.kind, DeviceKind::Nvr | DeviceKind::Dvr);
        let (smart, recording) = (seen.smart, seen.recording);
        wanted.extend(exception::from_disks(&StorageSeen { disks, smart, recording, needs_disk }));
    }
    if let Some(panel) = seen.panel {
        wanted.extend(exception::from_panel(panel, seen.links_before, |key| open.contains(key)));
    }
    let drift = ExceptionKey::of_device(ExceptionKind::ClockDrift);
    let is_wrong = seen.clock_offset.is_some_and(|offset| exception::is_clock_wrong(offset, open.contains(&drift)));
    wanted.extend(is_wrong.then_some(drift));
    let of_device = [
        (ExceptionKind::RebootsOften, seen.restarts.is_some_and(|restarts| restarts >= exception::OFTEN_RESTARTS)),
        (ExceptionKind::FirmwareVulnerable, seen.vulnerable == Some(true)),
    ];
    wanted.extend(of_device.into_iter().filter(|(_, holds)| *holds).map(|(kind, _)| ExceptionKey::of_device(kind)));
    wanted
}

/// Whether this look tells if an exception holds.
fn can_judge(key: &ExceptionKey, seen: &Seen<'_>) -> bool {
    let let_in = *seen.reachability == Reachability::Ok;
    match key.kind {
        ExceptionKind::DeviceOffline => true,
        ExceptionKind::LoginFailed => {
            seen.reachability.answered() && !matches!(seen.reachability, Reachability::TooManySessions)
        }
        ExceptionKind::OfflineAfterUpgrade => let_in,
        ExceptionKind::AddressChanged => let_in && seen.settled,
        ExceptionKind::DiskError | ExceptionKind::DiskFull | ExceptionKind::NoDisk => let_in && seen.disks.is_some(),
        ExceptionKind::VideoLoss | ExceptionKind::ChannelOffline | ExceptionKind::RecordingGap => {
            let_in && seen.channels.is_some()
        }
        ExceptionKind::ClockDrift => let_in && seen.clock_offset.is_some(),
        ExceptionKind::RebootsOften => let_in && seen.restarts.is_some(),
        ExceptionKind::FirmwareVulnerable => let_in && seen.vulnerable.is_some(),
        ExceptionKind::Tamper
        | ExceptionKind::LowBattery
        | ExceptionKind::MainsLost
        | ExceptionKind::PanelLinkDown
        | ExceptionKind::ZoneFault
        | ExceptionKind::PeripheralOffline => {
            let_in && seen.panel.is_some_and(|panel| exception::panel_tells(panel, key))
        }
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
        Seen {
            at: DateTime::UNIX_EPOCH,
            reachability,
            unanswered,
            channels: None,
            disks: None,
            smart: &[],
            recording: None,
            clock_offset: None,
            restarts: None,
            settled: false,
            panel: None,
            links_before: None,
            vulnerable: None,
            kind: DeviceKind::Nvr,
        }
    }

    fn judge(open: &BTreeSet<ExceptionKey>, seen: &Seen<'_>) -> Judgement {
        super::judge(open, &mut Flapping::default(), seen)
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
            recording: None,
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
    fn a_wrong_clock_and_many_starts_are_told_once_each_and_end_by_themselves() {
        let (drift, often) = (ExceptionKind::ClockDrift, ExceptionKind::RebootsOften);
        let keys = BTreeSet::from([drift, often].map(ExceptionKey::of_device));
        let now = |clock_offset, restarts| Seen { clock_offset, restarts, ..seen(&Reachability::Ok, 0) };
        let first = judge(&BTreeSet::new(), &now(Some(-90), Some(3)));
        assert_eq!((first.opened, first.health), (keys.iter().cloned().collect(), DeviceHealth::Faulty));
        assert_eq!(judge(&keys, &now(None, None)).closed, vec![]);
        assert_eq!(judge(&keys, &now(Some(45), Some(3))).closed, vec![]);
        assert_eq!(judge(&keys, &now(Some(2), Some(2))).closed, keys.iter().cloned().collect::<Vec<_>>());
    }

    #[test]
    fn what_others_opened_ends_with_a_look_that_is_let_in() {
        let upgraded = ExceptionKey::of_device(ExceptionKind::OfflineAfterUpgrade);
        let moved = ExceptionKey::of_device(ExceptionKind::AddressChanged);
        let open = BTreeSet::from([upgraded.clone(), moved.clone()]);
        assert_eq!(judge(&open, &seen(&gone(), 1)).closed, vec![]);
        assert_eq!(judge(&open, &seen(&Reachability::Ok, 0)).closed, vec![upgraded.clone()]);
        let settled = Seen { settled: true, ..seen(&Reachability::Ok, 0) };
        assert_eq!(judge(&open, &settled).closed, vec![moved, upgraded]);
    }

    #[test]
    fn a_picture_that_comes_and_goes_is_one_exception_in_the_end() {
        let mut flapping = Flapping::default();
        let mut open = BTreeSet::new();
        let (mut opened, mut closed) = (0, 0);
        let mut look = |minute: i64, lost| {
            let channels = [channel(lost)];
            let at = DateTime::UNIX_EPOCH + chrono::Duration::minutes(minute);
            let judged = super::judge(
                &open,
                &mut flapping,
                &Seen { at, channels: Some(&channels), ..seen(&Reachability::Ok, 0) },
            );
            (opened, closed) = (opened + judged.opened.len(), closed + judged.closed.len());
            open.extend(judged.opened);
            open.retain(|key| !judged.closed.contains(key));
            (opened, closed, judged.health)
        };
        for minute in 0..100 {
            look(minute, minute % 2 == 0);
        }
        assert_eq!(look(100, true), (3, 2, DeviceHealth::Faulty));
        assert_eq!(look(101, false), (3, 2, DeviceHealth::Faulty));
        assert_eq!(look(111, false), (3, 3, DeviceHealth::Healthy));
    }

    #[test]
    fn a_device_that_flaps_is_missed_at_the_first_look_without_an_answer() {
        let mut flapping = Flapping::default();
        let open = BTreeSet::from([offline()]);
        let at = |minute: i64| DateTime::UNIX_EPOCH + chrono::Duration::minutes(minute);
        for minute in 0..3 {
            flapping.note_opened(&offline(), at(minute));
        }
        let mut closed = |minute, reachability: &Reachability, unanswered| {
            let seen = Seen { at: at(minute), ..seen(reachability, unanswered) };
            super::judge(&open, &mut flapping, &seen).closed.len()
        };
        assert_eq!((closed(3, &Reachability::Ok, 0), closed(12, &gone(), 1)), (0, 0));
        assert_eq!((closed(14, &Reachability::Ok, 0), closed(24, &Reachability::Ok, 0)), (0, 1));
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
