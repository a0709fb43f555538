//! Who answers an invitation: somebody who is signed in, signs in on the page, or makes an account there.

use actix_web::HttpRequest;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use siteward_domain::company::Region;
use siteward_domain::end_user::MOST_NAME_CHARACTERS;
use siteward_domain::staff::check_password;
use siteward_domain::{EndUserId, text};
use siteward_store::end_users::{self, NewEndUser};
use siteward_store::panel_passwords::{self, Holder};
use siteward_store::{DbConn, StoreError, Vault, end_user_sessions};

use super::{Link, Person, Typed};
use crate::access::second_factor;
use crate::error::{ApiError, codes};
use crate::handover_packs::Owner;
use crate::my::session::create::{Proof, show};
use crate::my::session::start::NewEndUserToken;
use crate::pages::frame::Field;
use crate::pages::password;
use crate::platform::Platform;
use crate::profile::password::hashed;
use crate::session::MOST_CHARACTERS;
use crate::session::start::From;

/// Who answers, ready for the transaction of their answer.
pub(super) struct Answering {
    pub(super) id: EndUserId,
    /// The session that begins with it; none where there is one.
    pub(super) session: Option<NewEndUserToken>,
    how: How,
}

enum How {
    SignedIn,
    Known(Box<Proof>),
    New(Box<NewEndUser>),
}

/// What of the form is about the person.
pub(super) struct Given {
    pub(super) name: String,
    pub(super) region: String,
    pub(super) password: SecretString,
    pub(super) code: Option<SecretString>,
}

/// Why it goes no further.
pub(super) enum Stop {
    /// Something of the form is wrong.
    Wrong(Box<Typed>),
    /// Something else.
    Error(ApiError),
}

impl std::convert::From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Error(error)
    }
}

impl Answering {
    /// Reads and proves who they are.
    pub(super) async fn begin(
        request: &HttpRequest,
        platform: &Platform,
        link: &Link,
        given: Given,
    ) -> Result<Self, Stop> {
        match &link.person {
            Person::SignedIn(caller) => Ok(Self { id: caller.id(), session: None, how: How::SignedIn }),
            Person::Known => Self::signing_in(request, platform, link, given).await,
            Person::New => Self::registering(request, platform, link, given).await,
        }
    }

    async fn signing_in(request: &HttpRequest, platform: &Platform, link: &Link, given: Given) -> Result<Self, Stop> {
        let (from, texts) = (From::of(request, platform), link.texts());
        let wrong = |typed: Typed| Err(Stop::Wrong(Box::new(typed)));
        let is_long = given.password.expose_secret().chars().count() > MOST_CHARACTERS;
        if is_long || given.code.as_ref().is_some_and(second_factor::is_too_long) {
            return wrong(Typed { password_error: Some(texts.password_wrong), ..Typed::default() });
        }
        let code = given.code.as_ref().map(secrecy::ExposeSecret::expose_secret);
        let email = &link.handover.email;
        match show(platform, &from, email, given.password, code, None).await {
            Ok((account, shown)) => {
                let session = NewEndUserToken::generate(&account.id, from, platform.clock.now());
                Ok(Self { id: account.id, session: Some(session), how: How::Known(Box::new(shown)) })
            }
            Err(error) if error.code() == codes::SECOND_FACTOR_NEEDED.code => {
                wrong(Typed { with_code: true, failed: Some(texts.code_needed), ..Typed::default() })
            }
            // Which of the two is wrong is not told.
            Err(error) if error.code() == codes::SIGN_IN_REFUSED.code => {
                let with_code = code.is_some();
                wrong(Typed { password_error: Some(texts.password_wrong), with_code, ..Typed::default() })
            }
            Err(error) if error.code() == codes::ACCOUNT_LOCKED.code => {
                wrong(Typed { failed: Some(texts.locked), ..Typed::default() })
            }
            Err(error) => Err(Stop::Error(error)),
        }
    }

    async fn registering(request: &HttpRequest, platform: &Platform, link: &Link, given: Given) -> Result<Self, Stop> {
        let (now, texts) = (platform.clock.now(), link.texts());
        let name = text::needed_line(&given.name, MOST_NAME_CHARACTERS);
        let region = Region::parse(&given.region);
        let weak = check_password(given.password.expose_secret(), &link.handover.email).err();
        let (Ok(name), Ok(region), None) = (&name, &region, weak) else {
            return Err(Stop::Wrong(Box::new(Typed {
                name: Field { error: name.err().map(|bad| texts.bad_name(&bad)), value: given.name },
                region: Field { error: region.err().map(|_| texts.bad_region), value: given.region },
                password_error: weak.map(|weak| password::refusal(weak, link.language)),
                ..Typed::default()
            })));
        };
        let new = NewEndUser {
            id: EndUserId::generate(now),
            name: name.clone(),
            email: link.handover.email.clone(),
            region: region.clone(),
            language: link.language,
            time_zone: link.handover.time_zone.clone(),
            password_hash: hashed(platform, &given.password).await?,
        };
        let session = NewEndUserToken::generate(&new.id, From::of(request, platform), now);
        Ok(Self { id: new.id.clone(), session: Some(session), how: How::New(Box::new(new)) })
    }

    /// Who they are, for the handover pack.
    pub(super) fn owner(&self, email: &str) -> Owner {
        match &self.how {
            How::SignedIn | How::Known(..) => Owner::Known(self.id.clone()),
            How::New(new) => Owner::New {
                id: self.id.clone(),
                name: new.name.clone(),
                email: email.to_owned(),
                language: new.language,
            },
        }
    }

    /// Before the answer, in its transaction: the account is made, or what was shown is taken. `false`: it was used or
    /// changed meanwhile, and nothing else may be done.
    pub(super) fn enter(&self, conn: &mut DbConn, now: DateTime<Utc>) -> Result<bool, StoreError> {
        match &self.how {
            How::SignedIn => Ok(true),
            How::Known(proof) => proof.0.take(conn, now),
            How::New(new) => end_users::create_end_user(conn, new, now).map(|()| true),
        }
    }

    /// After the answer, in its transaction: the session begins.
    pub(super) fn stay(&self, conn: &mut DbConn, vault: &Vault, now: DateTime<Utc>) -> Result<(), StoreError> {
        if let Some(token) = &self.session {
            end_user_sessions::create_session(conn, &token.session)?;
        }
        if let How::Known(proof) = &self.how {
            panel_passwords::hold_if_wanted(conn, vault, Holder::EndUser(&self.id), &proof.2, now)?;
        }
        Ok(())
    }
}
