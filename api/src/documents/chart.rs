//! Bars side by side, each of several parts that make up a whole: a picture with its meaning in words for whoever cannot see it.

use super::font::Weight;
use super::layout::{Colour, MARGIN, Mark, Node, PAGE, PALE_INK, Part, RULE, Writer};

const HEIGHT: f32 = 70.0;
/// Most labels below the bars.
const MOST_LABELS: usize = 16;

/// What a part of each bar means.
#[derive(Debug, Clone)]
pub(crate) struct Series {
    /// In words.
    pub(crate) name: String,
    /// Its colour.
    pub(crate) colour: (u8, u8, u8),
}

/// A bar.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    /// What it is of.
    pub(crate) label: String,
    /// Its parts, from the bottom up, as many as there are series. Together they fill the whole height; none at all, no bar.
    pub(crate) parts: Vec<f32>,
}

/// A chart.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    /// What it shows, in words.
    pub(crate) meaning: String,
    /// What the parts of the bars mean.
    pub(crate) series: Vec<Series>,
    /// The bars.
    pub(crate) bars: Vec<Bar>,
}

impl Writer {
    /// A chart over the width of the page.
    pub(crate) fn chart(&mut self, chart: &Chart) {
        self.make_room(HEIGHT + 34.0);
        let mut nodes = self.legend(&chart.series);
        let (top, (node, part)) = (self.y, self.content());
        nodes.push(node);
        #[expect(clippy::cast_precision_loss, reason = "a chart has few bars")]
        let step = (PAGE.0 - 2.0 * MARGIN) / (chart.bars.len().max(1) as f32);
        let every = chart.bars.len().div_ceil(MOST_LABELS).max(1);
        let mut left = MARGIN;
        let mut labels = Vec::new();
        for (index, bar) in chart.bars.iter().enumerate() {
            let all: f32 = bar.parts.iter().sum();
            let mut bottom = top + HEIGHT;
            for (size, series) in bar.parts.iter().zip(&chart.series) {
                if *size <= 0.0 {
                    continue;
                }
                let height = HEIGHT * size / all;
                bottom -= height;
                self.mark(Mark::Box { part, area: (left, bottom, step * 0.8, height), colour: series.colour });
            }
            if index % every == 0 {
                labels.push((left, bar.label.clone()));
            }
            left += step;
        }
        self.mark(Mark::Box { part: Part::Decoration, area: (MARGIN, top + HEIGHT, left - MARGIN, 0.5), colour: RULE });
        for (x, text) in labels {
            self.caption(Part::Decoration, x, top + HEIGHT + 9.0, text);
        }
        self.nodes.push(Node::Figure(chart.meaning.clone(), nodes));
        self.y = top + HEIGHT + 18.0;
    }

    fn legend(&mut self, series: &[Series]) -> Vec<Node> {
        let (y, mut x, mut nodes) = (self.y + 8.0, MARGIN, Vec::new());
        for one in series {
            let (node, part) = self.content();
            nodes.push(node);
            self.mark(Mark::Box { part: Part::Decoration, area: (x, y - 6.0, 7.0, 7.0), colour: one.colour });
            self.caption(part, x + 10.0, y, one.name.clone());
            x += 24.0 + Weight::Regular.width(&one.name, 7.5);
        }
        self.y += 16.0;
        nodes
    }

    fn caption(&mut self, part: Part, x: f32, y: f32, text: String) {
        let colour: Colour = PALE_INK;
        self.mark(Mark::Text { part, x, y, size: 7.5, weight: Weight::Regular, colour, text });
    }
}
