//! The log channel: lines in order, their text in one piece.

use crate::channel::sorted::Inserted;
use crate::graph::NodeIx;
use crate::time::{Millis, Stamp};
use std::cmp::Ordering;

/// Severity, least first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Finest.
    Trace,
    /// For those who debug.
    Debug,
    /// As expected.
    #[default]
    Info,
    /// Recoverable.
    Warn,
    /// Failed.
    Error,
}

impl Level {
    /// All levels, least first.
    pub const ALL: [Self; 5] = [
        Self::Trace,
        Self::Debug,
        Self::Info,
        Self::Warn,
        Self::Error,
    ];

    /// The word for attributes, links and people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// Who wrote a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LogStream {
    /// A logger.
    #[default]
    Console,
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl LogStream {
    /// The word for attributes and people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

/// One line, its text lent from the channel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogLine<'a> {
    /// Its number among all lines of the channel, from 0.
    pub number: usize,
    /// When.
    pub at: Millis,
    /// Whose; none where it is the run's.
    pub node: Option<NodeIx>,
    /// Severity.
    pub level: Level,
    /// Who wrote it.
    pub stream: LogStream,
    /// The source's id.
    pub id: &'a str,
    /// The line, ANSI sequences included.
    pub message: &'a str,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    stamp: Stamp,
    /// Of id and message, in `text`, next to each other.
    start: u32,
    id_length: u16,
    length: u32,
    node: Option<NodeIx>,
    level: Level,
    stream: LogStream,
}

/// All log lines of a run.
#[derive(Clone, Debug, Default)]
pub struct LogChannel {
    entries: Vec<Entry>,
    text: String,
    dropped: usize,
    /// Grows when a line is inserted before others, so that who kept numbers of lines knows.
    rewrites: u32,
}

/// What a line is made of.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "as LogLine")]
pub struct NewLine<'a> {
    pub stamp: Stamp,
    pub node: Option<NodeIx>,
    pub level: Level,
    pub stream: LogStream,
    pub id: &'a str,
    pub message: &'a str,
}

impl LogChannel {
    /// Bytes of text that are held; lines beyond are counted in [`Self::dropped`] and not kept.
    pub const MAX_BYTES: usize = 1 << 30;

    /// Puts a line where it belongs.
    pub fn insert(&mut self, line: NewLine<'_>) -> Inserted {
        // Ids of more than 64 KiB are cut: they still differ in their first part.
        let id = cut(line.id, u16::MAX as usize);
        let order = |entry: &Entry| {
            entry
                .stamp
                .cmp(&line.stamp)
                .then_with(|| self.id(entry).cmp(id))
        };
        let index = match self.entries.last().map(order) {
            None | Some(Ordering::Less) => self.entries.len(),
            Some(Ordering::Equal) => return Inserted::Duplicate,
            Some(Ordering::Greater) => match self.entries.binary_search_by(order) {
                Ok(_) => return Inserted::Duplicate,
                Err(index) => index,
            },
        };
        if self.text.len() + id.len() + line.message.len() > Self::MAX_BYTES {
            self.dropped += 1;
            return Inserted::Dropped;
        }
        let entry = Entry {
            stamp: line.stamp,
            start: self.text.len() as u32,
            id_length: id.len() as u16,
            length: line.message.len() as u32,
            node: line.node,
            level: line.level,
            stream: line.stream,
        };
        self.text.push_str(id);
        self.text.push_str(line.message);
        let late = index < self.entries.len();
        self.entries.insert(index, entry);
        if late {
            self.rewrites = self.rewrites.wrapping_add(1);
            Inserted::Late(index)
        } else {
            Inserted::Appended
        }
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How often the numbers of lines changed.
    pub fn rewrites(&self) -> u32 {
        self.rewrites
    }

    /// How many lines were not kept because the channel was full.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// How many lines stand at or before `at`; they are numbers `0..upto(at)`.
    pub fn upto(&self, at: Millis) -> usize {
        self.entries.partition_point(|entry| entry.stamp.at <= at)
    }

    /// A line by number.
    pub fn line(&self, number: usize) -> Option<LogLine<'_>> {
        let entry = self.entries.get(number)?;
        let message = entry.start as usize + entry.id_length as usize;
        Some(LogLine {
            number,
            at: entry.stamp.at,
            node: entry.node,
            level: entry.level,
            stream: entry.stream,
            id: self.id(entry),
            message: &self.text[message..message + entry.length as usize],
        })
    }

    /// Lines by number.
    pub fn lines(&self, numbers: std::ops::Range<usize>) -> impl Iterator<Item = LogLine<'_>> {
        numbers.filter_map(|number| self.line(number))
    }

    /// The instant of the last line.
    pub fn end(&self) -> Option<Millis> {
        self.entries.last().map(|entry| entry.stamp.at)
    }

    fn id(&self, entry: &Entry) -> &str {
        &self.text[entry.start as usize..entry.start as usize + entry.id_length as usize]
    }
}

fn cut(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let end = (0..=bytes)
        .rev()
        .find(|&end| text.is_char_boundary(end))
        .unwrap_or(0);
    &text[..end]
}
