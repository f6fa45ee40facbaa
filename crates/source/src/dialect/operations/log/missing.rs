//! Lines of a log that are not there: a gap where nobody will bring them, a hole as long as a stream of
//! ours may.

use super::hole::Hole;
use super::{ALIVE, Cut, Line, Log, Written};
use crate::dialect::ResumeToken;
use crate::dialect::decoder::{Decoder, sequence_of};
use model::{Millis, Span, Stamp};

/// Whether a stream was asked, after the end, for what answers do not show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rest {
    Unasked,
    /// Since when.
    Wanted(Millis),
    Asked(Millis),
}

/// How long its answer may take: who does not get it asks for one that says how things stand, again.
const RESPITE: Span = Span(10_000);

impl Log {
    /// Says that the lines between those known and `next` will not come.
    pub(super) fn gap(&mut self, decoder: &mut Decoder, next: u64, why: &str, at: Millis) {
        if next > self.known + 1 {
            let (from, to) = (self.known + 1, next - 1);
            self.known = to;
            self.remembered.clear();
            let stamp = self.place(at);
            self.say_gap(decoder, (from, to), why, stamp);
        }
    }

    fn say_gap(&self, decoder: &mut Decoder, (from, to): (u64, u64), why: &str, stamp: Stamp) {
        let what = match to + 1 - from {
            1 => "1 line was not sent".to_owned(),
            missing => format!("{missing} lines were not sent"),
        };
        decoder.problem(format!("log: {what}: {why}"), "");
        let id = format!("{}.{from}-{to}", self.history);
        self.say_at(decoder, &id, what, stamp);
    }

    /// Leaves the lines between those known and `next` to a stream.
    pub(super) fn leave(&mut self, decoder: &mut Decoder, next: u64, why: String, at: Millis) {
        if next <= self.known + 1 {
            return;
        }
        let lines = (self.known + 1, next - 1);
        let end = at.max(self.last.at);
        let mut hole = Hole::new(lines, (self.floor, self.last), end, at);
        hole.why = why;
        hole.from = self.seam.position().filter(|(count, _)| *count < lines.0);
        // Room for them, should they have no instants of their own.
        self.last.sequence = self.last.sequence.saturating_add(hole.lines());
        self.known = next - 1;
        self.remembered.clear();
        let oldest = self.holes.add(hole);
        self.give_up(decoder, oldest);
    }

    /// Nobody will bring these lines.
    fn give_up(&self, decoder: &mut Decoder, holes: impl IntoIterator<Item = Hole>) {
        for mut hole in holes {
            let lines = (hole.next, hole.last);
            let stamp = hole.take_place(None);
            self.say_gap(decoder, lines, &hole.why, stamp);
        }
    }

    /// After an answer: whether what is missing may still be hoped for.
    pub(super) fn look_at_holes(&mut self, decoder: &mut Decoder, over: bool, at: Millis) {
        let within = |since: Millis, most: Span| (Span(0)..most).contains(&(at - since));
        let Some(first) = self.holes.first() else {
            return;
        };
        let given_up = match self.rest {
            _ if !over => self.holes.given_up(at),
            _ if self.alive.is_some_and(|since| within(since, ALIVE)) => return self.want_answer(),
            Rest::Unasked if !first.is_too_long() => {
                self.rest = Rest::Wanted(at);
                return;
            }
            Rest::Wanted(since) | Rest::Asked(since) if within(since, RESPITE) => {
                return self.want_answer();
            }
            Rest::Unasked | Rest::Wanted(_) | Rest::Asked(_) => self.holes.take(),
        };
        self.give_up(decoder, given_up);
    }

    /// The operation is over, and a stream would tell what is missing: how many lines stand before
    /// where it is to begin, and where that is. Once.
    pub(in super::super) fn wants_rest(&mut self) -> Option<(u64, Option<ResumeToken>)> {
        let (Rest::Wanted(since), Some(first)) = (self.rest, self.holes.first()) else {
            return None;
        };
        self.rest = Rest::Asked(since);
        let from = first.from.clone();
        Some(from.map_or((0, None), |(lines, token)| (lines, Some(token))))
    }

    /// Line `number`, as a stream that was asked for the rest brings it; answers it if it was missing.
    pub(in super::super) fn fill(
        &mut self,
        decoder: &mut Decoder,
        line: &Line,
        number: u64,
    ) -> Option<Written> {
        let id = line.id.as_deref().filter(|id| !id.is_empty());
        let sequence = id.map_or(0, sequence_of);
        let stated = line.stated.map(|stated| Stamp { sequence, ..stated });
        let stamp = self.holes.fill(number, stated)?;
        let id = id.map_or_else(|| format!("{}.{number}", self.history), str::to_owned);
        self.tell(decoder, line.node.clone(), id.into(), stamp, &line.text);
        Some((line.node.clone(), stamp))
    }

    /// Nobody will bring what is still missing.
    pub(in super::super) fn give_up_all(&mut self, decoder: &mut Decoder) {
        let holes = self.holes.take();
        self.give_up(decoder, holes);
    }

    /// Lines dropped by the backend have no numbers. They are told once: by its own line where that
    /// is here, else by ours.
    pub(super) fn tell_cut(&mut self, decoder: &mut Decoder, truncated: bool, at: Millis) {
        if !truncated || self.cut == Cut::Said {
            return;
        }
        let what = "the backend keeps a part of the log only: what came after its limit is missing";
        decoder.problem(what, "");
        if self.cut == Cut::Nothing {
            let id = format!("{}.cut", self.history);
            self.say(decoder, &id, what.to_owned(), at);
        }
        self.cut = Cut::Said;
    }
}
