//! Pictures within a mail: the logo of the company, and QR codes of links.
//!
//! Neither stands in the outbox. A letter has a gap for the logo and names the address of a code; both are drawn when the mail is
//! handed over, so that the token of a link is in no picture that is kept, and a thousand mails do not keep a logo each.

use std::fmt::Write as _;

use siteward_domain::company::Company;
use siteward_qr::drawing;
use siteward_store::company_logos::Logo;

use super::template::escape;

/// Where the logo goes, once in each letter.
const LOGO_GAP: &str = "<!--logo-->";
/// What begins the address of a code. No value can bring one in: its quotation mark would be escaped.
const CODE_START: &str = "src=\"qr:";
/// Pixels of a module of a code, as drawn; the letter shows it smaller, so that it is sharp on every screen.
const MODULE_PIXELS: u32 = 6;
/// Logos are shown no larger than this, in pixels of the letter.
const LOGO_BOX: (u32, u32) = (220, 72);

/// A picture of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    /// What it is called within its letter.
    pub(super) name: String,
    /// The picture.
    pub(super) png: Vec<u8>,
}

/// Puts the pictures into a letter's HTML. `address` says where a picture is found.
pub(super) fn put(html: &str, logo: Option<(&Company, &Logo)>, mut address: impl FnMut(Picture) -> String) -> String {
    let mut put = String::with_capacity(html.len() + 512);
    let mut rest = html;
    if let Some((before, after)) = html.split_once(LOGO_GAP) {
        put.push_str(before);
        if let Some((company, logo)) = logo {
            let (width, height) = shown_size(logo);
            let source = address(Picture { name: "logo".to_owned(), png: logo.png.clone() });
            let alt = escape(&company.name);
            let _ = write!(put, "<p><img src=\"{source}\" alt=\"{alt}\" width=\"{width}\" height=\"{height}\"></p>");
        }
        rest = after;
    }
    let mut parts = rest.split(CODE_START);
    put.push_str(parts.next().unwrap_or_default());
    for (number, part) in parts.enumerate() {
        let (text, after) = part.split_once('"').unwrap_or((part, ""));
        // A text that is too long for a code has none; the link stands beside it.
        let source = drawing::png(&unescape(text), MODULE_PIXELS)
            .map(|png| address(Picture { name: format!("code{}", number + 1), png }))
            .unwrap_or_default();
        put += &["src=\"", &source, "\"", after].concat();
    }
    put
}

/// The size at which a logo is shown: within its box, never larger than it is.
fn shown_size(logo: &Logo) -> (u32, u32) {
    let (width, height) = (logo.width.max(1), logo.height.max(1));
    if width <= LOGO_BOX.0 && height <= LOGO_BOX.1 {
        return (width, height);
    }
    if width * LOGO_BOX.1 > height * LOGO_BOX.0 {
        (LOGO_BOX.0, (height * LOGO_BOX.0 / width).max(1))
    } else {
        ((width * LOGO_BOX.1 / height).max(1), LOGO_BOX.1)
    }
}

/// An address as it was before it was put into HTML.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use siteward_domain::CompanyId;
    use siteward_domain::company::Region;

    fn company(name: &str) -> Company {
        Company {
            id: CompanyId::parse("01890f00-0000-7000-8000-000000000001").unwrap(),
            name: name.into(),
            region: Region::parse("PL").unwrap(),
            public_url: "https://s.example".into(),
            qr_age_limit_days: None,
            app_hint: None,
            two_factor_required: false,
        }
    }

    fn logo(width: u32, height: u32) -> Logo {
        Logo { png: vec![1], width, height, updated_at: DateTime::UNIX_EPOCH }
    }

    #[test]
    fn a_code_holds_the_address_as_it_was_before_it_was_escaped() {
        let html =
            "<a href=\"x?a=1&amp;b=2\">o</a><img alt=\"c\" src=\"qr:https://s.example/x?a=1&amp;b=2\" width=\"9\">";
        let mut seen = Vec::new();
        let put = put(html, None, |picture| {
            seen.push(picture.clone());
            format!("cid:{}", picture.name)
        });
        assert_eq!(put, "<a href=\"x?a=1&amp;b=2\">o</a><img alt=\"c\" src=\"cid:code1\" width=\"9\">");
        let read = siteward_qr::picture::read(&seen[0].png, &|| true).unwrap();
        assert_eq!(read, ["https://s.example/x?a=1&b=2"]);
    }

    #[test]
    fn a_logo_is_shown_within_its_box_and_named_by_its_company() {
        let company = company("Lock \"& Sons");
        let shown = put("<main><!--logo--></main>", Some((&company, &logo(512, 512))), |_| "cid:l".into());
        assert_eq!(
            shown,
            "<main><p><img src=\"cid:l\" alt=\"Lock &quot;&amp; Sons\" width=\"72\" height=\"72\"></p></main>"
        );
        assert_eq!(put("<main><!--logo--></main>", None, |_| String::new()), "<main></main>");
        for (size, expected) in
            [((100, 50), (100, 50)), ((512, 64), (220, 27)), ((512, 1), (220, 1)), ((1, 512), (1, 72))]
        {
            assert_eq!(shown_size(&logo(size.0, size.1)), expected, "{size:?}");
        }
    }
}
