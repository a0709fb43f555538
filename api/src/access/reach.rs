//! Work on sites (R-S3 to R-S5): who may work on sites at all, on which, and whether the one that the path names is among
//! them.
//!
//! A handler below a site, a device or anything that hangs on a site names [`OnSites`] in its arguments. The ids in its
//! path are checked before it is entered and before a body is read, and what is out of reach is answered exactly like
//! what is not there. Ids in a body are the handler's to check, with [`OnSites::reach`].

use std::future::pending;
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use siteward_domain::CompanyId;
use siteward_domain::staff::Right;
use siteward_store::reach::{Object, Reach};
use tokio::sync::watch;

use super::rights::{IsRight, signed_in};
use super::session::Caller;
use crate::error::{ApiError, codes};
use crate::platform::Platform;

/// A member of staff who may work on sites, all of the company's or those assigned to them, and whose role has the right
/// `R` besides, where one is named. What the path names is within their reach.
pub(crate) struct OnSites<R = ()> {
    caller: Caller,
    reach: Reach,
    besides: PhantomData<R>,
}

/// What [`OnSites`] asks for besides: a right, or `()`, nothing.
pub(crate) trait Besides: 'static {
    /// Whether these rights are enough.
    fn is_among(rights: &[Right]) -> bool;
}

impl Besides for () {
    fn is_among(_: &[Right]) -> bool {
        true
    }
}

impl<R: IsRight> Besides for R {
    fn is_among(rights: &[Right]) -> bool {
        rights.contains(&R::RIGHT) || R::OR.is_some_and(|right| rights.contains(&right))
    }
}

impl Caller {
    /// What they may work on at `now`; `None`: on no site whatever is assigned to them.
    pub(crate) fn reach(&self, now: DateTime<Utc>) -> Option<Reach> {
        Reach::of(&self.record.company_id, &self.record.staff_id, self.rights(), now)
    }
}

impl<R> OnSites<R> {
    /// Who is asking.
    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Their company.
    pub(crate) fn company_id(&self) -> CompanyId {
        self.caller.company_id()
    }

    /// What they may work on: lists are narrowed by it, and ids in a body looked for in it.
    pub(crate) fn reach(&self) -> Reach {
        self.reach.clone()
    }
}

/// Holds the reading of a body back until it is known whether what the path names is within reach: the arguments of a
/// handler are made all at once, and what is wrong with a body would be told first.
#[derive(Clone)]
pub(crate) struct Gate(watch::Receiver<bool>);

impl Gate {
    /// A gate that opens when the sender says so.
    pub(super) fn of(opened: watch::Receiver<bool>) -> Self {
        Self(opened)
    }

    /// Waits until the gate opens; where it never does, the request is refused anyway.
    pub(crate) async fn pass(mut self) {
        if self.0.wait_for(|open| *open).await.is_err() {
            pending::<()>().await;
        }
    }
}

impl<R: Besides> FromRequest for OnSites<R> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = asked(request, R::is_among);
        let (open, gate) = watch::channel(false);
        request.extensions_mut().insert(Gate(gate));
        async move {
            let (caller, reach, objects, platform) = asked?;
            if !objects.is_empty() {
                let within = reach.clone();
                platform.read(move |conn| objects.iter().try_for_each(|object| within.check(conn, object))).await?;
            }
            // Nobody waits at it where there is no body.
            let _ = open.send(true);
            Ok(Self { caller, reach, besides: PhantomData })
        }
        .boxed_local()
    }
}

type Asked = (Caller, Reach, Vec<Object>, web::Data<Platform>);

fn asked(request: &HttpRequest, besides: fn(&[Right]) -> bool) -> Result<Asked, ApiError> {
    let caller = signed_in(request)?;
    let platform = request.app_data::<web::Data<Platform>>().cloned();
    let platform = platform.ok_or_else(|| ApiError::new(codes::INTERNAL))?;
    let reach = caller.reach(platform.clock.now()).ok_or_else(|| ApiError::new(codes::RIGHT_MISSING))?;
    if !besides(caller.rights()) {
        return Err(ApiError::new(codes::RIGHT_MISSING));
    }
    let named = request.match_info().iter().filter(|(name, _)| name.ends_with("_id"));
    let objects = named.map(|(name, value)| object(name, value)).collect::<Option<Vec<_>>>();
    // An id that is no id names nothing, and neither does one of a kind that is not known here.
    Ok((caller, reach, objects.ok_or_else(|| ApiError::new(codes::NOT_FOUND))?, platform))
}

/// What an id in a path names.
pub(crate) fn object(name: &str, id: &str) -> Option<Object> {
    match name {
        "site_id" => id.parse().map(Object::Site).ok(),
        "device_id" => id.parse().map(Object::Device).ok(),
        "import_id" => id.parse().map(Object::Import).ok(),
        "link_id" => id.parse().map(Object::Link).ok(),
        "addition_id" => id.parse().map(Object::Addition).ok(),
        "remote_session_id" => id.parse().map(Object::RemoteSession).ok(),
        "exception_rule_id" => id.parse().map(Object::ExceptionRule).ok(),
        "maintenance_window_id" => id.parse().map(Object::MaintenanceWindow).ok(),
        "incident_id" => id.parse().map(Object::Incident).ok(),
        "linkage_rule_id" => id.parse().map(Object::LinkageRule).ok(),
        "linkage_firing_id" => id.parse().map(Object::LinkageFiring).ok(),
        "handover_id" => id.parse().map(Object::Handover).ok(),
        "upgrade_id" => id.parse().map(Object::Upgrade).ok(),
        "share_id" => id.parse().map(Object::Share).ok(),
        "grant_id" => id.parse().map(Object::Grant).ok(),
        "grant_request_id" => id.parse().map(Object::GrantRequest).ok(),
        "account_id" => id.parse().map(Object::PanelAccount).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_a_kind_that_is_not_known_here_names_nothing() {
        let id = "01890f00-0000-7000-8000-000000000001";
        assert!(matches!(object("site_id", id), Some(Object::Site(_))));
        assert_eq!(object("mail_id", id), None);
        assert_eq!(object("site_id", "1"), None);
    }
}
