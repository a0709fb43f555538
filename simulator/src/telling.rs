//! What a device tells by itself: alerts raised by a test, over its event stream and pushed to an address, and what can go wrong
//! with that.

use std::fmt::Write as _;
use std::io;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rand::Rng as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::broadcast;

use crate::answers::{JSON, XML};
use crate::connection::Stream;
use crate::device::{Device, Now, held};
use crate::documents::events;
use crate::picture;

/// Alerts that a slow reader may be behind.
const MOST_BEHIND: usize = 4096;
/// Alerts of a flood that go out in one piece.
const AT_ONCE: u32 = 200;

/// An alert to raise.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// What it is called, e.g. `VMD`.
    pub word: String,
    /// Its channel.
    #[serde(default)]
    pub channel: Option<u32>,
    /// Whether it begins or lasts; else it ends.
    #[serde(default = "yes")]
    pub active: bool,
    /// Told as JSON.
    #[serde(default)]
    pub json: bool,
    /// With a picture after it.
    #[serde(default)]
    pub picture: bool,
    /// What else stands in it, where it is JSON.
    #[serde(default)]
    pub more: Option<Value>,
}

impl Alert {
    /// An alert of a channel that begins.
    pub fn active(word: &str, channel: u32) -> Self {
        Self { channel: Some(channel), ..Self::bare(word) }
    }

    /// An alert of a channel that ends.
    pub fn over(word: &str, channel: u32) -> Self {
        Self { active: false, ..Self::active(word, channel) }
    }

    fn bare(word: &str) -> Self {
        Self { word: word.to_owned(), channel: None, active: true, json: false, picture: false, more: None }
    }
}

fn yes() -> bool {
    true
}

/// How its event stream behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventStream {
    /// Heartbeats and alerts.
    #[default]
    Ok,
    /// It is open, and nothing comes.
    Silent,
    /// It ends as soon as it was opened.
    Cut,
    /// Alerts as fast as they are read.
    Flood,
    /// Random bytes.
    Garbage,
    /// One part without an end.
    EndlessPart,
    /// There is none.
    Missing,
}

/// Where it pushes its alerts to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushTarget {
    /// `host:port`.
    pub to: String,
    /// Path and query.
    pub path: String,
    /// `Host` header; empty: the address.
    #[serde(default)]
    pub host: String,
    /// As a form of parts, as access control does.
    #[serde(default)]
    pub form: bool,
}

/// What a test may know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct TellingView {
    /// How its event stream behaves.
    pub event_stream: EventStream,
    /// Streams open now.
    pub open_streams: usize,
    /// Streams opened so far.
    pub streams_opened: u64,
    /// Alerts pushed and taken.
    pub pushed: u64,
    /// Alerts pushed and not taken.
    pub not_taken: u64,
}

/// What is said to the open streams.
#[derive(Clone)]
enum Word {
    Alert(Arc<Alert>),
    /// They behave otherwise from now on.
    Behave,
}

/// Everything of a device that tells.
pub(crate) struct Telling {
    words: broadcast::Sender<Word>,
    behaviour: Mutex<EventStream>,
    push: Mutex<Option<PushTarget>>,
    open: AtomicUsize,
    opened: AtomicU64,
    pushed: AtomicU64,
    not_taken: AtomicU64,
}

impl Default for Telling {
    fn default() -> Self {
        Self {
            words: broadcast::Sender::new(MOST_BEHIND),
            behaviour: Mutex::default(),
            push: Mutex::default(),
            open: AtomicUsize::new(0),
            opened: AtomicU64::new(0),
            pushed: AtomicU64::new(0),
            not_taken: AtomicU64::new(0),
        }
    }
}

impl Telling {
    pub(crate) fn behaviour(&self) -> EventStream {
        *held(&self.behaviour)
    }

    pub(crate) fn behave(&self, behaviour: EventStream) {
        *held(&self.behaviour) = behaviour;
        let _ = self.words.send(Word::Behave);
    }

    pub(crate) fn push_to(&self, target: Option<PushTarget>) {
        *held(&self.push) = target;
    }

    pub(crate) fn view(&self) -> TellingView {
        TellingView {
            event_stream: self.behaviour(),
            open_streams: self.open.load(Ordering::Relaxed),
            streams_opened: self.opened.load(Ordering::Relaxed),
            pushed: self.pushed.load(Ordering::Relaxed),
            not_taken: self.not_taken.load(Ordering::Relaxed),
        }
    }
}

/// Tells an alert: to whoever reads the stream, and where it pushes to.
pub(crate) async fn raise(device: &Device, alert: &Alert) {
    let _ = device.telling.words.send(Word::Alert(Arc::new(alert.clone())));
    let target = held(&device.telling.push).clone();
    if let Some(target) = target {
        let taken = matches!(push(device, alert, &target).await, Ok(status) if status == 200);
        let tally = if taken { &device.telling.pushed } else { &device.telling.not_taken };
        tally.fetch_add(1, Ordering::Relaxed);
    }
}

/// The event stream: heartbeats and alerts until the reader leaves.
pub(crate) async fn send_stream<S: Stream>(stream: &mut S, device: &Device) -> io::Result<()> {
    let mut words = device.telling.words.subscribe();
    device.telling.opened.fetch_add(1, Ordering::Relaxed);
    device.telling.open.fetch_add(1, Ordering::Relaxed);
    let ended = converse(stream, device, &mut words).await;
    device.telling.open.fetch_sub(1, Ordering::Relaxed);
    ended
}

