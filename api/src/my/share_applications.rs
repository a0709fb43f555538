//! Who scanned an owner's code and wants in (R-E5): they apply, the owner sees it at once and by mail, and answers.

pub(crate) mod accept;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod list_own;
pub(crate) mod refuse;
pub(crate) mod withdraw;

use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_domain::share::AnswerState as State;
use siteward_store::StoreError;
use siteward_store::share_applications as stored;
use utoipa::ToSchema;

use super::share_codes::CodeChannel;
use crate::error::{ApiError, codes};
use crate::words::AnswerState;

/// Somebody who wants in, as the owner sees them.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShareApplication {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// The code that was scanned.
    #[schema(format = "uuid")]
    code_id: String,
    /// What that is for; may be empty.
    label: String,
    /// The site.
    #[schema(format = "uuid")]
    site_id: String,
    /// The site's name.
    site_name: String,
    /// The applicant's name.
    applicant_name: String,
    /// Their e-mail address.
    applicant_email: String,
    /// Their phone number; null where they gave none.
    #[schema(required = true)]
    applicant_phone: Option<String>,
    /// What the code offers.
    #[schema(max_items = 1024)]
    channels: Vec<CodeChannel>,
    /// What became of it.
    state: AnswerState,
    /// When they applied.
    created_at: DateTime<Utc>,
    /// When it was answered or withdrawn; null while it waits.
    #[schema(required = true)]
    answered_at: Option<DateTime<Utc>>,
}

/// What one applied for oneself.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnApplication {
    /// Its id.
    #[schema(format = "uuid")]
    id: String,
    /// Who shares.
    giver_name: String,
    /// What the code is for; may be empty.
    label: String,
    /// What the code offers.
    #[schema(max_items = 1024)]
    channels: Vec<CodeChannel>,
    /// What became of it.
    state: AnswerState,
    /// When one applied.
    created_at: DateTime<Utc>,
    /// When it was answered or withdrawn; null while it waits.
    #[schema(required = true)]
    answered_at: Option<DateTime<Utc>>,
    /// The share that it became part of; null where it did not, or that is gone.
    #[schema(required = true, format = "uuid")]
    share_id: Option<String>,
}

impl From<stored::ShareApplication> for ShareApplication {
    fn from(application: stored::ShareApplication) -> Self {
        Self {
            id: application.id.to_string(),
            code_id: application.code_id.to_string(),
            label: application.label,
            site_id: application.site_id.to_string(),
            site_name: application.site_name,
            applicant_name: application.applicant_name,
            applicant_email: application.applicant_email,
            applicant_phone: application.applicant_phone,
            channels: application.channels.into_iter().map(CodeChannel::from).collect(),
            state: AnswerState(application.state),
            created_at: application.created_at,
            answered_at: application.answered_at,
        }
    }
}

impl From<stored::ShareApplication> for OwnApplication {
    fn from(application: stored::ShareApplication) -> Self {
        let share = application.share_id.filter(|_| application.state == State::Accepted);
        Self {
            id: application.id.to_string(),
            giver_name: application.giver_name,
            label: application.label,
            channels: application.channels.into_iter().map(CodeChannel::from).collect(),
            state: AnswerState(application.state),
            created_at: application.created_at,
            answered_at: application.answered_at,
            share_id: share.map(Into::into),
        }
    }
}

/// What was answered or withdrawn meanwhile is over.
fn answered<T>(result: Result<T, StoreError>) -> Result<Result<T, ApiError>, StoreError> {
    match result {
        Ok(done) => Ok(Ok(done)),
        Err(StoreError::Stale) => Ok(Err(ApiError::new(codes::SHARE_APPLICATION_ENDED))),
        Err(error) => Err(error),
    }
}
