//! What is wrong with disks and with what is recorded on them.

use super::{ExceptionKey, ExceptionKind};
use crate::observation::{Channel, Disk, DiskSmart, DiskState, Recording, SmartState};

/// What is known of storage at a look. Checks and settings are asked rarely, so they are the last that were told.
#[derive(Debug, Clone, Copy, Default)]
pub struct StorageSeen<'a> {
    /// The disks.
    pub disks: &'a [Disk],
    /// What their own checks said last.
    pub smart: &'a [DiskSmart],
    /// What the device is set to record, as it told last.
    pub recording: Option<&'a Recording>,
    /// Whether the device needs a disk: a recorder does, a camera does not.
    pub needs_disk: bool,
}

/// Exceptions that follow from disks. An empty bay is not a fault; a recorder with nothing usable is. No free space is as it
/// should be where what is old is overwritten, and only where the device says that it is not is it a full disk.
pub fn from_disks(seen: &StorageSeen<'_>) -> Vec<ExceptionKey> {
    let keeps_all = seen.recording.is_some_and(|recording| recording.overwrites == Some(false));
    let mut found: Vec<ExceptionKey> = Vec::new();
    for disk in seen.disks {
        let is_there = !matches!(disk.state, DiskState::Empty);
        let fails = |smart: &DiskSmart| smart.id == disk.id && smart.state == SmartState::Failing;
        if disk.state == DiskState::Error || (is_there && seen.smart.iter().any(fails)) {
            found.push(ExceptionKey::of_part(ExceptionKind::DiskError, disk.id.clone()));
        } else if keeps_all && disk.state == DiskState::Ok && disk.free_mb == Some(0) {
            found.push(ExceptionKey::of_part(ExceptionKind::DiskFull, disk.id.clone()));
        }
    }
    let is_usable = |disk: &Disk| !matches!(disk.state, DiskState::Empty | DiskState::Unformatted);
    if seen.needs_disk && !seen.disks.iter().any(is_usable) {
        found.push(ExceptionKey::of_device(ExceptionKind::NoDisk));
    }
    found
}

/// Channels that are to be recorded at all times and are not. One that is offline or has no picture has an exception of
/// its own.
pub fn from_recording(channels: &[Channel], recording: &Recording) -> Vec<ExceptionKey> {
    let is_wanted =
        |number: u32| recording.tracks.iter().any(|track| track.channel == number && track.enabled && track.continuous);
    let gaps = channels.iter().filter(|channel| {
        let has_picture = channel.online != Some(false) && channel.video_loss != Some(true);
        channel.recording == Some(false) && has_picture && is_wanted(channel.number)
    });
    gaps.map(|channel| ExceptionKey::of_part(ExceptionKind::RecordingGap, channel.number.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::{ChannelSource, Track};

    fn disk(id: &str, word: &str) -> Disk {
        Disk {
            id: id.into(),
            name: format!("hdd{id}"),
            kind: "hdd".into(),
            state: DiskState::read(word),
            raw_state: word.into(),
            capacity_mb: Some(1000),
            free_mb: Some(0),
        }
    }

    fn recording(overwrites: Option<bool>, continuous: bool) -> Recording {
        Recording { overwrites, tracks: vec![Track { channel: 1, enabled: true, continuous }], oldest: None }
    }

    fn found(disks: &[Disk], smart: &[DiskSmart], recording: Option<&Recording>) -> Vec<ExceptionKey> {
        from_disks(&StorageSeen { disks, smart, recording, needs_disk: true })
    }

    #[test]
    fn a_failed_disk_is_an_exception_and_an_empty_bay_is_not() {
        let disks = [disk("1", "ok"), disk("2", "notexist"), disk("3", "smartFailed")];
        assert_eq!(found(&disks, &[], None), vec![ExceptionKey::of_part(ExceptionKind::DiskError, "3")]);
    }

    #[test]
    fn a_recorder_without_any_usable_disk_says_so() {
        assert_eq!(found(&[], &[], None), vec![ExceptionKey::of_device(ExceptionKind::NoDisk)]);
        assert_eq!(from_disks(&StorageSeen::default()), vec![]);
    }

    #[test]
    fn a_disk_whose_own_check_fails_is_at_fault_also_while_it_works() {
        let check = |id: &str, state| DiskSmart {
            id: id.into(),
            state,
            raw_state: String::new(),
            temperature_celsius: Some(40),
            powered_on_days: None,
        };
        let disks = [disk("1", "ok"), disk("2", "ok"), disk("3", "notexist")];
        let smart = [check("1", SmartState::Good), check("2", SmartState::Failing), check("3", SmartState::Failing)];
        assert_eq!(found(&disks, &smart, None), vec![ExceptionKey::of_part(ExceptionKind::DiskError, "2")]);
    }

    #[test]
    fn no_free_space_is_a_full_disk_only_where_nothing_is_overwritten() {
        let disks = [disk("1", "ok")];
        let full = vec![ExceptionKey::of_part(ExceptionKind::DiskFull, "1")];
        assert_eq!(found(&disks, &[], Some(&recording(Some(false), true))), full);
        assert_eq!(found(&disks, &[], Some(&recording(Some(true), true))), vec![]);
        assert_eq!(found(&disks, &[], Some(&recording(None, true))), vec![]);
        assert_eq!(found(&disks, &[], None), vec![]);
    }

    #[test]
    fn a_channel_that_should_record_and_does_not_is_a_gap() {
        let channel = |online, recording| Channel {
            number: 1,
            name: String::new(),
            source: ChannelSource::Ip,
            online,
            video_loss: None,
            detail: None,
            address: None,
            model: None,
            firmware: None,
            recording,
        };
        let gap = vec![ExceptionKey::of_part(ExceptionKind::RecordingGap, "1")];
        let always = recording(None, true);
        assert_eq!(from_recording(&[channel(Some(true), Some(false))], &always), gap);
        assert_eq!(from_recording(&[channel(Some(true), Some(true))], &always), vec![]);
        assert_eq!(from_recording(&[channel(Some(true), None)], &always), vec![]);
        assert_eq!(from_recording(&[channel(Some(false), Some(false))], &always), vec![], "it is offline");
        let on_motion = recording(None, false);
        assert_eq!(from_recording(&[channel(Some(true), Some(false))], &on_motion), vec![], "nothing moves");
    }
}
