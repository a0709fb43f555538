//! Drawing what was laid out as a tagged PDF (PDF/UA-1), with its fonts embedded.

use chrono::{Datelike as _, Timelike as _};
use krilla::configure::{Configuration, Validator};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{
    ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};
use krilla::text::Font;
use krilla::{Document, SerializeSettings, color::rgb, destination::XyzDestination};

use super::font::Weight;
use super::layout::{Colour, MARGIN, Mark, Node, PAGE, Part, Writer};
use super::{DocumentError, Setup};

/// What made the document, as its properties tell.
const PRODUCER: &str = "Siteward";

struct Fonts {
    regular: Font,
    bold: Font,
}

impl Fonts {
    fn of(&self, weight: Weight) -> Font {
        match weight {
            Weight::Regular => self.regular.clone(),
            Weight::Bold => self.bold.clone(),
        }
    }
}

/// Draws a document.
pub(super) fn draw(writer: &Writer) -> Result<Vec<u8>, DocumentError> {
    let font = |weight: Weight| weight.font().ok_or(DocumentError::Font);
    let fonts = Fonts { regular: font(Weight::Regular)?, bold: font(Weight::Bold)? };
    let mut document = Document::new_with(SerializeSettings {
        configuration: Configuration::new_with_validator(Validator::UA1),
        enable_tagging: true,
        ..SerializeSettings::default()
    });
    document.set_metadata(metadata(&writer.setup));
    let size =
        PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| DocumentError::Refused("the size of a page".to_owned()))?;
    let mut drawn: Vec<Vec<Identifier>> = vec![Vec::new(); writer.contents()];
    for marks in &writer.pages {
        let mut page = document.start_page_with(size.clone());
        let mut surface = page.surface();
        // Backgrounds first.
        let boxes = marks.iter().filter(|mark| matches!(mark, Mark::Box { .. }));
        let texts = marks.iter().filter(|mark| matches!(mark, Mark::Text { .. }));
        draw_marks(&mut surface, &fonts, boxes.chain(texts), &mut drawn);
        surface.finish();
        page.finish();
    }
    let mut tree = TagTree::new().with_lang(Some(writer.setup.language.to_owned()));
    let mut outline = Outline::new();
    for node in &writer.nodes {
        if let Node::Heading(_, text, page, top, _) = node {
            let place = XyzDestination::new(*page, Point::from_xy(MARGIN, *top));
            outline.push_child(OutlineNode::new(text.clone(), place));
        }
        if let Some(group) = group(node, &mut drawn) {
            tree.push(group);
        }
    }
    document.set_tag_tree(tree);
    document.set_outline(outline);
    document.finish().map_err(|error| DocumentError::Refused(format!("{error:?}")))
}

/// Draws marks; those of the same part that follow each other are one piece of content.
fn draw_marks<'a>(
    surface: &mut Surface<'_>,
    fonts: &Fonts,
    marks: impl Iterator<Item = &'a Mark>,
    drawn: &mut [Vec<Identifier>],
) {
    let mut marks = marks.peekable();
    while let Some(mark) = marks.next() {
        let part = mark.part();
        // What the fonts cannot show is still told to whoever copies or listens.
        let printed = match mark {
            Mark::Text { text, weight, .. } if !weight.has_all(text) => Some(weight.printed(text)),
            _ => None,
        };
        let tag = match (part, mark, &printed) {
            (Part::Content(_), Mark::Text { text, .. }, Some(_)) => {
                ContentTag::Span(SpanTag::empty().with_actual_text(Some(text)))
            }
            (Part::Content(_), Mark::Text { .. }, None) => ContentTag::Span(SpanTag::empty()),
            (Part::Content(_), ..) => ContentTag::Other,
            (Part::Head, ..) => ContentTag::Artifact(ArtifactType::Header),
            (Part::Foot, ..) => ContentTag::Artifact(ArtifactType::Footer),
            (Part::Decoration, ..) => ContentTag::Artifact(ArtifactType::Other),
        };
        let identifier = surface.start_tagged(tag);
        draw_mark(surface, fonts, mark, printed.as_deref());
        if matches!(mark, Mark::Box { .. }) {
            while let Some(next) = marks.next_if(|next| next.part() == part && matches!(next, Mark::Box { .. })) {
                draw_mark(surface, fonts, next, None);
            }
        }
        surface.end_tagged();
        if let Part::Content(number) = part
            && let Some(of_content) = drawn.get_mut(number)
        {
            of_content.push(identifier);
        }
    }
}

