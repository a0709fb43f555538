//! The outbox: every mail with where it stands, written in the transaction that makes it necessary.
//!
//! A mail is handed over outside of any transaction, between [`claim`] and [`mark_sent`]. A worker that dies in between
//! leaves it `sending`, and the next one hands it over again under the same Message-ID, by which receivers know it.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use siteward_domain::mail::{MailLanguage, MailState, MailTemplate};
use siteward_domain::{CompanyId, MailId};

use crate::columns::{micros, number, read, read_or_none, time, time_or_none, word};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::page::{self, Page};
use crate::schema::mails::dsl;
use crate::select::Select;
use crate::vault::{Place, SealedText};

mod attachments;

pub use attachments::{Attachment, get_attachment, list_attachments};

/// A mail to write into the outbox.
#[derive(Clone)]
pub struct NewMail {
    /// Its id.
    pub id: MailId,
    /// The company whose mail it is; `None`: the platform's own, to an end user about their account.
    pub company_id: Option<CompanyId>,
    /// The Message-ID header without its brackets.
    pub message_id: String,
    /// The address that it goes to.
    pub receiver: String,
    /// The language it is written in.
    pub language: MailLanguage,
    /// What it is about.
    pub template: MailTemplate,
    /// The subject.
    pub subject: String,
    /// The body as text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
    /// The token of the link that the mail carries, sealed for [`token_place`]; both bodies have a gap for it.
    pub sealed_token: Option<SealedText>,
    /// The hash of that token, where the link is of an invitation to a site: once it is of no use, the mail is not needed.
    pub link_hash: Option<String>,
    /// The files that go with it.
    pub attachments: Vec<Attachment>,
}

/// A mail of the outbox. No `Debug`: addresses do not belong into logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its id.
    pub id: MailId,
    /// The company whose mail it is; `None`: the platform's own, to an end user about their account.
    pub company_id: Option<CompanyId>,
    /// The Message-ID header without its brackets.
    pub message_id: String,
    /// The address that it goes to.
    pub receiver: String,
    /// The language it is written in.
    pub language: MailLanguage,
    /// What it is about.
    pub template: MailTemplate,
    /// The subject.
    pub subject: String,
    /// The body as text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it did not go at the last try: a stable code, and what the server said.
    pub error: Option<MailError>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When its state last changed.
    pub updated_at: DateTime<Utc>,
    /// When the server took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// The token of the link that it carries, until it is sent.
    pub sealed_token: Option<SealedText>,
}

/// Why a mail did not go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailError {
    /// A stable code.
    pub code: String,
    /// What the mail server said, or empty.
    pub message: String,
}

#[derive(Queryable)]
struct Row {
    id: String,
    company_id: Option<String>,
    message_id: String,
    receiver: String,
    language: String,
    template: String,
    subject: String,
    text: String,
    html: String,
    state: String,
    attempts: i32,
    error_code: Option<String>,
    error_message: Option<String>,
    created_at: i64,
    updated_at: i64,
    sent_at: Option<i64>,
    sealed_token: Option<String>,
    #[expect(dead_code, reason = "asked for within queries only")]
    link_hash: Option<String>,
    dropped_at: Option<i64>,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = diesel::sql_types::Text)]
    id: String,
}

/// Where the token of a mail stands, for the vault.
pub fn token_place<'a>(company: Option<&'a CompanyId>, id: &'a MailId) -> Place<'a> {
    let company = company.map_or("", CompanyId::as_str);
    Place { table: "mails", column: "sealed_token", row: id.as_str(), company }
}

