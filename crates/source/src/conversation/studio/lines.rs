//! Log lines of a real Studio. Its ids differ between the list and the stream for the same line, and
//! neither way tells every line: the stream leaves out what shares the last one's millisecond, the
//! list ends at 500. So a line is known by what it says, and the list is asked with an overlap.

use super::known::digest;
use crate::dialect::{Batch, ResumeToken};
use model::item::LogItem;
use model::{Item, Millis, Problem, Span, Stamp};
use std::collections::HashMap;

/// Lines asked for at once: as many as the original gives.
pub(super) const PAGE: u32 = 500;
/// Lines reach the store late, and those of one node before those of another: each look begins so
/// much before the end of the last.
const OVERLAP: Span = Span(2_000);
/// Lines that are told apart; more are not shown.
pub(super) const MOST: usize = 4_000_000;

/// Which lines are known.
#[derive(Debug)]
pub(super) struct Lines {
    /// Of each line its place among those of its instant, in the order in which they came first; and
    /// of each instant its last place.
    places: HashMap<u64, u32>,
    lines: usize,
    most: usize,
    newest: Option<Millis>,
    /// Up to where the list was read, which leaves nothing out.
    checked: Option<Millis>,
    /// The stream brought lines since.
    unchecked: bool,
}

/// A page of the list, and what came before it in the same look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::conversation) struct Asked {
    /// From this instant on, inclusive.
    pub(super) start: Option<Millis>,
    /// After this position.
    pub(super) cursor: Option<ResumeToken>,
    /// A page of this look was full.
    full: bool,
    newest: Option<Stamp>,
    /// The lines of the page before.
    page: u64,
    /// How often each line of the newest instant has been seen in this look.
    tail: Vec<(u64, Stamp, u32)>,
}

#[derive(Default)]
struct Page {
    count: usize,
    newest: Option<Stamp>,
    digest: u64,
    tail: Vec<(u64, Stamp, u32)>,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            places: HashMap::new(),
            lines: 0,
            most: MOST,
            newest: None,
            checked: None,
            unchecked: false,
        }
    }
}

impl Lines {
    /// The whole list.
    pub(super) fn all(&self) -> Asked {
        Asked::default()
    }

    /// What may have come since the list was read last.
    pub(super) fn since(&self) -> Asked {
        Asked {
            start: self.checked.map(|at| at - OVERLAP),
            ..Asked::default()
        }
    }

    /// Whether the stream brought lines that the list has not confirmed.
    pub(super) fn are_unchecked(&self) -> bool {
        self.unchecked
    }

    /// Where the stream is to go on, where the list knows better than its own last frame.
    pub(super) fn position(&self) -> Option<Millis> {
        self.checked.filter(|_| self.checked >= self.newest)
    }

    /// Takes a frame of the stream, all of it after the frame before.
    pub(super) fn take_frame(&mut self, batch: &mut Batch) {
        let page = self.take(batch, &Asked::default());
        self.unchecked |= page.count > 0;
    }

    /// Takes a page of the list, `now` by the server's clock; answers which to ask for next.
    pub(super) fn take_page(
        &mut self,
        asked: &Asked,
        batch: &mut Batch,
        now: Millis,
    ) -> Option<Asked> {
        let page = self.take(batch, asked);
        // A line from the future must not make us skip those of the present.
        let reached = page.newest.map(|stamp| stamp.at.min(now));
        self.checked = self.checked.max(reached);
        let next = next(asked, page, batch);
        if next.is_none() {
            self.unchecked = false;
        }
        next
    }

    /// Gives lines ids and places that do not depend on how they came: a line that comes again is the
    /// same line.
    fn take(&mut self, batch: &mut Batch, asked: &Asked) -> Page {
        let mut page = Page::default();
        for line in batch.items.iter().filter_map(line_of) {
            page.count += 1;
            page.digest = digest(&(page.digest, key(line)));
            page.newest = page.newest.max(Some(instant(line)));
        }
        // The page before, once more, brings nothing that was said twice.
        let tail = match page.digest == asked.page {
            true => [].iter(),
            false => asked.tail.iter(),
        };
        let mut seen: HashMap<u64, (Stamp, u32)> = tail
            .map(|(key, stamp, times)| (*key, (*stamp, *times)))
            .collect();
        let mut over = false;
        batch.items.retain_mut(|item| {
            let Item::Log(line) = item else { return true };
            let (stamp, key) = (instant(line), key(line));
            let (_, times) = seen.entry(key).or_insert((stamp, 0));
            *times += 1;
            let named = self.name(line, stamp, key, *times);
            over |= !named;
            named
        });
        page.tail = seen
            .into_iter()
            .filter(|(_, (stamp, _))| Some(*stamp) == page.newest)
            .map(|(key, (stamp, times))| (key, stamp, times))
            .collect();
        page.tail.sort_unstable();
        self.newest = self.newest.max(page.newest.map(|stamp| stamp.at));
        if over {
            batch.problems.push(problem(format!(
                "more than {} lines; the rest is not shown",
                self.most
            )));
        }
        page
    }

