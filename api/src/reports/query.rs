//! What is asked of a report: which days, and how downtime is counted.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use siteward_domain::availability::{Counting, local_date};
use siteward_domain::report::MOST_DAYS;
use utoipa::{IntoParams, ToSchema};

use crate::error::ApiError;
use crate::page;
use crate::words::{MailLanguage, WhileLost, WhileMaintained};

/// Days of a report unless told otherwise: up to today.
const USUAL_DAYS: u64 = 30;

/// Which days, and how downtime is counted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportQuery {
    /// The first day, by the clock of the site; 30 days before the last unless told.
    from: Option<NaiveDate>,
    /// The last day; today unless told, and never after it. A report tells of at most 366 days.
    to: Option<NaiveDate>,
    /// What time means in which the platform's own network was lost; `excluded` unless told.
    own_network: Option<WhileLost>,
    /// What time means in which the link of a device was down; `excluded` unless told.
    links: Option<WhileLost>,
    /// What time within a maintenance window means; `excluded` unless told.
    maintenance: Option<WhileMaintained>,
    /// The language of a PDF; English unless told.
    language: Option<MailLanguage>,
    /// The table of a CSV; `devices` unless told.
    table: Option<ReportTable>,
}

/// A table of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReportTable {
    /// Availability and firmware of each device.
    Devices,
    /// Availability of the site by day.
    Days,
    /// What was wrong.
    Exceptions,
    /// Disks as they are now.
    Disks,
}

impl ReportTable {
    /// As it is asked for.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Devices => "devices",
            Self::Days => "days",
            Self::Exceptions => "exceptions",
            Self::Disks => "disks",
        }
    }
}

impl ReportQuery {
    /// The first and last day at a place.
    pub(super) fn dates(&self, zone: Tz, now: DateTime<Utc>) -> Result<(NaiveDate, NaiveDate), ApiError> {
        let today = local_date(now, zone);
        let to = self.to.unwrap_or(today).min(today);
        let from = match self.from {
            Some(from) => from,
            None => to.checked_sub_days(Days::new(USUAL_DAYS - 1)).ok_or_else(|| page::bad("to"))?,
        };
        if from > to || from < NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default() {
            return Err(page::bad("from"));
        }
        if (to - from).num_days() >= MOST_DAYS {
            return Err(page::bad("to"));
        }
        Ok((from, to))
    }

    /// How downtime is counted.
    pub(super) fn counting(&self) -> Counting {
        let usual = Counting::default();
        Counting {
            own_network: self.own_network.map_or(usual.own_network, |word| word.0),
            links: self.links.map_or(usual.links, |word| word.0),
            maintenance: self.maintenance.map_or(usual.maintenance, |word| word.0),
        }
    }

    /// The language of a document.
    pub(super) fn language(&self) -> siteward_domain::mail::MailLanguage {
        self.language.map_or(siteward_domain::mail::MailLanguage::En, |word| word.0)
    }

    /// The table of a CSV.
    pub(super) fn table(&self) -> ReportTable {
        self.table.unwrap_or(ReportTable::Devices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(from: Option<&str>, to: Option<&str>) -> ReportQuery {
        let date = |text: &str| text.parse().unwrap();
        ReportQuery {
            from: from.map(date),
            to: to.map(date),
            own_network: None,
            links: None,
            maintenance: None,
            language: None,
            table: None,
        }
    }

    #[test]
    fn a_report_is_of_the_last_thirty_days_unless_told_and_never_of_the_future() {
        let now: DateTime<Utc> = "2026-05-31T23:30:00Z".parse().unwrap();
        let zone = chrono_tz::Europe::Warsaw;
        let dates = |from, to| query(from, to).dates(zone, now).ok().map(|(from, to)| format!("{from} {to}"));
        assert_eq!(dates(None, None).as_deref(), Some("2026-05-03 2026-06-01"), "it is June there");
        assert_eq!(dates(Some("2026-05-01"), Some("2027-01-01")).as_deref(), Some("2026-05-01 2026-06-01"));
        assert_eq!(dates(Some("2025-06-01"), None).as_deref(), Some("2025-06-01 2026-06-01"));
        for (from, to) in [("2025-05-31", "2026-06-01"), ("2026-05-02", "2026-05-01"), ("1999-12-31", "2000-01-02")] {
            assert_eq!(dates(Some(from), Some(to)), None, "{from} to {to}");
        }
    }
}
