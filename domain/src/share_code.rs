//! QR codes that owners share with: how long and for how many each is good (R-E5), and the QR that shows who somebody is (R-E6).

use chrono::{DateTime, Utc};

use crate::share::{MOST_CODE_DAYS, MOST_RECEIVERS, PASSWORD_CHARACTERS, ShareCodeKind};

/// Whether somebody may still apply with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeStanding {
    /// They may.
    Open,
    /// Its time is over.
    Expired,
    /// Its giver revoked it, or has not to do with the site any more.
    Ended,
    /// As many have applied as may.
    Full,
}

/// What of a code decides whether somebody may still apply with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeTerms {
    /// Until when it is good; at that instant it is not any more.
    pub expires_at: DateTime<Utc>,
    /// When it was revoked.
    pub ended_at: Option<DateTime<Utc>>,
    /// For how many it is; `None`: for as many as a channel may be shared with.
    pub most_receivers: Option<u32>,
    /// Applications that wait or were accepted.
    pub taken: u32,
}

impl CodeTerms {
    /// Where it stands at `now`.
    pub fn standing(&self, now: DateTime<Utc>) -> CodeStanding {
        if self.ended_at.is_some() {
            CodeStanding::Ended
        } else if now >= self.expires_at {
            CodeStanding::Expired
        } else if self.taken >= places(self.most_receivers) {
            CodeStanding::Full
        } else {
            CodeStanding::Open
        }
    }
}

/// How many a code has room for.
pub fn places(most_receivers: Option<u32>) -> u32 {
    most_receivers.unwrap_or_else(|| u32::try_from(MOST_RECEIVERS).unwrap_or(u32::MAX))
}

/// What somebody wants of a code besides what is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedTerms {
    /// How long it lasts.
    pub kind: ShareCodeKind,
    /// How many characters its password has; `None`: it has none.
    pub password: Option<usize>,
    /// For how many days.
    pub days: Option<u32>,
    /// For how many receivers.
    pub most_receivers: Option<u32>,
}

impl AskedTerms {
    /// The field that cannot be so: a temporary code has none of them, a long-term one each.
    pub fn check(&self) -> Result<(), &'static str> {
        let receivers = 1..=places(None);
        let (password, days, most) = match self.kind {
            ShareCodeKind::Temporary => (self.password.is_none(), self.days.is_none(), self.most_receivers.is_none()),
            ShareCodeKind::LongTerm => (
                self.password.is_some_and(|characters| PASSWORD_CHARACTERS.contains(&characters)),
                self.days.is_some_and(|days| (1..=MOST_CODE_DAYS).contains(&days)),
                self.most_receivers.is_some_and(|most| receivers.contains(&most)),
            ),
        };
        match (password, days, most) {
            (false, ..) => Err("password"),
            (_, false, _) => Err("days"),
            (.., false) => Err("most_receivers"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_code_is_good_until_its_instant_for_so_many_and_until_it_is_revoked() {
        let code = CodeTerms { expires_at: at(300), ended_at: None, most_receivers: Some(2), taken: 1 };
        assert_eq!(code.standing(at(299)), CodeStanding::Open);
        assert_eq!(code.standing(at(300)), CodeStanding::Expired);
        assert_eq!(CodeTerms { taken: 2, ..code }.standing(at(299)), CodeStanding::Full);
        assert_eq!(CodeTerms { ended_at: Some(at(1)), taken: 2, ..code }.standing(at(300)), CodeStanding::Ended);
        let temporary = CodeTerms { most_receivers: None, taken: 63, ..code };
        assert_eq!(temporary.standing(at(0)), CodeStanding::Open);
        assert_eq!(CodeTerms { taken: 64, ..temporary }.standing(at(0)), CodeStanding::Full);
    }

    #[test]
    fn a_long_term_code_needs_what_a_temporary_one_has_not() {
        let temporary = AskedTerms { kind: ShareCodeKind::Temporary, password: None, days: None, most_receivers: None };
        assert_eq!(temporary.check(), Ok(()));
        assert_eq!(AskedTerms { password: Some(8), ..temporary }.check(), Err("password"));
        assert_eq!(AskedTerms { days: Some(1), ..temporary }.check(), Err("days"));
        assert_eq!(AskedTerms { most_receivers: Some(1), ..temporary }.check(), Err("most_receivers"));
        let long =
            AskedTerms { kind: ShareCodeKind::LongTerm, password: Some(6), days: Some(365), most_receivers: Some(64) };
        assert_eq!(long.check(), Ok(()));
        assert_eq!(AskedTerms { password: Some(5), ..long }.check(), Err("password"));
        assert_eq!(AskedTerms { password: None, ..long }.check(), Err("password"));
        assert_eq!(AskedTerms { days: Some(366), ..long }.check(), Err("days"));
        assert_eq!(AskedTerms { days: Some(0), ..long }.check(), Err("days"));
        assert_eq!(AskedTerms { most_receivers: Some(65), ..long }.check(), Err("most_receivers"));
        assert_eq!(AskedTerms { most_receivers: None, ..long }.check(), Err("most_receivers"));
    }
}
