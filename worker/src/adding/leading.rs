//! Leading an addition from state to state: judge, do what can be done without a person, judge again.

use std::time::Instant;

use siteward_devices::tunnel::{CommandAnswer, LinkCommand};
use siteward_devices::{CallError, DeviceClient, activation};
use siteward_domain::add_state::{AddState, LoginKnown, judge};
use siteward_domain::link::BindState;
use siteward_domain::{AdditionId, CompanyId};
use siteward_store::additions::{Addition, AdditionChange};
use siteward_store::bindings::Bound;
use siteward_store::imports::Reason;
use siteward_store::{StoreError, additions, jobs};

use super::knowing::Run;
use super::{Adding, AddingError, Manner};
use crate::jobs::advance_addition;

/// Most steps of one run; a device takes a dozen from its box to its site.
const MOST_STEPS: u32 = 32;

/// The reason of an addition that goes on by itself when its link is back.
const LINK_OFFLINE: &str = "link_offline";

/// What came of a step.
pub(super) enum Step {
    /// Something is different: judge again.
    On,
    /// A person must do something, or time must pass; the reason is told.
    Rest(Option<Reason>),
    /// It stands in another state than was judged.
    RestIn(AddState, Reason),
    /// It is added.
    Ended,
}

/// A reason with a stable code.
pub(super) fn reason(code: &str, message: impl Into<String>) -> Reason {
    Reason { code: code.to_owned(), message: message.into() }
}

/// What a failed call tells a person.
pub(super) fn because(error: &CallError) -> Reason {
    reason(error.code(), error.to_string())
}

impl Adding {
    /// One run; where another is under way in this process, after it. One that another process ended meanwhile has ended.
    pub(crate) async fn lead(
        &self,
        company: &CompanyId,
        id: &AdditionId,
        manner: Manner,
    ) -> Result<Addition, AddingError> {
        let turn = Self::turn(id);
        let _turn = turn.lock().await;
        match self.run(company, id, manner).await {
            Err(AddingError::Store(StoreError::Stale)) => self.get(company, id).await,
            led => led,
        }
    }

    async fn run(&self, company: &CompanyId, id: &AdditionId, manner: Manner) -> Result<Addition, AddingError> {
        let began = Instant::now();
        let mut run = Run::begin(self, company, id, manner).await?;
        if run.addition.state.has_ended() {
            return Ok(run.addition);
        }
        if manner.look_again {
            run.look_around().await?;
        }
        for _ in 0..MOST_STEPS {
            let state = judge(&run.found());
            match run.step(state).await? {
                Step::On => run.read().await?,
                Step::Rest(reason) => return run.rest(state, reason, began).await,
                Step::RestIn(state, reason) => return run.rest(state, Some(reason), began).await,
                Step::Ended => return Ok(run.addition),
            }
        }
        let endless = reason("addition_endless", "the device says something else each time");
        run.rest(AddState::Failed, Some(endless), began).await
    }
}

