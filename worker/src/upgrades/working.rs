//! One device at a time: looked at, decided about, and what was decided done.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use siteward_devices::upgrade::{self, UpgradeError};
use siteward_devices::{CallError, DeviceClient, Package, operations};
use siteward_domain::firmware::Function;
use siteward_domain::grant::DevicePermission;
use siteward_domain::upgrade::UpgradeState;
use siteward_domain::{DeviceId, UpgradeId};
use siteward_store::devices::{self, Credential, Device};
use siteward_store::upgrades::{self, Finished, Work};
use siteward_store::{DbConn, Store, StoreError, firmware_files, monitoring};

use super::UpgradeSettings;
use super::checking::{Compared, compare, mark};
use super::deciding::{Next, Patience, Seen, decide};
use super::files::Whole;
use super::raising::raise;
use crate::grants::{Use, refusal_code, use_permission};
use crate::job::JobContext;
use crate::reaching::{Reaching, note_refusal};

/// Tells of how much was sent so often.
const TELLS: Duration = Duration::from_millis(700);

/// How a run of the job ended.
pub(super) enum Ended {
    /// The upgrade of the device has ended, or waits.
    ForNow,
    /// The worker stops.
    BrokenOff,
}

/// Everything that it is done with.
pub(super) struct Working<'a> {
    pub(super) context: &'a JobContext,
    pub(super) reaching: &'a Reaching,
    pub(super) settings: &'a UpgradeSettings,
    pub(super) whole: &'a Arc<Whole>,
    pub(super) upgrade: &'a UpgradeId,
    pub(super) device: &'a DeviceId,
}

struct Begun {
    work: Work,
    device: Device,
    credential: Credential,
    may: Result<(), &'static str>,
}

