//! The add wizard's states (R-D4): where one serial stands on its way to becoming a device, and what comes next.
//!
//! Pure: what is known goes in, the state comes out. Whoever learns something new judges again.

use crate::device_needs::is_too_old_to_add;
use crate::link::{BindState, Sighting};
use crate::words::words;

/// How long an addition waits for a person, in seconds; then it is forgotten, with its secrets.
pub const ADDITION_SECONDS: i64 = 60 * 60;

words! {
    /// Where an addition stands.
    pub enum AddState {
        /// No link of the site has ever seen the serial.
        Unknown = "unknown",
        /// It was seen and is not now (R-D5).
        Offline = "offline",
        /// It has no administrator's password yet (R-D6).
        NotActivated = "not_activated",
        /// Its cloud service is off (R-D7).
        ServiceDisabled = "service_disabled",
        /// Its cloud service is on and registers itself.
        WaitingForRegistration = "waiting_for_registration",
        /// Its user name and password are needed.
        LoginNeeded = "login_needed",
        /// It refused the user name and password.
        LoginRefused = "login_refused",
        /// It has another verification code.
        WrongVerificationCode = "wrong_verification_code",
        /// Its firmware must be upgraded first.
        FirmwareTooOld = "firmware_too_old",
        /// It is a device of this site already.
        OnThisSite = "on_this_site",
        /// It is a device of another site of the company.
        OnOtherSite = "on_other_site",
        /// It belongs to an account that is not this company's (R-D8).
        SomeoneElses = "someone_elses",
        /// Nothing is missing.
        Ready = "ready",
        /// It is added.
        Added = "added",
        /// It could not be added for another reason, which is told.
        Failed = "failed",
    }
}

words! {
    /// What comes next for an addition.
    pub enum NextStep {
        /// Compare the serial with the label; is the link in the device's network?
        CheckLabel = "check_label",
        /// Power, cable, address: instructions by kind of device, then check again.
        CheckCables = "check_cables",
        /// Choose the administrator's password.
        CreatePassword = "create_password",
        /// Choose a verification code.
        CreateVerificationCode = "create_verification_code",
        /// It goes on by itself.
        Wait = "wait",
        /// Give user name and password.
        EnterLogin = "enter_login",
        /// Give the verification code of the label.
        EnterVerificationCode = "enter_verification_code",
        /// Upgrade the firmware.
        Upgrade = "upgrade",
        /// Open the device that it is already.
        OpenDevice = "open_device",
        /// Unbind it from the other account.
        Unbind = "unbind",
        /// Add it, or try again.
        Add = "add",
        /// Nothing: it is done.
        None = "none",
    }
}

impl AddState {
    /// What comes next.
    pub fn next_step(self) -> NextStep {
        match self {
            Self::Unknown => NextStep::CheckLabel,
            Self::Offline => NextStep::CheckCables,
            Self::NotActivated => NextStep::CreatePassword,
            Self::ServiceDisabled => NextStep::CreateVerificationCode,
            Self::WaitingForRegistration => NextStep::Wait,
            Self::LoginNeeded | Self::LoginRefused => NextStep::EnterLogin,
            Self::WrongVerificationCode => NextStep::EnterVerificationCode,
            Self::FirmwareTooOld => NextStep::Upgrade,
            Self::OnThisSite | Self::OnOtherSite => NextStep::OpenDevice,
            Self::SomeoneElses => NextStep::Unbind,
            Self::Ready | Self::Failed => NextStep::Add,
            Self::Added => NextStep::None,
        }
    }

    /// Whether nothing more will happen to the addition, whatever a person does.
    pub fn has_ended(self) -> bool {
        self == Self::Added
    }
}

words! {
    /// Whose device it is, seen from the site that adds.
    pub enum Whose {
        /// A device of this site.
        ThisSite = "this_site",
        /// A device of another site of the company.
        OtherSite = "other_site",
        /// Another account's.
        SomeoneElses = "someone_elses",
    }
}

words! {
    /// What is known of the user name and password.
    pub enum LoginKnown {
        /// None are given.
        None = "none",
        /// Given, not tried.
        Given = "given",
        /// The device refused them.
        Refused = "refused",
        /// The device let us in.
        Ok = "ok",
    }
}

