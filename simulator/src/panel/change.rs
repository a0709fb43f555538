//! What can be changed on a panel by hand while it runs, and what it shows to the test that changes it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::premises::{Arming, PanelBattery, PanelLink};
use super::{Panel, PanelRole};
use crate::device::Device;
use crate::settings::PanelAccount;

/// A change of a running panel: only what is given changes.
#[derive(Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PanelChange {
    /// Adds accounts, whatever the panel's rules say: what somebody did at the panel itself.
    pub add_accounts: Vec<PanelAccount>,
    /// Removes accounts by name; the device's own stays.
    pub remove_accounts: Vec<String>,
    /// Changes accounts by name.
    pub change_accounts: BTreeMap<String, PanelAccountChange>,
    /// How many accounts it holds.
    pub user_limit: Option<usize>,
    /// How many sessions are open at a time.
    pub session_limit: Option<usize>,
    /// Milliseconds that a session may be idle.
    pub session_idle_ms: Option<u64>,
    /// `true` ends every session.
    pub end_sessions: Option<bool>,
    /// Whether it takes digest.
    pub digest: Option<bool>,
    /// Whether it knows `CloudUserManage`.
    pub cloud_user_manage: Option<bool>,
    /// Whether creating a cloudAdmin expires the localAdmin.
    pub expire_local_admin: Option<bool>,
    /// Whether installers may arm.
    pub installer_may_arm: Option<bool>,
    /// Whether all of its JSON is labelled as XML.
    pub json_as_xml: Option<bool>,
    /// So many of the next writes fail.
    pub fail_next_writes: Option<u32>,
    /// How they fail.
    pub failing: Option<PanelFailure>,
    /// Whether there is mains.
    pub mains: Option<bool>,
    /// Its battery.
    pub battery: Option<PanelBattery>,
    /// Whether its case is open.
    pub tamper: Option<bool>,
    /// Zones by number, from 0.
    pub zones: BTreeMap<u32, ZoneChange>,
    /// Sirens that do not answer; there is one, number 1.
    pub sirens_offline: Option<BTreeSet<u32>>,
    /// Keypads that do not answer, of numbers 1 and 2.
    pub keypads_offline: Option<BTreeSet<u32>>,
    /// Ways to the outside that are down.
    pub links_down: Option<BTreeSet<PanelLink>>,
    /// How areas are armed, by number, from 1.
    pub arming: BTreeMap<u32, Arming>,
}

/// A change of an account by hand.
#[derive(Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PanelAccountChange {
    /// Another role.
    pub role: Option<PanelRole>,
    /// Another password.
    pub password: Option<String>,
    /// Whether it can sign in.
    pub enabled: Option<bool>,
    /// Whether it was replaced.
    pub expired: Option<bool>,
}

/// A change of a zone.
#[derive(Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ZoneChange {
    /// Whether what it watches is open, or moves.
    pub open: Option<bool>,
    /// Whether somebody tampers with its detector.
    pub tamper: Option<bool>,
    /// Whether it is bypassed.
    pub bypassed: Option<bool>,
    /// Whether the battery of its detector is low.
    pub battery_low: Option<bool>,
    /// Whether its detector does not answer.
    pub offline: Option<bool>,
    /// Whether it has an alarm.
    pub alarm: Option<bool>,
}

/// How a write fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PanelFailure {
    /// Answered with 503 and `deviceBusy`; nothing is done.
    Busy,
    /// Done, but the connection ends without an answer.
    AnswerLost,
    /// The connection ends, and nothing is done.
    RequestLost,
}

/// State of a panel.
#[derive(Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own that any combination may have")]
pub struct PanelView {
    /// How many accounts it has; the control API lists them at `/devices/{n}/accounts`.
    pub accounts: usize,
    /// How many it holds.
    pub user_limit: usize,
    /// How often an account of a name was created over the network.
    pub created: BTreeMap<String, u64>,
    /// Sessions that are open.
    pub sessions: usize,
    /// How many may be.
    pub session_limit: usize,
    /// Milliseconds that a session may be idle.
    pub session_idle_ms: u64,
    /// Whether it takes digest.
    pub digest: bool,
    /// Whether it knows `CloudUserManage`.
    pub cloud_user_manage: bool,
    /// Whether creating a cloudAdmin expires the localAdmin.
    pub expire_local_admin: bool,
    /// Whether installers may arm.
    pub installer_may_arm: bool,
    /// Whether all of its JSON is labelled as XML.
    pub json_as_xml: bool,
    /// So many of the next writes fail.
    pub fail_next_writes: u32,
    /// How they fail.
    pub failing: PanelFailure,
    /// Whether there is mains.
    pub mains: bool,
    /// Its battery.
    pub battery: PanelBattery,
    /// Whether its case is open.
    pub tamper: bool,
    /// Zones with something the matter, by number.
    pub zones_open: BTreeSet<u32>,
    /// Bypassed zones.
    pub zones_bypassed: BTreeSet<u32>,
    /// Zones with an alarm.
    pub zones_in_alarm: BTreeSet<u32>,
    /// Sirens that do not answer.
    pub sirens_offline: BTreeSet<u32>,
    /// Keypads that do not answer.
    pub keypads_offline: BTreeSet<u32>,
    /// Ways to the outside that are down.
    pub links_down: BTreeSet<PanelLink>,
    /// How areas are armed, by number.
    pub arming: BTreeMap<u32, Arming>,
}

/// An account as the panel really has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PanelAccountView {
    /// Its number, `indexID` or `id`.
    pub index: u32,
    /// Its name.
    pub name: String,
    /// What it is.
    pub role: PanelRole,
    /// The password that it takes.
    pub password: String,
    /// Its mail address.
    pub email: String,
    /// Its phone number.
    pub phone: String,
    /// Whether it can sign in.
    pub enabled: bool,
    /// Whether it was replaced and cannot sign in any more.
    pub expired: bool,
}