impl Mark {
    fn part(&self) -> Part {
        match self {
            Self::Text { part, .. } | Self::Box { part, .. } => *part,
        }
    }
}

fn draw_mark(surface: &mut Surface<'_>, fonts: &Fonts, mark: &Mark, printed: Option<&str>) {
    match mark {
        Mark::Text { x, y, size, weight, colour, text, .. } => {
            let text = printed.unwrap_or(text);
            surface.set_fill(Some(fill(*colour)));
            surface.draw_glyphs(Point::from_xy(*x, *y), &weight.glyphs(text), fonts.of(*weight), text, *size, false);
        }
        Mark::Box { area: (left, top, width, height), colour, .. } => {
            let mut path = PathBuilder::new();
            let Some(area) = Rect::from_xywh(*left, *top, *width, *height) else { return };
            path.push_rect(area);
            if let Some(path) = path.finish() {
                surface.set_fill(Some(fill(*colour)));
                surface.draw_path(&path);
            }
        }
    }
}

fn fill((red, green, blue): Colour) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, rule: FillRule::default() }
}

/// A node with what was drawn of it; nothing, where nothing was.
fn group(node: &Node, drawn: &mut [Vec<Identifier>]) -> Option<TagGroup> {
    let (tag, nodes): (TagKind, &[Node]) = match node {
        Node::Heading(level, text, _, _, nodes) => {
            (Tag::Hn(std::num::NonZeroU16::new(*level)?, Some(text.clone())).into(), nodes)
        }
        Node::Paragraph(nodes) => (Tag::P.into(), nodes),
        Node::Figure(meaning, nodes) => (Tag::Figure(Some(meaning.clone())).into(), nodes),
        Node::Table(nodes) => (Tag::Table.into(), nodes),
        Node::HeadRow(nodes) | Node::Row(nodes) => (Tag::TR.into(), nodes),
        Node::ColumnHeading(nodes) => (Tag::TH(TableHeaderScope::Column).into(), nodes),
        Node::RowHeading(nodes) => (Tag::TH(TableHeaderScope::Row).into(), nodes),
        Node::Cell(nodes) => (Tag::TD.into(), nodes),
        Node::Content(_) => return None,
    };
    let mut made = TagGroup::new(tag);
    for node in nodes {
        match node {
            Node::Content(number) => {
                let of_content = drawn.get_mut(*number).map(std::mem::take).unwrap_or_default();
                for identifier in of_content {
                    made.push(identifier);
                }
            }
            node => {
                if let Some(child) = group(node, drawn) {
                    made.push(child);
                }
            }
        }
    }
    Some(made)
}

fn metadata(setup: &Setup) -> Metadata {
    let at = setup.made_at;
    let small = |value: u32| u8::try_from(value).unwrap_or(0);
    let offset = at.offset().local_minus_utc() / 60;
    let date = DateTime::new(u16::try_from(at.year()).unwrap_or(0))
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(i8::try_from(offset / 60).unwrap_or(0))
        .utc_offset_minute(u8::try_from((offset % 60).abs()).unwrap_or(0));
    Metadata::new()
        .title(format!("{} · {}", setup.title, setup.subject))
        .authors(vec![setup.company.clone()])
        .language(setup.language.to_owned())
        .creator(PRODUCER.to_owned())
        .producer(PRODUCER.to_owned())
        .creation_date(date)
}
