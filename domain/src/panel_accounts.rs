//! Who has an account on an alarm panel (R-A1): a pure function of the site, the company's staff and the owner.
//!
//! Nothing here knows what is on the panel now; a reconciler compares and repairs (R-A4).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::site::SiteStatus;
use crate::words::words;

/// Most bytes of a user name on a panel.
pub const MOST_USER_NAME_BYTES: usize = 32;

words! {
    /// What a person of ours is on a panel.
    pub enum AccountRole {
        /// The Installer Admin; `installerAdmin` on the panel.
        InstallerAdmin = "installer_admin",
        /// An installer; `installerEmployee`.
        Installer = "installer",
        /// The site's owner; `cloudAdmin`.
        Owner = "owner",
        /// Somebody with whom the panel is shared; `cloudOperator`.
        Operator = "operator",
    }
}

words! {
    /// Why a person has an account.
    pub enum Because {
        /// They are the Installer Admin.
        Admin = "admin",
        /// Their role manages all sites.
        ManagesAllSites = "manages_all_sites",
        /// They manage this site.
        ManagesSite = "manages_site",
        /// They own the site.
        OwnsSite = "owns_site",
        /// The panel is shared with them.
        Shared = "shared",
    }
}

words! {
    /// Where an account on a panel stands.
    pub enum AccountState {
        /// It is wanted and not there yet.
        Adding = "adding",
        /// It is there with a password made at random; the person's own comes with their next sign-in (R-A3).
        WaitingForSignIn = "waiting_for_sign_in",
        /// It is there with the person's own password.
        There = "there",
        /// The panel takes no account or no password like this; the reason is beside it.
        Refused = "refused",
        /// It is there, nobody wants it any more, and it is being taken off.
        Removing = "removing",
        /// It is there and nobody should have it; it is taken off on order only.
        Unexpected = "unexpected",
    }
}

words! {
    /// How a panel keeps its accounts; found out at the first contact.
    pub enum AccountMethod {
        /// As users of the cloud service.
        CloudUserManage = "cloud_user_manage",
        /// In a list of its own, as older panels do.
        ConfigurationUsers = "configuration_users",
    }
}

words! {
    /// What kind of person an account is for.
    pub enum PersonKind {
        /// A member of the company's staff.
        Staff = "staff",
        /// An end user.
        EndUser = "end_user",
    }
}

words! {
    /// Where a panel's leaving of the platform stands.
    pub enum ExitState {
        /// Accounts are still being taken off.
        Running = "running",
        /// The panel was read back and none of ours is on it.
        Clean = "clean",
        /// It was given up before: by a person, or because somebody else holds the panel now.
        GivenUp = "given_up",
        /// The company added the panel again: its accounts are followed there.
        Superseded = "superseded",
    }
}

/// A person who may have an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Person {
    /// Staff or end user.
    pub kind: PersonKind,
    /// The id of the member of staff or the end user.
    pub id: String,
    /// The person's name.
    pub name: String,
    /// The e-mail address, from which the user name on the panel follows.
    pub email: String,
}

/// A member of the company's staff, as far as panels care.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and the table of R-A1 has all combinations"
)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// Whether they are the Installer Admin.
    pub is_admin: bool,
    /// Whether they may not sign in.
    pub disabled: bool,
    /// Whether their role has `manage_all_sites`.
    pub manages_all_sites: bool,
    /// Whether their role has `manage_assigned_sites`.
    pub manages_assigned_sites: bool,
    /// Whether the panel's site is assigned to them; `Some(None)`: without an end.
    pub assigned_until: Option<Option<DateTime<Utc>>>,
}

/// Everything that decides who has an account on one panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// The site's status; `None`: the panel is leaving the platform.
    pub site: Option<SiteStatus>,
    /// The company's staff.
    pub staff: Vec<Member>,
    /// The site's owner.
    pub owner: Option<Person>,
    /// Those with whom the panel is shared, by its owner or by the company that keeps it.
    pub operators: Vec<Person>,
}

