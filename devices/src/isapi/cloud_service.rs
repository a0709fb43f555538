//! `/ISAPI/System/Network/EZVIZ`: the vendor's cloud service as the device has it.

use secrecy::SecretString;
use siteward_domain::link::BindState;

use super::{owned, yes_or_no};
use crate::xml::Element;

/// The resource.
pub const PATH: &str = "/ISAPI/System/Network/EZVIZ";
/// The root of its document.
pub(crate) const ROOT: &str = "EZVIZ";

/// What a device says of its cloud service. Three states differ: off; on without a connection; held by an account.
#[derive(Clone)]
pub struct CloudService {
    /// Whether the service is on.
    pub enabled: bool,
    /// Whether the device is connected to it now, where told.
    pub registered: Option<bool>,
    /// The server it is told to speak to.
    pub host: Option<String>,
    /// The verification code, which some firmware tells; `None` when it does not, or hides it.
    pub code: Option<SecretString>,
    /// Whether an account holds the device.
    pub bind: BindState,
}

impl std::fmt::Debug for CloudService {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { enabled, registered, bind, .. } = self;
        out.debug_struct("CloudService")
            .field("enabled", enabled)
            .field("registered", registered)
            .field("bind", bind)
            .finish_non_exhaustive()
    }
}

/// Reads `EZVIZ`; `None` for another document.
pub fn read(root: &Element<'_>) -> Option<CloudService> {
    let service = root.find(ROOT)?;
    let enabled = service.child_text("enabled").and_then(yes_or_no)?;
    let host = service.text_of("hostName").or_else(|| service.text_of("ipAddress"));
    Some(CloudService {
        enabled,
        registered: service.child_text("registerStatus").and_then(yes_or_no),
        host: owned(host),
        code: service.child_text("verificationCode").filter(|code| is_told(code)).map(SecretString::from),
        bind: match service.child_text("bindStatus").map(str::to_ascii_lowercase).as_deref() {
            Some("bind") => BindState::Bound,
            Some("unbind") => BindState::Free,
            _ => BindState::Unknown,
        },
    })
}

/// Empty, `null` and asterisks stand for a code that is not told.
fn is_told(code: &str) -> bool {
    !code.eq_ignore_ascii_case("null") && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::xml::read_any;

    fn service(inside: &str) -> CloudService {
        read(&read_any(&format!("<EZVIZ version=\"2.0\">{inside}</EZVIZ>")).unwrap()).unwrap()
    }

    #[test]
    fn a_hidden_code_is_not_told() {
        let code = |text: &str| {
            let told = service(&format!("<enabled>true</enabled><verificationCode>{text}</verificationCode>")).code;
            told.map(|code| code.expose_secret().to_owned())
        };
        assert_eq!(code("ABCxyz12"), Some("ABCxyz12".to_owned()));
        for hidden in ["", "null", "******"] {
            assert_eq!(code(hidden), None, "{hidden}");
        }
    }

    #[test]
    fn debug_output_hides_the_code() {
        let shown = service("<enabled>true</enabled><verificationCode>SECRET</verificationCode>");
        assert!(!format!("{shown:?}").contains("SECRET"));
    }

    #[test]
    fn the_states_are_told_apart() {
        let on = service(
            "<enabled>true</enabled><registerStatus>flase</registerStatus><serverAddress><hostName>x.example</hostName></serverAddress><bindStatus>bind</bindStatus>",
        );
        assert_eq!((on.enabled, on.registered, on.bind), (true, Some(false), BindState::Bound));
        assert_eq!(on.host.as_deref(), Some("x.example"));
        let bare = service("<enabled>false</enabled>");
        assert_eq!((bare.enabled, bare.registered, bare.bind), (false, None, BindState::Unknown));
    }
}
