//! What kinds of devices there are and in which styles they speak; data, so that a corrected fact is one line.

use serde::{Deserialize, Serialize};

/// A kind of simulated device; each speaks in a style of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// New camera: SHA-256 and MD5 digest, `www.hikvision.com/ver20`, every optional part of deviceInfo.
    Camera,
    /// Camera of firmware V5.2: Basic login, no namespace or `urn:psialliance-org`, no short serial of its own.
    CameraOld,
    /// Dome camera of firmware V5.5: MD5 digest without `algorithm`.
    Dome,
    /// Recorder that answers in the `www.isapi.org` namespace.
    Nvr,
    /// Recorder of firmware V4.30: `urn:psialliance-org` refusals, channel states one by one only.
    NvrOld,
    /// Recorder of analogue cameras: its own video inputs, an empty list of network ones.
    Dvr,
    /// Thermal camera of two channels: no status resource, triggers inside `EventNotification`.
    Thermal,
    /// AX Pro alarm panel: session login of version 2.1, with two salts.
    Panel,
    /// AX Hybrid alarm panel: session login of version 2, with one salt.
    PanelHybrid,
    /// Router: takes connections and ends them without a word; of interest for what hangs behind it.
    Router,
}

/// How a device asks for a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginScheme {
    /// Basic only.
    Basic,
    /// Digest, MD5 by silence: no `algorithm`, no `opaque`, upper-case FALSE.
    BareMd5,
    /// Two digest offers with one nonce: SHA-256, then MD5.
    Sha256AndMd5,
}

/// The namespace that a device's documents stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schema {
    /// Attributes of the root: `version` 2.0 in `www.hikvision.com/ver20`.
    Hikvision,
    /// As [`Schema::Hikvision`] but `version` 1.0, as recorders write it.
    HikvisionOne,
    /// `www.isapi.org/ver20`.
    Isapi,
    /// `urn:psialliance-org`.
    Psia,
    /// None at all.
    Absent,
}

impl Schema {
    pub(crate) const fn attributes(self) -> &'static str {
        match self {
            Self::Hikvision => r#" version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema""#,
            Self::HikvisionOne => r#" version="1.0" xmlns="http://www.hikvision.com/ver20/XMLSchema""#,
            Self::Isapi => r#" version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema""#,
            Self::Psia => r#" version="1.0" xmlns="urn:psialliance-org""#,
            Self::Absent => r#" version="1.0""#,
        }
    }
}

/// One model of a profile.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) title: &'static str,
    /// What stands between the date and the short serial, e.g. `AAWR`.
    pub(crate) letters: &'static str,
    /// Capitals that the short serial begins with.
    pub(crate) short_letters: &'static str,
    /// What follows the short serial, e.g. `WCVU`.
    pub(crate) tail: &'static str,
    pub(crate) firmware: &'static str,
    pub(crate) build: &'static str,
    pub(crate) schema: Schema,
    pub(crate) channels: u32,
    pub(crate) disks: u32,
}

/// How the devices of a profile speak.
#[derive(Debug)]
pub(crate) struct Style {
    pub(crate) device_type: &'static str,
    pub(crate) login: LoginScheme,
    /// Namespace of refusals.
    pub(crate) refusal: Schema,
    /// HTTP status of "not supported".
    pub(crate) unsupported: u16,
    pub(crate) models: &'static [Model],
}

