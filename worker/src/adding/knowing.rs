//! What a run knows of its serial: from the store, from the link, from the device.

use secrecy::SecretString;
use siteward_devices::{DeviceClient, Transport};
use siteward_domain::add_state::{Found, LoginKnown};
use siteward_domain::device::{DeviceAddress, Scheme};
use siteward_domain::link::BindState;
use siteward_domain::{AdditionId, CompanyId, VerificationCode};
use siteward_store::additions::{self, Addition, AdditionChange};
use siteward_store::bindings::{self, Bound};
use siteward_store::sightings::{self, Seen};
use siteward_store::{SealedText, StoreError, links};

use super::{Adding, AddingError, Manner};

/// One run for one addition.
pub(super) struct Run<'a> {
    pub(super) adding: &'a Adding,
    pub(super) manner: Manner,
    pub(super) addition: Addition,
    /// What the site's links saw of it.
    pub(super) seen: Option<Seen>,
    /// Who has it.
    pub(super) bound: Option<Bound>,
    /// Whether a person wants it added although its firmware is too old, and upgraded then.
    pub(super) upgrade: bool,
    /// What was learnt in this run.
    pub(super) told: Told,
    /// A client that is logged in.
    pub(super) client: Option<DeviceClient>,
    /// What it logged in with: the row may have been given another password since.
    pub(super) let_in_with: Option<SecretString>,
}

/// What device and link said since the run began; newer than anything stored.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) activated: Option<bool>,
    pub(super) service: Option<bool>,
    pub(super) registered: Option<bool>,
    pub(super) bind: Option<BindState>,
    /// What was asked already: once a run is enough.
    pub(super) asked: Asked,
    /// The device was changed in a way that makes it restart or move; so often it was looked for since.
    pub(super) restarted: bool,
    pub(super) looked_for: u32,
}

/// Questions of a run.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The links, to look around.
    pub(super) around: bool,
    /// The device, whose it is.
    pub(super) whose: bool,
    /// The device, whether it has a password.
    pub(super) activated: bool,
}

impl<'a> Run<'a> {
    pub(super) async fn begin(
        adding: &'a Adding,
        company: &CompanyId,
        id: &AdditionId,
        manner: Manner,
    ) -> Result<Self, AddingError> {
        let addition = adding.get(company, id).await?;
        let (seen, bound, client, let_in_with) = (None, None, None, None);
        let mut run =
            Self { adding, manner, addition, seen, bound, upgrade: false, told: Told::default(), client, let_in_with };
        run.read().await?;
        Ok(run)
    }

    /// Reads anew who has the serial and what links saw of it.
    pub(super) async fn read(&mut self) -> Result<(), AddingError> {
        let (company, site) = (self.addition.company_id.clone(), self.addition.site_id.clone());
        let (serial, id) = (self.addition.serial.clone(), self.addition.id.clone());
        let (bound, seen, upgrade) = self
            .adding
            .with_store(move |store| {
                store.read(|conn| {
                    let bound = bindings::whose(conn, &company, &serial)?;
                    let seen = sightings::find_for_site(conn, &company, &site, &serial)?;
                    Ok((bound, seen, additions::wants_upgrade(conn, &id)?))
                })
            })
            .await?;
        (self.bound, self.seen, self.upgrade) = (bound, seen, upgrade);
        Ok(())
    }

    /// All that is known, for the rules to judge.
    pub(super) fn found(&self) -> Found<'_> {
        Found {
            binding: self.bound.as_ref().map(|bound| bound.whose(&self.addition.site_id)),
            sighting: self.seen.as_ref().map(|seen| &seen.sighting),
            online: self.seen.as_ref().is_some_and(|seen| seen.online),
            activated: self.told.activated,
            service: self.told.service,
            registered: self.told.registered,
            bind: self.told.bind,
            login: self.login(),
            code: self.addition.code_check,
            upgrade: self.upgrade,
        }
    }

    /// A login that was good is tried again before it counts: the device may have another by now.
    pub(super) fn login(&self) -> LoginKnown {
        match self.addition.login {
            LoginKnown::Ok if self.client.is_none() => LoginKnown::Given,
            login => login,
        }
    }

    /// Writes down what has changed.
    pub(super) async fn save(&mut self, change: AdditionChange) -> Result<(), AddingError> {
        let (company, id, now) = (self.addition.company_id.clone(), self.addition.id.clone(), self.adding.clock.now());
        let changed = self
            .adding
            .with_store(move |store| store.write(|conn| additions::update(conn, &company, &id, &change, now)));
        self.addition = changed.await?;
        Ok(())
    }

    /// The password that was given, if one was.
    pub(super) fn password(&self) -> Result<Option<SecretString>, AddingError> {
        let place = additions::password_place(&self.addition.company_id, &self.addition.id);
        let open = |sealed: &SealedText| self.adding.store.vault().open(place, sealed);
        Ok(self.addition.sealed_password.as_ref().map(open).transpose()?)
    }

    /// The verification code that was given, if one was.
    pub(super) fn code(&self) -> Result<Option<VerificationCode>, AddingError> {
        let place = additions::code_place(&self.addition.company_id, &self.addition.id);
        let Some(sealed) = &self.addition.sealed_code else { return Ok(None) };
        let opened = self.adding.store.vault().open(place, sealed)?;
        Ok(VerificationCode::parse(secrecy::ExposeSecret::expose_secret(&opened)).ok())
    }

    /// Where HTTP should reach it, in its own network.
    pub(super) fn address(&self) -> Option<DeviceAddress> {
        let sighting = &self.seen.as_ref()?.sighting;
        let port = Some(sighting.http_port).filter(|port| *port != 0).unwrap_or(80);
        Some(DeviceAddress { scheme: Scheme::Http, host: sighting.host.clone(), port })
    }

    /// The way to it.
    pub(super) fn transport(&self) -> Option<Transport> {
        let seen = self.seen.as_ref()?;
        Some(self.adding.hub.transport(&seen.link_id, &self.addition.serial))
    }

    /// Has the site's links look around, and reads what they found.
    pub(super) async fn look_around(&mut self) -> Result<(), AddingError> {
        self.told.asked.around = true;
        let (company, site) = (self.addition.company_id.clone(), self.addition.site_id.clone());
        let adding = self.adding;
        let there = adding.with_store(move |store| store.read(|conn| links::list_links(conn, &company, &site)));
        let asking = there.await?.into_iter().filter(|link| link.online).map(|link| async move {
            match adding.hub.discover(&link.id).await {
                Ok(devices) => adding.note_found(link, devices).await,
                Err(error) => {
                    tracing::debug!(link.id = %link.id, %error, "a link did not look around");
                    Ok(())
                }
            }
        });
        for asked in futures_util::future::join_all(asking).await {
            asked?;
        }
        self.read().await
    }
}

impl Adding {
    /// Writes at once what a link answered: its report of the same may come a moment later.
    async fn note_found(
        &self,
        link: links::Link,
        devices: Vec<siteward_domain::link::Sighting>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.with_store(move |store| {
            store.write(|conn| sightings::report_changes(conn, &link, &devices, &[], now)).map(drop)
        })
        .await
    }
}