impl Working<'_> {
    pub(super) async fn run(&self) -> Result<Ended, StoreError> {
        let Some(begun) = self.begin().await? else { return Ok(Ended::ForNow) };
        if begun.work.state == UpgradeState::Preparing
            && let Err(code) = begun.may
        {
            return self.fail(code).await;
        }
        let client = self.reaching.client(&self.context.store, &begun.device, &begun.credential, self.now());
        let mut client = match client {
            Ok(client) => client,
            Err(resting) => return self.fail(resting.code()).await,
        };
        // Whoever began to send it may have been killed before it wrote down that the device has it.
        let mut unsure = (begun.work.state == UpgradeState::Sending).then(|| self.now());
        let Begun { mut work, device, .. } = begun;
        loop {
            if work.state == UpgradeState::Checking {
                if let Some(ended) = self.check(&work).await? {
                    return Ok(ended);
                }
            } else {
                let seen = match self.look(&mut client, &work).await {
                    Ok(seen) => seen,
                    Err(error) => return self.fail_by(&device, &error).await,
                };
                let next = decide(&work, &seen, unsure, self.now(), self.patience());
                tracing::debug!(device.id = %device.id, ?seen, ?next, "an upgrade goes on");
                if next == Next::Send {
                    unsure = None;
                }
                match self.act(&mut client, &device, &work, next).await? {
                    Acted::Ended => return Ok(Ended::ForNow),
                    Acted::Unsure => unsure = Some(self.now()),
                    Acted::Again => {}
                }
            }
            let Some(again) = self.begin().await? else { return Ok(Ended::ForNow) };
            work = again.work;
            tokio::select! {
                () = self.context.stopping.cancelled() => return Ok(Ended::BrokenOff),
                () = tokio::time::sleep(self.settings.watch) => {}
            }
        }
    }

    /// Looks at the device; the error is one that ends the upgrade.
    async fn look(&self, client: &mut DeviceClient, work: &Work) -> Result<Seen, CallError> {
        match upgrade::look(client).await {
            Ok(look) => Ok(Seen::There { firmware: look.identity.firmware_text(), progress: look.progress }),
            Err(CallError::Unreachable { .. } | CallError::TooManySessions) => Ok(Seen::Away),
            // While it starts, a device says all sorts of things.
            Err(CallError::Refused { .. } | CallError::BadAnswer { .. } | CallError::NotSupported)
                if !work.state.is_untouched() =>
            {
                Ok(Seen::Away)
            }
            Err(error) => Err(error),
        }
    }

    async fn act(
        &self,
        client: &mut DeviceClient,
        device: &Device,
        work: &Work,
        next: Next,
    ) -> Result<Acted, StoreError> {
        let now = self.now();
        match next {
            Next::WaitOnline => {
                let due_at = now + self.settings.offline;
                let (state, code) = (UpgradeState::WaitingOnline, Some("device_unreachable"));
                self.write(move |conn, key| upgrades::put_off(conn, key, state, code, due_at, now)).await?;
                Ok(Acted::Ended)
            }
            Next::Send => self.send(client, device, work).await,
            Next::Watch(percent) => {
                let state = UpgradeState::Installing;
                // That it writes is proof that it has the whole file.
                let took = work.sent_at.is_none() && work.sends > 0;
                self.write(move |conn, key| {
                    if took {
                        upgrades::note_sent(conn, key, now)?;
                    }
                    upgrades::note_progress(conn, key, state, percent, now)
                })
                .await?;
                Ok(Acted::Again)
            }
            Next::Restart => {
                self.write(move |conn, key| upgrades::note_restarted(conn, key, now)).await?;
                if let Err(error) = operations::reboot(client).await {
                    tracing::info!(device.id = %device.id, code = error.code(), "a device could not be restarted");
                }
                Ok(Acted::Again)
            }
            Next::Silent => {
                client.drop_connection();
                self.write(move |conn, key| upgrades::note_silent(conn, key, now)).await?;
                Ok(Acted::Again)
            }
            Next::Hold => Ok(Acted::Again),
            Next::Follow(step) => {
                self.write(move |conn, key| upgrades::step_done(conn, key, step, now)).await?;
                Ok(Acted::Again)
            }
            Next::Back => {
                let (company, id) = (device.company_id.clone(), device.id.clone());
                self.write(move |conn, key| {
                    upgrades::note_back(conn, key, now)?;
                    devices::request_check(conn, &company, &id, now)
                })
                .await?;
                Ok(Acted::Again)
            }
            Next::Fail(code) => {
                let of = device.clone();
                self.write(move |conn, key| {
                    upgrades::finish(conn, key, &Finished::failed(code), now)?;
                    if code == "offline_after_upgrade" { raise(conn, &of, now) } else { Ok(()) }
                })
                .await?;
                tracing::info!(device.id = %device.id, code, "an upgrade failed");
                Ok(Acted::Ended)
            }
        }
    }

    /// Saves the configuration and sends the file.
    async fn send(&self, client: &mut DeviceClient, device: &Device, work: &Work) -> Result<Acted, StoreError> {
        if work.health_before.is_none() {
            self.note_health(device).await?;
        }
        let package = match self.package(device, work).await? {
            Ok(package) => package,
            Err(code) => return self.failed(code).await,
        };
        if work.configuration.is_none() {
            self.save_configuration(client, device).await?;
        }
        let now = self.now();
        let begun = self.write(move |conn, key| upgrades::begin_sending(conn, key, now)).await?;
        if !begun {
            return Ok(Acted::Ended);
        }
        tracing::info!(device.id = %device.id, bytes = package.size(), "a firmware is being sent");
        let sent = tokio::select! {
            sent = upgrade::send(client, &package) => sent,
            never = self.tell_progress(&package) => never?,
            // What was sent so far is nothing to the device; the next worker looks at it first.
            () = self.context.stopping.cancelled() => return Ok(Acted::Again),
        };
        let now = self.now();
        match sent {
            Ok(_) => {
                self.write(move |conn, key| upgrades::note_sent(conn, key, now)).await?;
                Ok(Acted::Again)
            }
            Err(UpgradeError::AnswerLost) => Ok(Acted::Unsure),
            Err(UpgradeError::Call(CallError::Unreachable { reason })) => {
                tracing::info!(device.id = %device.id, reason, "a firmware did not get to its device");
                // It went away in the middle: it is waited for, and looked at before anything is sent again.
                self.write(move |conn, key| upgrades::note_silent(conn, key, now)).await?;
                Ok(Acted::Again)
            }
            Err(UpgradeError::Call(error)) => {
                self.fail_by(device, &error).await?;
                Ok(Acted::Ended)
            }
            Err(error) => self.failed(error.code()).await,
        }
    }

    async fn note_health(&self, device: &Device) -> Result<(), StoreError> {
        let (now, period) = (self.now(), self.settings.period);
        let (company, id) = (device.company_id.clone(), device.id.clone());
        self.write(move |conn, key| {
            let (before, _) = mark(conn, &company, &id, now, period)?;
            upgrades::note_health_before(conn, key, &before, now)
        })
        .await
    }

    /// The file of the step that is under way; the code says why there is none.
    async fn package(&self, device: &Device, work: &Work) -> Result<Result<Package, &'static str>, StoreError> {
        let Some(step) = work.steps.get(work.step) else { return Ok(Err("firmware_file_missing")) };
        let (company, id, folder) = (device.company_id.clone(), step.file_id.clone(), self.settings.folder.clone());
        let file = self.context.with_store(move |store| store.read(|conn| firmware_files::get(conn, &company, &id)));
        let file = match file.await {
            Ok(file) => file,
            Err(StoreError::NotFound) => return Ok(Err("firmware_file_missing")),
            Err(error) => return Err(error),
        };
        let (whole, size) = (Arc::clone(self.whole), file.size);
        let checked = tokio::task::spawn_blocking(move || whole.check(&folder, &file.sha256, size)).await;
        Ok(checked.unwrap_or(Err("firmware_file_missing")).map(|path| Package::new(path, size)))
    }

    /// Keeps the device's configuration, where it gives it. That it does not is no reason to leave the device as it is.
    async fn save_configuration(&self, client: &mut DeviceClient, device: &Device) -> Result<(), StoreError> {
        let (now, company) = (self.now(), device.company_id.clone());
        let row = upgrades::place_row(self.upgrade, self.device);
        match upgrade::configuration(client).await {
            Ok(bytes) => {
                let text = SecretString::from(STANDARD.encode(&bytes));
                let sealed = self.context.store.vault().seal(upgrades::configuration_place(&company, &row), &text)?;
                self.write(move |conn, key| upgrades::note_configuration(conn, key, "saved", Some(&sealed), now)).await
            }
            Err(error) => {
                let code = error.code();
                tracing::info!(device.id = %device.id, code, "the configuration of a device could not be saved");
                self.write(move |conn, key| upgrades::note_configuration(conn, key, code, None, now)).await
            }
        }
    }

    /// Writes down how much was sent, again and again.
    async fn tell_progress<T>(&self, package: &Package) -> Result<T, StoreError> {
        let mut told = 0;
        loop {
            tokio::time::sleep(TELLS).await;
            let percent = package.sent().saturating_mul(100) / package.size().max(1);
            let percent = u8::try_from(percent.min(100)).unwrap_or(100);
            if percent != told {
                told = percent;
                let (now, state) = (self.now(), UpgradeState::Sending);
                self.write(move |conn, key| upgrades::note_progress(conn, key, state, percent, now)).await?;
            }
        }
    }

    /// Compares its health with what it was; `None`: not yet.
    async fn check(&self, work: &Work) -> Result<Option<Ended>, StoreError> {
        let (now, settings) = (self.now(), self.settings.clone());
        let (company, id) = (work.company_id.clone(), self.device.clone());
        let (before, since) = (work.health_before.clone(), work.checked_from.unwrap_or(now));
        let ended = self
            .write(move |conn, key| {
                let (after, measured_at) = mark(conn, &company, &id, now, settings.period)?;
                let compared = compare(before.as_ref(), &after, measured_at, since, now, settings.settles);
                if compared == Compared::NotYet {
                    return Ok(false);
                }
                let end = Finished {
                    state: UpgradeState::Done,
                    reason_code: None,
                    health_after: (compared != Compared::Unknown).then_some(after),
                    got_worse: compared == Compared::Worse,
                };
                upgrades::finish(conn, key, &end, now)?;
                Ok(true)
            })
            .await?;
        Ok(ended.then_some(Ended::ForNow))
    }

    async fn begin(&self) -> Result<Option<Begun>, StoreError> {
        let (now, store) = (self.now(), self.context.store.clone());
        self.write(move |conn, key| {
            let Some(work) = upgrades::begin(conn, key, now)? else { return Ok(None) };
            let device = devices::get_device(conn, &work.company_id, key.1)?;
            let credential = devices::get_credential(conn, &work.company_id, key.1)?;
            let standing = monitoring::standing(conn, &work.company_id, key.1)?;
            let mut may = standing.may(Function::FirmwareUpgrade).map_err(|refusal| refusal.code());
            if may.is_ok() && work.state == UpgradeState::Preparing {
                // What was allowed when it was planned may be over now.
                let used = Use {
                    company_id: work.company_id.clone(),
                    device_id: key.1.clone(),
                    permission: DevicePermission::Configuration,
                    staff_id: None,
                };
                may = use_permission(conn, store.vault(), &used, now)?.map_err(refusal_code);
            }
            Ok(Some(Begun { work, device, credential, may }))
        })
        .await
    }

    async fn fail(&self, code: &'static str) -> Result<Ended, StoreError> {
        let now = self.now();
        tracing::info!(device.id = %self.device, code, "an upgrade failed");
        self.write(move |conn, key| upgrades::finish(conn, key, &Finished::failed(code), now)).await?;
        Ok(Ended::ForNow)
    }

    async fn failed(&self, code: &'static str) -> Result<Acted, StoreError> {
        self.fail(code).await.map(|_| Acted::Ended)
    }

    /// The device refuses: a refused login is not repeated by anybody.
    async fn fail_by(&self, device: &Device, error: &CallError) -> Result<Ended, StoreError> {
        let (now, refused, of) = (self.now(), error.clone(), device.clone());
        self.write(move |conn, _| note_refusal(conn, &of, &refused, now)).await?;
        self.fail(error.code()).await
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut DbConn, upgrades::Key<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (upgrade, device) = (self.upgrade.clone(), self.device.clone());
        let write = move |store: &Store| store.write(|conn| work(conn, (&upgrade, &device)));
        self.context.with_store(write).await
    }

    fn now(&self) -> DateTime<Utc> {
        self.context.clock.now()
    }

    fn patience(&self) -> Patience {
        let returns = self.settings.returns;
        Patience { returns, grace: returns / 10 }
    }
}

/// What an act came to.
enum Acted {
    /// The upgrade of the device has ended, or waits.
    Ended,
    /// It is looked at again.
    Again,
    /// So it is, and whether it got the file is not known.
    Unsure,
}
