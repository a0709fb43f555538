//! Availability: how the time of a device is shared out to up, down, unknown and excluded.
//!
//! What was measured comes by the hour (`crate::uptime`); when nobody could look, or when work was announced, comes as
//! [`Spans`]. [`Counting`] is the installer's choice of what these mean. The four shares of any time always add up to
//! it, so that nothing is hidden: what nobody saw is neither up nor down and is told.

mod days;
mod spans;

use serde::{Deserialize, Serialize};

use crate::words::words;

pub use days::{Day, days, local_date};
pub use spans::{Span, Spans};

words! {
    /// What time means in which the platform could not look at a device.
    pub enum WhileLost {
        /// It does not count.
        Excluded = "excluded",
        /// It counts as down.
        Down = "down",
    }
}

words! {
    /// What time within a maintenance window means.
    pub enum WhileMaintained {
        /// It does not count, whatever the device did.
        Excluded = "excluded",
        /// It counts as it was measured.
        Counted = "counted",
    }
}

/// How downtime is counted: the installer's choice, stated in every report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counting {
    /// While the platform's own network was lost.
    pub own_network: WhileLost,
    /// While the link that a device is reached through was down.
    pub links: WhileLost,
    /// Within maintenance windows.
    pub maintenance: WhileMaintained,
}

impl Default for Counting {
    fn default() -> Self {
        Self { own_network: WhileLost::Excluded, links: WhileLost::Excluded, maintenance: WhileMaintained::Excluded }
    }
}

/// Seconds of some time, shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Shares {
    /// Seen up.
    pub up: i64,
    /// Seen down, or counted as down.
    pub down: i64,
    /// Nobody looked, for no reason that is known here.
    pub unknown: i64,
    /// Left out by choice.
    pub excluded: i64,
}

impl Shares {
    /// All of it.
    pub fn total(self) -> i64 {
        self.up + self.down + self.unknown + self.excluded
    }

    /// The part of the counted time that was up, from 0 to 1; `None` where nothing is counted.
    pub fn availability(self) -> Option<f64> {
        let counted = self.up + self.down;
        #[expect(clippy::cast_precision_loss, reason = "seconds of a year are exact in a double")]
        let part = (counted > 0).then(|| self.up as f64 / counted as f64);
        part
    }

    /// Adds other time.
    pub fn add(&mut self, other: Self) {
        self.up += other.up;
        self.down += other.down;
        self.unknown += other.unknown;
        self.excluded += other.excluded;
    }

    /// Takes a part of it away again, in favour of how it is counted.
    pub fn replace(&mut self, part: Self, with: Self) {
        self.up += with.up - part.up;
        self.down += with.down - part.down;
        self.unknown += with.unknown - part.unknown;
        self.excluded += with.excluded - part.excluded;
    }
}

/// A piece of time of one device and what was measured in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Which time.
    pub span: Span,
    /// Seconds seen up.
    pub up: i64,
    /// Seconds seen down.
    pub down: i64,
}

/// When a device could not be looked at, or was worked on, and when it was offline.
#[derive(Debug, Clone, Default)]
pub struct Absences {
    /// The platform's own network was lost.
    pub own_network: Spans,
    /// The device's link was down.
    pub link: Spans,
    /// Maintenance windows of the device or its site.
    pub maintenance: Spans,
    /// The device was offline, as far as changes of its health tell: says which part of an hour's downtime fell into a window.
    pub offline: Spans,
}

impl Absences {
    /// All times whose counting the installer chooses.
    pub fn touched(&self) -> Spans {
        self.own_network.union(&self.link).union(&self.maintenance)
    }
}

impl Piece {
    /// As it was measured. More measured than there was time is cut.
    pub fn measured(self) -> Shares {
        let length = self.span.seconds();
        let down = self.down.clamp(0, length);
        let up = self.up.clamp(0, length - down);
        Shares { up, down, unknown: length - up - down, excluded: 0 }
    }

    /// As the installer chose to count it.
    pub fn counted(self, counting: Counting, absences: &Absences) -> Shares {
        let mut shares = self.measured();
        let windows = match counting.maintenance {
            WhileMaintained::Excluded => &absences.maintenance,
            WhileMaintained::Counted => &Spans::default(),
        };
        self.leave_out(&mut shares, windows, &absences.offline);
        let own_network = absences.own_network.minus(windows);
        let link = absences.link.minus(windows).minus(&absences.own_network);
        for (spans, meaning) in [(own_network, counting.own_network), (link, counting.links)] {
            // What was measured all the same stays as it is.
            let unwatched = spans.within(self.span).min(shares.unknown);
            shares.unknown -= unwatched;
            match meaning {
                WhileLost::Excluded => shares.excluded += unwatched,
                WhileLost::Down => shares.down += unwatched,
            }
        }
        shares
    }

    /// Leaves the time within windows out: of the downtime the part that fell into them, of the rest its share.
    fn leave_out(self, shares: &mut Shares, windows: &Spans, offline: &Spans) {
        let excluded = windows.within(self.span);
        if excluded == 0 {
            return;
        }
        let (length, rest) = (self.span.seconds(), shares.up + shares.unknown);
        let down = downtime_within(self.span, shares.down, windows, offline);
        // What is left must have been possible: as much downtime outside as there was time outside, and the same of the rest.
        let down = down.clamp(excluded.saturating_sub(rest), shares.down.min(excluded));
        let down = down.max(shares.down - (length - excluded)).max(0);
        let others = excluded - down;
        let up = if rest == 0 { 0 } else { (others * shares.up + rest / 2) / rest };
        let unknown = (others - up).min(shares.unknown);
        let up = (others - unknown).min(shares.up);
        shares.down -= down;
        shares.up -= up;
        shares.unknown -= unknown;
        shares.excluded += down + up + unknown;
    }
}

/// Seconds of a piece's downtime that fell into windows. Health changes a little after a device was last seen up, so what they do
/// not tell of the downtime is taken to lie before what they tell; where they tell nothing, downtime is spread evenly.
fn downtime_within(span: Span, down: i64, windows: &Spans, offline: &Spans) -> i64 {
    let told = offline.within(span);
    let within = offline.both(windows).within(span);
    match (told, within) {
        (0, _) => (down * windows.within(span)) / span.seconds().max(1),
        (_, 0) => 0,
        (told, within) => within + (down - told).max(0),
    }
}

#[cfg(test)]
mod tests;
