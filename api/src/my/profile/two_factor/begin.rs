//! `POST /my/profile/two_factor`: a seed for an end user's authenticator app.

use actix_web::{HttpRequest, post, web};
use siteward_store::{StoreError, two_factor};

use crate::access::{EndUser, second_factor};
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::profile::two_factor::begin::{OwnPassword, TwoFactorSeed};
use crate::session::proof::{Proof, code_wrong, prove_end_user};

/// Makes a seed for an authenticator app. Nothing asks for codes before `PUT /my/profile/two_factor` has seen a first one.
#[utoipa::path(tag = "my", request_body = OwnPassword, responses(
    (status = 200, description = "The seed", body = TwoFactorSeed),
    (status = 409, description = "A second factor is on already", body = ErrorBody),
    (status = 423, description = "Locked; details.locked_until tells until when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/my/profile/two_factor")]
pub(crate) async fn begin_my_two_factor(
    caller: EndUser,
    request: HttpRequest,
    platform: web::Data<Platform>,
    note: Note,
    body: Body<OwnPassword>,
) -> Result<web::Json<TwoFactorSeed>, ApiError> {
    let caller = caller.0;
    note.object("end_user", &caller.id(), caller.name());
    let id = caller.id();
    if platform.read(move |conn| two_factor::status_of(conn, &id)).await?.since.is_some() {
        return Err(ApiError::new(codes::TWO_FACTOR_ON));
    }
    let Proof { account, shown, turn, .. } =
        prove_end_user(&platform, &request, &caller, body.into_inner().password, None).await?;
    let seed = second_factor::new_seed();
    let told = TwoFactorSeed::new(&seed, &account.email)?;
    let sealed = two_factor::seal_seed(&platform.store, None, &account.id, &seed);
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
