//! `DELETE /my/profile`: an end user deletes their account. Nothing goes silently: companies are told of the sites that they
//! get back or lose, and the person gets a last mail.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, delete, web};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Deserialize;
use siteward_domain::SiteId;
use siteward_domain::custody::Parting as PartingOfSite;
use siteward_store::custody::{self, Released};
use siteward_store::end_users::{self, EndUser as Account};
use siteward_store::panel_passwords::{self, Holder};
use siteward_store::{DbConn, StoreError};
use siteward_worker::mail::{self, EndUserDeleted};
use utoipa::ToSchema;

use crate::access::EndUser;
use crate::access::session::{Kind, forgotten_cookie};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::session::guessing::{self, Door};
use crate::session::proof::{Proof, code_wrong, prove_end_user};
use crate::words::Parting;

/// Most sites that are named.
const MOST_SITES: usize = 10_000;

/// Who they are, and what becomes of their sites.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MyProfileDelete {
    /// The password.
    #[schema(value_type = String, max_length = 256, format = Password)]
    password: SecretString,
    /// The code of the second factor, or a recovery code, where one is on.
    #[schema(value_type = Option<String>, max_length = 64, format = Password)]
    code: Option<SecretString>,
    /// What becomes of sites; the devices of one that is not named become free.
    #[serde(default)]
    #[schema(max_items = 10000)]
    sites: Vec<SiteParting>,
}

/// What becomes of a site.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteParting {
    /// The site.
    #[schema(value_type = String, format = "uuid")]
    site_id: SiteId,
    /// Whether it goes back, or its devices become free.
    parting: Parting,
}

/// Deletes the end user's account. A site goes back to the company that installed it where the end user says so; else its devices become
/// free.
#[utoipa::path(tag = "my", request_body = MyProfileDelete, responses(
    (status = 204, description = "Deleted"),
    (status = 423, description = "Locked; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[delete("/my/profile")]
pub(crate) async fn delete_my_profile(
    caller: EndUser,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<MyProfileDelete>,
) -> Result<HttpResponse, ApiError> {
    let MyProfileDelete { password, code, sites } = body.into_inner();
    let caller = caller.0;
    note.object("end_user", &caller.id(), caller.name());
    if sites.len() > MOST_SITES {
        return Err(ApiError::field(codes::FIELD_INVALID, "sites"));
    }
    let choices: HashMap<SiteId, PartingOfSite> =
        sites.into_iter().map(|site| (site.site_id, site.parting.0)).collect();
    let Proof { account, from, shown, turn } =
        prove_end_user(&platform, &request, &caller, password, code.as_ref()).await?;
    let (now, store) = (platform.clock.now(), platform.store.clone());
    let deleted = platform.write(move |conn| {
        if !shown.take(conn, now)? {
            return Ok(Err(code_wrong()));
        }
        // Somebody else's site is one that is not there.
        let owned = custody::owned_sites(conn, &account.id)?;
        if choices.keys().any(|site| !owned.iter().any(|custody| custody.site_id == *site)) {
            return Ok(Err(ApiError::new(codes::NOT_FOUND)));
        }
        let released = siteward_worker::custody::release(conn, store.vault(), &account.id, &choices, now)?;
        farewell(conn, &account, &released, &from.address, now)?;
        panel_passwords::erase_of(conn, Holder::EndUser(&account.id))?;
        end_users::delete_end_user(conn, &account.id)?;
        guessing::forget(conn, Door::EndUser, &account.email)?;
        Ok::<_, StoreError>(Ok(()))
    });
    deleted.await??;
    (platform.wake_worker)();
    drop(turn);
    Ok(HttpResponse::NoContent().cookie(forgotten_cookie(&request, Kind::EndUser, platform.is_secure())).finish())
}

/// The last mail to them.
fn farewell(
    conn: &mut DbConn,
    account: &Account,
    released: &[Released],
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let named = |parting: PartingOfSite| -> Vec<String> {
        let of_kind = released.iter().filter(|site| site.parting == parting);
        of_kind.map(|site| site.site_name.clone()).collect()
    };
    let (returned, freed) = (named(PartingOfSite::Return), named(PartingOfSite::Free));
    let told = EndUserDeleted {
        name: &account.name,
        returned: &returned,
        freed: &freed,
        at: now,
        zone: account.time_zone.parse().unwrap_or(chrono_tz::UTC),
        address,
    };
    let url = mail::public_url(conn)?;
    let letter = told.letter(account.language);
    mail::enqueue(conn, &mail::address_from_platform(&url, &account.email, letter, now), now)
}
