//! Where a stream of ours stands among the numbered lines.
//!
//! A stream that was opened for us begins with a status, at the token it was asked with: its lines
//! are counted on from there. One that was joined, because another page had it open, begins
//! anywhere: its lines wait for an answer that was asked for after it was joined. That answer says
//! how many lines there are up to its cursor; the lines behind the cursor are counted on from there.

use super::super::ResumeToken;
use super::log::Line;
use contract::operations::FrameType;

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
    /// The cursor of the latest answer, and that of the latest before the stream was opened.
    polled: Option<String>,
    opened_at: Option<String>,
    /// The cursor of the answer by which a joined stream is counted, until its lines are past it.
    behind: Option<String>,
}

/// A line that a stream brought.
pub(super) enum Counted {
    /// It has this number.
    Line(u64, Line),
    /// It waits for an answer.
    Waits,
    /// The answer by which the stream is counted had it.
    Past,
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

    /// The token, and how many lines stand before it.
    pub(super) fn position(&self) -> Option<(u64, ResumeToken)> {
        self.token.clone()
    }

    /// A stream is being opened with the token.
    pub(super) fn open(&mut self) {
        self.opened = self.opened.wrapping_add(1);
        self.place = Place::Unheard;
        self.waiting.clear();
        self.behind = None;
        self.opened_at.clone_from(&self.polled);
    }

    /// An answer stands for all up to `cursor`.
    pub(super) fn polled(&mut self, cursor: &str) {
        self.polled = Some(cursor.to_owned());
    }

    /// Whether the stream has brought lines, or is counted up to where it will.
    pub(super) fn is_counted(&self) -> bool {
        self.heard > 0
    }

    /// Whether the lines between the token and now will come by the stream, as far as can be told.
    pub(super) fn brings_all(&self) -> bool {
        self.place != Place::Joined
    }

    /// A frame of the stream, before what it says is looked at. A status comes first of all, and
    /// later never within what one position covers: the count is that of the token. One that tells
    /// an operation after its end begins with the lines: with such as are older than the request,
    /// and no joined stream brings those.
    pub(super) fn frame(&mut self, kind: &FrameType, position: &str) {
        let older = |known: &String| follows(position, known) == Some(false);
        let begins = match kind {
            FrameType::Status => true,
            FrameType::Log => self.opened_at.as_ref().is_some_and(older),
            _ => false,
        };
        match self.place {
            Place::Unheard if begins => self.begin_at_token(),
            Place::Unheard => self.place = Place::Joined,
            Place::Counted if *kind == FrameType::Status => self.begin_at_token(),
            Place::Counted | Place::Joined => {}
        }
    }

    fn begin_at_token(&mut self) {
        self.place = Place::Counted;
        self.heard = self.token.as_ref().map_or(0, |(heard, _)| *heard);
    }

    /// A frame was read that stands at `position`.
    pub(super) fn pass(&mut self, position: &str) {
        let is_new = self
            .token
            .as_ref()
            .is_none_or(|(_, known)| known.as_str() != position);
        let is_past = |cursor: &String| follows(position, cursor) == Some(false);
        let is_counted = self.place == Place::Counted && !self.behind.as_ref().is_some_and(is_past);
        if is_counted && is_new && !position.is_empty() {
            self.token = Some((self.heard, ResumeToken(position.to_owned())));
        }
    }

    /// Counts a line, whose frame stands at `position`.
    pub(super) fn count(&mut self, line: Line, position: &str) -> Counted {
        if self.place == Place::Counted {
            if let Some(cursor) = &self.behind {
                if follows(position, cursor) == Some(false) {
                    return Counted::Past;
                }
                self.behind = None;
            }
            self.skip(1);
            self.pass(position);
            return Counted::Line(self.heard, line);
        }
        if self.waiting.len() == WAITING {
            self.open();
            self.place = Place::Joined;
        }
        self.waiting.push((position.to_owned(), line));
        Counted::Waits
    }

    /// The stream left lines out; answers the number of the last of them where that is known.
    pub(super) fn skip(&mut self, lines: u64) -> Option<u64> {
        self.heard = self.heard.saturating_add(lines);
        (self.place == Place::Counted).then_some(self.heard)
    }

    /// An answer says that `count` lines stand up to `cursor`. Gives the lines that waited, where this
    /// is what they waited for: now they can be counted.
    pub(super) fn anchor(
        &mut self,
        asked: Reached,
        count: u64,
        cursor: &str,
    ) -> Vec<(String, Line)> {
        let is_meant = asked.heard && asked.opened == self.opened && self.place == Place::Joined;
        // Lines of another history than the answer's wait for one that knows it.
        let mut waiting = self.waiting.iter();
        if !is_meant || waiting.any(|(position, _)| follows(position, cursor).is_none()) {
            return Vec::new();
        }
        self.place = Place::Counted;
        self.heard = count;
        self.token = Some((count, ResumeToken(cursor.to_owned())));
        self.behind = Some(cursor.to_owned());
        std::mem::take(&mut self.waiting)
    }

    /// The lines are numbered anew, and a stream tells them from the first one on.
    pub(super) fn restart(&mut self) {
        self.heard = 0;
        self.token = None;
        self.place = Place::Counted;
        self.waiting.clear();
        self.behind = None;
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

/// Whether a position of our server, an arrival within an epoch, stands behind another; none where
/// they cannot be compared.
fn follows(position: &str, cursor: &str) -> Option<bool> {
    let (epoch, arrival) = position.rsplit_once('-')?;
    let (known, reached) = cursor.rsplit_once('-')?;
    let [arrival, reached] = [arrival, reached].map(|it| it.parse::<u64>().ok());
    (epoch == known).then_some(arrival? > reached?)
}
