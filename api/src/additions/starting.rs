//! Beginning an addition: the same for a typed serial, a label's text, and a label in a picture.

use secrecy::SecretString;
use siteward_domain::add_state::{CodeCheck, LoginKnown};
use siteward_domain::site::SiteAction;
use siteward_domain::{AdditionId, SerialNumber, SiteId, VerificationCode};
use siteward_store::additions::{self as stored, AdditionChange, NewAddition, code_place, password_place};
use siteward_store::{DbConn, SealedText, StoreError, Vault, VaultError, sites};

use super::{Addition, USUAL_USER, show};
use crate::access::OnSites;
use crate::access::session::Caller;
use crate::error::{ApiError, codes};
use crate::platform::Platform;
use crate::sites::allows;

/// What is known of a device to add.
#[derive(Clone)]
pub(crate) struct Wanted {
    /// Its serial.
    pub(crate) serial: SerialNumber,
    /// The name to give it; may be empty.
    pub(crate) name: String,
    /// The user name on it; the usual one unless told.
    pub(crate) user_name: Option<String>,
    /// Its password, or the one it is to get.
    pub(crate) password: Option<SecretString>,
    /// Its verification code, or the one it is to get.
    pub(crate) verification_code: Option<VerificationCode>,
}

impl Wanted {
    /// A serial that somebody typed, short or long.
    pub(crate) fn of(serial: &str) -> Result<Self, ApiError> {
        let serial = SerialNumber::parse(serial).map_err(|_| ApiError::field(codes::SERIAL_INVALID, "serial"))?;
        Ok(Self { serial, name: String::new(), user_name: None, password: None, verification_code: None })
    }

    /// What a label says.
    pub(crate) fn from_label(label: &siteward_qr::label::Label) -> Self {
        Self {
            serial: label.serial.clone(),
            name: String::new(),
            user_name: None,
            password: None,
            verification_code: label.verification_code.clone(),
        }
    }
}

/// Begins an addition and leads it as far as it goes without a person.
pub(crate) async fn begin(
    platform: &Platform,
    on: &OnSites,
    site_id: SiteId,
    wanted: Wanted,
) -> Result<Addition, ApiError> {
    let (company, now) = (on.company_id(), platform.clock.now());
    let (vault, by) = (platform.store.clone(), on.caller().clone());
    let id = platform
        .write(move |conn| {
            let site = sites::hold_site(conn, &by.company_id(), &site_id)?;
            if let Err(refusal) = allows(&site, SiteAction::ManageDevices) {
                return Ok(Err(refusal));
            }
            store(conn, vault.vault(), &by, &site_id, &wanted, now).map(Ok)
        })
        .await??;
    platform.adding.advance(&company, &id).await?;
    show(platform, on.reach(), id).await
}

/// Stores what is wanted, its secrets sealed: a new addition, or the open one of this person.
pub(super) fn store(
    conn: &mut DbConn,
    vault: &Vault,
    by: &Caller,
    site: &SiteId,
    wanted: &Wanted,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<AdditionId, StoreError> {
    let (company, id) = (by.company_id(), AdditionId::generate(now));
    let sealed = Sealed::seal(vault, &company, &id, wanted)?;
    let new = NewAddition {
        id: id.clone(),
        company_id: company.clone(),
        site_id: site.clone(),
        staff_id: by.staff_id(),
        serial: wanted.serial.clone(),
        name: wanted.name.clone(),
        user_name: wanted.user_name.clone().unwrap_or_else(|| USUAL_USER.to_owned()),
        sealed_password: sealed.password,
        sealed_code: sealed.code,
        hold: false,
    };
    let open = stored::create(conn, &new, now)?;
    if open.id == id {
        return Ok(id);
    }
    // What was given anew counts; the rest stays as it was.
    let sealed = Sealed::seal(vault, &company, &open.id, wanted)?;
    let change = AdditionChange {
        name: Some(wanted.name.clone()).filter(|name| !name.is_empty()),
        user_name: wanted.user_name.clone(),
        login: sealed.password.as_ref().map(|_| LoginKnown::Given),
        code_check: sealed.code.as_ref().map(|_| CodeCheck::NotChecked),
        sealed_password: sealed.password.map(Some),
        sealed_code: sealed.code.map(Some),
        ..AdditionChange::default()
    };
    stored::update(conn, &company, &open.id, &change, now)?;
    Ok(open.id)
}

struct Sealed {
    password: Option<SealedText>,
    code: Option<SealedText>,
}

impl Sealed {
    fn seal(
        vault: &Vault,
        company: &siteward_domain::CompanyId,
        id: &AdditionId,
        wanted: &Wanted,
    ) -> Result<Self, StoreError> {
        let unsealed = |error: VaultError| StoreError::Refused(error.to_string());
        let password = wanted.password.as_ref().map(|password| vault.seal(password_place(company, id), password));
        let code = wanted.verification_code.as_ref().map(|code| SecretString::from(code.expose()));
        let code = code.map(|code| vault.seal(code_place(company, id), &code));
        Ok(Self { password: password.transpose().map_err(unsealed)?, code: code.transpose().map_err(unsealed)? })
    }
}
