//! Asking a link for something itself, rather than for a way to a device.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use siteward_devices::CallError;
use siteward_devices::tunnel::{self, CommandAnswer, LinkCommand};
use siteward_domain::link::Sighting;
use siteward_domain::{LinkId, SerialNumber};

use super::{LINK_DOWN, LinkHub};

/// How long a command may take.
const LONGEST_COMMAND: Duration = Duration::from_secs(30);
/// How long activating may take: the device restarts.
const LONGEST_ACTIVATION: Duration = Duration::from_secs(90);
/// How long a link may take to say that it is there.
const LONGEST_ANSWER: Duration = Duration::from_secs(5);
/// For so long an answer to that stands for others who ask.
const ANSWER_HOLDS: Duration = Duration::from_secs(2);
/// No device has this serial: a link that is there says so at once.
const NOBODY: &str = "000000000";

/// Whether links answered lately. Those who ask of the same link ask once.
#[derive(Default)]
pub(super) struct Answering(Mutex<HashMap<LinkId, Arc<tokio::sync::Mutex<LastAnswer>>>>);

/// When somebody last asked, and whether there was an answer.
type LastAnswer = Option<(Instant, bool)>;

impl LinkHub {
    /// Has a link do something, and gives what it answers; 30 s at most, and 90 s for an activation.
    ///
    /// A refusal by link or device is an answer ([`CommandAnswer::Failed`]).
    pub async fn command(&self, link: &LinkId, command: LinkCommand) -> Result<CommandAnswer, CallError> {
        let longest = match &command {
            LinkCommand::Activate { .. } => LONGEST_ACTIVATION,
            _ => LONGEST_COMMAND,
        };
        let asking = async {
            let reached = self.reach(link).await?;
            tunnel::command(&reached.mux, command).await
        };
        tokio::time::timeout(longest, asking).await.unwrap_or(Err(CallError::Unreachable { reason: "timeout" }))
    }

    /// Has a link look around now. What it finds also comes as a report; this gives it as well.
    pub async fn discover(&self, link: &LinkId) -> Result<Vec<Sighting>, CallError> {
        match self.command(link, LinkCommand::Discover).await? {
            CommandAnswer::Sightings { devices } => Ok(devices),
            _ => Err(CallError::BadAnswer { what: "discover" }),
        }
    }

    /// Whether something listens on that port of a device. It costs no login.
    pub(crate) async fn knock(&self, link: &LinkId, serial: &SerialNumber, port: u16) -> Result<(), CallError> {
        self.dial(link, serial, port).await.map(drop)
    }

    /// Whether the link answers now, in the same session as at `began`. After something broke that went through it,
    /// this tells whether the device or the link is to blame.
    pub(crate) async fn answers_since(&self, link: &LinkId, began: Instant) -> bool {
        self.answers(link).await && self.reach(link).await.is_ok_and(|reached| reached.since <= began)
    }

    async fn answers(&self, link: &LinkId) -> bool {
        let asked = {
            let mut all = self.0.answering.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(link.clone()).or_default())
        };
        let mut last = asked.lock().await;
        if let Some((at, answered)) = *last
            && at.elapsed() < ANSWER_HOLDS
        {
            return answered;
        }
        let answered = tokio::time::timeout(LONGEST_ANSWER, self.is_there(link)).await.unwrap_or(false);
        *last = Some((Instant::now(), answered));
        answered
    }

    async fn is_there(&self, link: &LinkId) -> bool {
        let Ok(nobody) = SerialNumber::parse(NOBODY) else { return false };
        !matches!(self.dial(link, &nobody, 80).await, Err(CallError::Unreachable { reason: LINK_DOWN }))
    }

    /// Forgets who answered long ago.
    pub(super) fn forget_answers(&self) {
        let mut all = self.0.answering.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, asked| {
            let is_fresh = |last: &LastAnswer| last.is_some_and(|(at, _)| at.elapsed() < ANSWER_HOLDS);
            Arc::strong_count(asked) > 1 || asked.try_lock().map_or(true, |last| is_fresh(&last))
        });
    }
}
