//! The tunnel over pipes in memory: many streams, slow ones, cut ones, and peers that mean no good.

use std::time::Duration;

use siteward_devices::tunnel::frames::{self, MOST_BYTES};
use siteward_devices::tunnel::{
    CommandAnswer, Inbound, LinkCommand, LinkReport, MOST_STREAMS, Mux, MuxClosed, MuxStream, Opened, Opening, Side,
    command, dial, start,
};
use siteward_devices::{CallError, tunnel};
use siteward_domain::SerialNumber;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
use tokio::task::JoinSet;
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(20);

fn pair() -> ((Mux, Inbound), (Mux, Inbound)) {
    let (platform, link) = duplex(64 * 1024);
    (start(platform, Side::Platform), start(link, Side::Link))
}

fn serial() -> SerialNumber {
    SerialNumber::parse("G12345678").unwrap()
}

/// A link that sends back what each device stream sends.
async fn echo(mut inbound: Inbound) {
    while let Some(mut stream) = inbound.next().await {
        tokio::spawn(async move {
            let Ok(Opening::Device { .. }) = Opening::read(&mut stream).await else { return };
            frames::write(&mut stream, &Opened::Ok).await.unwrap();
            let (mut from, mut to) = tokio::io::split(stream);
            let _ = tokio::io::copy(&mut from, &mut to).await;
        });
    }
}

async fn say_and_hear(stream: &mut MuxStream, bytes: &[u8]) {
    stream.write_all(bytes).await.unwrap();
    let mut heard = vec![0; bytes.len()];
    stream.read_exact(&mut heard).await.unwrap();
    assert!(heard == bytes);
}

#[tokio::test]
async fn a_thousand_devices_are_spoken_to_at_once() {
    let ((platform, _reports), (_link, inbound)) = pair();
    tokio::spawn(echo(inbound));
    let mut tasks = JoinSet::new();
    for number in 0..1000_u32 {
        let mux = platform.clone();
        tasks.spawn(async move {
            let mut stream = dial(&mux, &serial(), 80).await.unwrap();
            for round in 0..3_u32 {
                let text = format!("device {number}, round {round}, {}", "x".repeat(1500));
                say_and_hear(&mut stream, text.as_bytes()).await;
            }
            stream
        });
    }
    let streams = timeout(SOON, tasks.join_all()).await.unwrap();
    assert_eq!(streams.len(), 1000);
}

#[tokio::test]
async fn who_does_not_read_holds_up_nobody_else() {
    let ((platform, _reports), (_link, inbound)) = pair();
    tokio::spawn(echo(inbound));
    let mut lazy = dial(&platform, &serial(), 80).await.unwrap();
    // More than the window of a stream: in the end nobody takes more of it.
    let flood = vec![7; 64 * 1024];
    let stuck = timeout(Duration::from_millis(500), async {
        loop {
            lazy.write_all(&flood).await.unwrap();
        }
    });
    assert!(stuck.await.is_err());
    for _ in 0..20 {
        let mut quick = timeout(SOON, dial(&platform, &serial(), 80)).await.unwrap().unwrap();
        timeout(SOON, say_and_hear(&mut quick, &flood)).await.unwrap();
    }
}

#[tokio::test]
async fn two_hundred_and_sixty_devices_that_do_not_answer_do_not_keep_a_good_one_waiting() {
    let ((platform, _reports), (_link, mut inbound)) = pair();
    tokio::spawn(async move {
        let mut silent = Vec::new();
        while let Some(mut stream) = inbound.next().await {
            let Ok(Opening::Device { port, .. }) = Opening::read(&mut stream).await else { continue };
            if port == 80 {
                frames::write(&mut stream, &Opened::Ok).await.unwrap();
            }
            silent.push(stream);
        }
    });
    let mut waiting = JoinSet::new();
    for _ in 0..260 {
        let mux = platform.clone();
        waiting.spawn(async move { dial(&mux, &serial(), 8080).await });
    }
    timeout(SOON, dial(&platform, &serial(), 80)).await.unwrap().unwrap();
    assert!(waiting.try_join_next().is_none());
}

#[tokio::test]
async fn a_cut_connection_ends_every_stream_and_nothing_hangs() {
    let (platform_io, link_io) = duplex(64 * 1024);
    let (platform, mut reports) = start(platform_io, Side::Platform);
    let (cut, link_end) = duplex(64 * 1024);
    // The wire between: cut after so many bytes, in the middle of a frame.
    let wire = tokio::spawn(async move {
        let (mut link_io, mut cut) = (link_io, cut);
        let (mut buffer, mut other) = ([0; 1000], [0; 1000]);
        let mut left = 50_021_usize;
        while left > 0 {
            tokio::select! {
                read = link_io.read(&mut buffer) => {
                    let count = read.unwrap().min(left);
                    left -= count;
                    cut.write_all(&buffer[..count]).await.unwrap();
                }
                read = cut.read(&mut other) => {
                    let count = read.unwrap().min(left);
                    left -= count;
                    link_io.write_all(&other[..count]).await.unwrap();
                }
            }
        }
    });
    let (link, inbound) = start(link_end, Side::Link);
    tokio::spawn(echo(inbound));
    let mut stream = dial(&platform, &serial(), 80).await.unwrap();
    let lasting = async {
        loop {
            if stream.write_all(&[1; 700]).await.is_err() || stream.read_exact(&mut [0; 700]).await.is_err() {
                return;
            }
        }
    };
    timeout(SOON, lasting).await.unwrap();
    wire.await.unwrap();
    timeout(SOON, async { tokio::join!(platform.closed(), link.closed()) }).await.unwrap();
    assert_eq!(platform.open().await.unwrap_err(), MuxClosed);
    assert!(reports.next().await.is_none());
    let down = Err(CallError::Unreachable { reason: "link_down" });
    assert_eq!(dial(&platform, &serial(), 80).await.map(drop), down);
}

