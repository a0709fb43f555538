//! Reading a host as typed: IPv4 in one spelling only, IPv6 with or without brackets, or a DNS name.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{AddressRefused, Host};

const MOST_CHARACTERS: usize = 253;
const MOST_LABEL: usize = 63;

/// Reads a host; a trailing dot is dropped, letters of a name are lowered.
pub(super) fn read_host(text: &str) -> Result<Host, AddressRefused> {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix('[') {
        let inner = inner.strip_suffix(']').ok_or(AddressRefused::Invalid)?;
        return read_v6(inner);
    }
    if text.contains(':') {
        return read_v6(text);
    }
    let text = text.strip_suffix('.').unwrap_or(text);
    if let Ok(ip) = text.parse::<Ipv4Addr>() {
        return Ok(Host::Ip(IpAddr::V4(ip)));
    }
    read_name(text)
}

/// An IPv6 address; a zone (`%eth0`) is refused, for only link-local addresses need one.
fn read_v6(text: &str) -> Result<Host, AddressRefused> {
    let (text, zone) = text.split_once('%').map_or((text, false), |(address, _)| (address, true));
    let ip = text.parse::<Ipv6Addr>().map_err(|_| AddressRefused::Invalid)?;
    if zone { Err(AddressRefused::LinkLocal) } else { Ok(Host::Ip(IpAddr::V6(ip))) }
}

fn read_name(text: &str) -> Result<Host, AddressRefused> {
    if text.is_empty() || text.len() > MOST_CHARACTERS {
        return Err(AddressRefused::Invalid);
    }
    let mut last = "";
    for label in text.split('.') {
        let fits = !label.is_empty() && label.len() <= MOST_LABEL;
        let clean = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !fits || !clean || label.starts_with('-') || label.ends_with('-') {
            return Err(AddressRefused::Invalid);
        }
        last = label;
    }
    // What ends in a number is an IPv4 address to some programs and a name to others.
    let hexadecimal = last.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("0x"));
    if hexadecimal || last.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AddressRefused::Spelling);
    }
    Ok(Host::Name(text.to_ascii_lowercase()))
}

/// The IPv4 address that an IPv6 address leads to: mapped, compatible, SIIT, NAT64, 6to4, Teredo, ISATAP.
pub(super) fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = ip.segments();
    let low = v4(s[6], s[7]);
    match s {
        // Compatible, mapped, SIIT; NAT64, both prefixes; ISATAP.
        [0, 0, 0, 0, 0, 0 | 0xffff, ..]
        | [0, 0, 0, 0, 0xffff, 0, ..]
        | [0x64, 0xff9b, 0, 0, 0, 0, ..]
        | [0x64, 0xff9b, 1, ..]
        | [_, _, _, _, 0 | 0x200, 0x5efe, ..] => Some(low),
        // 6to4, and Teredo, which inverts its bits.
        [0x2002, high, low, ..] => Some(v4(high, low)),
        [0x2001, 0, ..] => Some(v4(!s[6], !s[7])),
        _ => None,
    }
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))
}
