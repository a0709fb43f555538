//! Tables over as many pages as they need: rows are never torn, headings of columns stand on every page.

use super::font::Weight;
use super::layout::{Colour, INK, MARGIN, Mark, Node, PAGE, PALE_INK, Part, RULE, SHADE, Writer};

const SIZE: f32 = 8.0;
const LINE: f32 = 10.2;
/// Between the edge of a cell and its text.
const PAD: (f32, f32) = (4.0, 2.6);

/// Where the text of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Align {
    /// At the left.
    Left,
    /// At the right: numbers.
    Right,
}

/// A column.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    title: String,
    share: f32,
    align: Align,
}

impl Column {
    /// A column of words; its width is its share among those of all columns.
    pub(crate) fn left(title: impl Into<String>, share: f32) -> Self {
        Self { title: title.into(), share, align: Align::Left }
    }

    /// A column of numbers.
    pub(crate) fn right(title: impl Into<String>, share: f32) -> Self {
        Self { title: title.into(), share, align: Align::Right }
    }
}

/// A cell.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    weight: Weight,
}

impl Cell {
    /// One that matters more than those beside it.
    pub(crate) fn bold(text: impl Into<String>) -> Self {
        Self { text: text.into(), weight: Weight::Bold }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), weight: Weight::Regular }
    }
}

/// What a row of cells is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    /// The headings of the columns.
    Headings,
    /// The same again on a further page: seen, but not read out.
    HeadingsAgain,
    /// A row of the table; its first cell is its heading.
    Plain,
}

impl Writer {
    /// A table. The first cell of each row is the heading of its row.
    pub(crate) fn table(&mut self, columns: &[Column], rows: impl IntoIterator<Item = Vec<Cell>>) {
        let titles: Vec<Cell> = columns.iter().map(|column| Cell::bold(column.title.clone())).collect();
        let widths = widths(columns);
        let title_lines = lines(&titles, &widths);
        self.make_room(height(&title_lines) + 3.0 * LINE);
        let mut nodes = vec![self.row(columns, &widths, &titles, title_lines.clone(), Row::Headings)];
        for cells in rows {
            let cell_lines = lines(&cells, &widths);
            if !self.fits(height(&cell_lines)) {
                self.turn_page();
                let note = self.setup.continued;
                let y = self.y + 7.0;
                self.mark(Mark::Text {
                    part: Part::Decoration,
                    x: MARGIN,
                    y,
                    size: 7.0,
                    weight: Weight::Regular,
                    colour: PALE_INK,
                    text: note.to_owned(),
                });
                self.y += 10.0;
                self.row(columns, &widths, &titles, title_lines.clone(), Row::HeadingsAgain);
            }
            nodes.push(self.row(columns, &widths, &cells, cell_lines, Row::Plain));
        }
        self.nodes.push(Node::Table(nodes));
        self.y += 8.0;
    }

    fn row(&mut self, columns: &[Column], widths: &[f32], cells: &[Cell], lines: Vec<Vec<String>>, row: Row) -> Node {
        let height = height(&lines);
        let top = self.y;
        if row != Row::Plain {
            self.shade(top, height, SHADE);
        }
        let mut nodes = Vec::new();
        let mut left = MARGIN;
        for (((cell, column), width), lines) in cells.iter().zip(columns).zip(widths).zip(lines) {
            let content = self.cell(cell, column.align, (left, top, *width), lines, row);
            nodes.push(match row {
                Row::Headings | Row::HeadingsAgain => Node::ColumnHeading(content),
                Row::Plain if nodes.is_empty() => Node::RowHeading(content),
                Row::Plain => Node::Cell(content),
            });
            left += width;
        }
        self.y = top + height;
        self.shade(self.y - 0.3, 0.4, RULE);
        if row == Row::Plain { Node::Row(nodes) } else { Node::HeadRow(nodes) }
    }

    fn cell(
        &mut self,
        cell: &Cell,
        align: Align,
        (left, top, width): (f32, f32, f32),
        lines: Vec<String>,
        row: Row,
    ) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut y = top + PAD.1 + SIZE;
        for line in lines {
            if line.is_empty() {
                continue;
            }
            let x = match align {
                Align::Left => left + PAD.0,
                Align::Right => left + width - PAD.0 - cell.weight.width(&line, SIZE),
            };
            let part = if row == Row::HeadingsAgain {
                Part::Decoration
            } else {
                let (node, part) = self.content();
                nodes.push(node);
                part
            };
            self.mark(Mark::Text { part, x, y, size: SIZE, weight: cell.weight, colour: INK, text: line });
            y += LINE;
        }
        nodes
    }

    fn shade(&mut self, top: f32, height: f32, colour: Colour) {
        self.mark(Mark::Box { part: Part::Decoration, area: (MARGIN, top, PAGE.0 - 2.0 * MARGIN, height), colour });
    }
}

fn widths(columns: &[Column]) -> Vec<f32> {
    let all: f32 = columns.iter().map(|column| column.share).sum();
    columns.iter().map(|column| (PAGE.0 - 2.0 * MARGIN) * column.share / all).collect()
}

fn lines(cells: &[Cell], widths: &[f32]) -> Vec<Vec<String>> {
    cells.iter().zip(widths).map(|(cell, width)| cell.weight.lines(&cell.text, SIZE, width - 2.0 * PAD.0)).collect()
}

fn height(lines: &[Vec<String>]) -> f32 {
    let most = lines.iter().map(Vec::len).max().unwrap_or(1);
    #[expect(clippy::cast_precision_loss, reason = "a cell has few lines")]
    let lines = most as f32;
    lines * LINE + 2.0 * PAD.1
}
