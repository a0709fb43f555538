//! What people get by mail, to look at before anybody gets it.

pub(crate) mod get;
pub(crate) mod list;

use serde::Serialize;
use utoipa::ToSchema;

use crate::words::{MailLanguage, MailTemplate};

/// A letter in one language, with made-up content.
#[derive(Serialize, ToSchema)]
pub(crate) struct TemplateSample {
    /// What it is about.
    template: MailTemplate,
    /// The language.
    language: MailLanguage,
    /// Its subject.
    subject: String,
}
