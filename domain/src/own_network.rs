//! Whether the platform's own network is there (R-H5): when it is gone, no device answers and none of them is to blame.
//!
//! From the first device that does not answer while the references do not answer either, nothing is concluded from silence;
//! so there is nothing to take back when it turns out that the network is gone. References that do not answer for a period
//! although devices do are none, and are not believed for a while.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};

/// So many devices must have been asked in vain before the network is called gone.
const FEWEST_ASKED: usize = 2;
/// How long references are not believed that did not answer while devices did.
const DISTRUST: Duration = Duration::minutes(10);

/// What is known of the own network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnNetwork {
    standing: Standing,
    /// When the references first and last did not answer, without an answer of theirs in between.
    failing: Option<(DateTime<Utc>, DateTime<Utc>)>,
    distrusted_until: Option<DateTime<Utc>>,
    /// When it was last seen to be there after it was not, or may not have been.
    back_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Standing {
    #[default]
    There,
    /// Neither a device nor a reference has answered since.
    Suspected { since: DateTime<Utc>, asked: BTreeSet<u64> },
    /// Told to be gone.
    Lost { since: DateTime<Utc> },
}

/// What a device's silence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// The device does not answer.
    IsOfDevice,
    /// It means nothing: the own network may be gone.
    MeansNothing,
}

/// What is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkNews {
    /// The own network is gone since then.
    Lost(DateTime<Utc>),
    /// It is back; it was gone since then.
    Back(DateTime<Utc>),
}

impl OwnNetwork {
    /// Since when it is gone, if it is.
    pub fn lost_since(&self) -> Option<DateTime<Utc>> {
        match self.standing {
            Standing::Lost { since } => Some(since),
            _ => None,
        }
    }

    /// Whether the references are to be asked before anything is concluded from a silence at `now`.
    pub fn needs_references(&self, now: DateTime<Utc>) -> bool {
        self.distrusted_until.is_none_or(|until| until <= now)
    }

    /// A device answered a look that began at `began`. References that have not answered for a period by then are none.
    pub fn heard(&mut self, began: DateTime<Utc>, now: DateTime<Utc>, period: Duration) -> Option<NetworkNews> {
        match self.standing {
            Standing::There => None,
            Standing::Suspected { .. } => {
                // A look that began before they failed tells nothing of now.
                let (first, last) = self.failing?;
                if began > last {
                    (self.standing, self.back_at) = (Standing::There, Some(now));
                    self.distrusted_until = (now - first >= period).then_some(now + DISTRUST);
                }
                None
            }
            Standing::Lost { since } if began < since => None,
            Standing::Lost { since } => {
                (self.standing, self.back_at) = (Standing::There, Some(now));
                Some(NetworkNews::Back(since))
            }
        }
    }

    /// A device did not answer a look that began at `began`; `references`: whether any of them answers just now.
    pub fn unheard(
        &mut self,
        device: u64,
        references: bool,
        began: DateTime<Utc>,
        now: DateTime<Utc>,
        period: Duration,
    ) -> (Silence, Option<NetworkNews>) {
        if references || !self.needs_references(now) {
            let news = self.lost_since().map(NetworkNews::Back);
            if self.standing != Standing::There {
                (self.standing, self.back_at) = (Standing::There, Some(now));
            }
            self.failing = None;
            // A look that began while the network may have been gone tells nothing.
            let is_of_device = self.back_at.is_none_or(|back| began >= back);
            return (if is_of_device { Silence::IsOfDevice } else { Silence::MeansNothing }, news);
        }
        let first = self.failing.filter(|(_, last)| now - *last <= period * 2).map_or(now, |(first, _)| first);
        self.failing = Some((first, now));
        match &mut self.standing {
            Standing::There => {
                self.standing = Standing::Suspected { since: began, asked: BTreeSet::from([device]) };
                (Silence::MeansNothing, None)
            }
            Standing::Lost { .. } => (Silence::MeansNothing, None),
            Standing::Suspected { since, asked } => {
                asked.insert(device);
                let (since, enough, waited) = (*since, asked.len() >= FEWEST_ASKED, now - *since);
                if enough && waited >= period {
                    self.standing = Standing::Lost { since };
                    return (Silence::MeansNothing, Some(NetworkNews::Lost(since)));
                }
                if !enough && waited >= period * 2 {
                    // One device alone does not tell.
                    self.distrusted_until = Some(now + DISTRUST);
                    self.standing = Standing::There;
                    return (Silence::IsOfDevice, None);
                }
                (Silence::MeansNothing, None)
            }
        }
    }
}

#[cfg(test)]
mod tests;
