//! Does one action of a linkage rule that fired.
//!
//! That it begins is written down before the device is asked. What changes something is asked once: where a worker died in
//! the middle, or the answer was lost, nobody knows what the device did, and that is what the firing says. Only what surely
//! was not done is tried again, for a minute; a picture may always be taken again, for only one is kept.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use siteward_devices::panel::control::{self, ControlError};
use siteward_devices::panel::{Area, ArmWay, PanelSession, UserLevel};
use siteward_devices::{CallError, DeviceClient, operations};
use siteward_domain::event::EventKind;
use siteward_domain::firmware::Function;
use siteward_domain::grant::DevicePermission;
use siteward_domain::linkage::{Action, ActionState, ArmMode};
use siteward_domain::{JobId, LinkageFiringId};
use siteward_store::devices::{self, Credential, Device};
use siteward_store::events::{self, NewEvent};
use siteward_store::jobs::NewJob;
use siteward_store::linkage::{self, Begun, Claim, Outcome};
use siteward_store::{DbConn, SealedText, Store, StoreError, Vault, monitoring, sites};

use crate::grants::{Use, refusal_code, use_permission};
use crate::job::{Job, JobContext, JobError};
use crate::jobs::change_password::surely_not_done;
use crate::linkage::may_ask;
use crate::reaching::{Reaching, note_refusal};

/// Devices asked at once.
const AT_ONCE: usize = 32;
/// A job is tried more often than its patience lasts, so that it ends with an outcome and never as a dead job.
const MOST_ATTEMPTS: u32 = 20;
/// For how long after the event a device that surely did not do it is tried again.
const TRIED_FOR: Duration = Duration::seconds(60);
/// Most bytes of a picture that is kept.
const MOST_PICTURE_BYTES: usize = 2 * 1024 * 1024;

/// What the job is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The firing.
    pub firing_id: LinkageFiringId,
    /// Which of its actions, from 0.
    pub position: u32,
}

/// The job of an action, to be enqueued in the transaction that fires the rule.
pub(crate) fn new_job(firing: &LinkageFiringId, position: u32, now: DateTime<Utc>) -> NewJob {
    NewJob {
        id: JobId::generate(now),
        kind: LinkageAction::KIND.to_owned(),
        payload: serde_json::json!({ "firing_id": firing, "position": position }),
        run_at: now,
        dedup_key: Some(format!("{firing}:{position}")),
        most_attempts: MOST_ATTEMPTS,
    }
}

/// The kind.
pub(crate) struct LinkageAction {
    reaching: Reaching,
}

/// What a try came to.
enum Ended {
    Done,
    /// It is done, and this is what was seen.
    Picture(bytes::Bytes),
    /// It is over without.
    Not(Outcome, Option<CallError>),
    /// It surely was not done, and may be in a moment.
    Later(&'static str),
}

impl LinkageAction {
    pub(crate) fn new(reaching: Reaching) -> Self {
        Self { reaching }
    }
}

impl Job for LinkageAction {
    const KIND: &'static str = "linkage_action";
    type Payload = Payload;

    fn most_at_once(&self) -> usize {
        AT_ONCE
    }

    async fn run(&self, context: JobContext, payload: Payload) -> Result<(), JobError> {
        if context.stopping.is_cancelled() {
            return Err(JobError::BrokenOff);
        }
        let (now, asked) = (context.clock.now(), payload.clone());
        let claim = context
            .with_store(move |store| store.write(|conn| linkage::claim(conn, &asked.firing_id, asked.position, now)))
            .await?;
        let Claim::Begun(begun) = claim else { return Ok(()) };
        // Nothing breaks it off from here on: a command that is on its way is waited for, which takes seconds.
        let ended = match target(&context, begun.clone(), now).await? {
            Ok((device, credential)) => self.act(&context, &begun.action, &device, &credential).await,
            Err(outcome) => Ended::Not(outcome, None),
        };
        end(&context, payload, begun, ended).await
    }

