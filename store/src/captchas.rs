//! Captchas: what the answer must hash to, and the work that may be done instead. One use each, right or wrong.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use siteward_domain::CaptchaId;

use crate::columns::micros;
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::select::Select;

/// A captcha to keep.
#[derive(Debug, Clone)]
pub struct NewCaptcha {
    /// Its id.
    pub id: CaptchaId,
    /// The hash of the answer, salted with the id or keyed: answers are short.
    pub answer_hash: String,
    /// The challenge for the work that may be done instead.
    pub work_challenge: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// A captcha that was taken: it is gone.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Captcha {
    /// The hash of the answer.
    #[diesel(sql_type = Text)]
    pub answer_hash: String,
    /// The challenge for the work.
    #[diesel(sql_type = Text)]
    pub work_challenge: String,
}

/// Keeps a captcha.
pub fn create(conn: &mut DbConn, new: &NewCaptcha) -> Result<(), StoreError> {
    Select::new("INSERT INTO captchas (id, answer_hash, work_challenge, expires_at) VALUES (")
        .text(new.id.as_str())
        .sql(", ")
        .text(new.answer_hash.as_str())
        .sql(", ")
        .text(new.work_challenge.as_str())
        .sql(", ")
        .number(micros(new.expires_at))
        .sql(")")
        .execute(conn)?;
    Ok(())
}

/// Takes a captcha, once: of any number who take it at the same instant one gets it. `None`: it is gone or too old.
pub fn take(conn: &mut DbConn, id: &CaptchaId, now: DateTime<Utc>) -> Result<Option<Captcha>, StoreError> {
    let rows: Vec<Captcha> = Select::new("DELETE FROM captchas WHERE id = ")
        .text(id.as_str())
        .sql(" AND expires_at > ")
        .number(micros(now))
        .sql(" RETURNING answer_hash, work_challenge")
        .load(conn)?;
    Ok(rows.into_iter().next())
}

/// Forgets captchas that nobody took in time; gives how many.
pub fn prune(conn: &mut DbConn, now: DateTime<Utc>) -> Result<usize, StoreError> {
    Select::new("DELETE FROM captchas WHERE expires_at <= ").number(micros(now)).execute(conn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, count_rows, on_both};

    #[test]
    fn a_captcha_is_taken_once_and_not_after_its_time() {
        on_both(|store| {
            let make = |seconds| {
                let new = NewCaptcha {
                    id: CaptchaId::generate(at(0)),
                    answer_hash: "h".into(),
                    work_challenge: "w".into(),
                    expires_at: at(seconds),
                };
                store.write(|conn| create(conn, &new)).unwrap();
                new.id
            };
            let id = make(300);
            let take = |id: &CaptchaId, seconds| store.write(|conn| take(conn, id, at(seconds))).unwrap();
            let taken: Vec<_> = std::thread::scope(|threads| {
                let handles: Vec<_> = (0..4).map(|_| threads.spawn(|| take(&id, 299))).collect();
                handles.into_iter().map(|handle| handle.join().unwrap()).collect()
            });
            assert_eq!(taken.iter().flatten().count(), 1);
            assert_eq!(taken.into_iter().flatten().next().unwrap().work_challenge, "w");
            assert_eq!(take(&make(300), 300), None);
            assert_eq!(store.write(|conn| prune(conn, at(300))).unwrap(), 1);
            assert_eq!(store.read(|conn| count_rows(conn, "captchas")).unwrap(), 0);
        });
    }
}