/// Writes a mail into the outbox, waiting. Enqueue its job in the same transaction.
pub fn create_mail(conn: &mut DbConn, new: &NewMail, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::insert_into(dsl::mails)
        .values((
            (
                dsl::id.eq(new.id.as_str()),
                dsl::company_id.eq(new.company_id.as_ref().map(CompanyId::as_str)),
                dsl::message_id.eq(&new.message_id),
                dsl::receiver.eq(&new.receiver),
                dsl::language.eq(new.language.as_str()),
                dsl::template.eq(new.template.as_str()),
                dsl::subject.eq(&new.subject),
            ),
            (
                dsl::body_text.eq(&new.text),
                dsl::body_html.eq(&new.html),
                dsl::state.eq(MailState::Waiting.as_str()),
                dsl::attempts.eq(0),
                dsl::created_at.eq(micros(now)),
                dsl::updated_at.eq(micros(now)),
                dsl::sealed_token.eq(new.sealed_token.as_ref().map(SealedText::as_str)),
                dsl::link_hash.eq(new.link_hash.as_ref()),
            ),
        ))
        .execute(conn)?;
    attachments::create(conn, &new.id, &new.attachments)
}

/// Which mails are looked at.
enum Unsent<'a> {
    /// All that nobody is handing over.
    Resting,
    /// One, also where somebody who was handing it over may have died.
    One(&'a MailId),
}

/// Drops mails whose invitation cannot be answered any more or was sent anew: whoever got them would find a dead link. One that is
/// being handed over just now goes. Gives how many.
pub fn drop_unneeded(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    drop_those(conn, &Unsent::Resting, now)
}

/// Drops mails that did not go, of those that what is put behind it names.
fn dropping(now: DateTime<Utc>) -> Select {
    Select::new("UPDATE mails SET state = 'failed', sealed_token = NULL, dropped_at = ")
        .number(micros(now))
        .sql(", updated_at = ")
        .number(micros(now))
        .sql(" WHERE sent_at IS NULL AND dropped_at IS NULL")
}

fn drop_those(conn: &mut DbConn, which: &Unsent<'_>, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let drop = dropping(now).sql(" AND link_hash IS NOT NULL");
    let drop = match which {
        Unsent::Resting => drop.sql(" AND state <> 'sending'"),
        Unsent::One(id) => drop.sql(" AND id = ").text(id.as_str()),
    };
    drop.sql(
        " AND NOT EXISTS (SELECT 1 FROM handovers h WHERE h.token_hash = mails.link_hash AND h.state = 'pending'
         AND h.expires_at > ",
    )
    .number(micros(now))
    .sql(")")
    .execute(conn)
}

/// What a mail of the outbox is about; `None` where there is none of this id.
pub fn template_of(conn: &mut DbConn, id: &MailId) -> Result<Option<MailTemplate>, StoreError> {
    let stored: Option<String> =
        dsl::mails.select(dsl::template).filter(dsl::id.eq(id.as_str())).first(conn).optional()?;
    stored.map(|stored| word(MailTemplate::from_stored(&stored), "mails.template")).transpose()
}

/// Takes a mail to hand it over: it is `sending` from now on. `None` where it is gone, sent, given up, or not needed any more.
pub fn claim(conn: &mut DbConn, id: &MailId, now: DateTime<Utc>) -> Result<Option<Mail>, StoreError> {
    drop_those(conn, &Unsent::One(id), now)?;
    let unsent = [MailState::Waiting.as_str(), MailState::Sending.as_str()];
    let claimed = diesel::update(dsl::mails.filter(dsl::id.eq(id.as_str())).filter(dsl::state.eq_any(unsent)))
        .set((
            dsl::state.eq(MailState::Sending.as_str()),
            dsl::attempts.eq(dsl::attempts + 1),
            dsl::updated_at.eq(micros(now)),
        ))
        .execute(conn)?;
    if claimed == 0 {
        return Ok(None);
    }
    let row: Row = dsl::mails.filter(dsl::id.eq(id.as_str())).first(conn)?;
    mail(row).map(Some)
}

