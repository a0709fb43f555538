//! QR codes that end users show or print: the link, and beneath it in words what it is for and until when.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use siteward_qr::captioned;
use siteward_store::end_users::EndUser;
use utoipa::ToSchema;

use crate::documents::{Texts, broken, drawn};
use crate::error::ApiError;
use crate::platform::off_thread;

/// Pixels of a module in a PNG.
const MODULE_PIXELS: u32 = 16;
/// Sizes of words, as parts of the picture's width.
const LARGE: f32 = 0.06;
const SMALL: f32 = 0.042;
/// The part of the width that words may take.
const ROOM: f32 = 0.92;
/// Most letters of a line's text that are printed.
const MOST_LETTERS: usize = 128;

/// A code as pictures.
#[derive(Serialize, ToSchema)]
pub(crate) struct CodePictures {
    /// As SVG.
    svg: String,
    /// As PNG, in base64.
    png: String,
}

/// What is printed beneath a code.
pub(super) struct Words {
    /// What it is for, in large letters.
    pub(super) title: String,
    /// What is said of it besides, a line or more each.
    pub(super) more: Vec<String>,
}

/// Until when a code is good, in the words, the language and the time of its reader.
pub(super) fn until(reader: &EndUser, at: DateTime<Utc>) -> String {
    let (texts, zone) = (Texts { language: reader.language }, reader.time_zone.parse().unwrap_or(chrono_tz::UTC));
    texts.with("code_picture.until", &[("until", &texts.instant(at, zone)), ("zone", zone.name())])
}

/// Draws a link with words beneath it.
pub(super) async fn draw(url: &str, words: Words) -> Result<CodePictures, ApiError> {
    let url = url.to_owned();
    let both = move || {
        let cut = |text: &str| text.chars().take(MOST_LETTERS).collect::<String>();
        let (title, more) = (cut(&words.title), words.more.iter().map(|text| cut(text)).collect::<Vec<_>>());
        let texts = std::iter::once((title.as_str(), LARGE, true));
        let texts: Vec<_> = texts.chain(more.iter().map(|text| (text.as_str(), SMALL, false))).collect();
        let lines = broken(&texts, ROOM);
        let beneath = drawn(&lines, captioned::width(&url, MODULE_PIXELS)?);
        let png = captioned::png(&url, MODULE_PIXELS, &beneath)?;
        captioned::svg(&url, &lines).map(|svg| CodePictures { svg, png: STANDARD.encode(png) })
    };
    off_thread(both).await?.map_err(ApiError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn both_pictures_of_a_code_tell_the_same_and_are_read() {
        let url = "https://siteward.example.com/my/apply#AAAAAAAAAAAAAAAAAAAAAA";
        let words = Words {
            title: "Для соседей".into(),
            more: vec!["Villa".into(), "Valid until 1 Jan 2027 12:00".into()],
        };
        let drawn = draw(url, words).await.unwrap();
        for text in ["Для соседей", "Villa", "Valid until 1 Jan 2027 12:00"] {
            assert!(drawn.svg.contains(&format!(">{text}</text>")), "{text}: {}", drawn.svg);
        }
        let png = STANDARD.decode(&drawn.png).unwrap();
        assert_eq!(siteward_qr::picture::read(&png, &|| true), Ok(vec![url.to_owned()]));
    }
}
