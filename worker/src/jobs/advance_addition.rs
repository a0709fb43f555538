//! Leads an addition on without a person: one of many that are added in one go, or one that waits for its device.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use siteward_domain::{AdditionId, CompanyId, JobId};
use siteward_store::jobs::NewJob;

use crate::adding::{Adding, AddingError, Manner};
use crate::job::{Job, JobContext, JobError};

/// Additions led on at once: the devices of a site share its link.
const AT_ONCE: usize = 32;
/// How often one is tried when the store fails it.
const MOST_ATTEMPTS: u32 = 10;
/// Time between two looks at a device that registers itself.
const BETWEEN_LOOKS: Duration = Duration::seconds(5);
/// A link that is away is looked for less and less often, in the end every so many times that.
const MOST_BETWEEN_LOOKS: u32 = 12;
/// So often; nearly as long as an addition lives that nobody touches.
const MOST_LOOKS_FOR_LINK: u32 = 60;

/// What the job is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// The company.
    pub company_id: CompanyId,
    /// The addition.
    pub addition_id: AdditionId,
    /// Make a verification code where none was given and one is needed.
    #[serde(default)]
    pub make_code: bool,
    /// So often it waited for its device.
    #[serde(default)]
    pub waited: u32,
}

/// The job of one of many additions.
pub fn new_job(company: &CompanyId, addition: &AdditionId, now: DateTime<Utc>) -> NewJob {
    job(company, addition, Manner { make_code: true, ..Manner::default() }, now, now)
}

/// The job of an addition that waited for its device to appear.
pub(crate) fn goes_on(company: &CompanyId, addition: &AdditionId, now: DateTime<Utc>) -> NewJob {
    job(company, addition, Manner::default(), now, now)
}

/// The job of an addition whose device registers itself.
pub(crate) fn next_look(company: &CompanyId, addition: &AdditionId, manner: Manner, now: DateTime<Utc>) -> NewJob {
    job(company, addition, Manner { waited: manner.waited + 1, ..manner }, now, now + BETWEEN_LOOKS)
}

/// The job of an addition whose link is away, in the same manner when it is back; `None` after an hour of that.
pub(crate) fn look_for_link(
    company: &CompanyId,
    addition: &AdditionId,
    manner: Manner,
    now: DateTime<Utc>,
) -> Option<NewJob> {
    let waited = manner.waited + 1;
    let wait = BETWEEN_LOOKS * i32::try_from(waited.min(MOST_BETWEEN_LOOKS)).unwrap_or(1);
    (waited <= MOST_LOOKS_FOR_LINK).then(|| job(company, addition, Manner { waited, ..manner }, now, now + wait))
}

fn job(company: &CompanyId, addition: &AdditionId, manner: Manner, now: DateTime<Utc>, at: DateTime<Utc>) -> NewJob {
    let payload = serde_json::json!({
        "company_id": company, "addition_id": addition, "make_code": manner.make_code, "waited": manner.waited,
    });
    NewJob {
        id: JobId::generate(now),
        kind: AdvanceAddition::KIND.to_owned(),
        payload,
        run_at: at,
        // The running one must be able to ask for the next.
        dedup_key: Some(format!("{addition}/{}", manner.waited)),
        most_attempts: MOST_ATTEMPTS,
    }
}

/// The kind.
pub(crate) struct AdvanceAddition(pub(crate) Adding);

impl Job for AdvanceAddition {
    const KIND: &'static str = "advance_addition";
    type Payload = Payload;

    fn most_at_once(&self) -> usize {
        AT_ONCE
    }

    async fn run(&self, context: JobContext, payload: Payload) -> Result<(), JobError> {
        let Payload { company_id, addition_id, make_code, waited } = payload;
        let manner = Manner { look_again: false, make_code, waited };
        let led = tokio::select! {
            led = self.0.lead(&company_id, &addition_id, manner) => led,
            () = context.stopping.cancelled() => return Err(JobError::BrokenOff),
        };
        match led {
            // Given up by a person meanwhile, or ended.
            Ok(_) | Err(AddingError::NotFound | AddingError::NotNow) => Ok(()),
            Err(AddingError::Store(error)) => Err(error.into()),
            Err(error @ (AddingError::Vault(_) | AddingError::WeakPassword(_))) => {
                tracing::warn!(%error, addition.id = %addition_id, "an addition cannot go on");
                Ok(())
            }
        }
    }
}
