//! Text messages to phones: handed over to an HTTP gateway that whoever runs the platform has set (R-E1).

use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_TYPE, InvalidHeaderValue};
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use siteward_devices::AddressPolicy;
use siteward_domain::MailId;

use crate::settings::{Hidden, Sms};
use crate::webhooks::{Receiver, SendError};

/// A gateway often stands on the same machine or in the same network; link-local and metadata addresses it never has.
const POLICY: AddressPolicy = AddressPolicy { allow_loopback: true, allow_private: true };

/// What is sent where nothing else is set.
const PLAIN_BODY: &str = r#"{"to": "{to}", "text": "{text}"}"#;
/// Tells a gateway that knows of it which message this is: one that is tried again is the same.
const MESSAGE_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Where text messages are handed over.
#[derive(Clone)]
pub struct Gateway {
    receiver: Receiver,
    content_type: HeaderValue,
    writing: Writing,
    body: SecretString,
    authorization: Option<HeaderValue>,
}

/// How values are written into a body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writing {
    Json,
    Form,
    Plain,
}

impl Writing {
    /// How a content type wants it; `None`: nobody here knows, and a name could be taken for more than a name.
    fn of(content_type: &str) -> Option<Self> {
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/x-www-form-urlencoded" => Some(Self::Form),
            "text/plain" => Some(Self::Plain),
            json if json == "application/json" || json.ends_with("+json") => Some(Self::Json),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Gateway").finish_non_exhaustive()
    }
}

impl Gateway {
    /// The one that is set; `None` where none is.
    pub fn of(settings: &Sms) -> Option<Self> {
        let url = settings.url.as_ref()?.secret();
        Some(Self {
            receiver: Receiver::parse(url.expose_secret(), POLICY).ok()?,
            content_type: HeaderValue::from_str(&settings.content_type).ok()?,
            writing: Writing::of(&settings.content_type)?,
            body: body_of(settings),
            authorization: authorization(settings).ok()?,
        })
    }

    /// Whether an address that is set is one.
    pub(crate) fn can_be_reached(settings: &Sms) -> bool {
        settings.url.as_ref().is_none_or(|url| Receiver::parse(url.secret().expose_secret(), POLICY).is_ok())
    }

    /// Whether what is sent says to whom and what, as the content type wants it.
    pub(crate) fn is_written(settings: &Sms) -> bool {
        let body = body_of(settings);
        let is_known =
            HeaderValue::from_str(&settings.content_type).is_ok() && Writing::of(&settings.content_type).is_some();
        is_known && ["{to}", "{text}"].iter().all(|gap| body.expose_secret().contains(gap))
    }

    /// Whether the gateway can be told who we are.
    pub(crate) fn is_authorized(settings: &Sms) -> bool {
        authorization(settings).is_ok()
    }

    /// Hands a message over, the same each time under its id; any status other than 2xx is a refusal.
    pub(crate) async fn send(&self, id: &MailId, to: &str, text: &str, patience: Duration) -> Result<(), SendError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, self.content_type.clone());
        headers.extend(HeaderValue::from_str(id.as_str()).ok().map(|id| (MESSAGE_KEY, id)));
        headers.extend(self.authorization.clone().map(|set| (AUTHORIZATION, set)));
        let body = filled(self.body.expose_secret(), self.writing, to, text);
        self.receiver.post(headers, body.into_bytes(), POLICY, patience).await.map(drop)
    }
}

fn authorization(settings: &Sms) -> Result<Option<HeaderValue>, InvalidHeaderValue> {
    let Some(set) = &settings.authorization else { return Ok(None) };
    let mut value = HeaderValue::from_str(set.secret().expose_secret())?;
    value.set_sensitive(true);
    Ok(Some(value))
}

fn body_of(settings: &Sms) -> SecretString {
    settings.body.as_ref().map_or_else(|| SecretString::from(PLAIN_BODY), Hidden::secret)
}

/// The body with both values in their gaps. A number has no braces, so that nothing in the text is taken for a gap.
fn filled(body: &str, writing: Writing, to: &str, text: &str) -> String {
    let written = |value: &str| match writing {
        Writing::Json => {
            let quoted = serde_json::Value::from(value).to_string();
            quoted.trim_start_matches('"').strip_suffix('"').unwrap_or_default().to_owned()
        }
        Writing::Form => form_urlencoded::byte_serialize(value.as_bytes()).collect(),
        Writing::Plain => value.to_owned(),
    };
    body.replace("{to}", &written(to)).replace("{text}", &written(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_values_are_written_as_the_body_wants_them() {
        let text = "“Villa”: a \"b\"\n1 & 2 {to}";
        let json = filled(r#"{"to": "{to}", "text": "{text}"}"#, Writing::Json, "+481", text);
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!((read["to"].as_str(), read["text"].as_str()), (Some("+481"), Some(text)));
        let form = filled("to={to}&text={text}", Writing::Form, "+481", "a&b=1 +é");
        assert_eq!(form, "to=%2B481&text=a%26b%3D1+%2B%C3%A9");
        assert_eq!(filled("{to}: {text}", Writing::Plain, "+481", "x"), "+481: x");
    }
}
