//! What a person gives an addition. It is sealed into the row first; then the addition goes on with it.

use secrecy::{ExposeSecret as _, SecretString};
use siteward_devices::activation;
use siteward_domain::add_state::{AddState, CodeCheck, LoginKnown};
use siteward_domain::{AdditionId, CompanyId, VerificationCode, device_password};
use siteward_store::SealedText;
use siteward_store::additions::{self, Addition, AdditionChange};

use super::{Adding, AddingError};

impl Adding {
    /// Gives a device that has no password its first one (R-D6). [`AddingError::WeakPassword`] for one that devices
    /// refuse, [`AddingError::NotNow`] when the device has one already.
    pub async fn activate(
        &self,
        company: &CompanyId,
        id: &AdditionId,
        password: &SecretString,
    ) -> Result<Addition, AddingError> {
        device_password::check_new(password.expose_secret(), activation::USER)?;
        let change = AdditionChange {
            user_name: Some(activation::USER.to_owned()),
            sealed_password: Some(Some(self.seal_password(company, id, password)?)),
            login: Some(LoginKnown::Given),
            ..AdditionChange::default()
        };
        self.give(company, id, &[AddState::NotActivated, AddState::Failed], change).await
    }

    /// Switches the service on with a code that a person chose (R-D7).
    pub async fn enable_service(
        &self,
        company: &CompanyId,
        id: &AdditionId,
        code: &VerificationCode,
    ) -> Result<Addition, AddingError> {
        let change = self.with_code(company, id, code, CodeCheck::Chosen)?;
        self.give(company, id, &[AddState::ServiceDisabled, AddState::Failed], change).await
    }

    /// Gives the login of a device that has one.
    pub async fn give_login(
        &self,
        company: &CompanyId,
        id: &AdditionId,
        user_name: &str,
        password: &SecretString,
    ) -> Result<Addition, AddingError> {
        let change = AdditionChange {
            user_name: Some(user_name.to_owned()),
            sealed_password: Some(Some(self.seal_password(company, id, password)?)),
            login: Some(LoginKnown::Given),
            ..AdditionChange::default()
        };
        self.give(company, id, &[], change).await
    }

    /// Gives the verification code of the label.
    pub async fn give_code(
        &self,
        company: &CompanyId,
        id: &AdditionId,
        code: &VerificationCode,
    ) -> Result<Addition, AddingError> {
        let change = self.with_code(company, id, code, CodeCheck::NotChecked)?;
        self.give(company, id, &[], change).await
    }

    /// Keeps what was given, where the addition stands in one of `states` (none: wherever it stands), and goes on.
    async fn give(
        &self,
        company: &CompanyId,
        id: &AdditionId,
        states: &[AddState],
        change: AdditionChange,
    ) -> Result<Addition, AddingError> {
        {
            let turn = Self::turn(id);
            // What is under way reads the secrets as it goes: they do not change below it.
            let _turn = turn.lock().await;
            let addition = self.get(company, id).await?;
            let fits = states.is_empty() || states.contains(&addition.state);
            if addition.state.has_ended() || !fits {
                return Err(AddingError::NotNow);
            }
            let (company, id, now) = (company.clone(), id.clone(), self.clock.now());
            self.with_store(move |store| store.write(|conn| additions::update(conn, &company, &id, &change, now)))
                .await?;
        }
        self.advance(company, id).await
    }

    fn with_code(
        &self,
        company: &CompanyId,
        id: &AdditionId,
        code: &VerificationCode,
        check: CodeCheck,
    ) -> Result<AdditionChange, AddingError> {
        let sealed = self.store.vault().seal(additions::code_place(company, id), &SecretString::from(code.expose()))?;
        Ok(AdditionChange { sealed_code: Some(Some(sealed)), code_check: Some(check), ..AdditionChange::default() })
    }

    fn seal_password(
        &self,
        company: &CompanyId,
        id: &AdditionId,
        password: &SecretString,
    ) -> Result<SealedText, AddingError> {
        Ok(self.store.vault().seal(additions::password_place(company, id), password)?)
    }
}
