//! Disks and cards.

use super::{repeated, start};
use crate::change::Disk;
use crate::device::{Condition, Device};
use crate::profile::{Profile, Schema};
use crate::storage::Smart;
use crate::xml::Xml;

pub(super) fn storage(device: &Device, condition: &Condition) -> String {
    let mut xml = start(device, "storage");
    write_list(&mut xml, device, condition);
    if device.identity.profile.has_proxy_channels() || device.identity.profile == Profile::Dvr {
        xml.leaf("nasList", "");
    } else {
        xml.open_with("nasList", repeated(device));
        xml.leaf_with("supportMountType", " opt=\"NFS,SMB/CIFS\"", "");
        xml.leaf_with("authentication", " opt=\"SMB/CIFS\"", "");
        xml.close();
    }
    xml.leaf("workMode", "quota");
    xml.finish()
}

pub(super) fn disks(device: &Device, condition: &Condition) -> String {
    let mut xml = start(device, "hddList");
    for number in numbers(device, condition) {
        write_disk(&mut xml, device, condition, number);
    }
    xml.finish()
}

/// Whether a device has its disks checked.
pub(super) fn has_checks(device: &Device) -> bool {
    matches!(device.identity.profile, Profile::Nvr | Profile::Dvr)
}

/// What the check of a disk says; the field is spelt so. **[?]** The names of the others are a guess.
pub(super) fn smart(device: &Device, condition: &Condition, number: u32) -> Option<String> {
    let place = numbers(device, condition).position(|known| known == number)?;
    let first = place == 0;
    let (own, all) = if first { condition.stored.smart } else { Smart::Good }.words();
    let warmer = i32::try_from(place).ok()? * 2;
    let mut xml = start(device, "SmartTestStatus");
    xml.leaf("temprature", condition.stored.temperature + warmer);
    xml.leaf("powerOnDay", 400 + device.index);
    xml.leaf("selfEvaluaingStatus", own);
    xml.leaf("allEvaluaingStatus", all);
    xml.leaf("selfTestPercent", 100);
    xml.leaf("selfTestStatus", "ok");
    Some(xml.finish())
}

pub(super) fn disk(device: &Device, condition: &Condition, number: u32) -> Option<String> {
    numbers(device, condition).find(|known| *known == number)?;
    let mut xml = start(device, "hdd");
    write_fields(&mut xml, device, condition, number);
    Some(xml.finish())
}

/// Devices that were sold without a disk show one once a fault of it is asked for.
fn numbers(device: &Device, condition: &Condition) -> impl Iterator<Item = u32> + use<> {
    let count = if condition.disk == Disk::None { 0 } else { device.identity.model.disks.max(1) };
    1..=count
}

/// Cameras nest the older namespace here and promise eight items.
fn write_list(xml: &mut Xml, device: &Device, condition: &Condition) {
    let nested = device.identity.model.schema == Schema::Hikvision;
    let attributes =
        if nested { " version=\"1.0\" xmlns=\"http://www.hikvision.com/ver10/XMLSchema\" size=\"8\"" } else { "" };
    xml.open_with("hddList", attributes);
    for number in numbers(device, condition) {
        write_disk(xml, device, condition, number);
    }
    if condition.stored.empty_bay {
        write_bay(xml, device, numbers(device, condition).count() + 1);
    }
    xml.close();
}

fn write_disk(xml: &mut Xml, device: &Device, condition: &Condition, number: u32) {
    xml.open_with("hdd", repeated(device));
    write_fields(xml, device, condition, number);
    xml.close();
}

/// A bay without a disk.
fn write_bay(xml: &mut Xml, device: &Device, number: usize) {
    xml.open_with("hdd", repeated(device));
    xml.leaf("id", number);
    xml.leaf("hddName", format_args!("hdd{number}"));
    xml.leaf("hddType", "SATA");
    xml.leaf("status", Disk::None.word());
    xml.leaf("capacity", 0);
    xml.leaf("freeSpace", 0);
    xml.close();
}

fn write_fields(xml: &mut Xml, device: &Device, condition: &Condition, number: u32) {
    let recorder = device.identity.profile.has_proxy_channels() || device.identity.profile == Profile::Dvr;
    let (capacity, free) = if recorder { (3_815_447, 0) } else { (121_856, 35_840) };
    let state = if number == 1 { condition.disk } else { Disk::Ok };
    xml.leaf("id", number);
    xml.leaf("hddName", format_args!("hdd{number}"));
    xml.leaf("hddPath", "");
    xml.leaf("hddType", "SATA");
    xml.leaf("status", state.word());
    xml.leaf("capacity", if state == Disk::Error { 0 } else { capacity });
    xml.leaf("freeSpace", if matches!(state, Disk::Error | Disk::Unformatted) { 0 } else { free });
    xml.leaf("property", "RW");
    if device.identity.model.schema == Schema::Isapi {
        xml.leaf("group", 1);
    }
}
