//! Spans of time: sorted, apart from each other, in whole seconds.

/// From a second on and up to another, which does not belong to it; seconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Its first second.
    pub from: i64,
    /// The first second after it.
    pub to: i64,
}

impl Span {
    /// How long it is; never negative.
    pub fn seconds(self) -> i64 {
        (self.to - self.from).max(0)
    }

    /// What two have in common.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), to: self.to.min(other.to) }
    }

    /// The whole hours (since 1970 UTC) that it touches, the last not included.
    pub fn hours(self) -> std::ops::Range<i64> {
        if self.seconds() == 0 {
            return 0..0;
        }
        self.from.div_euclid(3600)..(self.to + 3599).div_euclid(3600)
    }
}

/// Several spans that do not touch, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spans(Vec<Span>);

impl Spans {
    /// Puts spans in order and joins what touches; empty ones are left out.
    pub fn of(spans: impl IntoIterator<Item = Span>) -> Self {
        let mut all: Vec<Span> = spans.into_iter().filter(|span| span.seconds() > 0).collect();
        all.sort_unstable();
        let mut joined: Vec<Span> = Vec::with_capacity(all.len());
        for span in all {
            match joined.last_mut() {
                Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
                _ => joined.push(span),
            }
        }
        Self(joined)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// They, in order.
    pub fn iter(&self) -> impl Iterator<Item = Span> {
        self.0.iter().copied()
    }

    /// How many seconds of a span they cover.
    pub fn within(&self, span: Span) -> i64 {
        self.near(span).map(|one| one.both(span).seconds()).sum()
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if other.is_empty() {
            return self.clone();
        }
        Self::of(self.iter().chain(other.iter()))
    }

    /// What is in both.
    #[must_use]
    pub fn both(&self, other: &Self) -> Self {
        let parts = self.iter().flat_map(|one| other.near(one).map(move |two| one.both(two)));
        Self::of(parts)
    }

    /// What is in these and not in the others.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        if other.is_empty() {
            return self.clone();
        }
        let mut left = Vec::new();
        for one in self.iter() {
            let mut from = one.from;
            for hole in other.near(one) {
                left.push(Span { from, to: hole.from });
                from = from.max(hole.to);
            }
            left.push(Span { from, to: one.to });
        }
        Self::of(left)
    }

    /// Those that may meet a span.
    fn near(&self, span: Span) -> impl Iterator<Item = Span> {
        let first = self.0.partition_point(|one| one.to <= span.from);
        self.0.iter().skip(first).take_while(move |one| one.from < span.to).copied()
    }
}