/// The server took it; its token is erased.
pub fn mark_sent(conn: &mut DbConn, id: &MailId, now: DateTime<Utc>) -> Result<(), StoreError> {
    diesel::update(dsl::mails.filter(dsl::id.eq(id.as_str())).filter(dsl::state.ne(MailState::Sent.as_str())))
        .set((
            dsl::state.eq(MailState::Sent.as_str()),
            dsl::sent_at.eq(Some(micros(now))),
            dsl::updated_at.eq(micros(now)),
            dsl::error_code.eq(None::<&str>),
            dsl::error_message.eq(None::<&str>),
            dsl::sealed_token.eq(None::<&str>),
            dsl::dropped_at.eq(None::<i64>),
        ))
        .execute(conn)?;
    Ok(())
}

/// It did not go: it waits for the next try, or (`for_good`) for a person. `error`: why, where there is something to tell.
/// One that another worker has handed over meanwhile stays sent.
pub fn mark_unsent(
    conn: &mut DbConn,
    id: &MailId,
    for_good: bool,
    error: Option<&MailError>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let state = if for_good { MailState::Failed } else { MailState::Waiting };
    let unsent = || {
        dsl::mails
            .filter(dsl::id.eq(id.as_str()))
            .filter(dsl::state.eq_any([MailState::Waiting.as_str(), MailState::Sending.as_str()]))
    };
    diesel::update(unsent()).set((dsl::state.eq(state.as_str()), dsl::updated_at.eq(micros(now)))).execute(conn)?;
    if let Some(error) = error {
        diesel::update(dsl::mails.filter(dsl::id.eq(id.as_str())).filter(dsl::state.eq(state.as_str())))
            .set((dsl::error_code.eq(Some(&error.code)), dsl::error_message.eq(Some(&error.message))))
            .execute(conn)?;
    }
    Ok(())
}

/// Puts a mail that was given up back to wait; `Stale` for any other, also one that is not needed any more. Enqueue its job in the same transaction.
pub fn send_again(conn: &mut DbConn, company: &CompanyId, id: &MailId, now: DateTime<Utc>) -> Result<Mail, StoreError> {
    drop_those(conn, &Unsent::One(id), now)?;
    let mut mail = get_mail(conn, company, id)?;
    let again =
        diesel::update(dsl::mails.filter(dsl::id.eq(id.as_str())).filter(dsl::state.eq(MailState::Failed.as_str())))
            .filter(dsl::dropped_at.is_null())
            .set((dsl::state.eq(MailState::Waiting.as_str()), dsl::updated_at.eq(micros(now))))
            .execute(conn)?;
    if again == 0 {
        return Err(StoreError::Stale);
    }
    (mail.state, mail.updated_at) = (MailState::Waiting, now);
    Ok(mail)
}

/// A mail of a company.
pub fn get_mail(conn: &mut DbConn, company: &CompanyId, id: &MailId) -> Result<Mail, StoreError> {
    let row: Row =
        dsl::mails.filter(dsl::company_id.eq(company.as_str())).filter(dsl::id.eq(id.as_str())).first(conn)?;
    mail(row)
}

/// A company's mails, newest first; `state`: only those.
pub fn list_mails(
    conn: &mut DbConn,
    company: &CompanyId,
    state: Option<MailState>,
    cursor: Option<&str>,
    limit: u32,
) -> Result<Page<Mail>, StoreError> {
    let mut query = dsl::mails.filter(dsl::company_id.eq(company.as_str().to_owned())).into_boxed();
    query = match state {
        Some(MailState::NotNeeded) => query.filter(dsl::dropped_at.is_not_null()),
        Some(state) => query.filter(dsl::state.eq(state.as_str())).filter(dsl::dropped_at.is_null()),
        None => query,
    };
    if let Some(cursor) = cursor {
        let [before] = page::decode(cursor)?;
        query = query.filter(dsl::id.lt(before));
    }
    let rows: Vec<Row> = query.order(dsl::id.desc()).limit(page::rows_to_read(limit)).load(conn)?;
    let (rows, next_cursor) = page::cut(rows, limit, |row| vec![row.id.clone()]);
    Ok(Page { items: rows.into_iter().map(mail).collect::<Result<_, _>>()?, next_cursor })
}

