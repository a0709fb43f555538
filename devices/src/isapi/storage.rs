//! `GET /ISAPI/ContentMgmt/Storage`: disks, cards and network volumes.

use siteward_domain::observation::{Disk, DiskState};

use super::{owned, whole_number};
use crate::xml::Element;

/// All of it.
pub const PATH: &str = "/ISAPI/ContentMgmt/Storage";
/// Disks alone, where the first is not supported.
pub const DISKS_PATH: &str = "/ISAPI/ContentMgmt/Storage/hdd";

/// Reads `storage`, or a list of disks alone; `None` for another document.
///
/// Lists may be empty or absent. Any `…List` is read, so that a new kind of storage is seen.
pub fn read(root: &Element<'_>) -> Option<Vec<Disk>> {
    let alone = is_list(root);
    if !alone && !root.is("storage") {
        return None;
    }
    let lists: Vec<&Element<'_>> =
        if alone { vec![root] } else { root.children.iter().filter(|child| is_list(child)).collect() };
    let items = lists.into_iter().flat_map(|list| list.children.iter());
    Some(items.filter(|item| is_disk(item)).map(disk).collect())
}

/// Lists hold settings too, such as `supportMountType`.
fn is_disk(item: &Element<'_>) -> bool {
    item.child("id").is_some() && (item.child("status").is_some() || item.child("capacity").is_some())
}

fn is_list(element: &Element<'_>) -> bool {
    let name = element.name.as_bytes();
    name.len() > 4 && name.get(name.len() - 4..).is_some_and(|end| end.eq_ignore_ascii_case(b"List"))
}

fn disk(item: &Element<'_>) -> Disk {
    let kind = item.name.to_ascii_lowercase();
    let id = item.child_text("id").unwrap_or("").to_owned();
    let raw_state = item.child_text("status").unwrap_or("").to_owned();
    let named = ["hddName", "nasName", "ssdName", "sdName", "name", "path"];
    let name = named.into_iter().find_map(|field| owned(item.child_text(field)));
    let state = if is_unset_volume(item) { DiskState::Empty } else { DiskState::read(&raw_state) };
    Disk {
        name: name.unwrap_or_else(|| format!("{kind}{id}")),
        id,
        kind,
        state,
        raw_state,
        capacity_mb: item.child_text("capacity").and_then(whole_number),
        free_mb: item.child_text("freeSpace").and_then(whole_number),
    }
}

/// Cameras list their places for network volumes even where nobody has set one: offline at 0.0.0.0, without a path.
fn is_unset_volume(item: &Element<'_>) -> bool {
    let nowhere = item.child_text("ipAddress").is_none_or(|address| address == "0.0.0.0");
    item.is("nas") && nowhere && item.child_text("hostName").is_none() && item.child_text("path").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    fn disks(text: &str) -> Vec<Disk> {
        read(&read_any(text).unwrap()).unwrap()
    }

    #[test]
    fn disks_and_volumes_are_read_with_their_states() {
        let found = disks(
            r#"<storage xmlns="http://www.isapi.org/ver20/XMLSchema"><hddList xmlns="http://www.hikvision.com/ver10/XMLSchema" size="8">
            <hdd><id>1</id><hddName>hdd1</hddName><hddType>SATA</hddType><status>reparing</status><capacity>1907729</capacity><freeSpace>0</freeSpace></hdd></hddList>
            <nasList><nas><id>9</id><ipAddress>192.0.2.9</ipAddress><path>/vol</path><status>offline</status><capacity>0</capacity></nas>
            <nas><id>10</id><ipAddress>0.0.0.0</ipAddress><path></path><status>offline</status></nas>
            <supportMountType opt="NFS"/></nasList><workMode>quota</workMode></storage>"#,
        );
        let told: Vec<_> = found.iter().map(|d| (d.id.as_str(), d.name.as_str(), d.kind.as_str(), d.state)).collect();
        assert_eq!(
            told,
            [
                ("1", "hdd1", "hdd", DiskState::Working),
                ("9", "/vol", "nas", DiskState::Error),
                ("10", "nas10", "nas", DiskState::Empty)
            ]
        );
        assert_eq!((found[0].capacity_mb, found[0].free_mb), (Some(1_907_729), Some(0)));
    }

    #[test]
    fn lists_may_be_empty_absent_or_alone() {
        assert_eq!(disks("<storage><hddList/><nasList></nasList></storage>"), []);
        assert_eq!(disks("<storage><workMode>quota</workMode></storage>"), []);
        assert_eq!(disks("<hddList><hdd><id>2</id><status>ok</status></hdd></hddList>")[0].name, "hdd2");
        assert_eq!(read(&read_any("<DeviceInfo/>").unwrap()), None);
    }
}
