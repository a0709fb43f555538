//! What is done on the device: activating it, logging in, switching its service on.

use std::time::Duration;

use secrecy::SecretString;
use siteward_devices::activation::{self, Activated, ActivationError, Patience};
use siteward_devices::service::{self, CloudService, ServiceError};
use siteward_devices::tunnel::{CommandAnswer, LinkCommand};
use siteward_devices::{CallError, DeviceClient, Login, find_http, operations};
use siteward_domain::add_state::{AddState, CodeCheck, LoginKnown};
use siteward_domain::link::BindState;
use siteward_domain::{VerificationCode, device_password};
use siteward_store::additions::{self, AdditionChange};
use siteward_store::imports::Reason;

use super::AddingError;
use super::knowing::Run;
use super::leading::{Step, because, reason};

/// A device is waited for after it was activated.
const AFTER_ACTIVATION: Patience = Patience { every: Duration::from_secs(2), most: Duration::from_secs(60) };
/// So often a device that restarts or moves is looked for.
const MOST_LOOKS: u32 = 10;
/// Time between two such looks, and between two looks at its registration.
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);
/// So often registration is looked at in one run; later runs go on.
const LOOKS_AT_REGISTRATION: u32 = 4;

/// How activating went.
enum Activation {
    Done,
    Already,
    WeakPassword,
    Failed(Reason),
}