    async fn give_up(&self, context: JobContext, payload: Payload) -> Result<(), JobError> {
        let now = context.clock.now();
        let outcome = failed("device_unreachable");
        context
            .with_store(move |store| {
                store.write(|conn| linkage::end_action(conn, &payload.firing_id, payload.position, outcome, now))
            })
            .await?;
        Ok(())
    }
}

type Target = Result<(Device, Credential), Outcome>;

/// The device as it is now, unless something stands against asking it.
async fn target(context: &JobContext, begun: Begun, now: DateTime<Utc>) -> Result<Target, JobError> {
    let look = move |conn: &mut DbConn, vault: &Vault| -> Result<Target, StoreError> {
        let Some(id) = begun.action.device() else { return Ok(Err(skipped("target_gone"))) };
        let site = sites::get_site(conn, &begun.company_id, &begun.site_id)?;
        if let Err(code) = may_ask(&site) {
            return Ok(Err(skipped(code)));
        }
        let device = devices::get_device(conn, &begun.company_id, id)?;
        if device.site_id != begun.site_id {
            return Ok(Err(skipped("target_gone")));
        }
        if let Err(refusal) = monitoring::standing(conn, &begun.company_id, id)?.may(Function::LinkageRules) {
            return Ok(Err(skipped(refusal.code())));
        }
        if let Some(permission) = needed(&begun.action) {
            let used = Use { company_id: begun.company_id.clone(), device_id: id.clone(), permission, staff_id: None };
            if let Err(refusal) = use_permission(conn, vault, &used, now)? {
                return Ok(Err(skipped(refusal_code(refusal))));
            }
        }
        Ok(Ok((device, devices::get_credential(conn, &begun.company_id, id)?)))
    };
    match context.with_store(move |store| store.write(|conn| look(conn, store.vault()))).await {
        Err(StoreError::NotFound) => Ok(Err(skipped("target_gone"))),
        other => Ok(other?),
    }
}

/// What the owner of the site must have allowed. Who arms an alarm panel has an account on it, which is the owner's consent.
fn needed(action: &Action) -> Option<DevicePermission> {
    match action {
        Action::Snapshot { .. } => Some(DevicePermission::LiveView),
        Action::Record { .. } | Action::Preset { .. } | Action::Output { .. } => Some(DevicePermission::Configuration),
        Action::Arm { .. } | Action::Disarm { .. } | Action::Notify { .. } | Action::Webhook => None,
    }
}

impl LinkageAction {
    async fn act(&self, context: &JobContext, action: &Action, device: &Device, credential: &Credential) -> Ended {
        let mut client = match self.reaching.client(&context.store, device, credential, context.clock.now()) {
            Ok(client) => client,
            Err(resting) => return Ended::Not(failed(resting.code()), None),
        };
        let asked = match action {
            Action::Snapshot { channel, .. } => return picture(&mut client, *channel).await,
            Action::Arm { area, mode, .. } => {
                let way = match mode {
                    ArmMode::Away => ArmWay::Away,
                    ArmMode::Stay => ArmWay::Stay,
                };
                return panel(&mut client, *area, Some(way)).await;
            }
            Action::Disarm { area, .. } => return panel(&mut client, *area, None).await,
            Action::Record { channel, .. } => operations::start_recording(&mut client, *channel).await,
            Action::Preset { channel, preset, .. } => operations::go_to_preset(&mut client, *channel, *preset).await,
            Action::Output { output, on, .. } => operations::set_output(&mut client, *output, *on).await,
            // They are done in the transaction of the firing.
            Action::Notify { .. } | Action::Webhook => return Ended::Done,
        };
        asked.map_or_else(judge, |_| Ended::Done)
    }
}

async fn picture(client: &mut DeviceClient, channel: u32) -> Ended {
    match operations::snapshot(client, channel).await {
        Ok(picture) if picture.bytes.len() > MOST_PICTURE_BYTES => {
            Ended::Not(failed("linkage_picture_too_large"), None)
        }
        Ok(picture) => Ended::Picture(picture.bytes),
        Err(CallError::Unreachable { .. }) => Ended::Later("device_unreachable"),
        Err(error) => judge(error),
    }
}

/// Arms where a way is given, else disarms. As user, where one name is an installer too.
async fn panel(client: &mut DeviceClient, area: Option<u32>, way: Option<ArmWay>) -> Ended {
    let area = area.map_or(Area::All, Area::One);
    let mut session = match PanelSession::open(client, Some(UserLevel::User)).await {
        Ok(session) => session,
        // Not logged in is not commanded.
        Err(CallError::Unreachable { .. }) => return Ended::Later("device_unreachable"),
        Err(error) => return judge(error),
    };
    let commanded = match way {
        Some(way) => control::arm(&mut session, area, way).await,
        None => control::disarm(&mut session, area).await,
    };
    session.close().await;
    match commanded {
        Ok(_) => Ended::Done,
        Err(ControlError::Call(error)) => judge(error),
        Err(error) => Ended::Not(failed(error.code()), None),
    }
}

fn judge(error: CallError) -> Ended {
    if surely_not_done(&error) {
        return Ended::Later(error.code());
    }
    match &error {
        CallError::Unreachable { .. } => {
            Ended::Not(Outcome { state: ActionState::Unknown, error_code: Some("linkage_answer_lost") }, None)
        }
        CallError::LoginRefused { .. } | CallError::Locked { .. } => Ended::Not(failed(error.code()), Some(error)),
        _ => Ended::Not(failed(error.code()), None),
    }
}

fn failed(code: &'static str) -> Outcome {
    Outcome { state: ActionState::Failed, error_code: Some(code) }
}

fn skipped(code: &'static str) -> Outcome {
    Outcome { state: ActionState::Skipped, error_code: Some(code) }
}

async fn end(context: &JobContext, payload: Payload, begun: Begun, ended: Ended) -> Result<(), JobError> {
    let now = context.clock.now();
    let Payload { firing_id, position } = payload;
    let tired = now - begun.event_at > TRIED_FOR;
    let ended = match ended {
        Ended::Later(code) if tired => Ended::Not(failed(code), None),
        ended => ended,
    };
    if let Ended::Later(code) = ended {
        context
            .with_store(move |store| store.write(|conn| linkage::put_back(conn, &firing_id, position, code)))
            .await?;
        return Err(JobError::Later(code));
    }
    context.with_store(move |store| write(store, &firing_id, position, &begun, ended, now)).await?;
    Ok(())
}

fn write(
    store: &Store,
    firing: &LinkageFiringId,
    position: u32,
    begun: &Begun,
    ended: Ended,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let done = Outcome { state: ActionState::Done, error_code: None };
    let (outcome, refused, picture): (Outcome, Option<CallError>, Option<SealedText>) = match ended {
        Ended::Done | Ended::Later(_) => (done, None, None),
        Ended::Picture(bytes) => {
            let place = linkage::picture_place(&begun.company_id, firing);
            (done, None, Some(store.vault().seal_bytes(place, &bytes)?))
        }
        Ended::Not(outcome, refused) => (outcome, refused, None),
    };
    store.write(|conn| {
        if let Some(sealed) = &picture {
            linkage::keep_picture(conn, &begun.site_id, firing, position, sealed, now)?;
        }
        if let (Some(error), Some(id)) = (&refused, begun.action.device()) {
            let device = devices::get_device(conn, &begun.company_id, id)?;
            note_refusal(conn, &device, error, now)?;
        }
        linkage::end_action(conn, firing, position, outcome, now)?;
        match controlled(begun).filter(|_| outcome.state == ActionState::Done) {
            Some(data) => events::append(conn, &panel_event(begun, data, now)),
            None => Ok(()),
        }
    })
}

/// What was done to a panel, as its event tells it.
fn controlled(begun: &Begun) -> Option<serde_json::Value> {
    match &begun.action {
        Action::Arm { area, mode, .. } => {
            Some(serde_json::json!({ "action": "arm", "area": area, "mode": mode.as_str(), "rule_id": begun.rule_id }))
        }
        Action::Disarm { area, .. } => {
            Some(serde_json::json!({ "action": "disarm", "area": area, "rule_id": begun.rule_id }))
        }
        _ => None,
    }
}

fn panel_event(begun: &Begun, data: serde_json::Value, now: DateTime<Utc>) -> NewEvent {
    NewEvent {
        company_id: begun.company_id.clone(),
        site_id: Some(begun.site_id.clone()),
        device_id: begun.action.device().cloned(),
        kind: EventKind::PanelControlled,
        actor: "linkage".to_owned(),
        at: now,
        data,
    }
}
