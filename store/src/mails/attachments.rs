//! Files that go with mails. They are forgotten with their mail.

use diesel::prelude::*;
use siteward_domain::{CompanyId, MailId};

use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::mail_attachments::dsl;

/// Most files of a mail.
const MOST: i64 = 16;

/// A file that goes with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// What it is called.
    pub file_name: String,
    /// What it is, as HTTP and mail name it.
    pub content_type: String,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// Writes the files of a mail, in this order.
pub(super) fn create(conn: &mut DbConn, mail: &MailId, files: &[Attachment]) -> Result<(), StoreError> {
    for (n, file) in (0_i32..).zip(files) {
        diesel::insert_into(dsl::mail_attachments)
            .values((
                dsl::mail_id.eq(mail.as_str()),
                dsl::n.eq(n),
                dsl::file_name.eq(&file.file_name),
                dsl::content_type.eq(&file.content_type),
                dsl::body.eq(&file.body),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The files of a mail, in their order.
pub fn list_attachments(conn: &mut DbConn, mail: &MailId) -> Result<Vec<Attachment>, StoreError> {
    let rows: Vec<(String, String, Vec<u8>)> = dsl::mail_attachments
        .select((dsl::file_name, dsl::content_type, dsl::body))
        .filter(dsl::mail_id.eq(mail.as_str()))
        .order(dsl::n)
        .limit(MOST)
        .load(conn)?;
    let file = |(file_name, content_type, body)| Attachment { file_name, content_type, body };
    Ok(rows.into_iter().map(file).collect())
}

/// One file of a mail of a company, by its place.
pub fn get_attachment(conn: &mut DbConn, company: &CompanyId, mail: &MailId, n: u32) -> Result<Attachment, StoreError> {
    super::get_mail(conn, company, mail)?;
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    list_attachments(conn, mail)?.into_iter().nth(n).ok_or(StoreError::NotFound)
}
