//! The control API.

use siteward_simulator::{Profile, SimulatorSettings};

use crate::client::{control, get, simulator};

#[tokio::test]
async fn devices_are_listed_with_state_and_counters() {
    let simulator = simulator(SimulatorSettings::numbered(7, 1)).await;
    get(&simulator.devices()[3], "/ISAPI/System/time").await;
    let list = control(&simulator, "GET", "/devices", "").await.json();
    assert_eq!(list.as_array().unwrap().len(), 7);
    assert_eq!(list[3]["profile"], "nvr");
    assert_eq!(list[3]["counters"]["challenges"], 1);
    let one = control(&simulator, "GET", "/devices/3", "").await.json();
    assert_eq!(one["counters"], list[3]["counters"]);
    assert_eq!(one["serial"], simulator.devices()[3].serial.as_str());
    assert_eq!(control(&simulator, "POST", "/counters/reset", "").await.status, 200);
    assert_eq!(control(&simulator, "GET", "/devices/3", "").await.json()["counters"]["requests"], 0);
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_answers_with_the_state() {
    let simulator = simulator(SimulatorSettings::uniform(2, Profile::Dvr, 1)).await;
    let patch = r#"{"disk":"error","video_loss":[1,4],"hostile":"gzip_bomb","delay_ms":5,"network":"slow"}"#;
    let state = control(&simulator, "PATCH", "/devices/1", patch).await.json();
    assert_eq!((&state["disk"], &state["hostile"]), (&"error".into(), &"gzip_bomb".into()));
    let state = control(&simulator, "PATCH", "/devices/1", r#"{"hostile":null,"network":"ok"}"#).await.json();
    assert_eq!((&state["hostile"], &state["video_loss"][1]), (&serde_json::Value::Null, &4.into()));
    let inputs = get(&simulator.devices()[1], "/ISAPI/System/Video/inputs/channels").await.text();
    assert_eq!(inputs.matches("NO VIDEO").count(), 2);
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_with_a_code() {
    let simulator = simulator(SimulatorSettings::numbered(1, 1)).await;
    for (method, path, body, status, code) in [
        ("PATCH", "/devices/0", r#"{"powre":false}"#, 422, "bad_change"),
        ("PATCH", "/devices/0", r#"{"disk":"melted"}"#, 422, "bad_change"),
        ("PATCH", "/devices/0", r#"{"tls_certificate":"new"}"#, 409, "no_tls"),
        ("PATCH", "/devices/1", r#"{"power":false}"#, 404, "no_device"),
        ("GET", "/devices/first", "", 404, "not_found"),
        ("DELETE", "/devices/0", "", 404, "not_found"),
    ] {
        let answer = control(&simulator, method, path, body).await;
        assert_eq!((answer.status, &answer.json()["code"]), (status, &code.into()), "{method} {path} {body}");
    }
}