impl Panel {
    /// The first account, zone or area that a change names and the panel does not have.
    pub(crate) fn unknown_in(&self, change: &PanelChange) -> Option<String> {
        let names = change.remove_accounts.iter().chain(change.change_accounts.keys());
        let known = |name: &&String| self.accounts.all().iter().any(|account| account.name == **name);
        let mut names = names.filter(|name| !known(name)).map(|name| format!("account {name}"));
        let zones = change.zones.keys().filter(|id| !self.premises.zones.iter().any(|zone| zone.id == **id));
        let areas = change.arming.keys().filter(|id| !self.premises.areas.iter().any(|area| area.id == **id));
        names
            .next()
            .or_else(|| zones.map(|id| format!("zone {id}")).next())
            .or_else(|| areas.map(|id| format!("area {id}")).next())
    }

    /// Takes over a change.
    pub(crate) fn change(&mut self, change: &PanelChange, device: &Device) {
        self.change_accounts(change, device);
        let switches = &mut self.switches;
        set(&mut self.accounts.limit, change.user_limit);
        set(&mut self.accounts.expire_local_admin, change.expire_local_admin);
        set(&mut self.sessions.limit, change.session_limit);
        set(&mut self.sessions.idle, change.session_idle_ms.map(Duration::from_millis));
        if change.end_sessions == Some(true) {
            self.sessions.close_all();
        }
        set(&mut switches.digest, change.digest);
        set(&mut switches.cloud_user_manage, change.cloud_user_manage);
        set(&mut switches.installer_may_arm, change.installer_may_arm);
        set(&mut switches.json_as_xml, change.json_as_xml);
        set(&mut switches.fail_next_writes, change.fail_next_writes);
        set(&mut switches.failing, change.failing);
        let premises = &mut self.premises;
        set(&mut premises.mains, change.mains);
        set(&mut premises.battery, change.battery);
        set(&mut premises.tamper, change.tamper);
        set(&mut premises.sirens_offline, change.sirens_offline.clone());
        set(&mut premises.keypads_offline, change.keypads_offline.clone());
        set(&mut premises.links_down, change.links_down.clone());
        for zone in &mut premises.zones {
            let Some(wanted) = change.zones.get(&zone.id) else { continue };
            set(&mut zone.open, wanted.open);
            set(&mut zone.tamper, wanted.tamper);
            set(&mut zone.bypassed, wanted.bypassed);
            set(&mut zone.battery_low, wanted.battery_low);
            set(&mut zone.offline, wanted.offline);
            set(&mut zone.alarm, wanted.alarm);
        }
        for area in &mut premises.areas {
            set(&mut area.arming, change.arming.get(&area.id).copied());
        }
    }

    fn change_accounts(&mut self, change: &PanelChange, device: &Device) {
        for name in &change.remove_accounts {
            self.accounts.remove_by_hand(name);
        }
        for account in &change.add_accounts {
            self.accounts.add_by_hand(account.clone());
        }
        for (name, wanted) in &change.change_accounts {
            self.accounts.change_by_hand(name, |account| {
                set(&mut account.role, wanted.role);
                set(&mut account.enabled, wanted.enabled);
                set(&mut account.expired, wanted.expired);
                if let Some(password) = &mut account.password {
                    set(password, wanted.password.clone());
                } else {
                    Self::pass_on(account.index, wanted.password.as_deref(), device);
                }
            });
        }
    }

    /// Its state.
    pub(crate) fn view(&self, now: Instant) -> PanelView {
        let premises = &self.premises;
        let zones = |is: fn(&super::premises::Zone) -> bool| {
            premises.zones.iter().filter(|zone| is(zone)).map(|zone| zone.id).collect()
        };
        PanelView {
            accounts: self.accounts.all().len(),
            user_limit: self.accounts.limit,
            created: self.accounts.created.clone(),
            sessions: self.sessions.count(now),
            session_limit: self.sessions.limit,
            session_idle_ms: u64::try_from(self.sessions.idle.as_millis()).unwrap_or(u64::MAX),
            digest: self.switches.digest,
            cloud_user_manage: self.switches.cloud_user_manage,
            expire_local_admin: self.accounts.expire_local_admin,
            installer_may_arm: self.switches.installer_may_arm,
            json_as_xml: self.switches.json_as_xml,
            fail_next_writes: self.switches.fail_next_writes,
            failing: self.switches.failing,
            mains: premises.mains,
            battery: premises.battery,
            tamper: premises.tamper,
            zones_open: zones(|zone| zone.open),
            zones_bypassed: zones(|zone| zone.bypassed),
            zones_in_alarm: zones(|zone| zone.alarm),
            sirens_offline: premises.sirens_offline.clone(),
            keypads_offline: premises.keypads_offline.clone(),
            links_down: premises.links_down.clone(),
            arming: premises.areas.iter().map(|area| (area.id, area.arming)).collect(),
        }
    }

    /// Its accounts, passwords and all.
    pub(crate) fn account_views(&self, device: &Device) -> Vec<PanelAccountView> {
        let view = |account: &super::Account| PanelAccountView {
            index: account.index,
            name: account.name.clone(),
            role: account.role,
            password: Self::password_of(account, device),
            email: account.email.clone(),
            phone: account.phone.clone(),
            enabled: account.enabled,
            expired: account.expired,
        };
        self.accounts.all().iter().map(view).collect()
    }
}

fn set<T>(field: &mut T, wanted: Option<T>) {
    if let Some(wanted) = wanted {
        *field = wanted;
    }
}
