//! Putting a pack together from what the store knows, before the transaction that accepts.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use siteward_domain::device::DeviceKind;
use siteward_domain::exception::ExceptionKey;
use siteward_domain::handover::{Asks, HandoverKind};
use siteward_domain::handover_pack::{
    Acceptance, Baseline, HandoverPack, InstalledDevice, LeftAccount, PackAccount, PackCompany, PackDisk,
    PackException, PackSite, PanelAccounts, VERSION, checklist,
};
use siteward_domain::health::{DeviceHealth, Topic};
use siteward_domain::mail::MailLanguage;
use siteward_domain::observation::{Channel, Clock, Disk, UserCheck};
use siteward_domain::panel_accounts::{AccountState, Person, PersonKind, Situation, wanted_accounts};
use siteward_domain::site::SiteStatus;
use siteward_domain::{CompanyId, DeviceId, EndUserId, HandoverId};
use siteward_store::facts::{Fact, list_facts};
use siteward_store::handover_packs::KeptPack;
use siteward_store::handovers::get_handover;
use siteward_store::mails::Attachment;
use siteward_store::panel_accounts::{self, PanelAccount};
use siteward_store::{DbConn, StoreError, companies, devices, end_users, exceptions, panels, reports, sites};
use siteward_worker::handover_packs::Pack;

use super::sheet;
use crate::documents::Texts;
use crate::error::ApiError;
use crate::platform::{Platform, Yardstick, off_thread};

/// What a pack is made for.
pub(crate) struct ForPack {
    /// The company that hands over.
    pub(crate) company_id: CompanyId,
    /// The invitation that is about to be accepted.
    pub(crate) handover_id: HandoverId,
    /// Who accepts.
    pub(crate) owner: Owner,
    /// What they let the company do.
    pub(crate) allowed: Asks,
}

/// Who accepts.
pub(crate) enum Owner {
    /// Somebody who has an account.
    Known(EndUserId),
    /// Somebody whose account is made in the same transaction.
    New {
        /// The id that it will have.
        id: EndUserId,
        /// Their name.
        name: String,
        /// Their address.
        email: String,
        /// Their language.
        language: MailLanguage,
    },
}

/// Makes the pack; none where channels are shared and nothing is handed over.
pub(crate) async fn make(platform: &Platform, wanted: ForPack) -> Result<Option<Pack>, ApiError> {
    let (now, yardstick) = (platform.clock.now(), platform.yardstick());
    let read = platform.read(move |conn| read(conn, &wanted, now, &yardstick)).await?;
    let Some((pack, language)) = read else { return Ok(None) };
    off_thread(move || finish(&pack, language)).await?.map(Some)
}

fn finish(pack: &HandoverPack, language: MailLanguage) -> Result<Pack, ApiError> {
    let text = pack.to_text().map_err(ApiError::internal)?;
    let sha256 = hex::encode(Sha256::digest(text.as_bytes()));
    let drawn = sheet::write(pack, &sha256, Texts { language }).map_err(ApiError::internal)?;
    let named = |ending: &str| format!("{}.{ending}", pack.site.name);
    let files = vec![
        Attachment { file_name: named("pdf"), content_type: "application/pdf".to_owned(), body: drawn },
        Attachment {
            file_name: named("json"),
            content_type: "application/json".to_owned(),
            body: text.clone().into_bytes(),
        },
    ];
    let kept = KeptPack { handover_id: pack.handover_id.clone(), text, sha256 };
    Ok(Pack { kept, devices: pack.devices.iter().map(|device| device.id.clone()).collect(), files })
}

fn read(
    conn: &mut DbConn,
    wanted: &ForPack,
    now: DateTime<Utc>,
    yardstick: &Yardstick,
) -> Result<Option<(HandoverPack, MailLanguage)>, StoreError> {
    let handover = get_handover(conn, &wanted.company_id, &wanted.handover_id, now)?;
    if handover.kind != HandoverKind::Transfer {
        return Ok(None);
    }
    let company = companies::find_company(conn, &wanted.company_id)?.ok_or(StoreError::NotFound)?;
    let site = sites::get_site(conn, &company.id, &handover.site_id)?;
    let (owner_id, owner_name, owner_email, language) = match &wanted.owner {
        Owner::New { id, name, email, language } => (id.clone(), name.clone(), email.clone(), *language),
        Owner::Known(id) => {
            let known = end_users::get_end_user(conn, id)?;
            (known.id, known.name, known.email, known.language)
        }
    };
    let listed = reports::devices_of_site(conn, &company.id, &site.id)?;
    let ids: Vec<&DeviceId> = listed.iter().map(|device| &device.id).collect();
    let mut open: HashMap<DeviceId, Vec<ExceptionKey>> = exceptions::open_of_devices(conn, &ids)?;
    let mut installed = Vec::with_capacity(listed.len());
    let mut on_panels = Vec::new();
    let owner = Person {
        kind: PersonKind::EndUser,
        id: owner_id.to_string(),
        name: owner_name.clone(),
        email: owner_email.clone(),
    };
    for one in &listed {
        let device = devices::get_device(conn, &company.id, &one.id)?;
        let facts = list_facts(conn, &one.id)?;
        let open = open.remove(&one.id).unwrap_or_default();
        let told = install(device, &facts, open, now, yardstick);
        if told.kind == DeviceKind::AlarmPanel {
            on_panels.push(accounts_after(conn, &told, &owner, (&company.id, &wanted.allowed), now)?);
        }
        installed.push(told);
    }
    let pack = HandoverPack {
        version: VERSION,
        handover_id: handover.id,
        company: PackCompany { id: company.id, name: company.name, region: company.region },
        site: PackSite { id: site.id, name: site.name, address: site.address, time_zone: site.time_zone },
        acceptance: Acceptance {
            accepted_at: now,
            owner_id,
            owner_name,
            owner_email,
            handed_over_by: handover.inviter.unwrap_or_default(),
            invited_at: handover.created_at,
            allowed: wanted.allowed.clone(),
        },
        checklist: checklist(&installed, &on_panels, &wanted.allowed),
        devices: installed,
        panels: on_panels,
    };
    Ok(Some((pack, language)))
}

