//! A step's log lines: views show them as a list that grows, events one at a time; each line is told
//! once, and in the order in which it was appended.

use super::compare::{Compared, compare};
use model::{Millis, Stamp, Text};
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Room between the sequences of two lines, for lines that turn out to have been between them.
const SPACING: u32 = 20;
/// Lines of events that no view has shown yet; of more, the oldest count as shown.
const PENDING: usize = 65_536;
/// Milliseconds by which the backend's clock may be before ours.
const SLACK: i64 = 1_000;
/// Milliseconds after which no stream is expected to say a line that a view told.
const PASSED: i64 = 60_000;
/// How far a line is looked for among those that no view has shown.
const REACH: usize = 1_024;

/// What is known of a step's log.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Lines that views have shown, oldest first, as hashes.
    shown: Vec<u64>,
    /// The number (from 0) of the first of them: of a long log a view shows the end.
    first: u64,
    /// Lines that only events have told, after those.
    pending: VecDeque<(u64, Stamp)>,
    /// Lines that a view told, which a stream may say as well, and until when it would be them that
    /// it says.
    unheard: VecDeque<(u64, Millis)>,
    /// The source's own ids, as hashes, where it gives some.
    ids: HashSet<u64>,
    /// Where a stream is that says everything again: the number of the next line.
    replay: Option<u64>,
    /// Of the last of `shown`.
    shown_until: Stamp,
    /// Lines that turned out to have been between others.
    inserted: u32,
    /// The number after the highest given out.
    next: u64,
}

/// A line to be told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// Its index in the view; 0 for an event's.
    pub index: usize,
    /// Its number (from 0) in the step's log, and where it was inserted before the line of that
    /// number, how many were so before it, from 1.
    pub number: (u64, u32),
    /// Its place.
    pub stamp: Stamp,
}

impl Told {
    /// The line's id: which step's, and which line.
    pub(super) fn id(&self, step: &str) -> Text {
        match self.number {
            (number, 0) => format!("{step}#{number}").into(),
            (number, inserted) => format!("{step}#{number}-{inserted}").into(),
        }
    }
}

/// What a view shows.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// The lines, perhaps only the last ones.
    pub lines: &'a [String],
    /// How many there are in all, where the source says so.
    pub count: Option<u64>,
    /// Whether this is the log of a later attempt than the view before showed: it may begin anew.
    pub anew: bool,
    /// Whether it is surely newer than all that is known.
    pub fresh: bool,
    /// The instant of what is new.
    pub at: Millis,
    /// When it came.
    pub came: Millis,
}

/// What a view told that was new.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct News {
    /// In order.
    pub told: Vec<Told>,
    /// Lines that were never seen, and by now are not in the view any more.
    pub lost: u64,
    /// The view shows another log than before.
    pub replaced: bool,
}

impl Lines {
    /// A stream begins; perhaps it says everything again, from the first line.
    pub(super) fn begin_stream(&mut self, again: bool) {
        self.replay = again.then_some(0);
    }

    /// A line as an event tells it; none where it is known.
    pub(super) fn append(&mut self, message: &str, id: Option<&str>, stamp: Stamp) -> Option<Told> {
        let hash = hash(message);
        let again = id.is_some_and(|id| !self.ids.insert(self::hash(id)));
        if let Some(number) = self.replay {
            self.replay = Some(number + 1);
            if number < self.first {
                return (!again).then(|| Told {
                    index: 0,
                    number: (number, 0),
                    stamp: Stamp {
                        sequence: (number + 1) << SPACING,
                        ..stamp
                    },
                });
            }
            if self.at((number - self.first) as usize) == Some(hash) {
                return None;
            }
            if !again {
                self.replay = None;
            }
        }
        if again || self.was_shown(hash, stamp.at) {
            return None;
        }
        let number = self.end().max(self.next);
        self.next = number + 1;
        let last = self
            .pending
            .back()
            .map_or(self.shown_until, |(_, stamp)| *stamp);
        let stamp = after(last, stamp, number);
        if self.pending.len() == PENDING
            && let Some((hash, stamp)) = self.pending.pop_front()
        {
            self.shown.push(hash);
            self.shown_until = stamp;
        }
        self.pending.push_back((hash, stamp));
        Some(Told {
            index: 0,
            number: (number, 0),
            stamp,
        })
    }

    /// The lines that a view shows: those that are new, in the order of the view.
    pub(super) fn show(&mut self, view: &View<'_>) -> News {
        let mut news = News::default();
        let hashes: Vec<u64> = view.lines.iter().map(|line| hash(line)).collect();
        if hashes.is_empty() {
            return news;
        }
        let shown = self.shown.len();
        let mut new: Vec<usize> = Vec::new();
        let mut kept = 0;
        let mut between = 0;
        let mut base = None;
        let mut among = false;
        if let Some(count) = view.count.filter(|count| *count >= hashes.len() as u64) {
            let start = count - hashes.len() as u64;
            base = Some(start);
            if self.end() == 0 {
                (self.first, news.lost) = (start, start);
            }
            match start.checked_sub(self.first + shown as u64) {
                Some(lines) => {
                    between = lines;
                    kept = shown;
                }
                None => kept = start.saturating_sub(self.first) as usize,
            }
        }
        match compare(&self.shown[kept..], &hashes, view.anew) {
            Compared::Nothing => return news,
            Compared::From(from) => new.extend(from..hashes.len()),
            Compared::Rolled(from) => {
                new.extend(from..hashes.len());
                self.first += (shown - kept - from) as u64;
            }
            Compared::Among(some) => {
                among = true;
                new = some;
            }
            Compared::Another if !view.fresh => return news,
            Compared::Another => {
                new.extend(0..hashes.len());
                news.replaced = !view.anew;
                self.begin_anew();
                kept = 0;
            }
        }
        news.lost += self.skip(between);
        let (known, upto) = self.align(new.iter().map(|index| hashes[*index]), view.fresh);
        if upto < new.len() && among {
            return news;
        }
        let base = base.unwrap_or(self.first);
        for (index, known) in new.iter().zip(known).take(upto) {
            let hash = hashes[*index];
            if !(known && self.confirm(hash)) {
                news.told.push(self.insert((*index, base), hash, view));
            }
        }
        if between == 0 {
            self.shown.truncate(kept);
        }
        let upto = new.get(upto).map_or(hashes.len(), |index| *index);
        self.shown.extend(&hashes[..upto]);
        news
    }

