//! The report of a site: how available each device was over a span of days, what was wrong, disks and firmware; as data for the
//! console, as PDF and as CSV. All of them tell how downtime was counted, which the caller chooses.

pub(crate) mod csv;
pub(crate) mod disk_temperatures;
pub(crate) mod get;
mod making;
pub(crate) mod pdf;
mod query;
mod sheet;
mod view;

use siteward_domain::availability::Shares;

/// The bytes of a file.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its description is used; the bytes are sent as they come")]
pub(crate) struct ReportFile(Vec<u8>);

/// The part of the counted time that was up, in percent with three decimals, cut and never rounded up: 99.9999 is not 100.
fn percent(shares: Shares) -> Option<f64> {
    shares.availability().map(|part| (part * 100_000.0).floor() / 1000.0)
}
