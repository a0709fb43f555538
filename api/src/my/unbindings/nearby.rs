//! Who is in the network of a device: whoever comes from the public address that a link comes from which sees the device.
//! That alone proves little, so that a code of the link's page is asked for as well. Of what links elsewhere see nothing is told.

use actix_web::HttpRequest;
use chrono::Duration;
use siteward_devices::tunnel::{CommandAnswer, LinkCommand};
use siteward_domain::unbind::{UnbindRefusal, can_unbind};
use siteward_domain::{CompanyId, EndUserId, SerialNumber};
use siteward_store::sightings::{self, Seen};
use siteward_store::unbinding::{self, Standing};

use crate::error::ApiError;
use crate::operation_log::address_of;
use crate::platform::Platform;
use crate::session::guessing;

/// Links that are asked at most.
const MOST_LINKS: usize = 3;
/// How long a link that is away still counts among those that claim a device: its page may be open all the same.
const LONGEST_AWAY: Duration = Duration::hours(1);

/// What is known of a device to somebody who may be in its network.
pub(crate) struct Nearby {
    /// Whose it is, to them.
    pub(crate) standing: Standing,
    /// The links of their network that know it, with the company of each; those that see it now come first.
    pub(crate) seen: Vec<(CompanyId, Seen)>,
    /// Whether links of several companies behind this address claim to see it: none of them is told a code then.
    pub(crate) is_claimed_twice: bool,
    /// The device.
    pub(crate) serial: SerialNumber,
}

/// Looks for a device around whoever asks.
pub(crate) async fn look_around(
    platform: &Platform,
    request: &HttpRequest,
    end_user: EndUserId,
    serial: SerialNumber,
) -> Result<Nearby, ApiError> {
    let from = guessing::address_key(&address_of(request, platform));
    let since = platform.clock.now() - LONGEST_AWAY;
    platform
        .read(move |conn| {
            let standing = unbinding::standing(conn, &end_user, &serial)?;
            let mut seen = Vec::new();
            for (company, one) in sightings::find_from(conn, &from, &serial)? {
                // Whoever has a link can have it say that it sees any device; not so while the account's own sees it elsewhere.
                if !unbinding::is_seen_elsewhere(conn, &serial, &one.link_id)? {
                    seen.push((company, one));
                }
            }
            seen.truncate(MOST_LINKS);
            let is_claimed_twice = sightings::count_claims(conn, &from, &serial, since)? > 1;
            Ok(Nearby { standing, seen, is_claimed_twice, serial: serial.clone() })
        })
        .await
}

impl Nearby {
    /// Whether an account of this server has it.
    pub(crate) fn bound_here(&self) -> bool {
        self.standing != Standing::Nobodys
    }

    /// Whether it can be unbound from here, as far as that is known without a login.
    pub(crate) fn can_unbind(&self) -> Result<(), UnbindRefusal> {
        let told = self.seen.first().map(|(_, seen)| (&seen.sighting, seen.online));
        can_unbind(told, self.bound_here(), None)
    }

    /// The links that see it now.
    pub(crate) fn online(&self) -> impl Iterator<Item = &(CompanyId, Seen)> {
        self.seen.iter().filter(|(_, seen)| seen.online)
    }

    /// Where the pages of the network are that show a code.
    pub(crate) async fn pages(&self, platform: &Platform) -> Vec<String> {
        let mut pages = Vec::new();
        for (_, seen) in self.online() {
            let command = LinkCommand::FindLanPage { serial: self.serial.clone() };
            if let Ok(CommandAnswer::LanPage { url: Some(url) }) = platform.hub.command(&seen.link_id, command).await
                && is_page(&url)
            {
                pages.push(url);
            }
        }
        pages
    }
}

/// A link may say anything: only an address of a network of its own is shown as a place to go to.
fn is_page(url: &str) -> bool {
    let Some(place) = url.strip_prefix("http://").and_then(|rest| rest.parse::<std::net::SocketAddr>().ok()) else {
        return false;
    };
    match place.ip() {
        std::net::IpAddr::V4(ip) => ip.is_private() || ip.is_loopback() || ip.is_link_local(),
        std::net::IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn a_link_sends_nobody_to_the_internet() {
        for (url, good) in [
            ("http://192.168.1.9:8087", true),
            ("http://[fd00::9]:8087", true),
            ("http://203.0.113.9:8087", false),
            ("http://evil.example:8087", false),
            ("http://192.168.1.9:8087/x", false),
            ("https://192.168.1.9:8087", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(is_page(url), good, "{url}");
        }
    }
}
