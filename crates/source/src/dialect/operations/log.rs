//! An operation's log, joined from polls that show its last lines and a stream that numbers nothing.
//!
//! ```text
//! poll   … l4 l5 l6, log_count 6    → the lines are 4, 5, 6
//! stream l5 l6 l7                   → counted on from where it stands: see `seam.rs`
//! known  1 2 3 4                    → 5, 6 and 7 are new, whoever brings them first
//! ```
//!
//! Lines that left the window before anybody saw them are a gap of a known size; it is said, in the
//! log and as a problem, and never filled. As long as a stream of ours may yet bring them they are a
//! hole and no gap: see `log/missing.rs`. A stream whose frames have no ids may begin anywhere: what it says
//! is only a reason to ask.

mod hole;
mod missing;

use super::super::ResumeToken;
use super::super::decoder::{Decoder, sequence_of};
use super::result::{MAX_COUNT, Window};
use super::seam::{Counted, Reached, Seam};
use contract::operations::{FrameType, TRUNCATION_MARKER};
use hole::Holes;
use model::channel::log::{Level, LogStream};
use model::item::{LogItem, RecordId};
use model::{Item, Millis, Span, Stamp, Text};
use std::collections::VecDeque;

/// A stream that said something in this time is trusted to bring the lines itself.
const ALIVE: Span = Span(2_000);
/// How often an answer beside the stream is asked for before a later frame has to ask again.
const ATTEMPTS: u32 = 5;
/// Lines whose content is remembered, to tell whether an answer joins what is known.
const REMEMBERED: usize = 128;

/// What was known of the log when a request was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    history: u32,
    count: u64,
    reached: Reached,
}

#[derive(Debug)]
pub(super) struct Log {
    node: Text,
    /// From 1; grows when the log begins anew, and with it the numbers.
    history: u32,
    /// The lines 1 to this were taken in, or said to be missing.
    known: u64,
    seam: Seam,
    /// Hashes of the last known lines, as far as there is no gap between them.
    remembered: VecDeque<u64>,
    /// Where the latest line stands.
    last: Stamp,
    /// Where the latest line without an instant of its own stands: none goes before it any more.
    floor: Stamp,
    /// When the stream was last heard, or a stream was first hoped for.
    alive: Option<Millis>,
    wanted: u32,
    cut: Cut,
    /// Streams may be asked for.
    streams: bool,
    holes: Holes,
    rest: missing::Rest,
}

/// What is known of lines that the backend itself left out.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cut {
    Nothing,
    /// The line that says so was taken in.
    Marked,
    Said,
}

/// A line as a stream of ours brings it.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) node: Text,
    pub(super) id: Option<String>,
    pub(super) stated: Option<Stamp>,
    pub(super) text: String,
}

/// What an answer says of the log.
pub(super) struct Polled<'a> {
    pub(super) asked: Held,
    pub(super) window: &'a Window,
    /// Ours: the position up to which the answer holds. A stream will bring what follows.
    pub(super) cursor: Option<&'a str>,
    /// The operation has ended.
    pub(super) over: bool,
    pub(super) at: Millis,
}

/// A line of the stream that was new: who wrote it and where it stands.
pub(super) type Written = (Text, Stamp);

impl Log {
    pub(super) fn new(node: Text) -> Self {
        Self {
            node,
            history: 1,
            known: 0,
            seam: Seam::default(),
            remembered: VecDeque::new(),
            last: Stamp::at(Millis::MIN),
            floor: Stamp::at(Millis::MIN),
            alive: None,
            wanted: 0,
            cut: Cut::Nothing,
            streams: false,
            holes: Holes::default(),
            rest: missing::Rest::Unasked,
        }
    }

    /// Streams may be asked for, or not.
    pub(super) fn allow_streams(&mut self, allowed: bool) {
        self.streams = allowed;
    }

    pub(super) fn held(&self) -> Held {
        Held {
            history: self.history,
            count: self.known,
            reached: self.seam.reached(),
        }
    }

    pub(super) fn token(&self) -> Option<ResumeToken> {
        self.seam.token()
    }

    /// A stream is being opened with the token.
    pub(super) fn open(&mut self) {
        self.seam.open();
    }

    /// An answer would tell more than is known.
    pub(super) fn want_answer(&mut self) {
        self.wanted = ATTEMPTS;
    }

