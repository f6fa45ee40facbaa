//! A step's log lines: views show them as a list that grows, events one at a time; each line is told
//! once, and in the order in which it was appended.
//!
//! What identifies a line is its number in the step's log. Where that is not said it is its text and
//! how many alike there are: a view shows all of them, a stream says each once. No clock decides.

mod compare;
mod moved;
mod shown;
mod unheard;

use super::position::Position;
use model::{Millis, Stamp, Text};
use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use unheard::{Heard, Unheard};

/// Room between the sequences of two lines, for lines that turn out to have been between them.
const SPACING: u32 = 20;
/// Lines of events that no view has shown yet; of more, the oldest count as shown.
const PENDING: usize = 65_536;

/// What is known of a step's log.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Lines that views have shown, oldest first, as hashes.
    shown: Vec<u64>,
    /// The number (from 0) of the first of them: of a long log a view shows the end.
    first: u64,
    /// Lines that only events have told, after those.
    pending: VecDeque<(u64, Stamp)>,
    /// Lines that a view told, which a stream may say as well.
    unheard: Unheard,
    /// The source's own ids, as hashes, where it gives some.
    ids: HashSet<u64>,
    /// Where a stream is that says everything again: the number of the next line.
    replay: Option<u64>,
    /// The backend has another history than that of these lines, and no view has shown it yet.
    another: bool,
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
    /// Whether no newer view has come before it.
    pub in_order: bool,
    /// The instant of what is new.
    pub at: Millis,
    /// Where it stands, if it says so.
    pub position: Option<Position>,
}

/// What a line is that an event tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Appended {
    New(Told),
    Known,
    /// It is taken for one that a view told; the next view shows whether there are two.
    Doubtful,
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

    /// The backend lost the run and got it anew: lines may be gone.
    pub(super) fn begin_another_history(&mut self) {
        self.another = self.end() > 0;
    }

    /// A line as an event tells it; `at`: where the event stands, if it says so.
    pub(super) fn append(
        &mut self,
        message: &str,
        id: Option<&str>,
        stamp: Stamp,
        at: Option<Position>,
    ) -> Appended {
        let hash = hash(message);
        let again = id.is_some_and(|id| !self.ids.insert(self::hash(id)));
        if let Some(number) = self.replay {
            self.replay = Some(number + 1);
            if number < self.first && again {
                return Appended::Known;
            }
            if number < self.first {
                return Appended::New(Told {
                    index: 0,
                    number: (number, 0),
                    stamp: Stamp {
                        sequence: (number + 1) << SPACING,
                        ..stamp
                    },
                });
            }
            if self.at((number - self.first) as usize) == Some(hash) {
                return Appended::Known;
            }
            if !again {
                self.replay = None;
            }
            if number >= self.end() {
                self.unheard.clear();
            }
        }
        if again {
            return Appended::Known;
        }
        match self.unheard.hear(hash, at) {
            Heard::No => Appended::New(self.push(hash, stamp)),
            Heard::Yes => Appended::Known,
            Heard::Perhaps => Appended::Doubtful,
        }
    }

    /// A line that only an event tells, after all others.
    fn push(&mut self, hash: u64, stamp: Stamp) -> Told {
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
        Told {
            index: 0,
            number: (number, 0),
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
