//! One conversation with the mail server, and what went wrong in it, as exactly as the server lets us know.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret as _;
use siteward_devices::{AddressPolicy, AddressRefused};
use siteward_domain::mail::SmtpSecurity;
use siteward_domain::text::told_line;
use tokio::net::TcpStream;

use super::bounded::Bounded;
use super::server::Server;

/// A mail server often stands on the same machine or in the same network; link-local and metadata addresses it never has.
const POLICY: AddressPolicy = AddressPolicy { allow_loopback: true, allow_private: true };
/// Most bytes that a server says in one conversation, TLS included.
const MOST_SAID: usize = 256 * 1024;
/// Most characters kept of what a server said.
const MOST_KEPT: usize = 300;
/// How long a goodbye may take: the mail has been taken by then.
const GOODBYE: Duration = Duration::from_secs(1);

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}")]
pub struct SendError {
    /// A stable code.
    pub code: &'static str,
    /// What the server said, in its words, without the password; or empty.
    pub said: String,
    /// Whether trying again by itself makes sense.
    pub again: bool,
}

impl SendError {
    pub(super) fn later(code: &'static str) -> Self {
        Self { code, said: String::new(), again: true }
    }

    pub(super) fn for_good(code: &'static str) -> Self {
        Self { code, said: String::new(), again: false }
    }
}

/// The part of the conversation in which something went wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Greeting,
    Tls,
    Login,
    Mail,
}

/// Hands a message over within `patience`. `hello`: the host by which we are known.
pub(super) async fn send(server: &Server, message: &Message, hello: &str, patience: Duration) -> Result<(), SendError> {
    let mut connection = tokio::time::timeout(patience, hand_over(server, message, hello))
        .await
        .unwrap_or_else(|_| Err(SendError::later("smtp_timeout")))?;
    // Whatever comes now, the mail has been taken.
    let _ = tokio::time::timeout(GOODBYE, connection.quit()).await;
    Ok(())
}

async fn hand_over(server: &Server, message: &Message, hello: &str) -> Result<AsyncSmtpConnection, SendError> {
    let hello = ClientId::Domain(hello.to_owned());
    let failed = |stage| move |error: Error| explain(stage, &error, server);
    let address = POLICY.resolve(&server.host, server.port).await.map_err(|refused| match refused {
        AddressRefused::NotResolved => SendError::later("smtp_not_resolved"),
        _ => SendError::later("smtp_address_refused"),
    })?;
    let stream = TcpStream::connect(address).await.map_err(|error| SendError {
        said: told_line(&error.to_string(), MOST_KEPT),
        ..SendError::later("smtp_unreachable")
    })?;
    let mut connection = if server.security == SmtpSecurity::Implicit {
        let (connector, name) = server.connector()?;
        let stream = connector.connect(name, stream).await.map_err(|error| SendError {
            said: told_line(&error.to_string(), MOST_KEPT),
            ..SendError::later("smtp_tls_failed")
        })?;
        let stream = Box::new(Bounded::new(stream, address, MOST_SAID));
        AsyncSmtpConnection::connect_with_transport(stream, &hello).await.map_err(failed(Stage::Greeting))?
    } else {
        let stream = Box::new(Bounded::new(stream, address, MOST_SAID));
        AsyncSmtpConnection::connect_with_transport(stream, &hello).await.map_err(failed(Stage::Greeting))?
    };
    if server.security == SmtpSecurity::Starttls {
        // Somebody in between may have taken the offer away: nothing is said in the open then.
        if !connection.can_starttls() {
            return Err(SendError::later("smtp_no_starttls"));
        }
        connection.starttls(server.upgrade()?, &hello).await.map_err(failed(Stage::Tls))?;
    }
    if let Some((user, password)) = &server.login {
        let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
        connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await.map_err(failed(Stage::Login))?;
    }
    connection.send(message.envelope(), &message.formatted()).await.map_err(failed(Stage::Mail))?;
    Ok(connection)
}

fn explain(stage: Stage, error: &Error, server: &Server) -> SendError {
    let (code, again) = if error.is_transient() {
        ("smtp_busy", true)
    } else if error.is_permanent() {
        match stage {
            Stage::Greeting => ("smtp_refused", true),
            Stage::Tls => ("smtp_tls_failed", true),
            Stage::Login => ("smtp_login_refused", true),
            Stage::Mail => ("smtp_refused", false),
        }
    } else if error.is_client() {
        match stage {
            Stage::Login => ("smtp_login_unsupported", true),
            // It asks for SMTPUTF8 or 8BITMIME, which the server does not offer.
            Stage::Mail => ("mail_unsendable", false),
            Stage::Greeting | Stage::Tls => ("smtp_broken_off", true),
        }
    } else if stage == Stage::Tls || error.is_tls() {
        ("smtp_tls_failed", true)
    } else {
        ("smtp_broken_off", true)
    };
    SendError { code, said: said(error, server), again }
}

/// What the server said, with the code in front, in one line and without the password.
fn said(error: &Error, server: &Server) -> String {
    let text = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let mut text = match error.status() {
        Some(status) => format!("{status} {}", text.replace(['\r', '\n'], " ")),
        None => text,
    };
    if let Some((user, password)) = &server.login {
        let password = password.expose_secret();
        let pair = STANDARD.encode(format!("\0{user}\0{password}"));
        for secret in [pair.as_str(), &STANDARD.encode(password), password] {
            if !secret.is_empty() {
                text = text.replace(secret, "…");
            }
        }
    }
    told_line(&text, MOST_KEPT)
}