    pub(super) fn wants_answer(&mut self) -> bool {
        let wanted = self.wanted > 0;
        self.wanted = self.wanted.saturating_sub(1);
        wanted
    }

    /// Takes the lines of an answer, unless they are left to the stream for a while.
    pub(super) fn poll(&mut self, decoder: &mut Decoder, polled: &Polled<'_>) -> Vec<Written> {
        let Polled {
            asked, window, at, ..
        } = *polled;
        self.wanted = 0;
        if asked.history != self.history {
            // It tells of the log before the one that is known now.
            return Vec::new();
        }
        if let Some(cursor) = polled.cursor {
            self.seam.polled(cursor);
            if window.truncated && self.seam.is_counted() {
                // Our server cuts what an answer shows, and streams every line: from here on the two
                // count differently, and the stream's lines are the log.
                self.look_at_holes(decoder, polled.over, at);
                return Vec::new();
            }
        }
        let Some(count) = window.count.or((self.known == 0).then_some(window.len())) else {
            return Vec::new();
        };
        if count < asked.count {
            let before = asked.count;
            let what = format!("the log begins anew: it had {before} lines and now has {count}");
            self.begin_anew(decoder, what, at);
        } else if !self.joins(count, window) {
            let what = "the log begins anew: it is not the one that was known".to_owned();
            self.begin_anew(decoder, what, at);
        }
        if count > self.known {
            if polled.cursor.is_some() && self.waits(polled.over, at) {
                self.want_answer();
                return Vec::new();
            }
            let shown = window.len();
            let first = count.saturating_sub(shown) + 1;
            let why = format!("an answer shows the last {shown} alone");
            // Of a log that our server cuts, answers and streams count the lines differently.
            let hopes = polled.cursor.is_some() && !window.truncated && shown > 0;
            if hopes && self.streams {
                self.leave(decoder, first, why, at);
            } else {
                self.gap(decoder, first, &why, at);
            }
            let skipped = self.known + 1 - first;
            for text in window.lines.iter().skip(skipped as usize) {
                self.numbered(decoder, text, at);
            }
        }
        self.tell_cut(decoder, window.truncated, at);
        let cursor = polled.cursor.unwrap_or_default();
        let waited = self.seam.anchor(asked.reached, count, cursor);
        if !waited.is_empty() && !polled.over {
            // The stream goes on behind them.
            self.give_up_all(decoder);
        }
        self.look_at_holes(decoder, polled.over, at);
        let waited = waited.into_iter();
        waited
            .filter_map(|(position, line)| self.streamed(decoder, line, &position, at))
            .collect()
    }

    /// Whether the window's lines are the ones that are known, as far as both reach.
    fn joins(&self, count: u64, window: &Window) -> bool {
        let remembered = self.remembered.iter().rev();
        // From the last line that both may hold, backwards.
        let steps =
            |more: u64, less: u64| usize::try_from(more.saturating_sub(less)).unwrap_or(usize::MAX);
        let (ahead, behind) = (steps(count, self.known), steps(self.known, count));
        let shown = window.lines.iter().rev().skip(ahead);
        shown
            .zip(remembered.skip(behind))
            .all(|(line, known)| hash(line) == *known)
    }

    /// Whether the lines are left to the stream: it is heard, or it may only just be opened. It alone
    /// knows who wrote them and when, and has those that an answer no longer shows.
    fn waits(&mut self, over: bool, at: Millis) -> bool {
        if !self.seam.brings_all() {
            return false;
        }
        let since = match self.alive {
            // An operation that was over before is not streamed.
            None if over => return false,
            None => *self.alive.insert(at),
            Some(since) => since,
        };
        (Span(0)..ALIVE).contains(&(at - since))
    }

    fn begin_anew(&mut self, decoder: &mut Decoder, what: String, at: Millis) {
        decoder.problem(&*what, "");
        self.give_up_all(decoder);
        self.forget();
        self.seam.lose();
        let id = format!("{}.anew", self.history);
        self.say(decoder, &id, what, at);
    }

    /// What comes from now on is numbered from 1 again.
    fn forget(&mut self) {
        self.history = self.history.saturating_add(1);
        self.known = 0;
        self.remembered.clear();
        self.cut = Cut::Nothing;
        self.holes.take();
        self.rest = missing::Rest::Unasked;
    }

