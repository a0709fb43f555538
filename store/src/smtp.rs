//! The mail server of this installation: its settings as the Admin gave them, the password sealed.

use serde::{Deserialize, Serialize};
use siteward_domain::mail::{MailLanguage, SmtpSecurity};

use crate::connection::DbConn;
use crate::error::StoreError;
use crate::settings;
use crate::vault::{Place, SealedText};

const KEY: &str = "smtp";

/// How mails are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// The server: a name or an address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from others.
    pub security: SmtpSecurity,
    /// The user name, where the server wants a login.
    pub user_name: Option<String>,
    /// The password to it.
    pub sealed_password: Option<SealedText>,
    /// Certificate, PEM, of the authority that the server's certificate is from, where browsers do not know it.
    pub authority: Option<String>,
    /// The name that mails come from.
    pub sender_name: String,
    /// The address that mails come from.
    pub sender_address: String,
    /// The language that mails are written in.
    pub language: MailLanguage,
    /// The server refused this login: it is not tried again until a person changes it or asks.
    pub login_refused: bool,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    host: String,
    port: u16,
    security: SmtpSecurity,
    user_name: Option<String>,
    sealed_password: Option<String>,
    authority: Option<String>,
    sender_name: String,
    sender_address: String,
    language: MailLanguage,
    #[serde(default)]
    login_refused: bool,
}

/// Where the password stands, for the vault.
pub fn password_place() -> Place<'static> {
    Place { table: "settings", column: "value", row: KEY, company: "" }
}

/// The settings, once somebody gave them.
pub fn find_smtp(conn: &mut DbConn) -> Result<Option<SmtpSettings>, StoreError> {
    let Some(text) = settings::find(conn, KEY)? else { return Ok(None) };
    let stored: Stored =
        serde_json::from_str(&text).map_err(|_| StoreError::Unreadable { column: "settings.value of smtp" })?;
    Ok(Some(SmtpSettings {
        host: stored.host,
        port: stored.port,
        security: stored.security,
        user_name: stored.user_name,
        sealed_password: stored.sealed_password.map(SealedText::from_stored),
        authority: stored.authority,
        sender_name: stored.sender_name,
        sender_address: stored.sender_address,
        language: stored.language,
        login_refused: stored.login_refused,
    }))
}

/// Gives or replaces the settings.
pub fn put_smtp(conn: &mut DbConn, new: &SmtpSettings) -> Result<(), StoreError> {
    let stored = Stored {
        host: new.host.clone(),
        port: new.port,
        security: new.security,
        user_name: new.user_name.clone(),
        sealed_password: new.sealed_password.as_ref().map(|sealed| sealed.as_str().to_owned()),
        authority: new.authority.clone(),
        sender_name: new.sender_name.clone(),
        sender_address: new.sender_address.clone(),
        language: new.language,
        login_refused: new.login_refused,
    };
    let text =
        serde_json::to_string(&stored).map_err(|_| StoreError::Unreadable { column: "settings.value of smtp" })?;
    settings::put(conn, KEY, &text)
}

/// Notes whether the server refused the login of these settings, if they are still the ones in use.
pub fn note_login(conn: &mut DbConn, tried: &SmtpSettings, refused: bool) -> Result<(), StoreError> {
    let Some(mut now) = find_smtp(conn)? else { return Ok(()) };
    let login = |settings: &SmtpSettings| {
        (settings.host.clone(), settings.port, settings.user_name.clone(), settings.sealed_password.clone())
    };
    if login(&now) == login(tried) && now.login_refused != refused {
        now.login_refused = refused;
        put_smtp(conn, &now)?;
    }
    Ok(())
}

/// Takes the settings away: mails wait in the outbox from then on.
pub fn delete_smtp(conn: &mut DbConn) -> Result<(), StoreError> {
    settings::delete(conn, KEY)
}
