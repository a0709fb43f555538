//! What an end user owns: a handler below one of their sites names [`Owned`] in its arguments. The ids in its path are
//! checked before it is entered and before a body is read, and what is not theirs is answered like what is not there.
//! Ids in a body are the handler's to check, with [`EndUserCaller::owning`].

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use siteward_domain::EndUserId;
use siteward_store::owning::OwnedObject;
use tokio::sync::watch;

use super::end_user::{EndUserCaller, signed_in};
use super::reach::Gate;
use crate::error::{ApiError, codes};
use crate::platform::Platform;

/// A signed-in end user who owns everything that the path names.
pub(crate) struct Owned {
    caller: EndUserCaller,
}

impl Owned {
    /// Who is asking.
    pub(crate) fn caller(&self) -> &EndUserCaller {
        &self.caller
    }

    /// Who is asking, by id.
    pub(crate) fn id(&self) -> EndUserId {
        self.caller.id()
    }
}

impl FromRequest for Owned {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = asked(request);
        let (open, gate) = watch::channel(false);
        request.extensions_mut().insert(Gate::of(gate));
        async move {
            let (caller, objects, platform) = asked?;
            let owning = caller.owning();
            platform.read(move |conn| objects.iter().try_for_each(|object| owning.check(conn, object))).await?;
            // Nobody waits at it where there is no body.
            let _ = open.send(true);
            Ok(Self { caller })
        }
        .boxed_local()
    }
}

type Asked = (EndUserCaller, Vec<OwnedObject>, web::Data<Platform>);

fn asked(request: &HttpRequest) -> Result<Asked, ApiError> {
    let caller = signed_in(request)?;
    let platform = request.app_data::<web::Data<Platform>>().cloned();
    let platform = platform.ok_or_else(|| ApiError::new(codes::INTERNAL))?;
    let named = request.match_info().iter().filter(|(name, _)| name.ends_with("_id"));
    let objects = named.map(|(name, value)| object(name, value)).collect::<Option<Vec<_>>>();
    // An id that is no id names nothing, and neither does one of a kind that is not known here.
    Ok((caller, objects.ok_or_else(|| ApiError::new(codes::NOT_FOUND))?, platform))
}

/// What an id in a path names.
fn object(name: &str, id: &str) -> Option<OwnedObject> {
    match name {
        "site_id" => id.parse().map(OwnedObject::Site).ok(),
        "device_id" => id.parse().map(OwnedObject::Device).ok(),
        "grant_id" => id.parse().map(OwnedObject::Grant).ok(),
        "grant_request_id" => id.parse().map(OwnedObject::GrantRequest).ok(),
        "company_invitation_id" => id.parse().map(OwnedObject::CompanyInvitation).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_a_kind_that_is_not_known_here_names_nothing() {
        let id = "01890f00-0000-7000-8000-000000000001";
        assert!(matches!(object("site_id", id), Some(OwnedObject::Site(_))));
        assert!(matches!(object("grant_request_id", id), Some(OwnedObject::GrantRequest(_))));
        assert_eq!(object("link_id", id), None);
        assert_eq!(object("site_id", "1"), None);
    }
}
