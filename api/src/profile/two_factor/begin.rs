//! `POST /profile/two_factor`: a seed for an authenticator app.

use actix_web::{HttpRequest, post, web};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use siteward_store::{StoreError, two_factor};
use utoipa::ToSchema;

use crate::access::{Enrolling, second_factor};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::session::proof::{Proof, code_wrong, prove};

/// The caller's own password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnPassword {
    /// The password.
    #[schema(value_type = String, max_length = 256, format = Password)]
    pub(crate) password: SecretString,
}

/// What an authenticator app needs, told this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct TwoFactorSeed {
    /// The seed in base32, to be typed.
    secret: String,
    /// The same for a QR.
    uri: String,
}

impl TwoFactorSeed {
    /// For the account of `email`.
    pub(crate) fn new(seed: &SecretString, email: &str) -> Result<Self, ApiError> {
        let uri = second_factor::uri(seed, email)?;
        Ok(Self { secret: seed.expose_secret().to_owned(), uri: uri.expose_secret().to_owned() })
    }
}

/// Makes a seed for an authenticator app. Nothing asks for codes before `PUT /profile/two_factor` has seen a first one.
#[utoipa::path(tag = "account", request_body = OwnPassword, responses(
    (status = 200, description = "The seed", body = TwoFactorSeed),
    (status = 409, description = "A second factor is on already", body = ErrorBody),
    (status = 423, description = "Locked; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/profile/two_factor")]
pub(crate) async fn begin_two_factor(
    caller: Enrolling,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<OwnPassword>,
) -> Result<web::Json<TwoFactorSeed>, ApiError> {
    let record = &caller.0.record;
    note.object("staff", &record.staff_id, &record.staff_name);
    let id = record.staff_id.clone();
    if platform.read(move |conn| two_factor::status_of(conn, &id)).await?.since.is_some() {
        return Err(ApiError::new(codes::TWO_FACTOR_ON));
    }
    let Proof { account, shown, turn, .. } =
        prove(&platform, &request, &caller.0, body.into_inner().password, None).await?;
    let seed = second_factor::new_seed();
    let told = TwoFactorSeed::new(&seed, &account.email)?;
    let sealed = two_factor::seal_seed(&platform.store, &account.company_id, &account.id, &seed);
    let (sealed, now) = (sealed.map_err(StoreError::from)?, platform.clock.now());
    let begun = platform.write(move |conn| {
        let taken = shown.take(conn, now)?;
        if taken {
            two_factor::begin(conn, &account.id, &sealed)?;
        }
        Ok(taken)
    });
    if !begun.await? {
        return Err(code_wrong());
    }
    drop(turn);
    Ok(web::Json(told))
}
