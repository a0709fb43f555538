//! Which addresses may be dialled (T8): a person who types an address, or a QR that holds one,
//! must not be able to make the platform call itself, its neighbours on the link, or a cloud's
//! metadata service.
//!
//! An address is checked as it will be dialled: a name is resolved once, every address it gives
//! is checked, and exactly the checked one is connected to. Spellings of IPv4 that programs read
//! differently (octal, hexadecimal, one number) are refused whatever they mean.

mod spelling;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What may be dialled. Link-local, metadata, multicast, unspecified, reserved and broadcast
/// addresses never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressPolicy {
    /// Addresses of this machine (`devices.allow_loopback`); off by default.
    pub allow_loopback: bool,
    /// Private ranges, where devices live; on by default.
    pub allow_private: bool,
}

impl Default for AddressPolicy {
    fn default() -> Self {
        Self { allow_loopback: false, allow_private: true }
    }
}

/// A host that passed the text check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A literal address.
    Ip(IpAddr),
    /// A DNS name, still to be resolved.
    Name(String),
}

/// Why an address may not be dialled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressRefused {
    /// Neither an IPv4 or IPv6 address nor a DNS name.
    #[error("not an address: an IPv4 or IPv6 address or a DNS name is needed")]
    Invalid,
    /// An IPv4 address in a spelling that programs read differently.
    #[error("write the IPv4 address as four decimal numbers without leading zeros")]
    Spelling,
    /// An address of this machine.
    #[error("addresses of the platform's own machine are not allowed")]
    Loopback,
    /// A link-local address.
    #[error("link-local addresses are not allowed")]
    LinkLocal,
    /// The metadata service of a cloud.
    #[error("metadata addresses are not allowed")]
    Metadata,
    /// A private address, where the configuration forbids them.
    #[error("private addresses are not allowed")]
    Private,
    /// Multicast, broadcast, unspecified or reserved.
    #[error("the address is not that of a single device")]
    NotUnicast,
    /// The name has no address.
    #[error("the name cannot be resolved")]
    NotResolved,
}

impl AddressRefused {
    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Invalid | Self::Spelling => "address_invalid",
            Self::NotResolved => "address_not_resolved",
            _ => "address_not_allowed",
        }
    }
}

/// Link-local already covers 169.254.169.254; these are the metadata addresses elsewhere.
const METADATA_V4: [Ipv4Addr; 4] = [
    Ipv4Addr::new(169, 254, 169, 254),
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(192, 0, 0, 192),
];
const METADATA_V6: [Ipv6Addr; 2] =
    [Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)];
const METADATA_NAMES: [&str; 4] =
    ["metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal"];

impl AddressPolicy {
    /// Reads a host as typed and refuses forbidden literals at once; asks no name server.
    pub fn check_host_text(&self, host: &str) -> Result<Host, AddressRefused> {
        let host = spelling::read_host(host)?;
        match &host {
            Host::Ip(ip) => self.check_ip(*ip)?,
            Host::Name(name) => self.check_name(name)?,
        }
        Ok(host)
    }

    /// Checks an address as it would be dialled.
    pub fn check_ip(&self, ip: IpAddr) -> Result<(), AddressRefused> {
        match ip {
            IpAddr::V4(ip) => self.check_v4(ip),
            IpAddr::V6(ip) => self.check_v6(ip),
        }
    }

    /// Resolves once, checks every address the name has, and gives the one to connect to.
    ///
    /// A name with one forbidden address among good ones is refused: its owner is not to be trusted.
    /// IPv4 goes before IPv6, which many devices leave switched off.
    pub async fn resolve(&self, host: &str, port: u16) -> Result<SocketAddr, AddressRefused> {
        let name = match self.check_host_text(host)? {
            Host::Ip(ip) => return Ok(SocketAddr::new(ip, port)),
            Host::Name(name) => name,
        };
        let found = tokio::net::lookup_host((name.as_str(), port)).await.map_err(|_| AddressRefused::NotResolved)?;
        let (mut first, mut first_v4) = (None, None);
        for address in found {
            self.check_ip(address.ip())?;
            first.get_or_insert(address);
            if address.is_ipv4() {
                first_v4.get_or_insert(address);
            }
        }
        first_v4.or(first).ok_or(AddressRefused::NotResolved)
    }

    fn check_name(self, name: &str) -> Result<(), AddressRefused> {
        if METADATA_NAMES.contains(&name) {
            return Err(AddressRefused::Metadata);
        }
        let local = name == "localhost" || name.ends_with(".localhost") || name.starts_with("localhost.");
        if local && !self.allow_loopback { Err(AddressRefused::Loopback) } else { Ok(()) }
    }

    fn check_v4(self, ip: Ipv4Addr) -> Result<(), AddressRefused> {
        let [a, b, c, _] = ip.octets();
        if METADATA_V4.contains(&ip) {
            return Err(AddressRefused::Metadata);
        }
        if ip.is_loopback() {
            return if self.allow_loopback { Ok(()) } else { Err(AddressRefused::Loopback) };
        }
        if ip.is_link_local() {
            return Err(AddressRefused::LinkLocal);
        }
        // 0.0.0.0/8 reaches this machine on Linux; 192.0.0.0/24 is for protocols; 224/4 and 240/4 are no single host.
        if a == 0 || a >= 224 || (a, b, c) == (192, 0, 0) {
            return Err(AddressRefused::NotUnicast);
        }
        let shared = a == 100 && (64..128).contains(&b);
        if (ip.is_private() || shared) && !self.allow_private { Err(AddressRefused::Private) } else { Ok(()) }
    }

    fn check_v6(self, ip: Ipv6Addr) -> Result<(), AddressRefused> {
        if ip.is_loopback() {
            return if self.allow_loopback { Ok(()) } else { Err(AddressRefused::Loopback) };
        }
        if ip.is_unspecified() || ip.is_multicast() {
            return Err(AddressRefused::NotUnicast);
        }
        if METADATA_V6.contains(&ip) {
            return Err(AddressRefused::Metadata);
        }
        if let Some(inner) = spelling::embedded_v4(ip) {
            return self.check_v4(inner);
        }
        let first = ip.segments()[0];
        // fe80::/10 and the former site-local fec0::/10.
        if first & 0xff80 == 0xfe80 {
            return Err(AddressRefused::LinkLocal);
        }
        // ::/16 beyond the forms above, and the discard prefix 100::/64.
        if first == 0 || (first == 0x100 && ip.segments()[1..4] == [0, 0, 0]) {
            return Err(AddressRefused::NotUnicast);
        }
        if first & 0xfe00 == 0xfc00 && !self.allow_private { Err(AddressRefused::Private) } else { Ok(()) }
    }
}
