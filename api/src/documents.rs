//! Documents that leave the platform as files: PDF and CSV. What they tell is put together elsewhere; here is how they are drawn.
//!
//! A PDF is made in two steps. [`Writer`] lays headings, paragraphs, tables and charts out on pages and keeps what belongs to
//! what; then everything is drawn, when the number of pages is known. The result is tagged (PDF/UA-1), so that a screen reader finds
//! headings and table cells in it, and its fonts, which have Cyrillic letters, are embedded.

mod chart;
mod csv;
mod download;
mod drawing;
mod font;
mod layout;
mod lettering;
mod table;
mod texts;

pub(crate) use chart::{Bar, Chart, Series};
pub(crate) use csv::Csv;
pub(crate) use download::{attachment, file};
pub(crate) use layout::Writer;
pub(crate) use lettering::{broken, drawn};
pub(crate) use table::{Cell, Column};
pub(crate) use texts::Texts;

use chrono::{DateTime, FixedOffset};

/// What a document is and what stands on each of its pages.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// Its title.
    pub(crate) title: String,
    /// Whose document it is.
    pub(crate) company: String,
    /// What it is about, in a line.
    pub(crate) subject: String,
    /// Its language, as HTML names it.
    pub(crate) language: &'static str,
    /// When it was made, in the time of the place it is about.
    pub(crate) made_at: DateTime<FixedOffset>,
    /// What stands at the foot of a page before its number, e.g. the time it was made.
    pub(crate) foot: String,
    /// "Page {{page}} of {{pages}}", with these names.
    pub(crate) page: &'static str,
    /// What to call a table that goes on from the page before, e.g. "continued".
    pub(crate) continued: &'static str,
}

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DocumentError {
    /// A font that ships with the platform is not readable.
    #[error("a font cannot be read")]
    Font,
    /// The PDF does not hold what it has to.
    #[error("the PDF was refused: {0}")]
    Refused(String),
}