#[tokio::test]
async fn closing_one_end_ends_the_other() {
    let ((platform, mut reports), (link, mut inbound)) = pair();
    assert!(!platform.is_closed());
    link.close();
    timeout(SOON, platform.closed()).await.unwrap();
    assert!(reports.next().await.is_none() && inbound.next().await.is_none());
}

#[tokio::test]
async fn a_connection_that_nobody_holds_ends() {
    let ((platform, reports), (link, mut inbound)) = pair();
    let mut stream = platform.open().await.unwrap();
    stream.write_all(b"last words").await.unwrap();
    drop((platform, reports));
    let mut heard = [0; 10];
    let mut theirs = inbound.next().await.unwrap();
    theirs.read_exact(&mut heard).await.unwrap();
    assert!(!link.is_closed());
    drop(stream);
    timeout(SOON, link.closed()).await.unwrap();
}

#[tokio::test]
async fn what_the_link_refuses_is_told_by_its_code_and_unknown_codes_are_not_believed() {
    let ((platform, _reports), (_link, mut inbound)) = pair();
    tokio::spawn(async move {
        for reason in ["unknown_device", "port_not_allowed", "refused", "<script>"] {
            let mut stream = inbound.next().await.unwrap();
            Opening::read(&mut stream).await.unwrap();
            frames::write(&mut stream, &Opened::Error { reason: reason.into() }).await.unwrap();
            stream.shutdown().await.unwrap();
        }
        // Then it hangs up without a word.
        drop(inbound.next().await);
    });
    for reason in ["unknown_device", "port_not_allowed", "refused", "network", "link_down"] {
        let error = dial(&platform, &serial(), 80).await.unwrap_err();
        assert_eq!(error, CallError::Unreachable { reason });
    }
}

#[tokio::test]
async fn commands_and_reports_arrive_whole_and_hide_their_secrets() {
    let ((platform, mut reports), (link, mut inbound)) = pair();
    let told = tokio::spawn(async move {
        let mut stream = inbound.next().await.unwrap();
        let opening = Opening::read(&mut stream).await.unwrap();
        let answer = CommandAnswer::Activated { risk_password: true };
        frames::write(&mut stream, &answer).await.unwrap();
        opening
    });
    let password = "hidden-1".into();
    let answer = command(&platform, LinkCommand::Activate { serial: serial(), password }).await.unwrap();
    assert_eq!(answer, CommandAnswer::Activated { risk_password: true });
    let opening = told.await.unwrap();
    assert!(!format!("{opening:?}").contains("hidden-1"));
    let Opening::Command { command: LinkCommand::Activate { password, .. } } = opening else { panic!("{opening:?}") };
    assert_eq!(secrecy::ExposeSecret::expose_secret(&password), "hidden-1");

    let mut stream = link.open().await.unwrap();
    let lost = LinkReport::Changed { found: Vec::new(), lost: vec![serial()] };
    frames::write(&mut stream, &lost).await.unwrap();
    let mut theirs = reports.next().await.unwrap();
    assert_eq!(frames::read::<LinkReport, _>(&mut theirs).await.unwrap(), lost);
}

#[tokio::test]
async fn frames_that_are_too_large_or_nonsense_are_refused_before_they_cost_anything() {
    let (mut peer, mut ours) = duplex(1024);
    for length in [MOST_BYTES + 1, u32::MAX] {
        peer.write_u32(length).await.unwrap();
        let error = frames::read::<LinkReport, _>(&mut ours).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    }
    for text in ["", "{}", "[]", r#"{"report":"spy"}"#, r#"{"report":"alive"} x"#, "\u{0}\u{1}"] {
        peer.write_u32(u32::try_from(text.len()).unwrap()).await.unwrap();
        peer.write_all(text.as_bytes()).await.unwrap();
        let error = frames::read::<LinkReport, _>(&mut ours).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidData, "{text}");
    }
    peer.write_u32(100).await.unwrap();
    peer.write_all(b"half").await.unwrap();
    drop(peer);
    let error = frames::read::<LinkReport, _>(&mut ours).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
    let text = "x".repeat(MOST_BYTES as usize);
    let error = frames::write(&mut Vec::new(), &text).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}

