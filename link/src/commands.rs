//! What the platform has the link do at a device: over HTTP where the device speaks it, else by SADP.

use secrecy::{ExposeSecret as _, SecretString};
use siteward_devices::sadp::{Command, SadpError};
use siteward_devices::tunnel::{CommandAnswer, LinkCommand};
use siteward_devices::{
    AddressPolicy, CallError, DeviceClient, Limits, Login, Target, activation, operations, service,
};
use siteward_domain::VerificationCode;
use siteward_domain::device::{DeviceAddress, Scheme};
use siteward_domain::link::{BindState, Sighting};

use crate::session::Site;

/// Why a command did not come about: a stable code, and words for people.
struct Failed {
    code: &'static str,
    message: String,
}

impl Failed {
    fn of(code: &'static str, error: &impl ToString) -> Self {
        Self { code, message: error.to_string() }
    }
}

impl From<CallError> for Failed {
    fn from(error: CallError) -> Self {
        Self::of(error.code(), &error)
    }
}

impl From<SadpError> for Failed {
    fn from(error: SadpError) -> Self {
        Self::of(error.code(), &error)
    }
}

fn failed(code: &str, message: &str) -> CommandAnswer {
    CommandAnswer::Failed { code: code.to_owned(), message: message.to_owned() }
}

/// Does it, and says what came of it.
pub(crate) async fn execute(site: &Site, command: LinkCommand) -> CommandAnswer {
    if let LinkCommand::Discover = command {
        site.looking.look().await;
        let devices = site.table.all().iter().map(|sighting| (**sighting).clone()).collect();
        return CommandAnswer::Sightings { devices };
    }
    if let LinkCommand::CheckLanCode { code } = &command {
        return match site.page.take(code.expose_secret()) {
            Some(true) => CommandAnswer::Done,
            Some(false) => failed("lan_code_wrong", "the page of the network does not show this code"),
            None => failed("not_supported", "the link serves no page"),
        };
    }
    let device = command.serial().and_then(|serial| site.table.find(serial));
    let done = match device {
        Some(device) => Doing { site, device: &device }.execute(command).await,
        None => Err(Failed { code: "unknown_device", message: "the link has not found this device".to_owned() }),
    };
    done.unwrap_or_else(|failed| CommandAnswer::Failed { code: failed.code.to_owned(), message: failed.message })
}

struct Doing<'a> {
    site: &'a Site,
    device: &'a Sighting,
}