    /// Names the `times`-th line of this text and instant as it was named before, if it was; false
    /// where there is no room for it.
    fn name(&mut self, line: &mut LogItem, stamp: Stamp, key: u64, times: u32) -> bool {
        let known = digest(&(key, times));
        let place = match self.places.get(&known) {
            Some(place) => *place,
            None if self.lines >= self.most => return false,
            None => {
                self.lines += 1;
                let of_instant = digest(&("instant", stamp.at, stamp.nanos));
                let last = self.places.entry(of_instant).or_insert(0);
                *last += 1;
                let place = *last;
                self.places.insert(known, place);
                place
            }
        };
        line.stamp.sequence = u64::from(place);
        line.id = format!("{key:016x}.{times}").into();
        true
    }
}

/// The list says how to go on, but not always rightly: it may cut at 500 and not know. A new look from
/// the newest line on, that millisecond included, is what always works.
fn next(asked: &Asked, page: Page, batch: &mut Batch) -> Option<Asked> {
    let newest = asked.newest.max(page.newest);
    let full = page.count >= PAGE as usize;
    // A page after a full one that holds nothing is what comes of a cut that was not known.
    let cut = full || asked.full && page.count == 0;
    let goes_on = batch.has_more && page.count > 0 && page.digest != asked.page;
    let cursor = batch.resume.clone().filter(|_| goes_on);
    if cursor.is_some() && cursor != asked.cursor {
        return Some(Asked {
            start: asked.start,
            cursor,
            full: full || asked.full,
            newest,
            page: page.digest,
            tail: page.tail,
        });
    }
    if !cut {
        return None;
    }
    let newest = newest?.at;
    let start = match asked.start {
        Some(start) if newest < start => return None,
        Some(start) if newest == start => {
            batch.problems.push(problem(format!(
                "more than {PAGE} lines of one millisecond: the rest of it cannot be asked for"
            )));
            newest + Span(1)
        }
        _ => newest,
    };
    Some(Asked {
        start: Some(start),
        ..Asked::default()
    })
}

fn line_of(item: &Item) -> Option<&LogItem> {
    match item {
        Item::Log(line) => Some(line),
        _ => None,
    }
}

/// When, and not which of those.
fn instant(line: &LogItem) -> Stamp {
    Stamp {
        sequence: 0,
        ..line.stamp
    }
}

/// What a line says.
fn key(line: &LogItem) -> u64 {
    let stamp = line.stamp;
    digest(&(&line.node, stamp.at, stamp.nanos, line.level, &line.message))
}

fn problem(what: String) -> Problem {
    Problem {
        place: "logs".into(),
        what: what.into(),
        excerpt: "".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::studio::decode_frame;

    #[test]
    fn lines_beyond_the_bound_are_said_and_those_below_stay_known() {
        let mut lines = Lines {
            most: 2,
            ..Lines::default()
        };
        let frame = |ids: std::ops::Range<u32>| {
            let line = |id| {
                format!(
                    r#"{{"id":"{id}","nodeId":"a","message":"m{id}","timestamp":"2026-01-01T00:00:00Z"}}"#
                )
            };
            let all: Vec<_> = ids.map(line).collect();
            decode_frame("logs", &format!(r#"{{"logs":[{}]}}"#, all.join(",")))
        };
        for (ids, kept, problems) in [(0..2, 2, 0), (0..2, 2, 0), (1..5, 1, 1), (2..3, 0, 1)] {
            let mut batch = frame(ids.clone());
            lines.take_frame(&mut batch);
            assert_eq!(batch.items.len(), kept, "{ids:?}");
            assert_eq!(batch.problems.len(), problems, "{ids:?}");
        }
    }
}