impl Run<'_> {
    /// Gives the device its first password, which is sealed in the addition already, and turns DHCP on (R-D6).
    pub(super) async fn activate(&mut self) -> Result<Step, AddingError> {
        let password = self.password()?.filter(|_| self.addition.user_name == activation::USER);
        let Some(password) = password else {
            if self.told.asked.activated {
                return Ok(Step::Rest(None));
            }
            self.learn_activated().await;
            return Ok(Step::On);
        };
        let typed = secrecy::ExposeSecret::expose_secret(&password);
        if let Err(rule) = device_password::check_new(typed, activation::USER) {
            return Ok(Step::Rest(Some(reason("device_password_weak", rule.to_string()))));
        }
        match self.activate_with(&password).await {
            Activation::Done => {
                tracing::info!(addition.id = %self.addition.id, serial = %self.addition.serial, "a device is activated");
                self.told.activated = Some(true);
                self.save(self.own_login(LoginKnown::Given)).await?;
                Ok(Step::On)
            }
            Activation::Already => {
                self.told.activated = Some(true);
                Ok(Step::On)
            }
            Activation::WeakPassword => {
                self.forget_password(LoginKnown::None).await?;
                let message = "the device does not take this password";
                Ok(Step::Rest(Some(reason("device_password_weak", message))))
            }
            Activation::Failed(reason) => Ok(Step::Rest(Some(reason))),
        }
    }

    /// Over HTTP; where that does not reach it, e.g. because its factory address is of another network, by SADP.
    async fn activate_with(&mut self, password: &SecretString) -> Activation {
        let (Some(address), Some(transport)) = (self.address(), self.transport()) else {
            return Activation::Failed(reason("device_unreachable", "no link sees the device"));
        };
        let mut client = DeviceClient::without_login(address, self.adding.limits, transport);
        match activation::activate_within(&mut client, password, AFTER_ACTIVATION).await {
            Ok(Activated { .. }) => {
                self.turn_dhcp_on(&mut client).await;
                Activation::Done
            }
            Err(ActivationError::NotBack(_)) => {
                self.told.restarted = true;
                Activation::Done
            }
            Err(ActivationError::AlreadyActivated) => Activation::Already,
            Err(ActivationError::PasswordRule(_)) => Activation::WeakPassword,
            Err(ActivationError::Call(error)) => self.activate_by_link(password, &error).await,
        }
    }

    async fn activate_by_link(&mut self, password: &SecretString, error: &CallError) -> Activation {
        let Some(link) = self.seen.as_ref().map(|seen| seen.link_id.clone()) else {
            return Activation::Failed(because(error));
        };
        let serial = self.addition.serial.clone();
        let command = LinkCommand::Activate { serial: serial.clone(), password: password.clone() };
        match self.adding.hub.command(&link, command).await {
            Ok(CommandAnswer::Activated { .. } | CommandAnswer::Done) => {
                self.told.restarted = true;
                let user = activation::USER.to_owned();
                let command = LinkCommand::DhcpOn { serial, user, password: password.clone() };
                let answer = self.adding.hub.command(&link, command).await;
                tracing::debug!(addition.id = %self.addition.id, ?answer, "DHCP by the link");
                Activation::Done
            }
            Ok(CommandAnswer::Failed { code, .. }) if code == "already_activated" => Activation::Already,
            Ok(CommandAnswer::Failed { code, .. }) if code == "password_rule" => Activation::WeakPassword,
            Ok(CommandAnswer::Failed { code, message }) if code != "not_supported" => {
                Activation::Failed(Reason { code: known_code(&code), message })
            }
            // What HTTP said tells more.
            _ => Activation::Failed(because(error)),
        }
    }

    /// The device may have another address afterwards and is then found again by its serial.
    async fn turn_dhcp_on(&mut self, client: &mut DeviceClient) {
        if self.seen.as_ref().is_some_and(|seen| seen.sighting.dhcp == Some(true)) {
            return;
        }
        match operations::dhcp_on(client).await {
            Ok(operations::DhcpOn::WasOn) => {}
            Ok(_) => self.told.restarted = true,
            Err(error) => {
                tracing::debug!(addition.id = %self.addition.id, code = error.code(), "DHCP was not turned on");
            }
        }
    }

    /// Logs in with what was given and reads what only a login shows: service, account, verification code.
    pub(super) async fn come_in(&mut self) -> Result<Step, AddingError> {
        let (Some(address), Some(transport)) = (self.address(), self.transport()) else {
            return Ok(Step::RestIn(AddState::Offline, reason("device_unreachable", "no link sees the device")));
        };
        let Some(password) = self.password()? else {
            self.save(AdditionChange { login: Some(LoginKnown::None), ..AdditionChange::default() }).await?;
            return Ok(Step::On);
        };
        let login = Login { user_name: self.addition.user_name.clone(), password: password.clone() };
        let came_in = async {
            let (_, mut client) =
                find_http(&address.host, address.port, &login, transport, &self.adding.limits).await?;
            let service = match service::read(&mut client).await {
                Ok(service) => Some(service),
                Err(CallError::NotSupported | CallError::LowPrivilege | CallError::Refused { .. }) => None,
                Err(error) => return Err(error),
            };
            Ok((client, service))
        };
        match came_in.await {
            Ok((client, service)) => {
                (self.client, self.let_in_with) = (Some(client), Some(password));
                self.told.activated = Some(true);
                let code_check = self.take_in(service.as_ref())?;
                let change = AdditionChange { code_check, ..self.own_login(LoginKnown::Ok) };
                self.save(change).await?;
                Ok(Step::On)
            }
            Err(error) => self.stay_out(&error).await,
        }
    }

    async fn stay_out(&mut self, error: &CallError) -> Result<Step, AddingError> {
        match error {
            CallError::LoginRefused { .. } => {
                // Never again with this one (R-H3).
                self.forget_password(LoginKnown::Refused).await?;
                Ok(Step::RestIn(AddState::LoginRefused, because(error)))
            }
            CallError::NotActivated => {
                self.told.activated = Some(false);
                self.told.asked.activated = true;
                Ok(Step::On)
            }
            CallError::Unreachable { .. } => {
                let may_come = self.told.restarted && self.told.looked_for < MOST_LOOKS;
                if !may_come && self.told.asked.around {
                    return Ok(Step::RestIn(AddState::Offline, because(error)));
                }
                if may_come {
                    self.told.looked_for += 1;
                    tokio::time::sleep(BETWEEN_LOOKS).await;
                }
                self.look_around().await?;
                Ok(Step::On)
            }
            error => Ok(Step::RestIn(AddState::Failed, because(error))),
        }
    }

    /// Takes in what the device says of its service; gives what follows for the code.
    fn take_in(&mut self, service: Option<&CloudService>) -> Result<Option<CodeCheck>, AddingError> {
        let Some(service) = service else { return Ok(None) };
        self.told.service = Some(service.enabled);
        if service.bind != BindState::Unknown {
            self.told.bind = Some(service.bind);
        }
        let waits = self.addition.state == AddState::WaitingForRegistration && !self.manner.waited_enough();
        self.told.registered = service.registered.filter(|_| waits && service.enabled);
        if !service.enabled {
            return Ok(None);
        }
        Ok(self.code()?.map(|code| match service::judge_code(service, &code) {
            service::CodeCheck::Right => CodeCheck::Right,
            service::CodeCheck::Wrong => CodeCheck::Wrong,
            service::CodeCheck::NotTold => CodeCheck::NotTold,
        }))
    }

    /// Switches the service on with the code that was chosen (R-D7).
    pub(super) async fn enable_service(&mut self) -> Result<Step, AddingError> {
        if self.login() == LoginKnown::Given {
            // What the link saw may be old: the device itself says whether its service is off.
            return self.come_in().await;
        }
        let may_take = self.manner.make_code || self.addition.code_check == CodeCheck::Chosen;
        if !may_take || self.login() != LoginKnown::Ok {
            return Ok(Step::Rest(None));
        }
        let Some(code) = self.code()? else {
            let code = VerificationCode::generate(&rand::random());
            let place = additions::code_place(&self.addition.company_id, &self.addition.id);
            let sealed = self.adding.store.vault().seal(place, &SecretString::from(code.expose()))?;
            let code_check = Some(CodeCheck::Chosen);
            self.save(AdditionChange { sealed_code: Some(Some(sealed)), code_check, ..AdditionChange::default() })
                .await?;
            return Ok(Step::On);
        };
        let Some(client) = &mut self.client else { return Ok(Step::Rest(None)) };
        match service::enable(client, &code).await {
            Ok(_) => {
                self.told.service = Some(true);
                self.told.registered = Some(false);
                self.save(AdditionChange { code_check: Some(CodeCheck::Right), ..AdditionChange::default() }).await?;
                Ok(Step::On)
            }
            Err(ServiceError::CodeRule) => {
                let change = AdditionChange {
                    sealed_code: Some(None),
                    code_check: Some(CodeCheck::NotGiven),
                    ..AdditionChange::default()
                };
                self.save(change).await?;
                let message = "the device does not take this verification code";
                Ok(Step::Rest(Some(reason("verification_code_invalid", message))))
            }
            Err(ServiceError::Call(error)) => Ok(Step::Rest(Some(because(&error)))),
        }
    }

    /// Looks a few times whether the service has registered; what takes longer is left to a later run.
    pub(super) async fn wait_for_registration(&mut self) -> Result<Step, AddingError> {
        let Some(client) = &mut self.client else { return Ok(Step::Rest(None)) };
        for look in 0..LOOKS_AT_REGISTRATION {
            if look > 0 {
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
            match service::read(client).await {
                Ok(service) if service.registered == Some(false) => {}
                Ok(_) | Err(CallError::NotSupported) => {
                    self.told.registered = None;
                    return Ok(Step::On);
                }
                Err(_) => break,
            }
        }
        Ok(Step::Rest(None))
    }

    /// The login of this run, to stand in the row again: the device has it, whatever somebody else, e.g. a batch with
    /// another password, wrote there while the device was asked.
    fn own_login(&self, login: LoginKnown) -> AdditionChange {
        AdditionChange {
            user_name: Some(self.addition.user_name.clone()),
            sealed_password: Some(self.addition.sealed_password.clone()),
            login: Some(login),
            ..AdditionChange::default()
        }
    }

    async fn forget_password(&mut self, login: LoginKnown) -> Result<(), AddingError> {
        let change = AdditionChange { sealed_password: Some(None), login: Some(login), ..AdditionChange::default() };
        self.save(change).await
    }
}

/// A link's word as one that people are told; what it invents is told as a refusal.
fn known_code(code: &str) -> String {
    let known = ["device_unreachable", "device_refused", "device_bad_answer", "device_locked", "device_login_refused"];
    let code = match code {
        "unknown_device" => "device_unreachable",
        "denied" => "device_refused",
        code => known.into_iter().find(|known| *known == code).unwrap_or("device_refused"),
    };
    code.to_owned()
}
