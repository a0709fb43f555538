//! The web pages of a device: what a person sees who opens its address in a browser.
//!
//! Like the real ones they need no login themselves; what their script asks for does, and a browser then asks for it.

/// Content type and text of a page, or `None` where there is none.
pub(crate) fn find(method: &str, target: &str) -> Option<(&'static str, &'static str)> {
    if method != "GET" || target.starts_with("/ISAPI/") {
        return None;
    }
    Some(match target.split('?').next().unwrap_or_default() {
        "/" | "/index.asp" => ("text/html; charset=UTF-8", include_str!("pages/index.html")),
        "/doc/page/login.asp" | "/doc/page/main.asp" => ("text/html; charset=UTF-8", include_str!("pages/main.html")),
        "/doc/ui/main.css" => ("text/css; charset=UTF-8", include_str!("pages/main.css")),
        "/doc/script/main.js" => ("text/javascript; charset=UTF-8", include_str!("pages/main.js")),
        _ => return None,
    })
}
