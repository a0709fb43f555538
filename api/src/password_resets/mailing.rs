//! The mail with the link, where there is an account to send one to.

use chrono::Duration;
use secrecy::SecretString;
use siteward_domain::panel_accounts::PersonKind;
use siteward_store::end_user_operations::{self, NewEndUserOperation};
use siteward_store::mail_paces::{self, Pace};
use siteward_store::operations::{self, NewOperation};
use siteward_store::{DbConn, StoreError, Vault, companies, end_users, password_resets, staff};
use siteward_worker::mail::{self, EndUserNews, EndUserTold, PasswordReset};

use super::GOOD_MINUTES;
use crate::access::token;
use crate::platform::Platform;
use crate::session::guessing::{Door, account_key};

/// Mails an hour for one address (R-S2 says the same of invitations).
const MOST_AN_HOUR: usize = 3;

/// Mails a link. Nobody waits for it, so that what goes wrong is told to the log only.
pub(super) async fn mail_link(platform: &Platform, kind: PersonKind, email: String, from_address: String) {
    let asked = email.clone();
    let known = platform.read(move |conn| is_known(conn, kind, &asked)).await;
    let mailed = match known {
        Ok(true) => {
            let token = token::new_token();
            let (store, now) = (platform.store.clone(), platform.clock.now());
            let write = move |conn: &mut DbConn| match kind {
                PersonKind::Staff => write_mail(conn, store.vault(), &email, &token, &from_address, now),
                PersonKind::EndUser => write_my_mail(conn, store.vault(), &email, &token, &from_address, now),
            };
            platform.write(write).await
        }
        Ok(false) => return,
        Err(error) => Err(error),
    };
    match mailed {
        Ok(true) => (platform.wake_worker)(),
        Ok(false) => tracing::info!("no link to a new password was mailed: there were enough for this hour"),
        Err(error) => {
            tracing::error!(code = error.code(), cause = error.cause(), "a link to a new password was not mailed");
        }
    }
}

fn is_known(conn: &mut DbConn, kind: PersonKind, email: &str) -> Result<bool, StoreError> {
    Ok(match kind {
        PersonKind::Staff => staff::find_by_email(conn, email)?.is_some_and(|account| !account.disabled),
        PersonKind::EndUser => end_users::find_by_email(conn, email)?.is_some(),
    })
}

fn write_my_mail(
    conn: &mut DbConn,
    vault: &Vault,
    email: &str,
    token: &str,
    from_address: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<bool, StoreError> {
    let Some(account) = end_users::find_by_email(conn, email)? else { return Ok(false) };
    let pace = Pace { purpose: "password_reset", subject: account_key(Door::EndUser, email), most: MOST_AN_HOUR };
    if mail_paces::take_turn(conn, &[pace], now)?.is_some() {
        return Ok(false);
    }
    let expires_at = now + Duration::minutes(GOOD_MINUTES);
    password_resets::create_reset(conn, &token::hash(token), &account.id, now, expires_at)?;
    let url = mail::public_url(conn)?;
    let told = EndUserTold { news: EndUserNews::PasswordReset, name: &account.name, url: &url };
    let (letter, token) = (told.letter(account.language), SecretString::from(token));
    let mail = mail::address_from_platform_with_token(vault, &url, &account.email, letter, &token, now)?;
    mail::enqueue(conn, &mail, now)?;
    let operation = NewEndUserOperation {
        end_user_id: account.id.clone(),
        action: "POST /my/password_resets".to_owned(),
        object_kind: "end_user".to_owned(),
        object_id: account.id.to_string(),
        object_name: account.name,
        from_address: from_address.to_owned(),
        result: "ok".to_owned(),
        at: now,
    };
    end_user_operations::append(conn, &operation)?;
    Ok(true)
}

fn write_mail(
    conn: &mut DbConn,
    vault: &Vault,
    email: &str,
    token: &str,
    from_address: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<bool, StoreError> {
    let Some(account) = staff::find_by_email(conn, email)?.filter(|account| !account.disabled) else {
        return Ok(false);
    };
    let pace = Pace { purpose: "password_reset", subject: account_key(Door::Staff, email), most: MOST_AN_HOUR };
    if mail_paces::take_turn(conn, &[pace], now)?.is_some() {
        return Ok(false);
    }
    let expires_at = now + Duration::minutes(GOOD_MINUTES);
    password_resets::create_reset(conn, &token::hash(token), &account.id, now, expires_at)?;
    let company = companies::find_company(conn, &account.company_id)?.ok_or(StoreError::NotFound)?;
    let told = PasswordReset { company: &company.name, name: &account.name, url: &company.public_url };
    let (letter, token) = (told.letter(account.language), SecretString::from(token));
    let mail = mail::address_with_token(vault, &company, &account.email, letter, &token, now)?;
    mail::enqueue(conn, &mail, now)?;
    // Who asked is not known: anybody may, so that the row has nobody's name.
    let operation = NewOperation {
        company_id: account.company_id,
        staff_id: None,
        action: "POST /password_resets".to_owned(),
        object_kind: "staff".to_owned(),
        object_id: account.id.to_string(),
        object_name: account.name,
        from_address: from_address.to_owned(),
        result: "ok".to_owned(),
        at: now,
    };
    operations::append(conn, &operation)?;
    Ok(true)
}