async fn converse<S: Stream>(stream: &mut S, device: &Device, words: &mut broadcast::Receiver<Word>) -> io::Result<()> {
    let boundary = events::boundary(device);
    let head = format!(
        "HTTP/1.1 200 OK\r\nServer: App-webs/\r\nMIME-Version: 1.0\r\nConnection: close\r\nContent-Type: multipart/mixed; boundary={boundary}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    let mut ignored = [0; 256];
    let mut flooded = 0_u32;
    let mut beats = true;
    loop {
        match device.telling.behaviour() {
            EventStream::Cut | EventStream::Missing => return stream.shutdown().await,
            EventStream::Ok if beats => {
                let alerts = events::alerts(device, &device.condition(), Now::read());
                let parts: Vec<u8> = alerts.iter().flat_map(|alert| part(boundary, XML, alert.as_bytes())).collect();
                stream.write_all(&parts).await?;
                stream.flush().await?;
            }
            EventStream::Ok | EventStream::Silent => {}
            EventStream::Flood => {
                let mut parts = Vec::new();
                for _ in 0..AT_ONCE {
                    flooded += 1;
                    let alert = Alert { active: flooded % 2 == 1, ..Alert::active("VMD", flooded % 1000) };
                    parts.extend(part(boundary, XML, text_of(device, &alert).as_bytes()));
                }
                stream.write_all(&parts).await?;
                continue;
            }
            EventStream::Garbage => {
                let mut noise = [0; 4096];
                rand::rng().fill_bytes(&mut noise);
                stream.write_all(&noise).await?;
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                continue;
            }
            EventStream::EndlessPart => {
                if flooded == 0 {
                    stream.write_all(format!("--{boundary}\r\nContent-Type: {XML}\r\n\r\n<a>").as_bytes()).await?;
                }
                flooded = 1;
                stream.write_all(&[b'a'; 16 * 1024]).await?;
                continue;
            }
        }
        beats = false;
        tokio::select! {
            read = stream.read(&mut ignored) => if read? == 0 { return Ok(()) },
            word = words.recv() => if let Ok(Word::Alert(alert)) = word
                && device.telling.behaviour() == EventStream::Ok
            {
                stream.write_all(&parts_of(device, boundary, &alert)).await?;
                stream.flush().await?;
            },
            () = tokio::time::sleep(device.limits.heartbeat) => beats = true,
        }
    }
}

/// An alert as it goes over a stream, with its picture.
fn parts_of(device: &Device, boundary: &str, alert: &Alert) -> Vec<u8> {
    let content_type = if alert.json { JSON } else { XML };
    let mut parts = part(boundary, content_type, text_of(device, alert).as_bytes());
    if alert.picture {
        parts.extend(part(boundary, "image/jpeg", &picture_of(device)));
    }
    parts
}

fn part(boundary: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let mut out = String::new();
    let _ = write!(out, "--{boundary}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n", body.len());
    [out.as_bytes(), body, b"\r\n"].concat()
}

fn picture_of(device: &Device) -> Vec<u8> {
    picture::draw(device.index, 1, Now::read().utc.timestamp())
}

fn text_of(device: &Device, alert: &Alert) -> String {
    if !alert.json {
        return events::alert(
            device,
            &device.condition(),
            Now::read(),
            &alert.word,
            alert.channel.unwrap_or(0),
            alert.active,
        );
    }
    let mut whole = json!({
        "ipAddress": device.address().to_string(),
        "portNo": device.port,
        "protocol": "HTTP",
        "activePostCount": 1,
        "eventType": alert.word,
        "eventState": if alert.active { "active" } else { "inactive" },
        "eventDescription": format!("{} alarm", alert.word),
    });
    if let Value::Object(fields) = &mut whole {
        fields.extend(alert.channel.map(|channel| ("channelID".to_owned(), json!(channel))));
        if let Some(Value::Object(more)) = &alert.more {
            fields.extend(more.clone());
        }
    }
    serde_json::to_string_pretty(&whole).unwrap_or_default()
}

/// Posts an alert and gives the status of the answer.
async fn push(device: &Device, alert: &Alert, target: &PushTarget) -> io::Result<u16> {
    let text = text_of(device, alert);
    let content_type = if alert.json { JSON } else { XML };
    let (content_type, body) = if target.form {
        let mut form = part("form_boundary", content_type, text.as_bytes());
        if alert.picture {
            form.extend(part("form_boundary", "image/jpeg", &picture_of(device)));
        }
        form.extend(b"--form_boundary--\r\n");
        ("multipart/form-data; boundary=form_boundary", form)
    } else {
        (content_type, text.into_bytes())
    };
    let host = if target.host.is_empty() { &target.to } else { &target.host };
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        target.path,
        body.len()
    );
    let mut stream = TcpStream::connect(&target.to).await?;
    stream.write_all(&[head.as_bytes(), &body].concat()).await?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer).await?;
    let status = answer.get(9..12).and_then(|status| std::str::from_utf8(status).ok()?.parse().ok());
    status.ok_or_else(|| io::ErrorKind::InvalidData.into())
}
