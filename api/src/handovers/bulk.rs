//! `POST /handovers`: invites the owners of many sites at once.
//!
//! Rows are independent: each has an answer of its own, and a bad one stops no other. They are written some at a time, each
//! lot in one transaction; where a lot fails as a whole its rows are tried one by one.

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use siteward_domain::SiteId;
use siteward_store::handovers::{self as stored, NewHandover};
use siteward_store::reach::{Object, Reach};
use siteward_store::{DbConn, Store, StoreError};
use siteward_worker::handovers;
use utoipa::ToSchema;

use super::checking::{HandoverCreate, may_invite, read};
use super::{Handover, end_of, mailing};
use crate::access::OnSites;
use crate::access::rights;
use crate::access::session::Caller;
use crate::access::token;
use crate::asks::Asks;
use crate::body::ManyRows;
use crate::error::{ApiError, ErrorBody, codes};
use crate::operation_log::Note;
use crate::platform::Platform;
use crate::words::MailLanguage;

/// Most rows of one call.
const MOST_ROWS: usize = 1000;
/// Rows written in one transaction.
const AT_ONCE: usize = 50;

/// Sites to hand over, each to its owner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandoverBatch {
    /// One a site.
    #[schema(min_items = 1, max_items = 1000)]
    rows: Vec<HandoverRow>,
}

/// One of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandoverRow {
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The receiver's e-mail address.
    #[schema(min_length = 3, max_length = 254)]
    email: String,
    /// The receiver's telephone number, with the code of the country.
    #[schema(max_length = 32)]
    phone: Option<String>,
    /// The receiver's name.
    #[serde(default)]
    #[schema(max_length = 128)]
    name: String,
    /// The language of the mail.
    language: MailLanguage,
    /// What there is to say besides.
    #[serde(default)]
    #[schema(max_length = 500)]
    remark: String,
    /// What is asked for in return. Nothing unless told.
    #[serde(default)]
    asks: Asks,
}

/// What became of them, in their order.
#[derive(Serialize, ToSchema)]
pub(crate) struct HandoverBatchAnswer {
    /// One a row.
    items: Vec<HandoverRowAnswer>,
}

/// What became of a row.
#[derive(Serialize, ToSchema)]
pub(crate) struct HandoverRowAnswer {
    /// The site, as it was named.
    site_id: String,
    /// The invitation; null where there is none.
    #[schema(required = true)]
    handover: Option<Handover>,
    /// Why there is none: a stable code. Null where there is one.
    #[schema(required = true)]
    error: Option<String>,
}

/// A row that was read, and the token of its link.
struct Row {
    new: NewHandover,
    token: SecretString,
}

/// Invites the owners of many sites, at most 1,000: an answer a row, in their order. Each counts like a single invitation.
#[utoipa::path(tag = "handovers", request_body = HandoverBatch, responses(
    (status = 200, description = "What became of each row", body = HandoverBatchAnswer),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
#[post("/handovers")]
pub(crate) async fn create_handovers(
    on: OnSites<rights::Handover>,
    platform: web::Data<Platform>,
    note: Note,
    body: ManyRows<HandoverBatch>,
) -> Result<HttpResponse, ApiError> {
    let rows = body.into_inner().rows;
    if !(1..=MOST_ROWS).contains(&rows.len()) {
        return Err(ApiError::field(codes::FIELD_INVALID, "rows"));
    }
    note.object("company", &on.company_id(), "");
    let now = platform.clock.now();
    let times = (now, end_of(&platform, now));
    let (caller, reach, store) = (on.caller().clone(), on.reach(), platform.store.clone());
    let named: Vec<String> = rows.iter().map(|row| row.site_id.clone()).collect();
    let read: Vec<Result<Row, ApiError>> = rows.into_iter().map(|row| read_row(row, &caller, times)).collect();
    let answers = crate::platform::off_thread(move || write_all(&store, &reach, read, now)).await??;
    (platform.wake_worker)();
    let items = named.into_iter().zip(answers).map(|(site_id, answer)| match answer {
        Ok(handover) => HandoverRowAnswer { site_id, handover: Some(handover.into()), error: None },
        Err(refusal) => HandoverRowAnswer { site_id, handover: None, error: Some(refusal.code().to_owned()) },
    });
    Ok(HttpResponse::Ok().json(HandoverBatchAnswer { items: items.collect() }))
}

