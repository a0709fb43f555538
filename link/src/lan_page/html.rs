//! How the page looks: the code in large digits, a QR of where it is entered, and one sentence of what it is for.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use super::language::Language;

struct Texts {
    tag: &'static str,
    title: &'static str,
    lead: &'static str,
    code: &'static str,
    picture: &'static str,
    scan: &'static str,
    or: &'static str,
    for_how_long: &'static str,
    another: &'static str,
    warning: &'static str,
    other: (&'static str, &'static str, &'static str),
}

const ENGLISH: Texts = Texts {
    tag: "en",
    title: "You are in this network",
    lead: "This code proves that to your platform. It is asked for when you free a device that you hold from somebody else’s account.",
    code: "Code",
    picture: "QR code that opens the platform with this code",
    scan: "Scan this with your phone, or enter the code on the page “Free a device”.",
    or: "The platform:",
    for_how_long: "It is good once and for two minutes at most. After that, show the newest one.",
    another: "Show the newest code",
    warning: "Tell nobody this code who is not here with you.",
    other: ("/?lang=ru", "ru", "По-русски"),
};

const RUSSIAN: Texts = Texts {
    tag: "ru",
    title: "Вы в этой сети",
    lead: "Этот код доказывает это вашей платформе. Он нужен, чтобы освободить устройство, которое у вас в руках, от чужой учётной записи.",
    code: "Код",
    picture: "QR-код, который открывает платформу с этим кодом",
    scan: "Отсканируйте его телефоном или введите код на странице «Освободить устройство».",
    or: "Платформа:",
    for_how_long: "Он действует один раз и не дольше двух минут. Потом покажите новый.",
    another: "Показать новый код",
    warning: "Не сообщайте код тому, кого нет рядом с вами.",
    other: ("/?lang=en", "en", "In English"),
};

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1b1f24; --ground: #fff; --soft: #57606a; --line: #d0d7de; --link: #0b5cad }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --ground: #0d1117; --soft: #9da7b1; --line: #30363d; --link: #7ab8ff } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1.05rem/1.5 system-ui, sans-serif }
main { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1rem 3rem }
h1 { font-size: 1.6rem; line-height: 1.25 }
.card { border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem; text-align: center; margin: 1.5rem 0 }
.label { color: var(--soft); margin: 0 }
.code { font: 700 clamp(2.2rem, 12vw, 3.4rem)/1.2 ui-monospace, monospace; letter-spacing: .06em; margin: .25rem 0 1rem }
.qr { display: inline-block; background: #fff; padding: 8px; border-radius: 8px; line-height: 0 }
.qr svg { width: min(60vw, 15rem); height: auto }
.soft { color: var(--soft) }
.address { overflow-wrap: anywhere }
a { color: var(--link); display: inline-block; padding: .5rem 0 }
";

/// The page.
pub(super) fn page(shown: &str, platform_url: &str, language: Language) -> String {
    let texts = match language {
        Language::English => &ENGLISH,
        Language::Russian => &RUSSIAN,
    };
    let Texts { tag, title, lead, code, picture, scan, or, for_how_long, another, warning, other } = texts;
    let (other_url, other_tag, other_name) = other;
    let (first, second) = shown.split_at_checked(4).unwrap_or((shown, ""));
    let qr = drawn(&format!("{platform_url}/my/unbind#lan={shown}"));
    let platform = escaped(platform_url);
    format!(
        "<!doctype html>
<html lang=\"{tag}\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"robots\" content=\"noindex\">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{lead}</p>
<div class=\"card\">
<p class=\"label\" id=\"code\">{code}</p>
<p class=\"code\" aria-labelledby=\"code\">{first} {second}</p>
<div class=\"qr\" role=\"img\" aria-label=\"{picture}\">{qr}</div>
</div>
<p>{scan}</p>
<p class=\"address\">{or} <strong>{platform}</strong></p>
<p class=\"soft\">{for_how_long}</p>
<p><strong>{warning}</strong></p>
<p><a href=\"/?lang={tag}\">{another}</a></p>
<p><a href=\"{other_url}\" lang=\"{other_tag}\" hreflang=\"{other_tag}\">{other_name}</a></p>
</main>
</body>
</html>
"
    )
}

/// A QR as SVG; nothing where the address is too long for one, for the digits are there as well.
fn drawn(text: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return String::new() };
    let drawn = code.render::<svg::Color<'_>>().module_dimensions(4, 4).build();
    // Within a page there is no declaration of XML.
    drawn.find("<svg").and_then(|from| drawn.get(from..)).unwrap_or_default().to_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_the_code_the_platform_and_no_script() {
        let shown = "01234567";
        for language in [Language::English, Language::Russian] {
            let page = page(shown, "https://siteward.example/<x>", language);
            assert!(page.contains("0123 4567"), "{page}");
            // Whoever reads it out is not to lose their place.
            assert!(!page.contains("http-equiv"), "{page}");
            assert!(page.contains("siteward.example/&lt;x&gt;") && page.contains("<svg"), "{page}");
            assert!(!page.contains("<script") && !page.contains("<?xml"), "{page}");
        }
        assert!(page(shown, "https://a.example", Language::Russian).contains("lang=\"ru\""));
    }
}
