//! The `siteward` program as people type it: what it prints, where, and with which status it ends.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use siteward_simulator::{Profile, Simulator, SimulatorSettings};
use siteward_tests::client::Client;
use siteward_tests::process::{ServerProcess, free_port, program};

const DEVICE_PASSWORD: &str = "Sekret-17";

/// How a command ended and what it said.
struct Ended {
    status: i32,
    out: String,
    error: String,
}

impl Ended {
    fn ok(self) -> String {
        assert_eq!(self.status, 0, "{}{}", self.out, self.error);
        self.out
    }

    fn json(self) -> Value {
        serde_json::from_str(&self.ok()).unwrap()
    }

    /// The code of a refusal: status 1, nothing on standard output, `code: message` on standard error.
    fn code(self) -> String {
        assert_eq!((self.status, self.out.as_str()), (1, ""), "{}", self.error);
        let (code, message) = self.error.trim_end().split_once(": ").unwrap();
        assert!(!message.is_empty() && !message.contains('\n'), "{}", self.error);
        code.to_owned()
    }
}

fn run_with(folder: &Path, environment: &[(&str, &str)], arguments: &[&str], input: &str) -> Ended {
    let mut child = Command::new(program("siteward").unwrap())
        .args(arguments)
        .current_dir(folder)
        .env_remove("DATABASE_URL")
        .env("SITEWARD__DATA__DIR", folder)
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads no input has closed it maybe.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ended { status: output.status.code().unwrap(), out: text(output.stdout), error: text(output.stderr) }
}

fn run(folder: &Path, arguments: &[&str]) -> Ended {
    run_with(folder, &[], arguments, "")
}

fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("siteward-cli-").tempdir().unwrap()
}

fn devices() -> Value {
    json!([
        {"name": "Gate, north", "host": "192.168.1.64", "port": 8000, "username": "admin", "password": DEVICE_PASSWORD},
        {"name": "Двор", "host": "nvr.example.com", "port": 8443, "username": "inst", "password": "p:a\"s s<>"},
        {"name": "", "host": "fd00::1:2", "port": 80, "username": "admin", "password": "x"},
    ])
}

fn written(folder: &Path, more: &[&str]) -> String {
    let arguments: Vec<&str> = ["qr", "encode"].iter().chain(more).copied().collect();
    run_with(folder, &[], &arguments, &devices().to_string()).ok().trim_end().to_owned()
}

fn shown(decoded: &Value) -> Vec<Value> {
    let part = |device: &Value| {
        json!({"name": device["name"], "host": device["host"], "port": device["port"], "username": device["username"],
               "password": device["password"]})
    };
    decoded["devices"].as_array().unwrap().iter().map(part).collect()
}

#[test]
fn what_qr_encode_writes_qr_decode_reads_as_text_file_and_picture() {
    let folder = folder();
    let text = written(folder.path(), &["--created-at", "1700000000"]);
    std::fs::write(folder.path().join("export.txt"), format!("{text}\n")).unwrap();
    let drawn = ["qr", "encode", "--created-at", "1700000000", "--png", "export.png", "devices.json"];
    std::fs::write(folder.path().join("devices.json"), devices().to_string()).unwrap();
    assert_eq!(run(folder.path(), &drawn).ok(), "");
    for input in [text.as_str(), "export.txt", "export.png"] {
        let decoded = run(folder.path(), &["qr", "decode", "--json", "--show-passwords", "--", input]).json();
        assert_eq!(shown(&decoded), *devices().as_array().unwrap(), "{input}");
        assert_eq!((&decoded["kind"], &decoded["created_at"]), (&json!("device_export"), &json!(1_700_000_000)));
        assert_eq!((&decoded["created"], &decoded["errors"]), (&json!("2023-11-14T22:13:20Z"), &json!([])));
        assert!(decoded["header"].as_str().is_some_and(|header| text.starts_with(header)), "{decoded}");
    }
    let piped = run_with(folder.path(), &[], &["qr", "decode", "--json", "-"], &text).json();
    assert_eq!(piped["devices"].as_array().unwrap().len(), 3);
    let svg = written(folder.path(), &["--svg"]);
    assert!(svg.contains("<svg") && svg.ends_with("</svg>"), "{svg}");
}

