//! What is done next with a device that is being upgraded: pure, from what stands in the database and what the device
//! says just now.

use chrono::{DateTime, Duration, Utc};
use siteward_devices::upgrade::Progress;
use siteward_domain::firmware::FirmwareVersion;
use siteward_domain::upgrade::UpgradeState;
use siteward_store::upgrades::Work;

/// How often a file is sent to a device that does not seem to have it.
const MOST_SENDS: u32 = 3;

/// How long a device is waited for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// It may be away for so long.
    pub(super) returns: Duration,
    /// It may do nothing that one sees for so long.
    pub(super) grace: Duration,
}

/// What a look found.
#[derive(Debug, Clone)]
pub(super) enum Seen {
    /// It does not answer, or nothing that makes sense.
    Away,
    /// It answers.
    There { firmware: String, progress: Option<Progress> },
}

/// What is done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The device is untouched and offline: later.
    WaitOnline,
    /// It has not got the file: it is sent.
    Send,
    /// It is writing: this far.
    Watch(u8),
    /// It is told to restart.
    Restart,
    /// It is away.
    Silent,
    /// Nothing: it is looked at again.
    Hold,
    /// It runs the firmware of a step; this one follows.
    Follow(usize),
    /// It runs what it should.
    Back,
    /// It will not: this code says why.
    Fail(&'static str),
}

/// Decides. `unsure_since`: since when it is not known whether the device got the whole file, where that is so.
pub(super) fn decide(
    work: &Work,
    seen: &Seen,
    unsure_since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    patience: Patience,
) -> Next {
    let Seen::There { firmware, progress } = seen else { return away(work, now, patience) };
    let progress = progress.unwrap_or_default();
    if progress.upgrading {
        return Next::Watch(progress.percent);
    }
    let Ok(runs) = FirmwareVersion::parse(firmware) else { return Next::Fail("firmware_version_unknown") };
    let is = |version: &str| FirmwareVersion::parse(version).is_ok_and(|version| runs.is_same(&version));
    // The last step first: a firmware that it was given is where it stands, whichever it was to be.
    let reached = work.steps.iter().rposition(|step| is(&step.version)).filter(|place| *place >= work.step);
    if let Some(place) = reached {
        return if place + 1 >= work.steps.len() { Next::Back } else { Next::Follow(place + 1) };
    }
    if progress.wants_reboot {
        let told_lately = work.restarted_at.is_some_and(|at| now - at < patience.grace);
        return if told_lately { Next::Hold } else { Next::Restart };
    }
    let is_expected = is(&work.from_version) || work.steps.iter().take(work.step).any(|step| is(&step.version));
    if !is_expected {
        return Next::Fail("firmware_changed_meanwhile");
    }
    if let Some(sent_at) = work.sent_at {
        return idle_with_file(work, sent_at, now, patience);
    }
    if unsure_since.is_some_and(|since| now - since < patience.grace) {
        Next::Hold
    } else if work.sends >= MOST_SENDS {
        Next::Fail("upgrade_not_taken")
    } else {
        Next::Send
    }
}

fn away(work: &Work, now: DateTime<Utc>, patience: Patience) -> Next {
    if work.state.is_untouched() {
        return Next::WaitOnline;
    }
    match work.silent_since {
        Some(since) if now - since > patience.returns => Next::Fail("offline_after_upgrade"),
        _ => Next::Silent,
    }
}