macro_rules! model {
    ($model:literal, $letters:literal $short:literal $tail:literal, $firmware:literal $build:literal, $schema:ident, $channels:literal ch, $disks:literal hdd) => {
        Model {
            title: $model,
            letters: $letters,
            short_letters: $short,
            tail: $tail,
            firmware: $firmware,
            build: $build,
            schema: Schema::$schema,
            channels: $channels,
            disks: $disks,
        }
    };
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 10] = [
        Self::Camera,
        Self::CameraOld,
        Self::Dome,
        Self::Nvr,
        Self::NvrOld,
        Self::Dvr,
        Self::Thermal,
        Self::Panel,
        Self::PanelHybrid,
        Self::Router,
    ];

    /// Cameras and recorders; numbered devices take turns through these.
    pub const VIDEO: [Self; 7] =
        [Self::Camera, Self::CameraOld, Self::Dome, Self::Nvr, Self::NvrOld, Self::Dvr, Self::Thermal];

    /// Alarm panels.
    pub const PANELS: [Self; 2] = [Self::Panel, Self::PanelHybrid];

    /// The profile's name as the control API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Camera => "camera",
            Self::CameraOld => "camera_old",
            Self::Dome => "dome",
            Self::Nvr => "nvr",
            Self::NvrOld => "nvr_old",
            Self::Dvr => "dvr",
            Self::Thermal => "thermal",
            Self::Panel => "panel",
            Self::PanelHybrid => "panel_hybrid",
            Self::Router => "router",
        }
    }

    /// Whether network cameras stand behind it.
    pub const fn has_proxy_channels(self) -> bool {
        matches!(self, Self::Nvr | Self::NvrOld)
    }

    /// Whether it is an alarm panel.
    pub const fn is_panel(self) -> bool {
        matches!(self, Self::Panel | Self::PanelHybrid)
    }

    pub(crate) const fn style(self) -> &'static Style {
        match self {
            Self::Camera => &Style {
                device_type: "IPCamera",
                login: LoginScheme::Sha256AndMd5,
                refusal: Schema::Hikvision,
                unsupported: 403,
                models: &[
                    model!("DS-2CD2347G2-LU", "AAWR" "K" "", "V5.7.15" "build 230313", Hikvision, 1 ch, 0 hdd),
                    model!("DS-2CD2T87G2-L", "AAWR" "L" "", "V5.7.11" "build 220721", Hikvision, 1 ch, 1 hdd),
                    model!("DS-2CD2686G2-IZS", "AAWR" "FD" "", "V5.8.10" "build 240912", Isapi, 1 ch, 0 hdd),
                ],
            },
            Self::CameraOld => &Style {
                device_type: "IPCamera",
                login: LoginScheme::Basic,
                refusal: Schema::Psia,
                unsupported: 404,
                models: &[
                    model!("DS-2CD2032-I", "BBWR" "" "", "V5.2.5" "build 141201", Psia, 1 ch, 1 hdd),
                    model!("DS-2CD2632F-IS", "CCWR" "" "", "V5.2.0" "build 140721", Absent, 1 ch, 1 hdd),
                ],
            },
            Self::Dome => &Style {
                device_type: "IPDome",
                login: LoginScheme::BareMd5,
                refusal: Schema::Hikvision,
                unsupported: 403,
                models: &[
                    model!("DS-2DE4425IW-DE", "AAWR" "D" "", "V5.5.82" "build 190909", Hikvision, 1 ch, 0 hdd),
                    model!("DS-2DE2A404IW-DE3", "CCWR" "E" "", "V5.6.15" "build 200911", Hikvision, 1 ch, 1 hdd),
                ],
            },
            Self::Nvr => &Style {
                device_type: "NVR",
                login: LoginScheme::BareMd5,
                refusal: Schema::Isapi,
                unsupported: 403,
                models: &[
                    model!("DS-7608NI-K2/8P", "CCRR" "E" "WCVU", "V4.62.210" "build 230313", Isapi, 4 ch, 2 hdd),
                    model!("DS-7104NI-Q1/M", "CCRR" "F" "WCVU", "V4.71.200" "build 231214", Isapi, 1 ch, 1 hdd),
                    model!("DS-7716NXI-I4/16P/S", "CCRR" "J" "WCVU", "V5.02.080" "build 240318", Hikvision, 8 ch, 4 hdd),
                ],
            },
            Self::NvrOld => &Style {
                device_type: "NVR",
                login: LoginScheme::BareMd5,
                refusal: Schema::Psia,
                unsupported: 403,
                models: &[
                    model!("DS-7616NI-E2/16P", "CCRR" "" "WCVU", "V4.30.085" "build 200916", HikvisionOne, 9 ch, 1 hdd),
                ],
            },
            Self::Dvr => &Style {
                device_type: "DVR",
                login: LoginScheme::BareMd5,
                refusal: Schema::Psia,
                unsupported: 403,
                models: &[
                    model!("iDS-7208HQHI-M1(A)/S(C)", "CCWR" "FE" "WCVU", "V4.70.140" "build 221212", HikvisionOne, 8 ch, 1 hdd),
                ],
            },
            Self::Thermal => &Style {
                device_type: "IPCamera",
                login: LoginScheme::Sha256AndMd5,
                refusal: Schema::Isapi,
                unsupported: 400,
                models: &[model!("DS-2TD2637-10/P", "AAWR" "G" "", "V5.5.74" "build 230529", Isapi, 2 ch, 1 hdd)],
            },
            Self::Panel => &Style {
                device_type: "PWA",
                login: LoginScheme::Sha256AndMd5,
                refusal: Schema::Hikvision,
                unsupported: 403,
                models: &[
                    model!("DS-PWA96-M-WE", "AAWR" "Q" "WU", "V1.2.9" "build 240621", Hikvision, 0 ch, 0 hdd),
                    model!("DS-PWA64-L-WE", "AAWR" "Q" "WU", "V1.3.1" "build 250218", Hikvision, 0 ch, 0 hdd),
                    model!("DS-PWA48-E-WB", "AAWR" "Q" "WU", "V1.2.6" "build 220705", Hikvision, 0 ch, 0 hdd),
                ],
            },
            Self::PanelHybrid => &Style {
                device_type: "PWA",
                login: LoginScheme::Sha256AndMd5,
                refusal: Schema::Hikvision,
                unsupported: 403,
                models: &[
                    model!("DS-PHA20-P", "AAWR" "Q" "WU", "V1.0.3" "build 230417", Hikvision, 0 ch, 0 hdd),
                    model!("DS-PHA64-LP", "AAWR" "Q" "WU", "V1.1.0" "build 240930", Hikvision, 0 ch, 0 hdd),
                ],
            },
            // It never gets to speak.
            Self::Router => &Style {
                device_type: "Router",
                login: LoginScheme::BareMd5,
                refusal: Schema::Absent,
                unsupported: 404,
                models: &[model!("RT-8", "AARR" "R" "", "V1.0.0" "build 200101", Absent, 0 ch, 0 hdd)],
            },
        }
    }

    /// The model of the `index`th device: profiles of several models take turns.
    pub(crate) fn model(self, index: usize) -> &'static Model {
        let models = self.style().models;
        models.get(index % models.len().max(1)).unwrap_or(&FALLBACK)
    }
}

static FALLBACK: Model = model!("DS-2CD2000", "AAWR" "A" "", "V5.0.0" "build 150101", Hikvision, 1 ch, 0 hdd);
