//! `PATCH /handovers/{handover_id}`: corrects whom an invitation goes to.

use actix_web::{patch, web};
use serde::Deserialize;
use siteward_domain::handover::{HandoverState, Offer};
use siteward_domain::share::GiverKind;
use siteward_domain::{CompanyId, HandoverId};
use siteward_store::handovers::{self as stored, HandoverChange};
use siteward_store::shares;
use siteward_worker::handovers;
use utoipa::ToSchema;

use super::checking::{address, name, phone};
use super::{Handover, end_of, mailing};
use crate::access::OnSites;
use crate::access::rights;
use crate::access::token;
use crate::body::Body;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::words::MailLanguage;

/// What to correct; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandoverUpdate {
    /// The receiver's e-mail address.
    #[schema(min_length = 3, max_length = 254)]
    email: Option<String>,
    /// The receiver's telephone number; an empty one takes it away.
    #[schema(max_length = 32)]
    phone: Option<String>,
    /// The receiver's name.
    #[schema(max_length = 128)]
    name: Option<String>,
    /// The language of the mail.
    language: Option<MailLanguage>,
}

/// Corrects whom an invitation goes to and sends it: with a new link, good for its full time. The old link is dead. It counts
/// like a new invitation.
#[utoipa::path(tag = "handovers", request_body = HandoverUpdate, params(("handover_id" = String, Path, format = "uuid", description = "The invitation")), responses(
    (status = 200, description = "Corrected and sent", body = Handover),
    (status = 409, description = "It ended, or they have what is offered", body = ErrorBody),
    (status = 429, description = "Too many invitations to this address; Retry-After tells when", body = ErrorBody),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[patch("/handovers/{handover_id}")]
pub(crate) async fn update_handover(
    on: OnSites<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    handover_id: web::Path<HandoverId>,
    body: Body<HandoverUpdate>,
) -> Result<web::Json<Handover>, ApiError> {
    note.object("handover", &*handover_id, "");
    let body = body.into_inner();
    let change = HandoverChange {
        email: body.email.as_deref().map(address).transpose()?,
        name: body.name.as_deref().map(name).transpose()?,
        phone: body.phone.as_deref().map(|typed| phone(Some(typed))).transpose()?,
        language: body.language.map(|language| language.0),
    };
    let sent = renew(&platform, on.company_id(), handover_id.into_inner(), change).await?;
    note.object("handover", &sent.id, &sent.site_name);
    Ok(web::Json(sent.into()))
}

/// Changes an invitation and sends it with a new link.
pub(super) async fn renew(
    platform: &Platform,
    company: CompanyId,
    id: HandoverId,
    change: HandoverChange,
) -> Result<stored::Handover, ApiError> {
    let (now, store, secret) = (platform.clock.now(), platform.store.clone(), token::new_token());
    let (times, token_hash) = ((now, end_of(platform, now)), token::hash(&secret));
    let secret = secret.into();
    let sent = platform
        .write(move |conn| {
            let before = stored::get_handover(conn, &company, &id, now)?;
            if before.state != HandoverState::Pending {
                return Ok(Err(ApiError::new(codes::HANDOVER_ENDED)));
            }
            let email = change.email.as_ref().unwrap_or(&before.email);
            let giver = (GiverKind::Company, company.as_str());
            if matches!(before.offer, Offer::Share(_)) && shares::is_received_by(conn, &before.site_id, giver, email)? {
                return Ok(Err(ApiError::field(codes::SHARE_EXISTS, "email")));
            }
            // Its site first, as everybody else does; and before the old link dies.
            stored::hold_site(conn, &company, &before.site_id)?;
            if let Err(refusal) = mailing::pace(conn, &before.site_id, email, now)? {
                return Ok(Err(refusal));
            }
            let link = (token_hash.as_str(), &secret);
            match handovers::renew(conn, store.vault(), (&company, &id), &change, link, times) {
                Err(siteward_store::StoreError::Stale) => Ok(Err(ApiError::new(codes::HANDOVER_ENDED))),
                renewed => renewed.map(Ok),
            }
        })
        .await??;
    (platform.wake_worker)();
    Ok(sent)
}
