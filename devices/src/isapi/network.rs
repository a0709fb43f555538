//! `GET /ISAPI/System/Network/interfaces`: how a device is on the network.

use siteward_domain::observation::NetworkInterface;

use super::owned;
use crate::xml::Element;

/// The resource.
pub const PATH: &str = "/ISAPI/System/Network/interfaces";

/// Reads `NetworkInterfaceList`; `None` for another document.
pub fn read(root: &Element<'_>) -> Option<Vec<NetworkInterface>> {
    if root.is("NetworkInterface") {
        return Some(vec![interface(root)]);
    }
    let found = root.find_all("NetworkInterface");
    (root.is("NetworkInterfaceList") || !found.is_empty()).then(|| found.into_iter().map(interface).collect())
}

fn interface(item: &Element<'_>) -> NetworkInterface {
    let ip = item.find("IPAddress");
    let text = |name: &str| ip.and_then(|ip| ip.child_text(name));
    // `DefaultGateway` and the DNS servers hold an `ipAddress` of their own.
    let inner =
        |name: &str| owned(ip.and_then(|ip| ip.child(name)).and_then(|e| e.child_text("ipAddress")).filter(is_set));
    NetworkInterface {
        id: item.child_text("id").unwrap_or("").to_owned(),
        addressing: owned(text("addressingType")),
        ip_address: owned(text("ipAddress").filter(is_set)),
        subnet_mask: owned(text("subnetMask").filter(is_set)),
        gateway: inner("DefaultGateway"),
        dns: ["PrimaryDNS", "SecondaryDNS"].into_iter().filter_map(inner).collect(),
        mac_address: owned(item.text_of("MACAddress").or_else(|| item.text_of("macAddress"))),
    }
}

fn is_set(address: &&str) -> bool {
    !matches!(*address, "0.0.0.0" | "::")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    #[test]
    fn cable_and_wireless_are_two_interfaces_and_unset_addresses_none() {
        let text = r"<NetworkInterfaceList><NetworkInterface><id>1</id><IPAddress><ipVersion>dual</ipVersion><addressingType>static</addressingType>
            <ipAddress>192.0.2.10</ipAddress><subnetMask>255.255.255.0</subnetMask><DefaultGateway><ipAddress>192.0.2.1</ipAddress></DefaultGateway>
            <PrimaryDNS><ipAddress>192.0.2.53</ipAddress></PrimaryDNS><SecondaryDNS><ipAddress>0.0.0.0</ipAddress></SecondaryDNS></IPAddress>
            <Link><MACAddress>00:00:5e:00:53:01</MACAddress></Link></NetworkInterface>
            <NetworkInterface><id>2</id><IPAddress><addressingType>dynamic</addressingType><ipAddress>0.0.0.0</ipAddress></IPAddress></NetworkInterface></NetworkInterfaceList>";
        let found = read(&read_any(text).unwrap()).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].gateway.as_deref(), Some("192.0.2.1"));
        assert_eq!(found[0].dns, ["192.0.2.53"]);
        assert_eq!(found[0].mac_address.as_deref(), Some("00:00:5e:00:53:01"));
        assert_eq!((found[1].id.as_str(), found[1].ip_address.as_deref()), ("2", None));
    }
}
