//! What the program itself weighs: idle, and with a thousand devices spoken to at once.

use std::fs;
use std::process::Stdio;

use siteward_devices::tunnel::{MuxStream, dial};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use crate::kit::{ANSWER_BYTES, Lan, Platform, Session, TOKEN, serial, web_server};

const DEVICES: u32 = 1000;
const ROUNDS: u32 = 20;
/// In KiB. The release build weighs less than the debug build, which is held to the same.
const MOST_IDLE: u64 = 15 * 1024;
const MOST_BUSY: u64 = 40 * 1024;

fn resident_kib(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id().unwrap())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Processor time used so far, in hundredths of a second.
fn ticks(child: &Child) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id().unwrap())).unwrap();
    // After the name, which is in brackets: fields 14 and 15 are the times in user and in kernel mode.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

async fn start(platform: &mut Platform, lan: &Lan, folder: &std::path::Path) -> (Child, Session) {
    let path = folder.join("link.toml");
    let discovery = lan.discovery(true);
    let target = discovery.targets[0];
    let text = format!(
        "url = \"{}\"\ntoken = \"{TOKEN}\"\n[discovery]\ntargets = [\"{target}\"]\nlisten = \"127.0.0.1:0\"\nwait_seconds = 2\nallow_loopback = true\n",
        platform.url()
    );
    fs::write(&path, text).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_siteward-link"));
    program.arg("run").arg("--config").arg(&path).stderr(Stdio::null()).kill_on_drop(true);
    let child = program.spawn().unwrap();
    (child, platform.session().await)
}

async fn ask(stream: &mut MuxStream) {
    stream.write_all(b"GET /ISAPI/System/status HTTP/1.1\r\nHost: device\r\n\r\n").await.unwrap();
    let mut answer = [0; ANSWER_BYTES];
    stream.read_exact(&mut answer).await.unwrap();
}

#[tokio::test]
async fn a_thousand_devices_weigh_little() {
    let (mut platform, lan) = (Platform::start().await, Lan::start().await);
    let folder = tempfile::tempdir().unwrap();
    let (child, mut session) = start(&mut platform, &lan, folder.path()).await;
    session.all().await;
    let idle = resident_kib(&child);
    drop((child, session));

    let (port, _) = web_server().await;
    lan.set_many(DEVICES, port);
    let (child, mut session) = start(&mut platform, &lan, folder.path()).await;
    assert_eq!(session.all().await.len(), DEVICES as usize);
    let found = resident_kib(&child);
    let before = ticks(&child);
    let mut asking = JoinSet::new();
    for number in 0..DEVICES {
        let mux = session.mux.clone();
        asking.spawn(async move {
            let mut stream = dial(&mux, &serial(&format!("G{number:08}")), port).await.unwrap();
            for _ in 0..ROUNDS {
                ask(&mut stream).await;
            }
            stream
        });
    }
    let streams = asking.join_all().await;
    let busy = resident_kib(&child);
    let polls = f64::from(DEVICES * ROUNDS);
    let spent = f64::from(u32::try_from(ticks(&child) - before).unwrap()) / 100.0;
    eprintln!("processor: {:.4} s a 1,000 polls, over {polls} polls", spent * 1000.0 / polls);
    eprintln!(
        "resident: {idle} KiB idle, {found} KiB with {DEVICES} devices found, {busy} KiB with {} streams",
        streams.len()
    );
    assert!(idle <= MOST_IDLE && busy <= MOST_BUSY, "{idle} {busy}");
}