/// It took the whole file, writes nothing, and runs what it ran before.
fn idle_with_file(work: &Work, sent_at: DateTime<Utc>, now: DateTime<Utc>, patience: Patience) -> Next {
    if work.silent_since.is_some() || work.state == UpgradeState::Checking {
        // It was away since, and came back as it was.
        return Next::Fail("upgrade_not_taken");
    }
    match work.restarted_at {
        None if now - sent_at > patience.grace => Next::Restart,
        Some(told_at) if now - told_at > patience.grace => Next::Fail("upgrade_not_taken"),
        _ => Next::Hold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use siteward_domain::{CompanyId, FirmwareFileId};
    use siteward_store::upgrades::Step;

    const PATIENCE: Patience = Patience { returns: Duration::seconds(600), grace: Duration::seconds(60) };
    const OLD: &str = "V5.3.4 build 151016";
    const STEP: &str = "V5.4.41 build 170312";
    const NEW: &str = "V5.4.5 build 170124";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn work(state: UpgradeState) -> Work {
        let step = |version: &str| Step { file_id: FirmwareFileId::generate(at(0)), version: version.to_owned() };
        Work {
            company_id: CompanyId::generate(at(0)),
            state,
            steps: vec![step(STEP), step(NEW)],
            step: 0,
            from_version: OLD.into(),
            sent_at: None,
            sends: 0,
            silent_since: None,
            restarted_at: None,
            health_before: None,
            checked_from: None,
            configuration: None,
        }
    }

    fn there(firmware: &str, progress: Option<Progress>) -> Seen {
        Seen::There { firmware: firmware.into(), progress }
    }

    fn idle(firmware: &str) -> Seen {
        there(firmware, Some(Progress::default()))
    }

    #[test]
    fn a_device_that_is_untouched_is_sent_the_file_and_waited_for_while_it_is_off() {
        let work = work(UpgradeState::Preparing);
        assert_eq!(decide(&work, &idle(OLD), None, at(0), PATIENCE), Next::Send);
        assert_eq!(decide(&work, &there(OLD, None), None, at(0), PATIENCE), Next::Send);
        assert_eq!(decide(&work, &Seen::Away, None, at(0), PATIENCE), Next::WaitOnline);
    }

    #[test]
    fn a_device_that_has_the_file_is_never_sent_it_again() {
        let mut work = work(UpgradeState::Sending);
        work.sends = 1;
        // Whoever sent it was killed: the device says itself that it has it.
        let writing = there(OLD, Some(Progress { upgrading: true, percent: 40, wants_reboot: false }));
        assert_eq!(decide(&work, &writing, Some(at(0)), at(1), PATIENCE), Next::Watch(40));
        let written = there(OLD, Some(Progress { upgrading: false, percent: 100, wants_reboot: true }));
        assert_eq!(decide(&work, &written, Some(at(0)), at(1), PATIENCE), Next::Restart);
        assert_eq!(decide(&work, &Seen::Away, Some(at(0)), at(1), PATIENCE), Next::Silent);
        assert_eq!(decide(&work, &idle(STEP), Some(at(0)), at(1), PATIENCE), Next::Follow(1));
        // It does nothing for a while: then it has not got it.
        assert_eq!(decide(&work, &idle(OLD), Some(at(0)), at(1), PATIENCE), Next::Hold);
        assert_eq!(decide(&work, &idle(OLD), Some(at(0)), at(61), PATIENCE), Next::Send);
        work.sends = MOST_SENDS;
        assert_eq!(decide(&work, &idle(OLD), Some(at(0)), at(61), PATIENCE), Next::Fail("upgrade_not_taken"));
        // It said that it took it: never again, whatever it looks like.
        work.sent_at = Some(at(0));
        for seconds in 0..2_000 {
            assert_ne!(decide(&work, &idle(OLD), None, at(seconds), PATIENCE), Next::Send);
        }
    }

    #[test]
    fn a_device_that_does_not_restart_by_itself_is_told_once() {
        let mut work = work(UpgradeState::Installing);
        work.sent_at = Some(at(0));
        assert_eq!(decide(&work, &idle(OLD), None, at(30), PATIENCE), Next::Hold);
        assert_eq!(decide(&work, &idle(OLD), None, at(61), PATIENCE), Next::Restart);
        work.restarted_at = Some(at(61));
        assert_eq!(decide(&work, &idle(OLD), None, at(90), PATIENCE), Next::Hold);
        assert_eq!(decide(&work, &idle(OLD), None, at(130), PATIENCE), Next::Fail("upgrade_not_taken"));
        let written = there(OLD, Some(Progress { upgrading: false, percent: 100, wants_reboot: true }));
        assert_eq!(decide(&work, &written, None, at(90), PATIENCE), Next::Hold);
    }

    #[test]
    fn a_device_that_is_away_too_long_or_comes_back_as_it_was_failed() {
        let mut work = work(UpgradeState::Restarting);
        work.sent_at = Some(at(0));
        work.silent_since = Some(at(10));
        assert_eq!(decide(&work, &Seen::Away, None, at(600), PATIENCE), Next::Silent);
        assert_eq!(decide(&work, &Seen::Away, None, at(700), PATIENCE), Next::Fail("offline_after_upgrade"));
        assert_eq!(decide(&work, &idle(OLD), None, at(700), PATIENCE), Next::Fail("upgrade_not_taken"));
        assert_eq!(decide(&work, &idle(NEW), None, at(700), PATIENCE), Next::Back);
        let other = "V5.5.0 build 180101";
        assert_eq!(decide(&work, &idle(other), None, at(1), PATIENCE), Next::Fail("firmware_changed_meanwhile"));
    }
}
