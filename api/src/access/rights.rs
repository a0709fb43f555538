//! Rights as extractors: a handler names what it needs in its arguments, and is not entered without it.
//!
//! Each of them also demands the CSRF header on anything that is not a plain read. They look only at
//! what the session middleware left beside the request, so they decide before a body is read.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use siteward_domain::staff::Right;
use siteward_domain::{CompanyId, StaffId};

use super::csrf;
use super::session::{Caller, Unknown};
use crate::error::{ApiError, codes};

/// Any signed-in member of staff.
pub(crate) struct SignedIn(pub(crate) Caller);

/// Any signed-in member of staff, even one who still has to set up the second factor that the company wants: only what
/// they need for that, and signing out.
pub(crate) struct Enrolling(pub(crate) Caller);

/// The Installer Admin.
pub(crate) struct Admin(pub(crate) Caller);

/// A member of staff whose role has the right `R`, or the one that is as good.
pub(crate) struct May<R> {
    caller: Caller,
    right: PhantomData<R>,
}

/// A right as a type, for [`May`].
pub(crate) trait IsRight: 'static {
    /// The right.
    const RIGHT: Right;
    /// Another that is as good.
    const OR: Option<Right> = None;
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        pub(crate) enum $name {}
        impl IsRight for $name { const RIGHT: Right = Right::$name; }
    )* };
}

rights! {
    /// See and manage every site of the company.
    ManageAllSites;
    /// Make new sites.
    AddSite;
    /// Invite, edit and disable staff.
    ManageStaff;
    /// Edit roles.
    ManageRoles;
    /// Hand sites over to their owners.
    Handover;
    /// See health exceptions.
    ViewExceptions;
    /// Upgrade firmware.
    UpgradeFirmware;
    /// Open a device's own configuration.
    RemoteConfiguration;
}

/// Manage staff, or edit roles: both see which roles there are.
pub(crate) enum ManageStaffOrRoles {}

impl IsRight for ManageStaffOrRoles {
    const RIGHT: Right = Right::ManageStaff;
    const OR: Option<Right> = Some(Right::ManageRoles);
}

/// Manage staff, or every site: both see who is assigned to which.
pub(crate) enum ManageStaffOrAllSites {}

impl IsRight for ManageStaffOrAllSites {
    const RIGHT: Right = Right::ManageAllSites;
    const OR: Option<Right> = Some(Right::ManageStaff);
}

impl Caller {
    /// Whose session it is.
    pub(crate) fn staff_id(&self) -> StaffId {
        self.record.staff_id.clone()
    }

    /// Their company: every query is bound to it.
    pub(crate) fn company_id(&self) -> CompanyId {
        self.record.company_id.clone()
    }

    /// The rights of their role.
    pub(crate) fn rights(&self) -> &[Right] {
        &self.record.rights
    }
}

impl<R> May<R> {
    /// Who is asking.
    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Their company.
    pub(crate) fn company_id(&self) -> CompanyId {
        self.caller.company_id()
    }
}

pub(super) fn signed_in(request: &HttpRequest) -> Result<Caller, ApiError> {
    let caller = enrolling(request)?;
    if caller.record.two_factor_enrolment_needed {
        return Err(ApiError::new(codes::TWO_FACTOR_ENROLMENT_NEEDED));
    }
    Ok(caller)
}

fn enrolling(request: &HttpRequest) -> Result<Caller, ApiError> {
    let Some(caller) = request.extensions().get::<Caller>().cloned() else {
        return Err(match request.extensions_mut().remove::<Unknown>() {
            Some(Unknown(error)) => error,
            None => ApiError::new(codes::NOT_SIGNED_IN),
        });
    };
    if csrf_is_right(request, &caller.token) { Ok(caller) } else { Err(ApiError::new(codes::CSRF_MISSING)) }
}

/// Whether a request only reads, or has the CSRF token of its session.
pub(super) fn csrf_is_right(request: &HttpRequest, session_token: &str) -> bool {
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let given = request.headers().get(csrf::HEADER).and_then(|value| value.to_str().ok());
    only_reads || csrf::is_right(session_token, given)
}

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request).map(Self))
    }
}

impl FromRequest for Enrolling {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(enrolling(request).map(Self))
    }
}

impl FromRequest for Admin {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request).and_then(|caller| {
            if caller.record.is_admin { Ok(Self(caller)) } else { Err(ApiError::new(codes::RIGHT_MISSING)) }
        }))
    }
}

impl<R: IsRight> FromRequest for May<R> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request).and_then(|caller| {
            let may = |right: &Right| caller.rights().contains(right);
            if may(&R::RIGHT) || R::OR.as_ref().is_some_and(may) {
                Ok(Self { caller, right: PhantomData })
            } else {
                Err(ApiError::new(codes::RIGHT_MISSING))
            }
        }))
    }
}
