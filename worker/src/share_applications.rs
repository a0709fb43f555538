//! Mails about who scanned an owner's code: the owner is told of them, and they of the owner's answer.

use chrono::{DateTime, Utc};
use siteward_domain::share::AnswerState;
use siteward_store::share_applications::ShareApplication;
use siteward_store::{DbConn, StoreError};

use crate::mail::{self, Answered, ShareAnswered, ShareApplied, address_from_platform};

/// Tells the owner that somebody applied.
pub fn tell_applied(conn: &mut DbConn, application: &ShareApplication, now: DateTime<Utc>) -> Result<(), StoreError> {
    let url = mail::public_url(conn)?;
    let told = ShareApplied {
        name: &application.giver_name,
        who: &application.applicant_name,
        site: &application.site_name,
        label: &application.label,
        url: &url,
    };
    let letter = told.letter(application.giver_language);
    mail::enqueue(conn, &address_from_platform(&url, &application.giver_email, letter, now), now)
}

/// Tells whoever applied what the owner answered; nothing where they did not.
pub fn tell_answered(conn: &mut DbConn, application: &ShareApplication, now: DateTime<Utc>) -> Result<(), StoreError> {
    let accepted = match application.state {
        AnswerState::Accepted => true,
        AnswerState::Refused => false,
        AnswerState::Pending | AnswerState::Withdrawn | AnswerState::Void => return Ok(()),
    };
    let url = mail::public_url(conn)?;
    let told = ShareAnswered {
        what: Answered::Application,
        accepted,
        name: &application.applicant_name,
        who: &application.giver_name,
        site: &application.site_name,
        url: &url,
    };
    let letter = told.letter(application.applicant_language);
    mail::enqueue(conn, &address_from_platform(&url, &application.applicant_email, letter, now), now)
}