impl Doing<'_> {
    async fn execute(&self, command: LinkCommand) -> Result<CommandAnswer, Failed> {
        match command {
            LinkCommand::Discover | LinkCommand::CheckLanCode { .. } => Ok(CommandAnswer::Done),
            LinkCommand::FindLanPage { .. } => Ok(CommandAnswer::LanPage { url: self.page_url() }),
            LinkCommand::Activate { password, .. } => self.activate(password).await,
            LinkCommand::EnableService { user, password, verification_code, .. } => {
                let code = read_code(&verification_code)?;
                let mut client = self.client(user, password.clone());
                let done = service::enable(&mut client, &code).await.map(drop);
                let set = Command::SetVerificationCode { code, password: password.clone() };
                self.or_by_sadp(done, [set, Command::SetService { enabled: true, password }]).await
            }
            LinkCommand::SetVerificationCode { user, password, verification_code, .. } => {
                let code = read_code(&verification_code)?;
                let mut client = self.client(user, password.clone());
                let done = service::set_code(&mut client, &code).await.map(drop);
                self.or_by_sadp(done, [Command::SetVerificationCode { code, password }]).await
            }
            LinkCommand::ReadBindState { .. } => self.read_bind_state().await,
            LinkCommand::Unbind { user, password, .. } => self.unbind(user, password).await,
            LinkCommand::DhcpOn { user, password, .. } => {
                operations::dhcp_on(&mut self.client(user, password)).await?;
                Ok(CommandAnswer::Done)
            }
        }
    }

    async fn activate(&self, password: SecretString) -> Result<CommandAnswer, Failed> {
        let mut client = DeviceClient::without_login(self.address(), Limits::default(), self.policy());
        match activation::activate(&mut client, &password).await {
            Ok(activated) => Ok(CommandAnswer::Activated { risk_password: activated.risk_password }),
            Err(activation::ActivationError::Call(error)) if is_not_served(&error) && self.speaks_sadp() => {
                self.by_sadp(&Command::Activate { password }).await?;
                Ok(CommandAnswer::Activated { risk_password: false })
            }
            Err(error) => Err(Failed::of(error.code(), &error)),
        }
    }

    async fn or_by_sadp<const N: usize>(
        &self,
        done: Result<(), service::ServiceError>,
        commands: [Command; N],
    ) -> Result<CommandAnswer, Failed> {
        match done {
            Ok(()) => {}
            Err(service::ServiceError::Call(error)) if is_not_served(&error) && self.speaks_sadp() => {
                for command in &commands {
                    self.by_sadp(command).await?;
                }
            }
            Err(error) => return Err(Failed::of(error.code(), &error)),
        }
        Ok(CommandAnswer::Done)
    }

    /// What the device says when it is asked; what it said of itself in the last inquiry where it does not answer that.
    async fn read_bind_state(&self) -> Result<CommandAnswer, Failed> {
        if self.speaks_sadp()
            && let Ok(bind) = self.by_sadp(&Command::ReadBindState).await
            && bind != BindState::Unknown
        {
            return Ok(CommandAnswer::BindState { bind });
        }
        Ok(CommandAnswer::BindState { bind: self.device.bind })
    }

    /// By SADP, as the vendor's own tool does; over HTTP where the device has no SADP.
    async fn unbind(&self, user: String, password: SecretString) -> Result<CommandAnswer, Failed> {
        if self.speaks_sadp() {
            self.by_sadp(&Command::Unbind { password }).await?;
        } else {
            let mut client = self.client(user, password);
            client.refuse_basic();
            service::unbind(&mut client).await?;
        }
        Ok(CommandAnswer::Done)
    }

    async fn by_sadp(&self, command: &Command) -> Result<BindState, SadpError> {
        let mac = self.device.mac.as_deref().ok_or(SadpError::NoMac)?;
        let finder = self.site.looking.finder().await.ok_or(SadpError::Network)?;
        Ok(finder.command(mac, command).await?.unbind.bind())
    }

    /// Where somebody in the network of the device finds the page.
    fn page_url(&self) -> Option<String> {
        self.device.host.parse().ok().and_then(|ip| self.site.page.url_beside(ip))
    }

    fn speaks_sadp(&self) -> bool {
        self.device.mac.is_some()
    }

    fn client(&self, user_name: String, password: SecretString) -> DeviceClient {
        let login = Login { user_name, password };
        let target = Target { address: self.address(), login, pin: None };
        DeviceClient::new(target, Limits::default(), self.policy())
    }

    fn address(&self) -> DeviceAddress {
        let port = self.device.http_port;
        let scheme = if matches!(port, 443 | 8443) { Scheme::Https } else { Scheme::Http };
        DeviceAddress { scheme, host: self.device.host.clone(), port }
    }

    fn policy(&self) -> AddressPolicy {
        self.site.table.policy()
    }
}

/// Whether the device has nobody for this over HTTP, so that nothing was changed and no login was refused.
fn is_not_served(error: &CallError) -> bool {
    matches!(error, CallError::NotSupported | CallError::Unreachable { reason: "refused" | "no_route" | "timeout" })
}

fn read_code(code: &SecretString) -> Result<VerificationCode, Failed> {
    let refused = |_| Failed { code: "code_rule", message: "this is no verification code".to_owned() };
    VerificationCode::parse(code.expose_secret()).map_err(refused)
}