words! {
    /// What is known of the verification code.
    pub enum CodeCheck {
        /// None is given.
        NotGiven = "not_given",
        /// Given, not compared.
        NotChecked = "not_checked",
        /// A person chose it for the service to be switched on with (R-D7).
        Chosen = "chosen",
        /// The device has the same.
        Right = "right",
        /// The device has another.
        Wrong = "wrong",
        /// The device does not tell its own.
        NotTold = "not_told",
    }
}

/// Everything that is known of the serial; what is `None` was not told.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// Whose device it is here, if anybody's.
    pub binding: Option<Whose>,
    /// What a link of the site saw of it, ever.
    pub sighting: Option<&'a Sighting>,
    /// Whether the link sees it now.
    pub online: bool,
    /// Whether it has an administrator's password, read from the device; newer than what the sighting says.
    pub activated: Option<bool>,
    /// Whether its cloud service is on, read from the device; newer than what the sighting says.
    pub service: Option<bool>,
    /// Whether the service has registered itself; where nobody can tell, or waited long enough, `None`.
    pub registered: Option<bool>,
    /// Whether it belongs to an account, read from the device; newer than what the sighting says.
    pub bind: Option<BindState>,
    /// The user name and password.
    pub login: LoginKnown,
    /// The verification code.
    pub code: CodeCheck,
    /// Whether it is added although its firmware is too old, and upgraded then.
    pub upgrade: bool,
}

impl<'a> Found<'a> {
    /// A serial of which nothing is known yet but what a link told, if any did.
    pub fn new(binding: Option<Whose>, sighting: Option<&'a Sighting>, online: bool) -> Self {
        Self {
            binding,
            sighting,
            online,
            activated: None,
            service: None,
            registered: None,
            bind: None,
            login: LoginKnown::None,
            code: CodeCheck::NotGiven,
            upgrade: false,
        }
    }
}

/// Judges where an addition stands. Never [`AddState::Added`] or [`AddState::Failed`]: those are told by trying.
///
/// A chosen code that waits for a login to be written with it asks for the login, not for a code again.
pub fn judge(found: &Found<'_>) -> AddState {
    match found.binding {
        Some(Whose::ThisSite) => return AddState::OnThisSite,
        Some(Whose::OtherSite) => return AddState::OnOtherSite,
        Some(Whose::SomeoneElses) => return AddState::SomeoneElses,
        None => {}
    }
    let bind = found.bind.or(found.sighting.map(|sighting| sighting.bind));
    if bind == Some(BindState::Bound) {
        return AddState::SomeoneElses;
    }
    let Some(sighting) = found.sighting else { return AddState::Unknown };
    if !found.online {
        return AddState::Offline;
    }
    if is_too_old_to_add(sighting.kind(), &sighting.firmware) && !found.upgrade {
        return AddState::FirmwareTooOld;
    }
    // Who logged in, or was refused, met an activated device, whatever an older sighting says.
    let met = matches!(found.login, LoginKnown::Ok | LoginKnown::Refused);
    if found.activated.or(sighting.activated) == Some(false) && !met {
        return AddState::NotActivated;
    }
    if found.service.or(sighting.service_enabled) == Some(false) {
        return match (found.code, found.login) {
            (CodeCheck::Chosen, LoginKnown::None) => AddState::LoginNeeded,
            (CodeCheck::Chosen, LoginKnown::Refused) => AddState::LoginRefused,
            // The code of a label is compared with the device's, and not taken for it without a word.
            _ => AddState::ServiceDisabled,
        };
    }
    if found.registered == Some(false) {
        return AddState::WaitingForRegistration;
    }
    match found.login {
        LoginKnown::None => AddState::LoginNeeded,
        LoginKnown::Refused => AddState::LoginRefused,
        LoginKnown::Given | LoginKnown::Ok if found.code == CodeCheck::Wrong => AddState::WrongVerificationCode,
        LoginKnown::Given | LoginKnown::Ok => AddState::Ready,
    }
}

#[cfg(test)]
mod tests;
