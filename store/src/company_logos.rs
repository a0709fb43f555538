//! Logos of companies, as customers see them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use siteward_domain::CompanyId;

use crate::columns::{micros, number, time};
use crate::connection::DbConn;
use crate::error::StoreError;
use crate::schema::company_logos::dsl;

/// Most pixels of a side.
pub const MOST_PIXELS: u32 = 512;

/// A logo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// The picture, a PNG that we drew.
    pub png: Vec<u8>,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// When it was put.
    pub updated_at: DateTime<Utc>,
}

type Row = (Vec<u8>, i32, i32, i64);

/// Puts a company's logo in the place of the one before.
pub fn put_logo(conn: &mut DbConn, company: &CompanyId, logo: &Logo) -> Result<(), StoreError> {
    let pixels = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
    delete_logo(conn, company)?;
    diesel::insert_into(dsl::company_logos)
        .values((
            dsl::company_id.eq(company.as_str()),
            dsl::png.eq(&logo.png),
            dsl::width.eq(pixels(logo.width)),
            dsl::height.eq(pixels(logo.height)),
            dsl::updated_at.eq(micros(logo.updated_at)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Takes a company's logo away; says whether there was one.
pub fn delete_logo(conn: &mut DbConn, company: &CompanyId) -> Result<bool, StoreError> {
    Ok(diesel::delete(dsl::company_logos.filter(dsl::company_id.eq(company.as_str()))).execute(conn)? > 0)
}

/// A company's logo.
pub fn find_logo(conn: &mut DbConn, company: &CompanyId) -> Result<Option<Logo>, StoreError> {
    let row: Option<Row> = dsl::company_logos
        .select((dsl::png, dsl::width, dsl::height, dsl::updated_at))
        .filter(dsl::company_id.eq(company.as_str()))
        .first(conn)
        .optional()?;
    row.map(|(png, width, height, updated_at)| {
        Ok(Logo {
            png,
            width: number(width, "company_logos.width")?,
            height: number(height, "company_logos.height")?,
            updated_at: time(updated_at)?,
        })
    })
    .transpose()
}

/// When a company's logo was put, where it has one: what tells one logo from the next.
pub fn logo_version(conn: &mut DbConn, company: &CompanyId) -> Result<Option<DateTime<Utc>>, StoreError> {
    let at: Option<i64> = dsl::company_logos
        .select(dsl::updated_at)
        .filter(dsl::company_id.eq(company.as_str()))
        .first(conn)
        .optional()?;
    at.map(time).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, company, on_both};

    fn logo(byte: u8, seconds: i64) -> Logo {
        Logo { png: vec![byte, 0, 255], width: 512, height: 90, updated_at: at(seconds) }
    }

    #[test]
    fn a_logo_is_put_replaced_and_taken_away() {
        on_both(|store| {
            let company = company(store);
            let find = || store.read(|conn| find_logo(conn, &company)).unwrap();
            assert_eq!(find(), None);
            for put in [logo(1, 1), logo(2, 2)] {
                store.write(|conn| put_logo(conn, &company, &put)).unwrap();
                assert_eq!(find(), Some(put));
            }
            assert_eq!(store.read(|conn| logo_version(conn, &company)).unwrap(), Some(at(2)));
            assert!(store.write(|conn| delete_logo(conn, &company)).unwrap());
            assert!(!store.write(|conn| delete_logo(conn, &company)).unwrap());
            assert_eq!(find(), None);
        });
    }
}