/// The mails that belong to no company, newest first: the platform's own.
pub fn list_of_platform(conn: &mut DbConn, limit: u32) -> Result<Vec<Mail>, StoreError> {
    let query = dsl::mails.filter(dsl::company_id.is_null()).order(dsl::id.desc()).limit(i64::from(limit));
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(mail).collect()
}

/// Mails that should go and have no job of `job_kind` keyed by their id, untouched since `before`; oldest first. Where
/// `by_mail` does not hold, only those that go to phones.
pub fn find_without_job(
    conn: &mut DbConn,
    job_kind: &str,
    by_mail: bool,
    before: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<MailId>, StoreError> {
    let templates = MailTemplate::ALL.iter().filter(|template| by_mail || template.goes_to_phone());
    let rows: Vec<IdRow> =
        Select::new("SELECT m.id FROM mails m WHERE m.state IN ('waiting', 'sending') AND m.template IN ")
            .texts(templates.map(|template| template.as_str()))
            .sql(" AND m.updated_at <= ")
            .number(micros(before))
            .sql(" AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.state <> 'dead' AND j.dedup_key = m.id AND j.kind = ")
            .text(job_kind)
            .sql(") ORDER BY m.id LIMIT ")
            .number(i64::from(limit))
            .load(conn)?;
    rows.into_iter().map(|row| read(row.id, "mails.id")).collect()
}

/// Gives a text message up that nobody took in its time; whether it was.
pub fn drop_late_text(conn: &mut DbConn, id: &MailId, minutes: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let late = dropping(now)
        .sql(" AND id = ")
        .text(id.as_str())
        .sql(" AND created_at <= ")
        .number(micros(now - Duration::minutes(minutes)))
        .execute(conn)?;
    Ok(late > 0)
}

/// Forgets the code of a text message that was given up.
pub fn forget_token(conn: &mut DbConn, id: &MailId) -> Result<(), StoreError> {
    diesel::update(dsl::mails.filter(dsl::id.eq(id.as_str())))
        .set(dsl::sealed_token.eq(None::<String>))
        .execute(conn)?;
    Ok(())
}

/// Forgets mails that were sent or found to be not needed, and text messages that were given up, before a time; gives how many.
pub fn prune_sent(conn: &mut DbConn, before: DateTime<Utc>) -> Result<usize, StoreError> {
    let sent =
        Select::new("DELETE FROM mails WHERE state = 'sent' AND sent_at < ").number(micros(before)).execute(conn)?;
    let dropped = Select::new("DELETE FROM mails WHERE dropped_at < ").number(micros(before)).execute(conn)?;
    // Nobody sends a text message again.
    let texts = MailTemplate::ALL.iter().filter(|template| template.goes_to_phone()).map(|template| template.as_str());
    let given_up = Select::new("DELETE FROM mails WHERE state = 'failed' AND template IN ")
        .texts(texts)
        .sql(" AND updated_at < ")
        .number(micros(before))
        .execute(conn)?;
    Ok(sent + dropped + given_up)
}

fn mail(row: Row) -> Result<Mail, StoreError> {
    let error = row.error_code.map(|code| MailError { code, message: row.error_message.unwrap_or_default() });
    Ok(Mail {
        id: read(row.id, "mails.id")?,
        company_id: read_or_none(row.company_id, "mails.company_id")?,
        message_id: row.message_id,
        receiver: row.receiver,
        language: word(MailLanguage::from_stored(&row.language), "mails.language")?,
        template: word(MailTemplate::from_stored(&row.template), "mails.template")?,
        subject: row.subject,
        text: row.text,
        html: row.html,
        state: match row.dropped_at {
            Some(_) => MailState::NotNeeded,
            None => word(MailState::from_stored(&row.state), "mails.state")?,
        },
        attempts: number(row.attempts, "mails.attempts")?,
        error,
        created_at: time(row.created_at)?,
        updated_at: time(row.updated_at)?,
        sent_at: time_or_none(row.sent_at)?,
        sealed_token: row.sealed_token.map(SealedText::from_stored),
    })
}

#[cfg(test)]
mod tests;
