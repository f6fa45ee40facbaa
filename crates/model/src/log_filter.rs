//! Which log lines a person wants to see: looked for once, and for lines that come later only in those.

use crate::channel::log::{Level, LogChannel, LogLine};
use crate::graph::NodeIx;
use crate::search::{Matcher, Query};

/// What lines must be like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogFilter {
    /// At least so severe.
    pub level: Level,
    /// Of this node.
    pub node: Option<NodeIx>,
    /// With this in them, whatever the case. Empty: whatever they say.
    pub text: String,
}

impl LogFilter {
    /// Whether every line fits.
    pub fn is_open(&self) -> bool {
        self.level == Level::Trace && self.node.is_none() && self.text.is_empty()
    }

    /// Whether a line fits.
    pub fn fits(&self, line: &LogLine<'_>) -> bool {
        let fits = |mut matcher: Matcher| matcher.is_in(line.message);
        self.takes(line.node, line.level) && self.matcher().is_none_or(fits)
    }

    fn takes(&self, node: Option<NodeIx>, level: Level) -> bool {
        level >= self.level && (self.node.is_none() || node == self.node)
    }

    /// None where lines may say whatever they like. A text too long to be looked for is cut.
    fn matcher(&self) -> Option<Matcher> {
        let end = self.text.floor_char_boundary(Query::MAX_BYTES);
        Matcher::new(&Query::plain(&self.text[..end])).ok()
    }
}

/// The lines of a channel that fit a filter.
///
/// ```text
/// lines   a b A c a B   filter "a"   →   0 2 4
/// ```
#[derive(Clone, Debug, Default)]
pub struct LogMatches {
    filter: LogFilter,
    matcher: Option<Matcher>,
    numbers: Vec<u32>,
    /// So many lines were looked at.
    seen: usize,
    /// The channel's count when they were.
    rewrites: u32,
}

impl LogMatches {
    /// None yet.
    pub fn new(filter: LogFilter) -> Self {
        Self {
            matcher: filter.matcher(),
            filter,
            ..Self::default()
        }
    }

    /// What they fit.
    pub fn filter(&self) -> &LogFilter {
        &self.filter
    }

    /// Looks at the lines that have come since, and where one came between others at those behind it.
    /// Returns how many were looked at.
    pub fn extend(&mut self, logs: &LogChannel) -> usize {
        self.seen = self.seen.min(logs.unchanged_since(self.rewrites));
        self.numbers.truncate(self.upto(self.seen));
        self.rewrites = logs.rewrites();
        let fresh = self.seen..logs.len();
        self.seen = logs.len();
        let looked = fresh.len();
        if let Some(matcher) = &mut self.matcher {
            let (filter, numbers) = (&self.filter, &mut self.numbers);
            let mut all = usize::MAX;
            matcher.lines(logs, fresh.start, &mut all, |found| {
                let (node, level, _) = found.piece.whose(found.number);
                if filter.takes(node, level) {
                    numbers.push(found.number as u32);
                }
            });
        } else if !self.filter.is_open() {
            let fitting = logs.lines(fresh);
            let fitting = fitting.filter(|line| self.filter.takes(line.node, line.level));
            self.numbers.extend(fitting.map(|line| line.number as u32));
        }
        looked
    }

    /// How many of the first `lines` lines fit.
    pub fn upto(&self, lines: usize) -> usize {
        if self.filter.is_open() {
            return lines.min(self.seen);
        }
        self.numbers
            .partition_point(|number| (*number as usize) < lines)
    }

    /// The number of the `place`-th line that fits, from 0.
    pub fn number(&self, place: usize) -> Option<usize> {
        if self.filter.is_open() {
            return (place < self.seen).then_some(place);
        }
        self.numbers.get(place).map(|number| *number as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::log::{LogStream, NewLine};
    use crate::time::{Millis, Stamp};
    use proptest::prelude::*;

    fn put(logs: &mut LogChannel, at: i64, id: usize, text: &str) {
        logs.insert(NewLine {
            stamp: Stamp::at(Millis(at)),
            node: (!id.is_multiple_of(3)).then_some(NodeIx(id as u32 % 2)),
            level: Level::ALL[id % Level::ALL.len()],
            stream: LogStream::Stdout,
            id: &id.to_string(),
            message: text,
        });
    }

    #[test]
    fn only_new_lines_are_looked_at_until_one_comes_late() {
        let mut logs = LogChannel::default();
        let mut matches = LogMatches::new(LogFilter {
            level: Level::Trace,
            node: None,
            text: "a".into(),
        });
        for (at, text, looked, found) in [
            (10, "a", 1, &[0][..]),
            (20, "b", 1, &[0]),
            (30, "A", 1, &[0, 2]),
            (15, "ba", 3, &[0, 1, 3]),
            (40, "c", 1, &[0, 1, 3]),
        ] {
            put(&mut logs, at, at as usize, text);
            assert_eq!(matches.extend(&logs), looked, "{text}");
            let held: Vec<_> = (0..).map_while(|place| matches.number(place)).collect();
            assert_eq!(held, found, "{text}");
        }
        assert_eq!(matches.extend(&logs), 0);
        assert_eq!(
            (matches.upto(0), matches.upto(2), matches.upto(9)),
            (0, 2, 3)
        );
    }

    proptest! {
        #[test]
        fn whatever_order_lines_come_in_the_same_are_found(
            lines in prop::collection::vec((0_i64..50, "[ab]{0,2}"), 0..40),
            cut in 0_usize..40,
            text in "a?",
            level in 0..Level::ALL.len(),
            node in prop::option::of(0_u32..2),
        ) {
            let filter = LogFilter { level: Level::ALL[level], node: node.map(NodeIx), text };
            let mut logs = LogChannel::default();
            let mut matches = LogMatches::new(filter.clone());
            for (id, (at, text)) in lines.iter().enumerate() {
                put(&mut logs, *at, id, text);
                if id == cut {
                    matches.extend(&logs);
                }
            }
            matches.extend(&logs);
            let fitting: Vec<_> = logs
                .lines(0..logs.len())
                .filter(|line| filter.fits(line))
                .map(|line| line.number)
                .collect();
            let held: Vec<_> = (0..).map_while(|place| matches.number(place)).collect();
            prop_assert_eq!(&held, &fitting);
            let upto = fitting.iter().filter(|number| **number < cut).count();
            prop_assert_eq!(matches.upto(cut), upto);
        }
    }
}