fn read_row(row: HandoverRow, caller: &Caller, times: (DateTime<Utc>, DateTime<Utc>)) -> Result<Row, ApiError> {
    let site: SiteId = row.site_id.parse().map_err(|_| ApiError::new(codes::NOT_FOUND))?;
    let secret = token::new_token();
    let create = HandoverCreate::transfer((row.email, row.phone, row.name), (row.language, row.remark), row.asks);
    let new = read(create, site, caller, token::hash(&secret), times)?;
    Ok(Row { new, token: secret.into() })
}

type Answer = Result<stored::Handover, ApiError>;

fn write_all(
    store: &Store,
    reach: &Reach,
    rows: Vec<Result<Row, ApiError>>,
    now: DateTime<Utc>,
) -> Result<Vec<Answer>, StoreError> {
    let (mut answers, mut good): (Vec<Option<Answer>>, Vec<(usize, Row)>) = (Vec::new(), Vec::new());
    for (place, row) in rows.into_iter().enumerate() {
        answers.push(match row {
            Ok(row) => {
                good.push((place, row));
                None
            }
            Err(refusal) => Some(Err(refusal)),
        });
    }
    // In the order of the sites, so that two calls at once never wait for each other.
    good.sort_by(|(_, one), (_, other)| one.new.site_id.as_str().cmp(other.new.site_id.as_str()));
    for lot in good.chunks(AT_ONCE) {
        let written = match store.write(|conn| write(conn, store, reach, lot, now)) {
            Err(StoreError::Unavailable(cause)) => return Err(StoreError::Unavailable(cause)),
            Err(_) => lot.chunks(1).map(|one| alone(store, reach, one, now)).collect(),
            Ok(written) => written,
        };
        for ((place, _), answer) in lot.iter().zip(written) {
            if let Some(slot) = answers.get_mut(*place) {
                *slot = Some(answer);
            }
        }
    }
    Ok(answers.into_iter().map(|answer| answer.unwrap_or_else(|| Err(ApiError::new(codes::INTERNAL)))).collect())
}

fn alone(store: &Store, reach: &Reach, one: &[(usize, Row)], now: DateTime<Utc>) -> Answer {
    let written = store.write(|conn| write(conn, store, reach, one, now))?;
    written.into_iter().next().unwrap_or_else(|| Err(ApiError::new(codes::INTERNAL)))
}

/// Writes a lot: first everything is held and looked at, then the mails are counted, then it is written. Nobody who takes
/// these locks takes them in another order.
fn write(
    conn: &mut DbConn,
    store: &Store,
    reach: &Reach,
    lot: &[(usize, Row)],
    now: DateTime<Utc>,
) -> Result<Vec<Answer>, StoreError> {
    let mut may = Vec::with_capacity(lot.len());
    let mut seen = std::collections::HashSet::new();
    for (_, row) in lot {
        let answer = if !reach.holds(conn, &Object::Site(row.new.site_id.clone()))? {
            Err(ApiError::new(codes::NOT_FOUND))
        } else if !seen.insert(&row.new.site_id) || stored::is_invited(conn, &row.new.site_id, now)? {
            Err(ApiError::new(codes::HANDOVER_OPEN))
        } else {
            may_invite(conn, &row.new)?
        };
        may.push(answer);
    }
    for ((_, row), answer) in lot.iter().zip(&mut may) {
        if answer.is_ok() {
            *answer = mailing::pace(conn, &row.new.site_id, &row.new.email, now)?;
        }
    }
    let mut written = Vec::with_capacity(lot.len());
    for ((_, row), answer) in lot.iter().zip(may) {
        written.push(match answer {
            Ok(()) => Ok(handovers::invite(conn, store.vault(), &row.new, &row.token, now)?),
            Err(refusal) => Err(refusal),
        });
    }
    Ok(written)
}
