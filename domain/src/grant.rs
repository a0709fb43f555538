//! What an owner lets a company do (R-G2, R-G4): authorization of the site, and permissions for single devices that end by
//! themselves.
//!
//! Before a site has an owner its company may do everything. Whether a grant holds is asked at the moment of use.

mod standing;

use chrono::{DateTime, Duration, Utc};

use crate::words::words;

pub use standing::{OpenGrant, Refusal, Standing};

words! {
    /// What a grant allows.
    pub enum Permission {
        /// Managing the site: the site is authorized.
        Site = "site",
        /// Configuring a device: remote configuration, restart, clock, password, firmware, device QR.
        Configuration = "configuration",
        /// Live pictures of a device.
        LiveView = "live_view",
        /// Recordings of a device.
        Playback = "playback",
    }
}

words! {
    /// What may be asked for on a device.
    pub enum DevicePermission {
        /// Configuring it.
        Configuration = "configuration",
        /// Its live pictures.
        LiveView = "live_view",
        /// Its recordings.
        Playback = "playback",
    }
}

words! {
    /// How long a permission holds, from the moment it is granted.
    pub enum Validity {
        /// One hour.
        Hours1 = "1h",
        /// Two hours.
        Hours2 = "2h",
        /// Four hours.
        Hours4 = "4h",
        /// Eight hours.
        Hours8 = "8h",
        /// Until somebody ends it.
        Permanent = "permanent",
    }
}

words! {
    /// Why a grant ended.
    pub enum GrantEnd {
        /// The owner took it back.
        Revoked = "revoked",
        /// The company gave it back.
        GivenBack = "given_back",
        /// Its time was over.
        Expired = "expired",
        /// A newer one took its place.
        Replaced = "replaced",
        /// The company does not serve the site any more.
        CompanyLeft = "company_left",
        /// The device is not on the site any more.
        DeviceGone = "device_gone",
    }
}

words! {
    /// What a company applied for.
    pub enum RequestKind {
        /// Authorization of the site.
        Site = "site",
        /// Permissions for devices.
        Devices = "devices",
        /// Serving a site that no company serves (R-T5).
        Serve = "serve",
        /// That it may disable the customer's use (rental).
        Rental = "rental",
    }
}

words! {
    /// Where an application stands.
    pub enum RequestState {
        /// The owner has not answered.
        Waiting = "waiting",
        /// The owner granted it, or a part of it.
        Approved = "approved",
        /// The owner refused.
        Refused = "refused",
        /// The company took it back.
        Withdrawn = "withdrawn",
        /// It lost its object: the company left, or the site changed hands.
        Void = "void",
    }
}

impl From<DevicePermission> for Permission {
    fn from(permission: DevicePermission) -> Self {
        match permission {
            DevicePermission::Configuration => Self::Configuration,
            DevicePermission::LiveView => Self::LiveView,
            DevicePermission::Playback => Self::Playback,
        }
    }
}

impl Validity {
    /// When a permission ends that is granted at `now`; `None`: not by itself.
    pub fn end(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.hours().map(|hours| now + Duration::hours(hours))
    }

    /// Whether it is no longer than another.
    pub fn is_within(self, other: Self) -> bool {
        self.hours().unwrap_or(i64::MAX) <= other.hours().unwrap_or(i64::MAX)
    }

    /// How many hours it is; `None`: it has no end.
    pub fn hours(self) -> Option<i64> {
        match self {
            Self::Hours1 => Some(1),
            Self::Hours2 => Some(2),
            Self::Hours4 => Some(4),
            Self::Hours8 => Some(8),
            Self::Permanent => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_ends_after_its_hours_or_never() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        for (validity, hours) in
            [(Validity::Hours1, 1), (Validity::Hours2, 2), (Validity::Hours4, 4), (Validity::Hours8, 8)]
        {
            assert_eq!(validity.end(now), Some(now + Duration::hours(hours)));
        }
        assert_eq!(Validity::Permanent.end(now), None);
        assert!(Validity::Hours8.is_within(Validity::Permanent) && !Validity::Permanent.is_within(Validity::Hours8));
    }
}
