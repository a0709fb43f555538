//! What a browser shows of a device.

use siteward_simulator::{Profile, SimulatorSettings};
use tokio::net::TcpStream;

use crate::client::{address, ask, element, get, put, simulator, word};

#[tokio::test]
async fn pages_need_no_login_and_link_only_what_there_is() {
    let simulator = simulator(SimulatorSettings::numbered(7, 1)).await;
    for device in simulator.devices() {
        let mut stream = TcpStream::connect(address(device)).await.unwrap();
        let start = ask(&mut stream, "GET", "/", "", "").await;
        assert!(start.status == 200 && start.text().contains("doc/page/login.asp"));
        let main = ask(&mut stream, "GET", "/doc/page/login.asp?_1700000000", "", "").await;
        assert!(main.text().contains("../ui/main.css") && main.text().contains("../script/main.js"));
        for (path, content_type) in [("/doc/ui/main.css", "text/css"), ("/doc/script/main.js", "text/javascript")] {
            let answer = ask(&mut stream, "GET", path, "", "").await;
            assert_eq!(answer.status, 200);
            assert!(answer.head.contains(content_type), "{}", answer.head);
        }
        assert_ne!(ask(&mut stream, "GET", "/doc/page/secret.asp", "", "").await.status, 200);
    }
}

#[tokio::test]
async fn a_name_is_changed_by_sending_the_document_back() {
    let simulator = simulator(SimulatorSettings::uniform(2, Profile::Nvr, 1)).await;
    let device = &simulator.devices()[1];
    let path = "/ISAPI/System/deviceInfo";
    let before = get(device, path).await.text();
    let after = before.replace(&device.name, "Yard &amp; gate");
    assert_eq!(word(&put(device, path, &after).await), "ok");
    assert_eq!(element(&get(device, path).await.text(), "deviceName"), "Yard &amp; gate");
    assert_eq!(simulator.view(1).unwrap().name, "Yard & gate");
    assert_eq!(simulator.view(1).unwrap().counters.writes, 1);
    let too_long = format!("<DeviceInfo><deviceName>{}</deviceName></DeviceInfo>", "x".repeat(33));
    assert_eq!(word(&put(device, path, &too_long).await), "badParameters");
}
