//! Whether a company may do something with a device now.

use chrono::{DateTime, Utc};

use super::{DevicePermission, Permission};
use crate::ids::DeviceId;
use crate::site::SiteStatus;

/// A grant that nobody has ended, as far as it decides anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenGrant {
    /// The device; `None`: the whole site.
    pub device_id: Option<DeviceId>,
    /// What it allows.
    pub permission: Permission,
    /// From when on it does not hold any more; `None`: it has no end.
    pub valid_until: Option<DateTime<Utc>>,
}

/// How a company stands on a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether the site has an owner.
    pub owned: bool,
    /// Where it stands between installer and owner.
    pub status: SiteStatus,
    /// What the owner lets the company do.
    pub open: Vec<OpenGrant>,
}

/// Why a company may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The owner has not authorized it for the site.
    NotAuthorized,
    /// The owner has not given it this permission for the device, or it is over.
    Missing(DevicePermission),
}

impl OpenGrant {
    /// Whether it holds at `now`: until its end, and not at its end.
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.valid_until.is_none_or(|end| now < end)
    }
}

impl Standing {
    /// Whether the company may use a permission on a device at `now`. While nobody owns the site it may do everything.
    pub fn may(&self, device: &DeviceId, permission: DevicePermission, now: DateTime<Utc>) -> Result<(), Refusal> {
        if !self.owned {
            return Ok(());
        }
        if self.status != SiteStatus::Authorized {
            return Err(Refusal::NotAuthorized);
        }
        let gives = |grant: &OpenGrant| {
            grant.device_id.as_ref() == Some(device)
                && grant.permission == Permission::from(permission)
                && grant.holds(now)
        };
        if self.open.iter().any(gives) { Ok(()) } else { Err(Refusal::Missing(permission)) }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use DevicePermission as D;
    use SiteStatus as S;

    fn device(number: u32) -> DeviceId {
        DeviceId::parse(&format!("01890f00-0000-7000-8000-{number:012}")).unwrap()
    }

    fn grant(number: u32, permission: DevicePermission, valid_until: Option<DateTime<Utc>>) -> OpenGrant {
        OpenGrant { device_id: Some(device(number)), permission: permission.into(), valid_until }
    }

    #[test]
    fn a_site_without_an_owner_lets_its_company_do_everything() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        for status in S::ALL {
            let standing = Standing { owned: false, status, open: Vec::new() };
            for permission in D::ALL {
                assert_eq!(standing.may(&device(1), *permission, now), Ok(()), "{status:?} {permission:?}");
            }
        }
    }

    #[test]
    fn an_owned_site_lets_its_company_do_what_was_granted_until_the_instant_it_ends() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let end = now + Duration::hours(1);
        let (just_before, after) = (end - Duration::microseconds(1), end + Duration::minutes(1));
        let site = OpenGrant { device_id: None, permission: Permission::Site, valid_until: None };
        let open =
            vec![site, grant(1, D::LiveView, Some(end)), grant(2, D::Configuration, None), grant(2, D::Playback, None)];
        for (status, number, permission, at, answer) in [
            (S::Authorized, 1, D::LiveView, now, Ok(())),
            (S::Authorized, 1, D::LiveView, just_before, Ok(())),
            (S::Authorized, 1, D::LiveView, end, Err(Refusal::Missing(D::LiveView))),
            (S::Authorized, 1, D::LiveView, after, Err(Refusal::Missing(D::LiveView))),
            (S::Authorized, 1, D::Configuration, now, Err(Refusal::Missing(D::Configuration))),
            (S::Authorized, 1, D::Playback, now, Err(Refusal::Missing(D::Playback))),
            (S::Authorized, 2, D::Configuration, after, Ok(())),
            (S::Authorized, 2, D::Playback, after, Ok(())),
            (S::Authorized, 2, D::LiveView, now, Err(Refusal::Missing(D::LiveView))),
            (S::Authorized, 3, D::Configuration, now, Err(Refusal::Missing(D::Configuration))),
            (S::NotAuthorized, 1, D::LiveView, now, Err(Refusal::NotAuthorized)),
            (S::NotAuthorized, 2, D::Configuration, now, Err(Refusal::NotAuthorized)),
            (S::NotAuthorized, 3, D::Configuration, now, Err(Refusal::NotAuthorized)),
        ] {
            let standing = Standing { owned: true, status, open: open.clone() };
            assert_eq!(
                standing.may(&device(number), permission, at),
                answer,
                "{status:?} {number} {permission:?} {at}"
            );
        }
    }
}