    /// Which of the lines that views did not show before an event has told, and up to which of them
    /// that is sure. Events tell lines in order but may miss some; a view that is surely newer shows
    /// all that they told, perhaps in another order.
    fn align(&self, lines: impl Iterator<Item = u64> + Clone, fresh: bool) -> (Vec<bool>, usize) {
        let mut pending = self.pending.iter().map(|(hash, _)| *hash).peekable();
        let in_order = |hash| pending.next_if_eq(&hash).is_some();
        let mut known: Vec<bool> = lines.clone().map(in_order).collect();
        let mut left: HashMap<u64, usize> = HashMap::new();
        pending.for_each(|hash| *left.entry(hash).or_default() += 1);
        for (index, hash) in lines.enumerate() {
            match left.get_mut(&hash).filter(|count| **count > 0) {
                Some(_) if !known[index] && !fresh => return (known, index),
                Some(count) if !known[index] => {
                    *count -= 1;
                    known[index] = true;
                }
                _ => {}
            }
        }
        let all = known.len();
        (known, all)
    }

    /// Whether a view has told a line before the stream did.
    fn was_shown(&mut self, hash: u64, at: Millis) -> bool {
        let passed = |(_, until): &(u64, Millis)| (at - *until).0 > PASSED;
        while self.unheard.front().is_some_and(passed) {
            self.unheard.pop_front();
        }
        let mut reach = self.unheard.iter().take(REACH);
        let found = reach.position(|(unheard, until)| *unheard == hash && at <= *until);
        if let Some(found) = found {
            self.unheard.drain(..=found);
        }
        found.is_some()
    }

    /// Another log begins; its lines are counted on.
    fn begin_anew(&mut self) {
        self.first += self.shown.len() as u64;
        self.shown.clear();
    }

    /// Lines of which the view no longer shows anything; returns how many of them no event told.
    fn skip(&mut self, lines: u64) -> u64 {
        let told = self.pending.len().min(lines as usize);
        for (hash, stamp) in self.pending.drain(..told) {
            self.shown.push(hash);
            self.shown_until = stamp;
        }
        let lost = lines - told as u64;
        if lost > 0 {
            self.begin_anew();
            self.first += lost;
        }
        lost
    }

    /// A line that an event told is shown by a view; whether there is one.
    fn confirm(&mut self, hash: u64) -> bool {
        let mut reach = self.pending.iter().take(REACH);
        let found = reach.position(|(pending, _)| *pending == hash);
        let stamp = found.and_then(|found| self.pending.remove(found));
        if let Some((_, stamp)) = stamp {
            self.shown_until = self.shown_until.max(stamp);
        }
        stamp.is_some()
    }

    /// A line that only a view tells.
    fn insert(&mut self, (index, base): (usize, u64), hash: u64, view: &View<'_>) -> Told {
        if self.unheard.len() == PENDING {
            self.unheard.pop_front();
        }
        let until = Millis(view.came.0.saturating_add(SLACK));
        self.unheard.push_back((hash, until));
        let (number, stamp) = match self.pending.front() {
            // It stands between two lines that were told: right after the first of them.
            Some((_, next)) => {
                self.inserted += 1;
                let last = match self.shown_until == Stamp::default() {
                    true => Stamp {
                        sequence: 0,
                        ..*next
                    },
                    false => self.shown_until,
                };
                let stamp = Stamp {
                    sequence: last.sequence + 1,
                    ..last
                };
                ((self.next, self.inserted), stamp)
            }
            None => {
                let number = self.next.max(base + index as u64);
                self.next = number + 1;
                let stamp = after(self.shown_until, Stamp::at(view.at), number);
                ((number, 0), stamp)
            }
        };
        self.shown_until = stamp;
        Told {
            index,
            number,
            stamp,
        }
    }

    /// The line `index` lines after the first that is held.
    fn at(&self, index: usize) -> Option<u64> {
        let pending = || self.pending.get(index - self.shown.len());
        match self.shown.get(index) {
            Some(hash) => Some(*hash),
            None => pending().map(|(hash, _)| *hash),
        }
    }

    fn end(&self) -> u64 {
        self.first + (self.shown.len() + self.pending.len()) as u64
    }
}

/// A stamp that is not before that of the line before it.
fn after(last: Stamp, stamp: Stamp, number: u64) -> Stamp {
    let sequence = ((number + 1) << SPACING).max(last.sequence + 1);
    let earliest = Stamp {
        sequence: 0,
        ..last
    };
    Stamp {
        sequence,
        ..earliest.max(Stamp {
            sequence: 0,
            ..stamp
        })
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
