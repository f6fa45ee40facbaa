//! Where a stream of ours stands among the numbered lines.
//!
//! A stream that was opened for us begins with a status, at the token it was asked with: its lines
//! are counted on from there. One that was joined, because another page had it open, begins
//! anywhere: its lines wait for an answer that was asked for after it was joined. That answer says
//! how many lines there are up to its cursor; the lines behind the cursor are counted on from there.

use super::super::ResumeToken;
use super::log::Line;

/// Lines that wait for an answer at most; with more, the stream counts as joined at the last one.
const WAITING: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct Seam {
    /// Streams that were opened.
    opened: u32,
    place: Place,
    /// The lines 1 to this were sent by the stream, or are behind where it began.
    heard: u64,
    /// The stream's position after so many lines.
    token: Option<(u64, ResumeToken)>,
    waiting: Vec<(String, Line)>,
}

#[derive(Debug, Default, PartialEq)]
enum Place {
    /// Nothing has been heard of the stream.
    #[default]
    Unheard,
    /// It was joined; who knows where.
    Joined,
    /// The next line is the one after [`Seam::heard`].
    Counted,
}

/// What was heard of which stream when a request was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    opened: u32,
    heard: bool,
}

impl Seam {
    pub(super) fn reached(&self) -> Reached {
        Reached {
            opened: self.opened,
            heard: self.place != Place::Unheard,
        }
    }

    pub(super) fn token(&self) -> Option<ResumeToken> {
        self.token.as_ref().map(|(_, token)| token.clone())
    }

    /// A stream is being opened with the token.
    pub(super) fn open(&mut self) {
        self.opened = self.opened.wrapping_add(1);
        self.place = Place::Unheard;
        self.waiting.clear();
    }

    /// Whether the lines between the token and now will come by the stream, as far as can be told.
    pub(super) fn brings_all(&self) -> bool {
        self.place != Place::Joined
    }

    /// A frame of the stream, before what it says is looked at. A status comes first of all, and
    /// later never within what one position covers: the count is that of the token.
    pub(super) fn frame(&mut self, is_status: bool) {
        match self.place {
            Place::Unheard if !is_status => self.place = Place::Joined,
            Place::Unheard | Place::Counted if is_status => {
                self.place = Place::Counted;
                self.heard = self.token.as_ref().map_or(0, |(heard, _)| *heard);
            }
            _ => {}
        }
    }

    /// A frame was read that stands at `position`.
    pub(super) fn pass(&mut self, position: &str) {
        let is_new = self
            .token
            .as_ref()
            .is_none_or(|(_, known)| known.as_str() != position);
        if self.place == Place::Counted && is_new && !position.is_empty() {
            self.token = Some((self.heard, ResumeToken(position.to_owned())));
        }
    }

    /// Counts a line; it comes back with its number, or waits.
    pub(super) fn count(&mut self, line: Line, position: &str) -> Option<(u64, Line)> {
        if self.place == Place::Counted {
            self.skip(1);
            self.pass(position);
            return Some((self.heard, line));
        }
        if self.waiting.len() == WAITING {
            self.open();
            self.place = Place::Joined;
        }
        self.waiting.push((position.to_owned(), line));
        None
    }

    /// The stream left lines out; answers the number of the last of them where that is known.
    pub(super) fn skip(&mut self, lines: u64) -> Option<u64> {
        self.heard = self.heard.saturating_add(lines);
        (self.place == Place::Counted).then_some(self.heard)
    }

    /// An answer says that `count` lines stand up to `cursor`. Gives the lines that waited and stand
    /// behind it, where this is what they waited for.
    pub(super) fn anchor(
        &mut self,
        asked: Reached,
        count: u64,
        cursor: &str,
    ) -> Vec<(String, Line)> {
        let is_meant = asked.heard && asked.opened == self.opened && self.place == Place::Joined;
        let Some(at) = is_meant.then(|| position(cursor)).flatten() else {
            return Vec::new();
        };
        let behind = |(id, _): &(String, Line)| match position(id) {
            Some((epoch, arrival)) if epoch == at.0 => Some(arrival > at.1),
            _ => None,
        };
        if self.waiting.iter().any(|line| behind(line).is_none()) {
            // Of another history than the answer: the next one may know it.
            return Vec::new();
        }
        self.place = Place::Counted;
        self.heard = count;
        self.token = Some((count, ResumeToken(cursor.to_owned())));
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain(|line| behind(line) == Some(true));
        waiting
    }

    /// The lines are numbered anew, and a stream tells them from the first one on.
    pub(super) fn restart(&mut self) {
        self.heard = 0;
        self.token = None;
        self.place = Place::Counted;
        self.waiting.clear();
    }

    /// The lines are numbered anew; what an open stream goes on to say has no known number.
    pub(super) fn lose(&mut self) {
        self.heard = 0;
        self.token = None;
        if self.place == Place::Counted {
            self.open();
            self.place = Place::Joined;
        }
    }
}

/// A position of our server: an arrival within an epoch.
fn position(token: &str) -> Option<(&str, u64)> {
    let (epoch, arrival) = token.rsplit_once('-')?;
    Some((epoch, arrival.parse().ok()?))
}
