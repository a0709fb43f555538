//! `GET /ISAPI/Security/userCheck`: what the device says of the account we use.

use siteward_domain::observation::UserCheck;

use super::yes_or_no;
use crate::xml::Element;

/// The resource.
pub const PATH: &str = "/ISAPI/Security/userCheck";

/// Reads `userCheck`; `None` for another document.
pub fn read(root: &Element<'_>) -> Option<UserCheck> {
    let check = root.find("userCheck")?;
    let told = |name: &str| check.text_of(name).and_then(yes_or_no);
    Some(UserCheck { default_password: told("isDefaultPassword"), risk_password: told("isRiskPassword") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::read_any;

    #[test]
    fn what_is_told_of_the_password_is_read() {
        let text = "<userCheck><statusValue>200</statusValue><statusString>OK</statusString><isDefaultPassword>flase</isDefaultPassword>\
            <isRiskPassword>true</isRiskPassword><isActivated>true</isActivated></userCheck>";
        let check = read(&read_any(text).unwrap()).unwrap();
        assert_eq!(check, UserCheck { default_password: Some(false), risk_password: Some(true) });
    }
}
