//! Sharing channels with somebody who does not own the site (R-G5, R-E2).

mod limits;

use serde::{Deserialize, Serialize};

use crate::device::DeviceKind;
use crate::firmware::FirmwareVersion;
use crate::ids::DeviceId;
use crate::words::words;

pub use limits::{
    ACCOUNT_CODE_SECONDS, MOST_APPLICATIONS_A_CODE, MOST_APPLICATIONS_AN_HOUR, MOST_CHANNEL, MOST_CHANNELS,
    MOST_CODE_DAYS, MOST_CODE_FAILURES, MOST_CODES, MOST_GIVERS, MOST_LABEL, MOST_OFFER_MAILS_AN_HOUR,
    MOST_OFFERS_AN_HOUR, MOST_OFFERS_WAITING, MOST_RECEIVERS, MOST_TRANSFER_MAILS_AN_HOUR, MOST_TRANSFERS_AN_HOUR,
    PASSWORD_CHARACTERS, TEMPORARY_SECONDS, TRANSFER_CODE_MINUTES, TRANSFER_CODE_TRIES,
};

/// The oldest firmware of a family whose channels can be shared (R-E8).
///
/// No public list says so. Believed: before these, devices were not registered with the cloud service by which channels are
/// shared; cameras since V5.3, recorders since V3.4. That older ones cannot is likely, the exact number is not confirmed on hardware.
const OLDEST_FIRMWARE: [(DeviceKind, &str); 3] =
    [(DeviceKind::Camera, "V5.3.0"), (DeviceKind::Nvr, "V3.4.0"), (DeviceKind::Dvr, "V3.4.0")];

/// The firmware that a device needs before its channels can be shared, where the one it has is too old (R-E8). One that cannot be read is
/// not old.
pub fn firmware_needed(kind: DeviceKind, firmware: &str) -> Option<&'static str> {
    let has = FirmwareVersion::parse(firmware).ok()?;
    let (_, needed) = OLDEST_FIRMWARE.into_iter().find(|(family, _)| *family == kind)?;
    let is_too_old = has.compare_within_family(&FirmwareVersion::parse(needed).ok()?).is_lt();
    is_too_old.then_some(needed)
}

words! {
    /// What a receiver may do with a channel.
    pub enum SharePermission {
        /// See it live.
        LiveView = "live_view",
        /// See recordings.
        Playback = "playback",
        /// Hear of alarms.
        Alarm = "alarm",
        /// Talk and listen.
        TwoWayAudio = "two_way_audio",
        /// Move the camera.
        Ptz = "ptz",
        /// Arm a panel.
        Arm = "arm",
        /// Disarm a panel.
        Disarm = "disarm",
        /// Bypass zones of a panel.
        Bypass = "bypass",
        /// Read a panel's log.
        Logs = "logs",
    }
}

words! {
    /// Who gave a share.
    pub enum GiverKind {
        /// The company that kept the site.
        Company = "company",
        /// The owner of the site.
        EndUser = "end_user",
    }
}

words! {
    /// How an owner offers channels to somebody.
    pub enum OfferWay {
        /// By their e-mail address or phone number (R-E4).
        Account = "account",
        /// By the QR that they showed (R-E6).
        FaceToFace = "face_to_face",
    }
}

words! {
    /// What became of an offer or an application.
    pub enum AnswerState {
        /// Nobody answered yet.
        Pending = "pending",
        /// It is shared.
        Accepted = "accepted",
        /// It is not.
        Refused = "refused",
        /// Whoever made it took it back.
        Withdrawn = "withdrawn",
        /// What it was about is gone.
        Void = "void",
    }
}

words! {
    /// How long a QR to share with lasts (R-E5).
    pub enum ShareCodeKind {
        /// 300 seconds, for whoever is beside the giver.
        Temporary = "temporary",
        /// Days, with a password and for so many receivers.
        LongTerm = "long_term",
    }
}

words! {
    /// What became of the transfer of a device.
    pub enum TransferState {
        /// Its owner did not enter the code of the mail yet.
        Unconfirmed = "unconfirmed",
        /// The other did not answer yet.
        Offered = "offered",
        /// The device is theirs.
        Accepted = "accepted",
        /// They do not want it.
        Refused = "refused",
        /// The owner took it back.
        Withdrawn = "withdrawn",
        /// The device is gone, or not the owner's any more.
        Void = "void",
    }
}

words! {
    /// Why a share ended.
    pub enum ShareEnd {
        /// Whoever gave it took it back.
        Removed = "removed",
        /// The receiver gave it up.
        Left = "left",
        /// The device is gone.
        DeviceGone = "device_gone",
        /// The site got an owner, who shares it as they like.
        HandedOver = "handed_over",
        /// One of the two deleted their account.
        AccountDeleted = "account_deleted",
        /// One of the two moved to another region.
        RegionDiffers = "region_differs",
    }
}

/// A channel that is shared, or to be shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedChannel {
    /// The device.
    pub device_id: DeviceId,
    /// Its channel, from 1; 0: the device itself, where it has none.
    pub channel: u32,
    /// What the receiver may do with it.
    pub permissions: Vec<SharePermission>,
}

impl SharePermission {
    /// What can be shared of a device of this kind; all of it is, where nobody says otherwise.
    pub fn of(kind: DeviceKind) -> &'static [Self] {
        use SharePermission as P;
        match kind {
            DeviceKind::AlarmPanel => &[P::Arm, P::Disarm, P::Bypass, P::Logs],
            _ => &[P::LiveView, P::Playback, P::Alarm, P::TwoWayAudio, P::Ptz],
        }
    }

    /// What is shared of a device of this kind where `wanted` is asked for: only what it has, each once and in one order,
    /// and the live view of what has pictures always (R-E2).
    pub fn settled(kind: DeviceKind, wanted: &[Self]) -> Vec<Self> {
        let of_kind = Self::of(kind).iter().copied();
        of_kind.filter(|permission| *permission == Self::LiveView || wanted.contains(permission)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn very_old_firmware_is_told_which_one_sharing_needs() {
        assert_eq!(firmware_needed(DeviceKind::Camera, "V5.2.5build 141201"), Some("V5.3.0"));
        assert_eq!(firmware_needed(DeviceKind::Camera, "V5.3.0"), None);
        assert_eq!(firmware_needed(DeviceKind::Nvr, "V3.0.8"), Some("V3.4.0"));
        assert_eq!(firmware_needed(DeviceKind::AlarmPanel, "V1.2.9"), None);
        assert_eq!(firmware_needed(DeviceKind::Camera, "unheard of"), None);
    }

    #[test]
    fn live_view_of_a_camera_cannot_be_left_out_and_a_panel_has_none() {
        use SharePermission as P;
        assert_eq!(SharePermission::settled(DeviceKind::Camera, &[]), [P::LiveView]);
        assert_eq!(
            SharePermission::settled(DeviceKind::Camera, &[P::Ptz, P::Playback, P::Arm]),
            [P::LiveView, P::Playback, P::Ptz]
        );
        assert_eq!(
            SharePermission::settled(DeviceKind::AlarmPanel, &[P::LiveView, P::Logs, P::Arm]),
            [P::Arm, P::Logs]
        );
        assert!(SharePermission::settled(DeviceKind::AlarmPanel, &[]).is_empty());
    }
}
