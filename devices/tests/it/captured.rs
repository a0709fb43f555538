//! Real answers of real devices, replayed. They are not part of the project: where they are absent
//! the test says so and checks nothing.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::Utc;
use siteward_devices::probe;
use siteward_domain::device::DeviceKind;
use siteward_domain::observation::{ChannelSource, Observation};

use crate::fake::{Auth, Fake};

const NOT_SUPPORTED: &str = "<?xml version=\"1.0\"?>\n<ResponseStatus version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">\n<requestURL>/x</requestURL>\n<statusCode>4</statusCode>\n<statusString>Invalid Operation</statusString>\n<subStatusCode>notSupport</subStatusCode>\n</ResponseStatus>";

fn captured() -> Option<Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/devices");
    let Ok(entries) = fs::read_dir(&root) else {
        eprintln!("SKIPPED: no captured devices at {}", root.display());
        return None;
    };
    let models: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    Some(models)
}

/// Every text between `<name…>` and `</name>`, found without a parser.
fn grep(text: &str, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in text.split(&format!("<{name}")).skip(1) {
        let Some((attributes, rest)) = piece.split_once('>') else { continue };
        let own = attributes.is_empty() || attributes.starts_with([' ', '\n']);
        if let (true, Some((value, _))) = (own, rest.split_once(&format!("</{name}>"))) {
            found.push(value.trim().to_owned());
        }
    }
    found
}

fn first(text: &str, name: &str) -> String {
    grep(text, name).into_iter().next().unwrap_or_default()
}

async fn replay(model: &Path) -> Observation {
    let fake = Fake::start(Auth::Md5).await;
    for entry in fs::read_dir(model).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let path = format!("/ISAPI/{}", name.trim_end_matches(".xml").replace('.', "/"));
        fake.page(&path, 200, &fs::read_to_string(entry.path()).unwrap());
    }
    for path in [
        "System/Video/inputs/channels",
        "ContentMgmt/InputProxy/channels",
        "ContentMgmt/InputProxy/channels/status",
        "System/status",
    ] {
        let path = format!("/ISAPI/{path}");
        if !fake.state().pages.contains_key(&path) {
            fake.page(&path, 403, NOT_SUPPORTED);
        }
    }
    let observation = probe(&mut fake.client(), Utc::now).await.unwrap();
    assert_eq!((fake.state().refused, fake.state().connections, fake.state().challenges), (0, 1, 1));
    observation
}

fn file(model: &Path, name: &str) -> String {
    fs::read_to_string(model.join(name)).unwrap_or_default()
}

#[tokio::test]
async fn captured_devices_are_read_right() {
    let Some(models) = captured() else { return };
    assert!(models.len() >= 8, "{models:?}");
    for model in models {
        let seen = replay(&model).await;
        let info = file(&model, "System.deviceInfo.xml");
        let identity = seen.identity.unwrap().value;
        assert_eq!(identity.model, first(&info, "model"));
        assert_eq!(identity.serial_number, first(&info, "serialNumber"));
        assert_eq!(identity.firmware_version, first(&info, "firmwareVersion"));
        assert_eq!(identity.firmware_released.unwrap_or_default(), first(&info, "firmwareReleasedDate"));
        assert_eq!(identity.sub_serial_number.unwrap_or_default(), first(&info, "subSerialNumber"));
        assert_eq!(identity.mac_address.unwrap_or_default(), first(&info, "macAddress"));
        let short = identity.short_serial.map(|serial| serial.to_string());
        assert_eq!(short.is_some(), !identity.serial_number.ends_with("xxx"), "{}", identity.serial_number);

        let inputs = file(&model, "System.Video.inputs.channels.xml");
        let proxies = file(&model, "ContentMgmt.InputProxy.channels.xml");
        let channels = seen.channels.unwrap().value;
        let names: Vec<String> = channels.iter().map(|channel| channel.name.clone()).collect();
        let mut expected = grep(&inputs, "name");
        expected.extend(grep(&proxies, "name"));
        assert_eq!(names, expected, "{}", model.display());
        let lost = channels.iter().filter(|channel| channel.video_loss == Some(true)).count();
        assert_eq!(lost, inputs.matches(">NO VIDEO<").count());
        let behind = channels.iter().filter_map(|channel| channel.address.clone()).collect::<Vec<_>>();
        assert_eq!(behind, grep(&proxies, "ipAddress"));
        let source = match identity.kind {
            DeviceKind::Camera => ChannelSource::Own,
            DeviceKind::Dvr => ChannelSource::Analog,
            DeviceKind::Nvr => ChannelSource::Ip,
            other => panic!("{other:?}"),
        };
        assert!(channels.iter().all(|channel| channel.source == source));

        let storage = file(&model, "ContentMgmt.Storage.xml");
        let disks = seen.disks.unwrap().value;
        let told: Vec<(String, String)> =
            disks.iter().map(|disk| (disk.raw_state.clone(), disk.capacity_mb.unwrap().to_string())).collect();
        let expected: Vec<(String, String)> =
            grep(&storage, "status").into_iter().zip(grep(&storage, "capacity")).collect();
        assert_eq!(told, expected, "{}", model.display());

        let all = file(&model, "System.capabilities.xml");
        let can = seen.capabilities.unwrap().value;
        assert_eq!(can.cloud_service.map(|yes| yes.to_string()), grep(&all, "isSupportEZVIZ").first().cloned());
        assert_eq!(can.video_inputs.map(|count| count.to_string()), grep(&all, "videoInputPortNums").first().cloned());
    }
}