#[test]
fn qr_decode_shows_passwords_only_when_asked_to() {
    let folder = folder();
    let text = written(folder.path(), &[]);
    for more in [&[][..], &["--json"]] {
        let arguments = |show: &[&'static str]| {
            [&["qr", "decode"], more, show].concat().into_iter().chain([text.as_str()]).map(str::to_owned).collect()
        };
        let call =
            |arguments: Vec<String>| run(folder.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>()).ok();
        let (hidden, open) = (call(arguments(&[])), call(arguments(&["--show-passwords"])));
        assert!(!hidden.contains(DEVICE_PASSWORD) && !hidden.contains("\"password\""), "{hidden}");
        for part in ["Gate, north", "Двор", "nvr.example.com", "8443", "inst"] {
            assert!(hidden.contains(part), "{part} in {hidden}");
        }
        assert!(open.contains(DEVICE_PASSWORD), "{open}");
    }
}

#[test]
fn a_qr_with_a_password_wants_it() {
    let folder = folder();
    let text = written(folder.path(), &["--password", "Qr-12345"]);
    let decode = |more: &[&str]| run(folder.path(), &[&["qr", "decode"], more, &["--", &text]].concat());
    assert_eq!(decode(&[]).code(), "qr_password_needed");
    assert_eq!(decode(&["--password", "qr-12345"]).code(), "qr_password_wrong");
    let decoded = decode(&["--password", "Qr-12345", "--json"]).json();
    assert_eq!(decoded["devices"].as_array().unwrap().len(), 3);
    let refused = decode(&["--json"]);
    let told: Value = serde_json::from_str(&refused.error).unwrap();
    assert_eq!((refused.status, refused.out.as_str(), &told["code"]), (1, "", &json!("qr_password_needed")));
}

#[test]
fn sealed_codes_are_written_read_and_opened_by_their_password_alone() {
    let folder = folder();
    let seal = |password: &str, more: &[&str], input: &str| {
        let arguments = [&["qr", "encode", "--sealed", "--password", password], more].concat();
        run_with(folder.path(), &[], &arguments, input)
    };
    let list = json!([
        {"name": "Gate", "host": "192.0.2.7", "port": 8080, "username": "admin", "password": DEVICE_PASSWORD},
        {"name": "Hall", "serial": "K12345678", "verification_code": "ABCDEG", "username": "admin", "password": "x-1"},
    ]);
    let text = seal("a good one", &[], &list.to_string()).ok();
    let decode = |more: &[&str]| run(folder.path(), &[&["qr", "decode"], more, &["--", text.trim()]].concat());
    assert_eq!(decode(&[]).code(), "qr_password_needed");
    assert_eq!(decode(&["--password", "another one"]).code(), "qr_sealed_wrong_password");
    let quiet = decode(&["--json", "--password", "a good one"]).json();
    assert_eq!((&quiet["kind"], &quiet["devices"][1]["serial"]), (&json!("sealed_qr"), &json!("K12345678")));
    assert!(!quiet.to_string().contains(DEVICE_PASSWORD) && !quiet.to_string().contains("ABCDEG"));
    let told = decode(&["--json", "--show-passwords", "--password", "a good one"]).json();
    assert_eq!(told["devices"], list);
    assert_eq!(seal("short", &[], &list.to_string()).code(), "field_invalid");

    let many: Vec<Value> = (1..=11)
        .map(|n| json!({"host": format!("192.0.2.{n}"), "username": "admin", "password": DEVICE_PASSWORD}))
        .collect();
    seal("a good one", &["--png", "sealed.png"], &json!(many).to_string()).ok();
    for (file, count) in [("sealed-1.png", 10), ("sealed-2.png", 1)] {
        let read = run(folder.path(), &["qr", "decode", "--json", "--password", "a good one", "--", file]).json();
        assert_eq!((read["devices"].as_array().unwrap().len(), &read["parts"]), (count, &json!(2)), "{file}");
    }
}

#[test]
fn a_label_tells_serial_verification_code_and_model() {
    let folder = folder();
    let text = "www.hik-connect.com\rE12345678\rQWERTY\rDS-7608NI-I2/8P\r";
    let decoded = run(folder.path(), &["qr", "decode", "--json", "--", text]).json();
    assert_eq!(decoded["kind"], "label");
    assert_eq!(
        (&decoded["serial"], &decoded["verification_code"], &decoded["model"]),
        (&json!("E12345678"), &json!("QWERTY"), &json!("DS-7608NI-I2/8P"))
    );
    let told = run(folder.path(), &["qr", "decode", "--", text]).ok();
    assert!(["E12345678", "QWERTY", "DS-7608NI-I2/8P"].iter().all(|part| told.contains(part)), "{told}");
}

