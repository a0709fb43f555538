//! Which resource a path names.

/// A resource of a device; numbers are channels, disks or streams as the device counts them, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    DeviceInfo,
    Status,
    Capabilities,
    Time,
    NtpServer,
    Interfaces,
    /// Address of a network interface.
    Address(u32),
    /// The cloud service.
    Ezviz,
    EzvizUnbind,
    Reboot,
    TimeZone,
    VideoInputs,
    VideoInput(u32),
    ProxyChannels,
    ProxyChannel(u32),
    ProxyStatuses,
    ProxyStatus(u32),
    Storage,
    Disks,
    Disk(u32),
    /// The check of a disk.
    Smart(u32),
    /// What is to be recorded.
    Tracks,
    /// Looks for recordings.
    Search,
    Users,
    User(u32),
    UserCheck,
    SecurityCapabilities,
    AdminAccesses,
    Triggers,
    AlertStream,
    HttpHosts,
    Streams,
    Stream(u32),
    Picture(u32),
    /// An alarm output.
    Output(u32),
    /// Recording of a track by hand.
    ManualRecord(u32),
    /// Gives recordings away.
    Download,
    /// Moves the camera of a channel.
    Momentary(u32),
    /// The presets of a channel.
    Presets(u32),
    /// A preset of a channel, as `channel`, `preset`.
    Preset(u32, u32),
    /// Outside `/ISAPI`, and without a login.
    Activation,
    /// The same inside `/ISAPI`, which only some devices have.
    ActivateStatus,
    Challenge,
    Activate,
    /// What the device can do, as its own library asks.
    SdkCapabilities,
}

impl Resource {
    /// Whether it answers without a login, and before there is any.
    pub(crate) const fn is_open(self) -> bool {
        matches!(self, Self::Activation | Self::ActivateStatus | Self::Challenge | Self::Activate)
    }

    /// Whether only cameras and recorders have it.
    pub(crate) const fn is_of_video(self) -> bool {
        matches!(
            self,
            Self::Status
                | Self::VideoInputs
                | Self::VideoInput(_)
                | Self::ProxyChannels
                | Self::ProxyChannel(_)
                | Self::ProxyStatuses
                | Self::ProxyStatus(_)
                | Self::Storage
                | Self::Disks
                | Self::Disk(_)
                | Self::Smart(_)
                | Self::Tracks
                | Self::Search
                | Self::Triggers
                | Self::AlertStream
                | Self::HttpHosts
                | Self::Streams
                | Self::Stream(_)
                | Self::Picture(_)
                | Self::Output(_)
                | Self::ManualRecord(_)
                | Self::Download
                | Self::Momentary(_)
                | Self::Presets(_)
                | Self::Preset(..)
        )
    }

    /// Finds the resource of a request target, whose query is left aside; `lax` devices do not care about case.
    pub(crate) fn find(target: &str, lax: bool) -> Option<Self> {
        let path = target.split('?').next().unwrap_or_default();
        let path = path.strip_suffix('/').unwrap_or(path);
        let known = Self::exact(path).or_else(|| Self::counted(path));
        if known.is_some() || !lax {
            return known;
        }
        NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(path)).map(|(_, resource)| *resource)
    }

    fn exact(path: &str) -> Option<Self> {
        NAMES.iter().find(|(name, _)| *name == path).map(|(_, resource)| *resource)
    }

    fn counted(path: &str) -> Option<Self> {
        let number = |text: &str| text.parse().ok();
        if let Some(rest) = path.strip_prefix("/ISAPI/System/Video/inputs/channels/") {
            return number(rest).map(Self::VideoInput);
        }
        if let Some(rest) = path.strip_prefix("/ISAPI/ContentMgmt/InputProxy/channels/") {
            return match rest.strip_suffix("/status") {
                Some(channel) => number(channel).map(Self::ProxyStatus),
                None => number(rest).map(Self::ProxyChannel),
            };
        }
        if let Some(rest) = path.strip_prefix("/ISAPI/Streaming/channels/") {
            return match rest.strip_suffix("/picture") {
                Some(stream) => number(stream).map(Self::Picture),
                None => number(rest).map(Self::Stream),
            };
        }
        if let Some(rest) = path.strip_prefix("/ISAPI/System/Network/interfaces/") {
            return rest.strip_suffix("/ipAddress").and_then(number).map(Self::Address);
        }
        if let Some(rest) = path.strip_prefix("/ISAPI/System/IO/outputs/") {
            return rest.strip_suffix("/trigger").and_then(number).map(Self::Output);
        }
        if let Some(rest) = path.strip_prefix("/ISAPI/ContentMgmt/record/control/manual/start/tracks/") {
            return number(rest).map(Self::ManualRecord);
        }
        if let Some(rest) = path.strip_prefix("/ISAPI/PTZCtrl/channels/") {
            if let Some(channel) = rest.strip_suffix("/presets") {
                return number(channel).map(Self::Presets);
            }
            // Both spellings are met.
            if let Some(channel) = rest.strip_suffix("/momentary").or_else(|| rest.strip_suffix("/Momentary")) {
                return number(channel).map(Self::Momentary);
            }
            let (channel, preset) = rest.strip_suffix("/goto")?.split_once("/presets/")?;
            return Some(Self::Preset(number(channel)?, number(preset)?));
        }
        if let Some(rest) = path.strip_prefix("/ISAPI/Security/users/") {
            return number(rest).map(Self::User);
        }
        let rest = path.strip_prefix("/ISAPI/ContentMgmt/Storage/hdd/")?;
        match rest.strip_suffix("/SMARTTest/status") {
            Some(disk) => number(disk).map(Self::Smart),
            None => number(rest).map(Self::Disk),
        }
    }
}

