//! The accounts of a panel: who they are, and by which rules they come, change and go.

use std::collections::BTreeMap;

use super::roles::PanelRole;
use crate::operations::Refusal;
use crate::rules::{self, Taken, Weak};
use crate::settings::PanelAccount;

/// Bytes of a user name.
const LONGEST_NAME: usize = 32;

/// The number of the device's own account.
pub(crate) const OWN: u32 = 1;

/// An account as the panel keeps it.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) index: u32,
    pub(crate) name: String,
    pub(crate) role: PanelRole,
    /// `None`: it is the device's own account, whose password the door keeps.
    pub(crate) password: Option<String>,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) enabled: bool,
    pub(crate) expired: bool,
    pub(crate) keypad: Keypad,
}

/// What only the older form of accounts tells of.
#[derive(Clone, Default)]
pub(crate) struct Keypad {
    pub(crate) password: String,
    pub(crate) messages: bool,
    pub(crate) bypass: bool,
    pub(crate) duress: bool,
}

/// What somebody asks an account to be; what is absent stays.
#[derive(Default)]
pub(crate) struct Wish {
    pub(crate) name: Option<String>,
    pub(crate) role: Option<PanelRole>,
    pub(crate) password: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) enabled: Option<bool>,
    pub(crate) keypad_password: Option<String>,
    pub(crate) messages: Option<bool>,
    pub(crate) bypass: Option<bool>,
    pub(crate) duress: Option<bool>,
}

/// All accounts of a panel.
pub(crate) struct Accounts {
    list: Vec<Account>,
    pub(crate) limit: usize,
    pub(crate) expire_local_admin: bool,
    /// How often an account of a name was created over the network.
    pub(crate) created: BTreeMap<String, u64>,
}

impl Account {
    pub(crate) fn may_sign_in(&self) -> bool {
        self.enabled && !self.expired
    }

    /// Takes over a wish that was found good.
    fn take(&mut self, wish: Wish) {
        fn set<T>(field: &mut T, wanted: Option<T>) {
            if let Some(wanted) = wanted {
                *field = wanted;
            }
        }
        set(&mut self.name, wish.name);
        set(&mut self.role, wish.role);
        // The password of the device's own account is the door's.
        if let (Some(password), Some(wanted)) = (&mut self.password, wish.password) {
            *password = wanted;
        }
        set(&mut self.email, wish.email);
        set(&mut self.phone, wish.phone);
        set(&mut self.enabled, wish.enabled);
        set(&mut self.keypad.password, wish.keypad_password);
        set(&mut self.keypad.messages, wish.messages);
        set(&mut self.keypad.bypass, wish.bypass);
        set(&mut self.keypad.duress, wish.duress);
    }
}

impl Accounts {
    /// The device's own account, the installer of the factory, and whoever else is given.
    pub(crate) fn new(
        own: &str,
        role: PanelRole,
        installer_password: String,
        further: &[PanelAccount],
        limit: usize,
    ) -> Self {
        let mut accounts = Self { list: Vec::new(), limit, expire_local_admin: false, created: BTreeMap::new() };
        accounts.add_by_hand(PanelAccount::new(own, role, ""));
        if let Some(own) = accounts.list.first_mut() {
            own.password = None;
        }
        let given = |role| further.iter().any(|account| account.role == role);
        if role != PanelRole::LocalInstaller && !given(PanelRole::LocalInstaller) {
            let mut installer = PanelAccount::new("installer", PanelRole::LocalInstaller, installer_password);
            installer.enabled = false;
            accounts.add_by_hand(installer);
        }
        for account in further {
            accounts.add_by_hand(account.clone());
        }
        accounts
    }

    pub(crate) fn all(&self) -> &[Account] {
        &self.list
    }

    pub(crate) fn find(&self, index: u32) -> Option<&Account> {
        self.list.iter().find(|account| account.index == index)
    }

    /// Whoever signs in by a name: of two that share it the one of the level, and the one that is no installer if none
    /// is asked for.
    pub(crate) fn named(&self, name: &str, level: Option<u8>) -> Option<&Account> {
        let of_name = || self.list.iter().filter(|account| account.name == name);
        let of_level = |level| of_name().find(|account| account.role.level() == level);
        level.and_then(of_level).or_else(|| of_level(1)).or_else(|| of_name().next())
    }

    /// The lowest number that is free: numbers of deleted accounts come back. **[?]**
    fn free_index(&self) -> u32 {
        let mut index = OWN;
        while self.find(index).is_some() {
            index += 1;
        }
        index
    }

    /// Adds an account whatever the rules say.
    pub(crate) fn add_by_hand(&mut self, account: PanelAccount) -> u32 {
        let index = self.free_index();
        self.list.push(Account {
            index,
            name: account.name,
            role: account.role,
            password: Some(account.password),
            email: account.email,
            phone: account.phone,
            enabled: account.enabled,
            expired: account.expired,
            keypad: Keypad { messages: true, bypass: true, ..Keypad::default() },
        });
        index
    }

    /// Changes an account whatever the rules say.
    pub(crate) fn change_by_hand(&mut self, name: &str, change: impl Fn(&mut Account)) {
        self.list.iter_mut().filter(|account| account.name == name).for_each(change);
    }

    /// Removes an account whatever the rules say, except the device's own; whether there was one.
    pub(crate) fn remove_by_hand(&mut self, name: &str) -> bool {
        let before = self.list.len();
        self.list.retain(|account| account.name != name || account.index == OWN);
        self.list.len() < before
    }