/// A device as it is installed.
fn install(
    device: devices::Device,
    facts: &[Fact],
    open: Vec<ExceptionKey>,
    now: DateTime<Utc>,
    yardstick: &Yardstick,
) -> InstalledDevice {
    let health = device.shown_health(now, yardstick.period);
    let fresh = Fresh { facts, now, yardstick };
    let channels: Option<Vec<Channel>> = fresh.value(Topic::Channels);
    let known: Vec<bool> = channels.into_iter().flatten().filter_map(|channel| channel.online).collect();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let disks: Option<Vec<Disk>> = fresh.value(Topic::Disks);
    let disk = |disk: Disk| PackDisk {
        name: if disk.name.is_empty() { disk.id } else { disk.name },
        state: disk.state,
        capacity_mb: disk.capacity_mb,
    };
    let users: Option<UserCheck> = fresh.value(Topic::UserCheck);
    let weak = |check: UserCheck| match (check.default_password, check.risk_password) {
        (None, None) => None,
        (factory, risk) => Some(factory == Some(true) || risk == Some(true)),
    };
    let baseline = Baseline {
        health,
        measured_at: device.measured_at,
        monitored: device.switched_off.is_none(),
        login_accepted: match health {
            DeviceHealth::Healthy | DeviceHealth::Faulty => Some(true),
            DeviceHealth::LoginFailed => Some(false),
            DeviceHealth::Offline | DeviceHealth::Unknown => None,
        },
        channels: (!known.is_empty()).then(|| (count(known.len()), count(known.iter().filter(|one| **one).count()))),
        disks: disks.into_iter().flatten().map(disk).collect(),
        clock_offset_seconds: fresh.value::<Clock>(Topic::Clock).and_then(|clock| clock.offset_seconds),
        weak_password: users.and_then(weak),
        open_exceptions: open.into_iter().map(|key| PackException { kind: key.kind, part: key.part }).collect(),
    };
    let verdict = yardstick.firmware.vulnerabilities.judge(&device.model, &device.firmware).verdict;
    InstalledDevice {
        name: if device.name.is_empty() { device.address.host.clone() } else { device.name },
        address: device.address.to_string(),
        id: device.id,
        kind: device.kind,
        model: device.model,
        serial: device.serial.map(|serial| serial.to_string()),
        mac: device.mac,
        firmware: device.firmware,
        firmware_verdict: verdict,
        added_at: device.created_at,
        baseline,
    }
}

/// Facts that are not too old to be told (R-H1).
struct Fresh<'a> {
    facts: &'a [Fact],
    now: DateTime<Utc>,
    yardstick: &'a Yardstick,
}

impl Fresh<'_> {
    fn value<T: DeserializeOwned>(&self, topic: Topic) -> Option<T> {
        let fact = self.facts.iter().find(|fact| fact.topic == topic)?;
        let is_fresh = topic.is_fresh(fact.measured_at, self.now, self.yardstick.period);
        if is_fresh { serde_json::from_value(fact.value.clone()).ok() } else { None }
    }
}

/// Who has an account on a panel once the site is accepted (R-A1), and who else was on it when it was last read. What the company
/// shared ends with the handover, so that the owner is the only customer.
fn accounts_after(
    conn: &mut DbConn,
    device: &InstalledDevice,
    owner: &Person,
    (company, allowed): (&CompanyId, &Asks),
    now: DateTime<Utc>,
) -> Result<PanelAccounts, StoreError> {
    let mut told = PanelAccounts {
        device_id: device.id.clone(),
        name: device.name.clone(),
        accounts: Vec::new(),
        read_at: None,
        still_there: Vec::new(),
    };
    let Some(case) = panels::get_case(conn, &device.id)? else { return Ok(told) };
    let situation = Situation {
        site: Some(if allowed.site { SiteStatus::Authorized } else { SiteStatus::NotAuthorized }),
        owner: Some(owner.clone()),
        operators: Vec::new(),
        ..case.situation
    };
    let wanted = wanted_accounts(&situation, now);
    let is_wanted = |account: &PanelAccount| {
        let whose = account.owner.as_ref();
        whose.is_some_and(|whose| wanted.iter().any(|one| one.person.kind == whose.kind && one.person.id == whose.id))
    };
    let state = panel_accounts::find_panel(conn, company, &device.id)?;
    let was_read = state.filter(|state| state.reason_code.is_none()).and_then(|state| state.checked_at);
    // One that is being made may be there or not.
    let is_under_way = |account: &PanelAccount| account.state == AccountState::Adding && !is_wanted(account);
    told.read_at = was_read.filter(|_| !case.accounts.iter().any(is_under_way));
    told.still_there = case
        .accounts
        .iter()
        .filter(|account| account.was_seen() && !is_wanted(account))
        .map(|account| LeftAccount {
            user_name: account.user_name.clone(),
            person: account.owner.as_ref().map(|whose| whose.kind),
            name: account.owner.as_ref().map(|whose| whose.name.clone()).unwrap_or_default(),
        })
        .collect();
    told.accounts = wanted
        .into_iter()
        .map(|wanted| PackAccount { person: wanted.person.kind, name: wanted.person.name, role: wanted.role })
        .collect();
    Ok(told)
}
