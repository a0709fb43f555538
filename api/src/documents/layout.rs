//! Laying a document out: what stands where on which page, and what belongs to what. Lengths are points, from the upper left corner.

use super::font::Weight;
use super::{DocumentError, Setup, drawing};

/// A4, lying.
pub(super) const PAGE: (f32, f32) = (841.89, 595.28);
/// From each edge.
pub(super) const MARGIN: f32 = 40.0;
/// Where the text of a page begins, below its head.
const TOP: f32 = 62.0;
/// Where it ends, above its foot.
const BOTTOM: f32 = PAGE.1 - 52.0;

/// The colour of text and lines: red, green, blue.
pub(super) type Colour = (u8, u8, u8);

pub(super) const INK: Colour = (0x1f, 0x29, 0x37);
pub(super) const PALE_INK: Colour = (0x55, 0x5f, 0x6e);
pub(super) const RULE: Colour = (0xc9, 0xcf, 0xd6);
pub(super) const SHADE: Colour = (0xee, 0xf1, 0xf4);

/// What is drawn: a part of the document's content, or decoration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The content with this number, see [`Node::Content`].
    Content(usize),
    /// The head of a page.
    Head,
    /// The foot of a page.
    Foot,
    /// Lines, backgrounds, headings of columns that are repeated.
    Decoration,
}

/// Something on a page.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    /// A line of text that begins at `x` and stands on `y`.
    Text { part: Part, x: f32, y: f32, size: f32, weight: Weight, colour: Colour, text: String },
    /// A filled rectangle: left, top, width, height.
    Box { part: Part, area: (f32, f32, f32, f32), colour: Colour },
}

/// What belongs to what, in the order of reading.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// A heading of a level, with its text, page and place on it.
    Heading(u16, String, usize, f32, Vec<Node>),
    /// A paragraph.
    Paragraph(Vec<Node>),
    /// A picture and what it shows in words.
    Figure(String, Vec<Node>),
    /// A table.
    Table(Vec<Node>),
    /// The row of headings of a table.
    HeadRow(Vec<Node>),
    /// A row of a table.
    Row(Vec<Node>),
    /// The heading of a column.
    ColumnHeading(Vec<Node>),
    /// The heading of a row.
    RowHeading(Vec<Node>),
    /// A cell.
    Cell(Vec<Node>),
    /// What is drawn under this number.
    Content(usize),
}

/// Puts a document together.
pub(crate) struct Writer {
    pub(super) setup: Setup,
    pub(super) pages: Vec<Vec<Mark>>,
    pub(super) nodes: Vec<Node>,
    contents: usize,
    /// Where the next thing begins.
    pub(super) y: f32,
}

impl Writer {
    /// Begins a document with its title and what it is about.
    pub(crate) fn new(setup: Setup) -> Self {
        let mut writer = Self { setup, pages: vec![Vec::new()], nodes: Vec::new(), contents: 0, y: TOP };
        let (title, subject) = (writer.setup.title.clone(), writer.setup.subject.clone());
        writer.heading(1, &title);
        writer.paragraph(&subject);
        writer
    }

    /// A heading; level 1 is the document's title.
    pub(crate) fn heading(&mut self, level: u16, text: &str) {
        let size = match level {
            1 => 20.0,
            2 => 13.0,
            _ => 10.5,
        };
        // A heading is not left alone at the foot of a page.
        self.make_room(size * 1.3 + 60.0);
        if level > 1 {
            self.y += 8.0;
        }
        let (page, top) = (self.pages.len() - 1, self.y);
        let content = self.text_block(text, size, Weight::Bold, INK);
        self.nodes.push(Node::Heading(level, text.to_owned(), page, top, content));
        self.y += 3.0;
    }

    /// A paragraph over the width of the page.
    pub(crate) fn paragraph(&mut self, text: &str) {
        let content = self.text_block(text, 9.5, Weight::Regular, INK);
        self.nodes.push(Node::Paragraph(content));
        self.y += 3.0;
    }

    /// A paragraph in smaller letters: what is said beside.
    pub(crate) fn note(&mut self, text: &str) {
        let content = self.text_block(text, 8.0, Weight::Regular, PALE_INK);
        self.nodes.push(Node::Paragraph(content));
        self.y += 3.0;
    }

    /// Draws it.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, DocumentError> {
        self.write_edges();
        drawing::draw(&self)
    }

    /// Lines of text over the width of the page, each a content of its own.
    fn text_block(&mut self, text: &str, size: f32, weight: Weight, colour: Colour) -> Vec<Node> {
        let height = size * 1.3;
        let mut nodes = Vec::new();
        for line in weight.lines(text, size, PAGE.0 - 2.0 * MARGIN) {
            self.make_room(height);
            let (node, part) = self.content();
            let y = self.y + size;
            self.mark(Mark::Text { part, x: MARGIN, y, size, weight, colour, text: line });
            nodes.push(node);
            self.y += height;
        }
        nodes
    }

    /// A new content, to be drawn as this part.
    pub(super) fn content(&mut self) -> (Node, Part) {
        let number = self.contents;
        self.contents += 1;
        (Node::Content(number), Part::Content(number))
    }

    pub(super) fn contents(&self) -> usize {
        self.contents
    }

    pub(super) fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// Whether something of this height still fits on the page.
    pub(super) fn fits(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    pub(super) fn make_room(&mut self, height: f32) {
        if !self.fits(height) && self.y > TOP {
            self.turn_page();
        }
    }

    pub(super) fn turn_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Head and foot of every page.
    fn write_edges(&mut self) {
        let count = self.pages.len();
        let (size, weight, colour) = (8.0, Weight::Regular, PALE_INK);
        let cut = |text: &str, width: f32| weight.lines(text, size, width).into_iter().next().unwrap_or_default();
        let company = cut(&self.setup.company, 300.0);
        let about = cut(&format!("{} · {}", self.setup.title, self.setup.subject), 420.0);
        let foot = cut(&self.setup.foot, 500.0);
        for (index, page) in self.pages.iter_mut().enumerate() {
            let number = self.setup.page.replace("{{page}}", &(index + 1).to_string());
            let number = number.replace("{{pages}}", &count.to_string());
            let right = |text: &str| PAGE.0 - MARGIN - weight.width(text, size);
            let (head, low) = (36.0, PAGE.1 - 28.0);
            let mut text = |part, x, y, text: &str| {
                page.push(Mark::Text { part, x, y, size, weight, colour, text: text.to_owned() });
            };
            text(Part::Head, MARGIN, head, &company);
            text(Part::Head, right(&about), head, &about);
            text(Part::Foot, MARGIN, low, &foot);
            text(Part::Foot, right(&number), low, &number);
            let rule = |top| Mark::Box {
                part: Part::Decoration,
                area: (MARGIN, top, PAGE.0 - 2.0 * MARGIN, 0.6),
                colour: RULE,
            };
            page.push(rule(head + 6.0));
            page.push(rule(low - 12.0));
        }
    }
}