/// A head of the multiplexer's protocol: version, kind, flags, stream, length.
fn head(kind: u8, flags: u16, stream: u32, length: u32) -> Vec<u8> {
    let [high, low] = flags.to_be_bytes();
    [&[0, kind, high, low][..], &stream.to_be_bytes(), &length.to_be_bytes()].concat()
}

const DATA: u8 = 0;
const SYN: u16 = 1;

async fn ends_after(bytes: &[u8]) -> bool {
    let (io, mut peer) = duplex(1 << 20);
    let (mux, _inbound) = start(io, Side::Platform);
    let _ = peer.write_all(bytes).await;
    timeout(SOON, mux.closed()).await.is_ok()
}

#[tokio::test]
async fn a_peer_that_breaks_the_protocol_is_hung_up_on() {
    // Another version; a frame of 4 GiB; another protocol.
    for bytes in [vec![9; 64], head(DATA, SYN, 2, u32::MAX), b"GET / HTTP/1.1\r\nHost: a\r\n\r\n".to_vec()] {
        assert!(ends_after(&bytes).await, "{:?}", &bytes[..12]);
    }
}

#[tokio::test]
async fn more_than_a_window_and_numbers_that_are_not_the_peers_to_give_make_no_stream() {
    for bytes in [[head(DATA, SYN, 2, 300_000), vec![0; 300_000]].concat(), head(DATA, SYN, 1, 0)] {
        let (io, mut peer) = duplex(1 << 20);
        let (_mux, mut inbound) = start(io, Side::Platform);
        peer.write_all(&bytes).await.unwrap();
        peer.write_all(&head(DATA, SYN, 4, 0)).await.unwrap();
        // The good one after it is the first that is given, if the connection is kept at all.
        let mut first = inbound.next().await.unwrap();
        peer.write_all(&[head(DATA, 0, 4, 2), b"ok".to_vec()].concat()).await.unwrap();
        let mut heard = [0; 2];
        first.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"ok");
    }
}

#[tokio::test]
async fn of_streams_without_end_from_a_link_only_a_few_are_taken_and_the_rest_goes_on() {
    let (io, mut peer) = duplex(1 << 20);
    let (platform, mut reports) = start(io, Side::Platform);
    for number in 1..=2000 {
        peer.write_all(&head(DATA, SYN, 2 * number, 0)).await.unwrap();
    }
    let mut taken = Vec::new();
    while let Ok(Some(stream)) = timeout(Duration::from_millis(300), reports.next()).await {
        taken.push(stream);
    }
    assert_eq!(taken.len(), 16);
    assert!(!platform.is_closed());
    platform.open().await.unwrap();
}

#[tokio::test]
async fn more_streams_than_there_may_be_wait_instead_of_ending_the_connection() {
    let ((platform, _reports), (_link, mut inbound)) = pair();
    let holding = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Some(stream) = inbound.next().await {
            held.push(stream);
        }
        held.len()
    });
    let mut streams = Vec::new();
    for _ in 0..MOST_STREAMS {
        let mut stream = timeout(SOON, platform.open()).await.unwrap().unwrap();
        stream.write_all(b"x").await.unwrap();
        streams.push(stream);
    }
    assert!(timeout(Duration::from_millis(200), platform.open()).await.is_err());
    streams.pop();
    timeout(SOON, platform.open()).await.unwrap().unwrap();
    platform.close();
    assert!(timeout(SOON, holding).await.unwrap().unwrap() >= MOST_STREAMS - 1);
}

#[tokio::test]
async fn a_link_that_says_nothing_is_waited_for_only_as_long_as_the_caller_wants() {
    let (platform_io, _silent) = duplex(64 * 1024);
    let (platform, _reports) = start(platform_io, Side::Platform);
    let waited = timeout(Duration::from_millis(100), tunnel::dial(&platform, &serial(), 80)).await;
    assert!(waited.is_err());
    // Whoever gave up does not keep the next ones from being served.
    for _ in 0..300 {
        let _ = timeout(Duration::from_millis(1), platform.open()).await;
    }
    assert!(!platform.is_closed());
}

#[tokio::test]
async fn who_waits_for_a_link_that_is_cut_off_is_told_at_once() {
    let ((platform, _reports), (_link, mut inbound)) = pair();
    let waiting = [platform.clone(), platform.clone()];
    let [first, second] = waiting.map(|mux| {
        tokio::spawn(
            async move { (command(&mux, LinkCommand::Discover).await, dial(&mux, &serial(), 80).await.is_err()) },
        )
    });
    // It takes what it is asked and never answers.
    let held = [inbound.next().await.unwrap(), inbound.next().await.unwrap()];
    platform.close();
    for waiting in [first, second] {
        let (told, not_dialled) = timeout(Duration::from_secs(2), waiting).await.unwrap().unwrap();
        assert!(matches!(told, Err(CallError::Unreachable { reason: "link_down" })) && not_dialled);
    }
    drop(held);
}