    /// Creates an account; its number, and what the panel thinks of its password.
    pub(crate) fn create(&mut self, wish: Wish) -> Result<(u32, Taken), Refusal> {
        let taken = self.judge_new(&wish)?;
        let (Some(name), Some(role), Some(password)) = (&wish.name, wish.role, &wish.password) else {
            return Err((400, "badParameters"));
        };
        *self.created.entry(name.clone()).or_default() += 1;
        let index = self.add_by_hand(PanelAccount::new(name.clone(), role, password.clone()));
        if let Some(account) = self.list.iter_mut().find(|account| account.index == index) {
            account.take(wish);
        }
        self.expire_replaced(role);
        Ok((index, taken))
    }

    /// Whether an account could be created, without creating it.
    fn judge_new(&self, wish: &Wish) -> Result<Taken, Refusal> {
        let name = wish.name.as_deref().ok_or((400, "badParameters"))?;
        judge_name(name)?;
        if self.list.iter().any(|account| account.name == name) {
            return Err((403, "userExist"));
        }
        if self.list.len() >= self.limit {
            return Err((403, "userMaxNum"));
        }
        let role = wish.role.ok_or((400, "badParameters"))?;
        if role.is_factory() && self.list.iter().any(|account| account.role == role) {
            return Err((400, "badParameters"));
        }
        judge_password(wish.password.as_deref().unwrap_or_default(), name)
    }

    /// Creates all of them or none. **[?]**
    pub(crate) fn create_all(&mut self, wishes: Vec<Wish>) -> Result<Vec<u32>, Refusal> {
        let mut names = std::collections::BTreeSet::new();
        for wish in &wishes {
            self.judge_new(wish)?;
            if !names.insert(wish.name.clone()) {
                return Err((403, "userExist"));
            }
        }
        if self.list.len() + wishes.len() > self.limit {
            return Err((403, "userMaxNum"));
        }
        wishes.into_iter().map(|wish| self.create(wish).map(|(index, _)| index)).collect()
    }

    /// The installer's company replaces the installer of the factory; the owner's cloud account replaces the local one.
    fn expire_replaced(&mut self, by: PanelRole) {
        let replaced = match by {
            PanelRole::InstallerAdmin => PanelRole::LocalInstaller,
            PanelRole::CloudAdmin if self.expire_local_admin => PanelRole::LocalAdmin,
            _ => return,
        };
        self.list.iter_mut().filter(|account| account.role == replaced).for_each(|account| account.expired = true);
    }

    /// Changes an account; what the panel thinks of its new password.
    pub(crate) fn change(&mut self, index: u32, wish: Wish) -> Result<Taken, Refusal> {
        let account = self.find(index).ok_or((403, "userInexistence"))?;
        let other_name = wish.name.as_deref().filter(|name| *name != account.name);
        let other_role = wish.role.filter(|role| *role != account.role);
        let stays = index == OWN || account.role.is_factory();
        let leaves = other_name.is_some() || other_role.is_some() || wish.enabled == Some(false);
        if stays && leaves || other_role.is_some_and(PanelRole::is_factory) {
            return Err((403, "invalidOperation"));
        }
        if let Some(name) = other_name {
            judge_name(name)?;
            if self.list.iter().any(|account| account.name == name) {
                return Err((403, "userExist"));
            }
        }
        let name = wish.name.as_deref().unwrap_or(&account.name);
        let taken = wish.password.as_deref().map_or(Ok(Taken::Good), |password| judge_password(password, name))?;
        if let Some(account) = self.list.iter_mut().find(|account| account.index == index) {
            account.take(wish);
        }
        if let Some(role) = other_role {
            self.expire_replaced(role);
        }
        Ok(taken)
    }

    /// Whether an account can be deleted; those of the factory stay.
    pub(crate) fn judge_deletion(&self, index: u32) -> Result<(), Refusal> {
        let account = self.find(index).ok_or((403, "userInexistence"))?;
        if account.index == OWN || account.role.is_factory() {
            return Err((403, "invalidOperation"));
        }
        Ok(())
    }

    /// Deletes an account.
    pub(crate) fn delete(&mut self, index: u32) -> Result<(), Refusal> {
        self.judge_deletion(index)?;
        self.list.retain(|account| account.index != index);
        Ok(())
    }
}

fn judge_name(name: &str) -> Result<(), Refusal> {
    let good = (1..=LONGEST_NAME).contains(&name.len()) && !name.chars().any(char::is_control) && name.trim() == name;
    if good { Ok(()) } else { Err((400, "badParameters")) }
}

/// 8–16 characters of at least two classes, and not the name itself, forwards or backwards.
fn judge_password(password: &str, name: &str) -> Result<Taken, Refusal> {
    if password.chars().count() < 8 {
        return Err((400, "badParameters"));
    }
    let lower = password.to_lowercase();
    let backwards: String = name.to_lowercase().chars().rev().collect();
    if lower == name.to_lowercase() || lower == backwards {
        return Err((400, "riskPassword"));
    }
    // No name: those who have one of a single letter could have no password otherwise.
    rules::judge_password(password, "\u{0}").map_err(|weak| match weak {
        Weak::Long => (400, "passwordLenNoMoreThan16"),
        Weak::Guessable => (400, "riskPassword"),
    })
}

#[cfg(test)]
mod tests;