#[test]
fn bad_codes_have_a_code_a_message_and_a_status() {
    let folder = folder();
    let mut white = std::io::Cursor::new(Vec::new());
    image::GrayImage::from_pixel(200, 200, image::Luma([255])).write_to(&mut white, image::ImageFormat::Png).unwrap();
    std::fs::write(folder.path().join("white.png"), white.into_inner()).unwrap();
    std::fs::write(folder.path().join("noise.jpg"), [0xff_u8; 400]).unwrap();
    let good = written(folder.path(), &[]);
    for (input, code) in [
        ("https://example.com/", "qr_wrong_kind"),
        ("hello", "qr_wrong_kind"),
        ("QRC03010003eJ!!!!", "qr_bad_base64"),
        (&good[..good.len() - 12], "qr_truncated"),
        (&"A".repeat(5000), "qr_too_long"),
        ("white.png", "picture_without_qr"),
        ("noise.jpg", "picture_unreadable"),
        ("nowhere.png", "file_not_found"),
    ] {
        assert_eq!(run(folder.path(), &["qr", "decode", "--", input]).code(), code, "{input:.40}");
    }
    let bad_list = run_with(folder.path(), &[], &["qr", "encode"], r#"[{"host": "a", "password": "Sekret-17"}]"#);
    assert!(!bad_list.error.contains(DEVICE_PASSWORD));
    assert_eq!(bad_list.code(), "bad_json");
    assert_eq!(run(folder.path(), &["qr", "decode"]).status, 2, "a wrong use has another status");
    assert_eq!(run(folder.path(), &["qr", "decode", "--jason", "--", "hello"]).status, 2);
}

fn probe(folder: &Path, url: &str, password: &str, more: &[&str]) -> Ended {
    let loopback = [("SITEWARD__DEVICES__ALLOW_LOOPBACK", "true")];
    let arguments = [&["device", "probe", url, "--user", "admin", "--password-stdin"], more].concat();
    run_with(folder, &loopback, &arguments, &format!("{password}\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn device_probe_reads_every_profile() {
    let folder = folder();
    let mut settings = SimulatorSettings::numbered(Profile::ALL.len(), 21);
    settings.first = "127.30.4.1".parse().unwrap();
    let simulator = Simulator::start(settings).await.unwrap();
    for (number, device) in simulator.devices().iter().enumerate() {
        let url = format!("http://{}:{}", device.address, device.port);
        let (path, password) = (folder.path().to_owned(), device.password.clone());
        let (told, text) = tokio::task::spawn_blocking(move || {
            (probe(&path, &url, &password, &["--json"]).json(), probe(&path, &url, &password, &[]).ok())
        })
        .await
        .unwrap();
        let profile = device.profile.as_str();
        assert_eq!(told["model"], device.model, "{profile}");
        assert_eq!(told["short_serial"], device.serial, "{profile}");
        assert!(told["serial_number"].as_str().unwrap().contains(&device.serial), "{profile}: {told}");
        assert!(told["firmware_version"].as_str().unwrap().starts_with('V'), "{profile}: {told}");
        assert!(told["parsed"]["firmware"].is_string(), "{profile}: {told}");
        assert!(told["device_type"].is_string() && told["kind"] != "unknown", "{profile}: {told}");
        assert!(told["uptime_seconds"].is_u64() || device.profile == Profile::Thermal, "{profile}: {told}");
        let is_recorder = matches!(device.profile, Profile::Nvr | Profile::NvrOld | Profile::Dvr);
        assert!(!told["channels"].as_array().unwrap().is_empty(), "{profile}: {told}");
        assert!(!is_recorder || !told["disks"].as_array().unwrap().is_empty(), "{profile}: {told}");
        for fact in told["facts"].as_array().unwrap() {
            assert!(fact["resource"].as_str().is_some_and(|resource| resource.starts_with('/')), "{profile}: {fact}");
        }
        for part in [device.model, device.serial.as_str(), "channels", "/ISAPI/System/deviceInfo"] {
            assert!(text.contains(part), "{profile}: {part} in {text}");
        }
        assert!(!told.to_string().contains(&device.password) && !text.contains(&device.password));
        assert_eq!(simulator.view(number).unwrap().counters.logins_refused, 0, "{profile}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_one_refused_login_on_every_profile() {
    let folder = folder();
    let mut settings = SimulatorSettings::numbered(Profile::ALL.len(), 22);
    settings.first = "127.30.5.1".parse().unwrap();
    let simulator = Simulator::start(settings).await.unwrap();
    for (number, device) in simulator.devices().iter().enumerate() {
        let url = format!("http://{}:{}", device.address, device.port);
        let path = folder.path().to_owned();
        let refused = tokio::task::spawn_blocking(move || probe(&path, &url, "Not-it-17", &[])).await.unwrap();
        assert!(!refused.error.contains("Not-it-17"));
        assert_eq!(refused.code(), "device_login_refused", "{}", device.profile.as_str());
        assert_eq!(simulator.view(number).unwrap().counters.logins_refused, 1, "{}", device.profile.as_str());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn device_probe_refuses_what_it_may_not_or_cannot_dial() {
    let folder = folder();
    let mut settings = SimulatorSettings::uniform(1, Profile::Camera, 23);
    settings.first = "127.30.6.1".parse().unwrap();
    let simulator = Simulator::start(settings).await.unwrap();
    let device = simulator.devices()[0].clone();
    let url = format!("http://{}:{}", device.address, device.port);
    let path = folder.path().to_owned();
    tokio::task::spawn_blocking(move || {
        let arguments = ["device", "probe", &url, "--user", "admin", "--password-stdin"];
        assert_eq!(run_with(&path, &[], &arguments, &device.password).code(), "address_not_allowed");
        assert_eq!(probe(&path, "169.254.169.254", "x", &[]).code(), "address_not_allowed");
        assert_eq!(probe(&path, "not a host", "x", &[]).code(), "address_invalid");
        assert_eq!(probe(&path, &format!("{url}/path"), "x", &[]).code(), "address_invalid");
        let closed = format!("http://127.30.6.77:{}", device.port);
        assert_eq!(probe(&path, &closed, "x", &[]).code(), "device_unreachable");
        assert_eq!(probe(&path, &url, "", &[]).code(), "input");
        assert_eq!(run(&path, &["device", "probe", &url, "--user", "admin"]).status, 2, "no way to give the password");
    })
    .await
    .unwrap();
    let counters = simulator.view(0).unwrap().counters;
    assert_eq!((counters.requests, counters.connections), (0, 0), "nothing was dialled");
}

#[test]
fn print_config_shows_every_setting_and_no_secret() {
    let folder = folder();
    let url = [
        ("DATABASE_URL", "postgres://siteward:Sekret-17@db.example/siteward?password=Sekret-17&sslmode=require"),
        ("SITEWARD_MASTER_KEY", "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ="),
        ("SITEWARD__POLLING__PERIOD_SECONDS", "77"),
    ];
    let shown = run_with(folder.path(), &url, &["serve", "--print-config"], "").ok();
    assert!(!shown.contains(DEVICE_PASSWORD) && !shown.contains("c2VjcmV0"), "{shown}");
    for part in ["[polling]\n", "period_seconds = 77\n", "postgres://siteward@db.example/siteward?sslmode=require"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    for key in ["listen", "public_url", "allow_loopback", "filter", "pool_size", "dir", "import_devices_at_once"] {
        assert!(shown.contains(&format!("\n{key} = ")), "{key} in {shown}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "printing makes nothing");
}

#[test]
fn unknown_settings_and_other_databases_are_refused() {
    let folder = folder();
    let refused = |environment: &[(&str, &str)], arguments: &[&str], names: &str| {
        let ended = run_with(folder.path(), environment, arguments, "");
        assert!(ended.error.contains(names), "{names} in {}", ended.error);
        assert!(!ended.error.contains(DEVICE_PASSWORD), "{}", ended.error);
        assert_eq!(ended.code(), "settings");
    };
    refused(&[("SITEWARD__POLLING__PERIOD", "5")], &["migrate"], "period");
    refused(&[("SITEWARD__POLLNG__PERIOD_SECONDS", "5")], &["serve"], "pollng");
    refused(&[("SITEWARD__POLLING__PERIOD_SECONDS", "0")], &["serve"], "polling.period_seconds");
    refused(&[("SITEWARD__POLLING__PERIOD_SECONDS", "soon")], &["serve"], "period_seconds");
    refused(&[("SITEWARD__LOG__FILTER", "siteward=loud")], &["serve"], "log.filter");
    refused(&[("SITEWARD_CONFIG", "nowhere.toml")], &["serve", "--print-config"], "nowhere.toml");
    std::fs::write(folder.path().join("bad.toml"), "[devices]\nallow_loopbak = true\n").unwrap();
    refused(&[], &["--config", "bad.toml", "serve"], "allow_loopbak");
    let mysql = [("DATABASE_URL", "mysql://root:Sekret-17@localhost/siteward")];
    for arguments in [&["serve"][..], &["migrate"], &["admin", "reset-password", "a@example.com"]] {
        let ended = run_with(folder.path(), &mysql, arguments, "");
        assert!(ended.error.contains("postgres"), "it tells what is possible: {}", ended.error);
        assert!(!ended.error.contains(DEVICE_PASSWORD), "{}", ended.error);
        assert!(!ended.code().is_empty());
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_made_on_the_command_line_signs_in_and_gets_a_new_password() {
    let folder = folder();
    let path = folder.path().to_owned();
    let (path, first) = tokio::task::spawn_blocking(move || {
        assert!(run(&path, &["migrate"]).ok().starts_with("ran "));
        assert_eq!(run(&path, &["migrate"]).ok(), "The database is up to date.\n");
        let create = |email: &str, region: &str, more: &[&str], input: &str| {
            let fixed =
                ["admin", "create", "--company", "Lockwood", "--name", "Anna", "--region", region, "--email", email];
            run_with(&path, &[], &[&fixed, more].concat(), input)
        };
        assert_eq!(create("anna@example.com", "Poland", &[], "").code(), "region_invalid");
        assert_eq!(create("anna", "PL", &[], "").code(), "email_invalid");
        assert_eq!(create("anna@example.com", "PL", &["--password-stdin"], "short\n").code(), "weak_password");
        let made = create("anna@example.com", "PL", &[], "").ok();
        assert_eq!(create("anna@example.com", "PL", &[], "").code(), "setup_done");
        for command in ["reset-password", "reset-two-factor"] {
            assert_eq!(run(&path, &["admin", command, "nobody@example.com"]).code(), "not_found");
        }
        assert_eq!(run(&path, &["admin", "reset-two-factor", "anna@example.com"]).code(), "two_factor_off");
        let password = made.lines().find_map(|line| line.strip_prefix("Password: ")).unwrap().to_owned();
        (path, password)
    })
    .await
    .unwrap();

    let port = free_port().unwrap();
    let (data, start) = (path.clone(), move |data: &Path| ServerProcess::start(data, port, &[]).unwrap());
    let server = tokio::task::spawn_blocking(move || start(&data)).await.unwrap();
    assert_eq!(server.setup_code, None, "there is a company, so there is no set-up link");
    let mut anna = Client::new(&server.base);
    assert_eq!(anna.sign_in("anna@example.com", &first).await.unwrap().status.as_u16(), 200);
    let reset = tokio::task::spawn_blocking(move || {
        let arguments = ["admin", "reset-password", "Anna@example.com", "--password-stdin"];
        run_with(&path, &[], &arguments, "Another-horse8\n").ok()
    });
    assert!(!reset.await.unwrap().contains("Another-horse8"));
    assert_eq!(anna.get("/session").await.unwrap().code(), "not_signed_in", "every session ended");
    let mut again = Client::new(&server.base);
    assert_eq!(again.sign_in("anna@example.com", &first).await.unwrap().code(), "sign_in_refused");
    assert_eq!(again.sign_in("anna@example.com", "Another-horse8").await.unwrap().status.as_u16(), 200);
}

#[test]
fn help_teaches_with_examples() {
    let folder = folder();
    for arguments in
        [&["--help"][..], &["qr", "decode", "--help"], &["qr", "encode", "--help"], &["device", "probe", "--help"]]
    {
        let help = run(folder.path(), arguments).ok();
        assert!(help.contains("Example") && help.contains("siteward "), "{help}");
    }
    assert!(run(folder.path(), &["--version"]).ok().starts_with("siteward "));
}