    /// The next line of an answer: all that is known of it is its number.
    fn numbered(&mut self, decoder: &mut Decoder, text: &str, at: Millis) {
        let id = format!("{}.{}", self.history, self.known + 1);
        let stamp = self.place(at);
        let (node, id) = (self.node.clone(), Text::from(id));
        self.push(decoder, node, id, stamp, text);
    }

    /// The next line of the stream, whose frame has the id `position`; answers it if it is new.
    pub(super) fn streamed(
        &mut self,
        decoder: &mut Decoder,
        line: Line,
        position: &str,
        at: Millis,
    ) -> Option<Written> {
        self.alive = Some(at);
        let (number, line) = match self.seam.count(line, position) {
            Counted::Line(number, line) => (number, line),
            Counted::Past => return None,
            Counted::Waits => {
                self.want_answer();
                return None;
            }
        };
        if number <= self.known {
            return self.fill(decoder, &line, number);
        }
        let stamp = match line.stated {
            Some(stated) if stated > self.floor => {
                let sequence = line.id.as_deref().map_or(0, sequence_of);
                let stamp = Stamp { sequence, ..stated };
                self.last = self.last.max(stamp);
                stamp
            }
            stated => self.place(stated.map_or(at, |stated| stated.at)),
        };
        let id = line.id.filter(|id| !id.is_empty());
        let id = id.unwrap_or_else(|| format!("{}.{number}", self.history));
        self.push(decoder, line.node.clone(), id.into(), stamp, &line.text);
        Some((line.node, stamp))
    }

    /// A frame of a stream whose frames have ids, before what it says is looked at.
    pub(super) fn frame(&mut self, kind: &FrameType, position: &str, at: Millis) {
        self.alive = Some(at);
        self.seam.frame(kind, position);
    }

    /// A frame was read that stands at `position`.
    pub(super) fn pass(&mut self, position: &str) {
        self.seam.pass(position);
    }

    /// The stream tells the lines from the first one on; numbers of before mean nothing.
    pub(super) fn restarted(&mut self) {
        self.forget();
        self.seam.restart();
    }

    /// The stream leaves lines out. One that is not counted yet is set right by an answer.
    pub(super) fn missed(&mut self, decoder: &mut Decoder, missed: u64, why: &str, at: Millis) {
        if let Some(last) = self.seam.skip(missed.min(MAX_COUNT)) {
            self.gap(decoder, last.saturating_add(1), why, at);
        }
    }

    /// A line of ours about the log.
    fn say(&mut self, decoder: &mut Decoder, id: &str, message: String, at: Millis) {
        let stamp = self.place(at);
        self.say_at(decoder, id, message, stamp);
    }

    fn say_at(&self, decoder: &mut Decoder, id: &str, message: String, stamp: Stamp) {
        let item = LogItem {
            id: id.into(),
            node: self.node.clone(),
            stamp,
            level: Level::Warn,
            stream: LogStream::Console,
            message: message.into(),
        };
        decoder.push(Item::Log(item));
    }

    fn push(&mut self, decoder: &mut Decoder, node: Text, id: Text, stamp: Stamp, text: &str) {
        self.known += 1;
        if self.remembered.len() == REMEMBERED {
            self.remembered.pop_front();
        }
        self.remembered.push_back(hash(text));
        self.tell(decoder, node, id, stamp, text);
    }

    fn tell(&mut self, decoder: &mut Decoder, node: Text, id: Text, stamp: Stamp, text: &str) {
        let is_marker = text == TRUNCATION_MARKER;
        if is_marker && self.cut == Cut::Nothing {
            self.cut = Cut::Marked;
        }
        decoder.push(Item::Log(LogItem {
            id,
            node,
            stamp,
            level: if is_marker { Level::Warn } else { Level::Info },
            // Standard output and error come mixed.
            stream: LogStream::Console,
            message: text.into(),
        }));
    }

    /// The place behind all lines, at `at` or, where that is earlier, at the latest line.
    fn place(&mut self, at: Millis) -> Stamp {
        let stamp = match at > self.last.at {
            true => Stamp {
                at,
                nanos: 0,
                sequence: 1,
            },
            false => Stamp {
                sequence: self.last.sequence.saturating_add(1),
                ..self.last
            },
        };
        (self.last, self.floor) = (stamp, stamp);
        stamp
    }
}

fn hash(line: &str) -> u64 {
    RecordId::of(&[line]).0
}