/// An account that should be on the panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Whose.
    pub person: Person,
    /// As what.
    pub role: AccountRole,
    /// Why.
    pub because: Because,
}

/// Who has an account on the panel at `now`: one entry a person, staff first.
pub fn wanted_accounts(situation: &Situation, now: DateTime<Utc>) -> Vec<Wanted> {
    let Some(status) = situation.site else { return Vec::new() };
    let mut wanted: Vec<Wanted> = Vec::new();
    if status != SiteStatus::NotAuthorized {
        wanted.extend(situation.staff.iter().filter_map(|member| of_member(member, now)));
    }
    let is_handed_over = matches!(status, SiteStatus::NotAuthorized | SiteStatus::Authorized);
    let owner = situation.owner.iter().filter(|_| is_handed_over);
    let owner = owner.map(|person| (person, AccountRole::Owner, Because::OwnsSite));
    // A company that keeps its site shares it too (R-G5).
    let others = situation.operators.iter().map(|person| (person, AccountRole::Operator, Because::Shared));
    let customers = owner.chain(others).map(|(person, role, because)| Wanted { person: person.clone(), role, because });
    wanted.extend(customers);
    wanted
}

fn of_member(member: &Member, now: DateTime<Utc>) -> Option<Wanted> {
    if member.disabled {
        return None;
    }
    let assigned = member.manages_assigned_sites
        && member.assigned_until.is_some_and(|until| until.is_none_or(|until| now < until));
    let (role, because) = if member.is_admin {
        (AccountRole::InstallerAdmin, Because::Admin)
    } else if member.manages_all_sites {
        (AccountRole::Installer, Because::ManagesAllSites)
    } else if assigned {
        (AccountRole::Installer, Because::ManagesSite)
    } else {
        return None;
    };
    Some(Wanted { person: member.person.clone(), role, because })
}

/// When the answer of [`wanted_accounts`] next changes by itself: the first end of an assignment after `now`.
pub fn next_change(situation: &Situation, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    situation.staff.iter().filter_map(|member| member.assigned_until.flatten()).filter(|until| *until > now).min()
}

/// The user names of those who should have an account, in their order. An end user may have the address of a member of staff:
/// theirs is the plain name, for the panel is theirs, and the other one's has a number of its own.
pub fn user_names(wanted: &[Wanted]) -> Vec<String> {
    let is_of = |kind: PersonKind| move |one: &&Wanted| one.person.kind == kind;
    let taken: BTreeSet<String> =
        wanted.iter().filter(is_of(PersonKind::EndUser)).map(|one| user_name(&one.person.email)).collect();
    let name = |one: &Wanted| {
        let plain = user_name(&one.person.email);
        if one.person.kind == PersonKind::Staff && taken.contains(&plain) {
            numbered(&plain, &format!("staff {plain}"))
        } else {
            plain
        }
    };
    wanted.iter().map(name).collect()
}

/// The user name of a person on panels: the e-mail address in small letters where it fits, else its beginning and a
/// number of its own, so that two long addresses stay apart. ASCII letters, digits and `@.-_` only.
pub fn user_name(email: &str) -> String {
    let lower = email.trim().to_lowercase();
    let plain: String =
        lower.chars().map(|c| if c.is_ascii_alphanumeric() || "@.-_".contains(c) { c } else { '-' }).collect();
    if plain == lower && plain.len() <= MOST_USER_NAME_BYTES {
        return plain;
    }
    numbered(&plain, &lower)
}

/// The beginning of a name and a number that follows from another text.
fn numbered(plain: &str, number: &str) -> String {
    // FNV-1a: never changes between versions, and nothing secret hangs on it.
    let hash = number
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let begin: String = plain.chars().take(MOST_USER_NAME_BYTES - 11).collect();
    format!("{begin}-{:010x}", hash & 0xff_ffff_ffff)
}

#[cfg(test)]
mod tests;