impl Run<'_> {
    async fn step(&mut self, state: AddState) -> Result<Step, AddingError> {
        match state {
            AddState::Unknown | AddState::Offline => self.look_for_it().await,
            AddState::SomeoneElses => self.ask_whose().await,
            AddState::NotActivated => self.activate().await,
            AddState::ServiceDisabled => self.enable_service().await,
            AddState::WaitingForRegistration => self.wait_for_registration().await,
            AddState::LoginNeeded => self.ask_activated().await,
            AddState::Ready => self.come_in_and_add().await,
            AddState::LoginRefused
            | AddState::WrongVerificationCode
            | AddState::FirmwareTooOld
            | AddState::OnThisSite
            | AddState::OnOtherSite
            | AddState::Added
            | AddState::Failed => Ok(Step::Rest(None)),
        }
    }

    /// Writes down where it stands. What waits for the device's registration or for its link is looked at again by a job.
    async fn rest(mut self, state: AddState, reason: Option<Reason>, began: Instant) -> Result<Addition, AddingError> {
        let reason = self.blame_link(state, reason, began).await;
        let link_is_away = reason.as_ref().is_some_and(|reason| reason.code == LINK_OFFLINE);
        let (company, id, now) = (self.addition.company_id.clone(), self.addition.id.clone(), self.adding.clock.now());
        // What it was refused for stays told until something else is tried.
        let keeps = matches!(state, AddState::LoginRefused | AddState::NotActivated | AddState::ServiceDisabled);
        let before = self.addition.reason.clone().filter(|_| keeps && state == self.addition.state);
        let reason = reason.or(before);
        let other_site_id = match &self.bound {
            Some(Bound::Own(occupant)) => Some(occupant.site_id.clone()),
            _ => None,
        };
        let device_id = match &self.bound {
            Some(Bound::Own(occupant)) => Some(occupant.device_id.clone()),
            _ => None,
        };
        let change = AdditionChange {
            state: Some(state),
            reason: Some(reason),
            other_site_id: Some(other_site_id),
            device_id: Some(device_id),
            ..AdditionChange::default()
        };
        let next = match state {
            AddState::WaitingForRegistration => Some(advance_addition::next_look(&company, &id, self.manner, now)),
            _ if link_is_away => advance_addition::look_for_link(&company, &id, self.manner, now),
            _ => None,
        };
        self.addition = self
            .adding
            .with_store(move |store| {
                store.write(|conn| {
                    if let Some(job) = &next {
                        jobs::enqueue(conn, job, now)?;
                    }
                    additions::update(conn, &company, &id, &change, now)
                })
            })
            .await?;
        Ok(self.addition)
    }

    /// A device that could not be reached while its link was away is not to blame for it.
    async fn blame_link(&mut self, state: AddState, given: Option<Reason>, began: Instant) -> Option<Reason> {
        let is_out_of_reach = match &given {
            Some(reason) => reason.code == "device_unreachable",
            None => state == AddState::Offline,
        };
        let (true, Some(seen)) = (is_out_of_reach, &self.seen) else { return given };
        if self.adding.hub.answers_since(&seen.link_id, began).await {
            return given;
        }
        Some(reason(LINK_OFFLINE, "the link is not connected just now"))
    }

    /// It may have come since the link last looked.
    async fn look_for_it(&mut self) -> Result<Step, AddingError> {
        if self.told.asked.around {
            return Ok(Step::Rest(None));
        }
        self.look_around().await?;
        Ok(Step::On)
    }

    /// A device that says it belongs to somebody may have been freed since, e.g. in its own menu (R-U2).
    async fn ask_whose(&mut self) -> Result<Step, AddingError> {
        let (None, Some(seen), false) = (&self.bound, &self.seen, self.told.asked.whose) else {
            return Ok(Step::Rest(None));
        };
        self.told.asked.whose = true;
        let command = LinkCommand::ReadBindState { serial: self.addition.serial.clone() };
        match self.adding.hub.command(&seen.link_id, command).await {
            Ok(CommandAnswer::BindState { bind: BindState::Free }) => {
                self.told.bind = Some(BindState::Free);
                Ok(Step::On)
            }
            _ => Ok(Step::Rest(None)),
        }
    }

    /// Before a person is asked for a login: is there one? Not every device tells its link.
    async fn ask_activated(&mut self) -> Result<Step, AddingError> {
        let known = self.told.activated.or(self.seen.as_ref().and_then(|seen| seen.sighting.activated));
        if known.is_some() || self.told.asked.activated {
            return Ok(Step::Rest(None));
        }
        self.learn_activated().await;
        Ok(Step::On)
    }

    /// Asks the device itself whether it has a password.
    pub(super) async fn learn_activated(&mut self) {
        self.told.asked.activated = true;
        let (Some(address), Some(transport)) = (self.address(), self.transport()) else { return };
        let mut client = DeviceClient::without_login(address, self.adding.limits, transport);
        match activation::is_activated(&mut client).await {
            Ok(activated) => self.told.activated = Some(activated),
            Err(error) => tracing::debug!(addition.id = %self.addition.id, code = error.code(), "activation unknown"),
        }
    }

    async fn come_in_and_add(&mut self) -> Result<Step, AddingError> {
        if self.login() != LoginKnown::Ok {
            return self.come_in().await;
        }
        if self.addition.hold {
            return Ok(Step::Rest(None));
        }
        self.add().await
    }
}