const NAMES: [(&str, Resource); 31] = [
    ("/ISAPI/System/status", Resource::Status),
    ("/ISAPI/System/deviceInfo", Resource::DeviceInfo),
    ("/ISAPI/System/capabilities", Resource::Capabilities),
    ("/ISAPI/System/time", Resource::Time),
    ("/ISAPI/System/time/ntpServers/1", Resource::NtpServer),
    ("/ISAPI/System/Network/interfaces", Resource::Interfaces),
    ("/ISAPI/System/Video/inputs/channels", Resource::VideoInputs),
    ("/ISAPI/ContentMgmt/InputProxy/channels", Resource::ProxyChannels),
    ("/ISAPI/ContentMgmt/InputProxy/channels/status", Resource::ProxyStatuses),
    ("/ISAPI/ContentMgmt/Storage", Resource::Storage),
    ("/ISAPI/ContentMgmt/Storage/hdd", Resource::Disks),
    ("/ISAPI/ContentMgmt/record/tracks", Resource::Tracks),
    ("/ISAPI/ContentMgmt/search", Resource::Search),
    ("/ISAPI/ContentMgmt/download", Resource::Download),
    ("/ISAPI/Security/users", Resource::Users),
    ("/ISAPI/Security/userCheck", Resource::UserCheck),
    ("/ISAPI/Security/capabilities", Resource::SecurityCapabilities),
    ("/ISAPI/Security/adminAccesses", Resource::AdminAccesses),
    ("/ISAPI/Event/triggers", Resource::Triggers),
    ("/ISAPI/Event/notification/alertStream", Resource::AlertStream),
    ("/ISAPI/Event/notification/httpHosts", Resource::HttpHosts),
    ("/ISAPI/Streaming/channels", Resource::Streams),
    ("/SDK/activateStatus", Resource::Activation),
    ("/ISAPI/System/activateStatus", Resource::ActivateStatus),
    ("/ISAPI/Security/challenge", Resource::Challenge),
    ("/ISAPI/System/activate", Resource::Activate),
    ("/ISAPI/System/reboot", Resource::Reboot),
    ("/ISAPI/System/time/timeZone", Resource::TimeZone),
    ("/ISAPI/System/Network/EZVIZ", Resource::Ezviz),
    ("/ISAPI/System/Network/EZVIZ/unbind", Resource::EzvizUnbind),
    ("/SDK/capabilities", Resource::SdkCapabilities),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_resources() {
        for (path, resource) in [
            ("/ISAPI/System/status?format=json", Some(Resource::Status)),
            ("/ISAPI/ContentMgmt/InputProxy/channels/12/status", Some(Resource::ProxyStatus(12))),
            ("/ISAPI/ContentMgmt/InputProxy/channels/status", Some(Resource::ProxyStatuses)),
            ("/ISAPI/Streaming/channels/201/picture", Some(Resource::Picture(201))),
            ("/ISAPI/ContentMgmt/Storage/hdd/1", Some(Resource::Disk(1))),
            ("/ISAPI/ContentMgmt/Storage/hdd/2/SMARTTest/status", Some(Resource::Smart(2))),
            ("/ISAPI/System/Network/interfaces/1/ipAddress", Some(Resource::Address(1))),
            ("/ISAPI/System/Network/EZVIZ/unbind?format=json", Some(Resource::EzvizUnbind)),
            ("/ISAPI/System/IO/outputs/1/trigger", Some(Resource::Output(1))),
            ("/ISAPI/ContentMgmt/record/control/manual/start/tracks/101", Some(Resource::ManualRecord(101))),
            ("/ISAPI/PTZCtrl/channels/1/presets/33/goto", Some(Resource::Preset(1, 33))),
            ("/ISAPI/PTZCtrl/channels/1/presets/33", None),
            ("/ISAPI/PTZCtrl/channels/2/presets", Some(Resource::Presets(2))),
            ("/ISAPI/PTZCtrl/channels/2/momentary", Some(Resource::Momentary(2))),
            ("/ISAPI/SDK/activateStatus", None),
            ("/ISAPI/System/deviceinfo", None),
            ("/ISAPI/System/Video/inputs/channels/one", None),
        ] {
            assert_eq!(Resource::find(path, false), resource, "{path}");
        }
        assert_eq!(Resource::find("/ISAPI/System/deviceinfo", true), Some(Resource::DeviceInfo));
    }
}
