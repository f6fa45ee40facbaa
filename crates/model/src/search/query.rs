//! What a person looks for, made ready to be looked for.

use super::literal::Literal;
use super::regex::{Regex, Wrong, is_word};
use std::fmt;
use std::ops::Range;

/// What a person looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What was typed.
    pub text: String,
    /// How it is meant.
    pub kind: Kind,
    /// Whether `A` is another letter than `a`.
    pub match_case: bool,
    /// Whether it must not be a part of a longer word.
    pub whole_word: bool,
}

/// How the text of a query is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// As it is.
    #[default]
    Plain,
    /// As a regular expression.
    Regex,
}

impl Query {
    /// Bytes of a query's text, at most.
    pub const MAX_BYTES: usize = 1_024;

    /// A text as it is, in any case, anywhere.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

/// Why a query cannot be looked for; `to_string()` is for a person.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryError {
    /// There is nothing in it.
    Empty,
    /// It has so many bytes.
    TooLong(usize),
    /// It is no regular expression.
    Wrong(Wrong),
}

impl fmt::Display for QueryError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => to.write_str("There is nothing to look for: type something."),
            Self::TooLong(bytes) => write!(
                to,
                "This is too long to look for: {bytes} bytes, and at most {} can be. Look for a part of it.",
                Query::MAX_BYTES
            ),
            Self::Wrong(Wrong { place, why }) => write!(
                to,
                "This regular expression cannot be used: at character {place}, {why}."
            ),
        }
    }
}

impl std::error::Error for QueryError {}

/// A query made ready. It learns while it looks, which is why it is to be changed.
#[derive(Clone, Debug)]
pub struct Matcher {
    pub(super) find: Find,
    /// Texts of which only the beginning was looked at.
    cut: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Find {
    Word { word: Literal, whole: bool },
    Regex(Box<Regex>),
}

impl Matcher {
    /// Bytes of one line or text that a regular expression is tried on; beyond, they are counted in
    /// [`Self::cut`]. A plain query looks at all of it.
    pub const MAX_TEXT: usize = 1 << 20;

    /// Makes a query ready.
    pub fn new(query: &Query) -> Result<Self, QueryError> {
        let Query {
            text,
            kind,
            match_case,
            whole_word,
        } = query;
        if text.is_empty() {
            return Err(QueryError::Empty);
        }
        if text.len() > Query::MAX_BYTES {
            return Err(QueryError::TooLong(text.len()));
        }
        let word = || Find::Word {
            word: Literal::new(text, !match_case),
            whole: *whole_word,
        };
        let find = match kind {
            Kind::Regex => {
                let regex = Regex::new(text, !match_case, *whole_word);
                Find::Regex(Box::new(regex.map_err(QueryError::Wrong)?))
            }
            Kind::Plain if *match_case || text.is_ascii() => word(),
            Kind::Plain => Regex::text(text, *whole_word)
                .map_or_else(word, |regex| Find::Regex(Box::new(regex))),
        };
        Ok(Self { find, cut: 0 })
    }

    /// How many texts were too long, or too much work, for all of them to be looked at.
    pub fn cut(&self) -> usize {
        self.cut
    }

    /// Whether it is in a text.
    pub fn is_in(&mut self, text: &str) -> bool {
        self.first_end(text.as_bytes()).is_some()
    }

    /// How often it is in a text, none over another.
    pub fn count(&mut self, text: &[u8]) -> usize {
        match &mut self.find {
            Find::Word { word, whole } => places(word, *whole, text).count(),
            Find::Regex(regex) => {
                let (count, all) = regex.count(cut(text));
                self.cut += usize::from(!all || text.len() > Self::MAX_TEXT);
                count
            }
        }
    }

    /// Where it is in a text, none over another, to be marked there. For what is on the screen: of more
    /// than 4 KiB only the beginning is looked at.
    pub fn ranges(&mut self, text: &str) -> Vec<Range<usize>> {
        let text = &text[..text.floor_char_boundary(4_096)];
        match &mut self.find {
            Find::Word { word, whole } => {
                let places = places(word, *whole, text.as_bytes());
                places.map(|at| at..at + word.len()).collect()
            }
            Find::Regex(regex) => regex.ranges(text),
        }
    }

    /// Where it first ends in a text.
    pub(super) fn first_end(&mut self, text: &[u8]) -> Option<usize> {
        match &mut self.find {
            Find::Word { word, whole } => {
                let first = places(word, *whole, text).next();
                first.map(|at| at + word.len())
            }
            Find::Regex(regex) => regex.first_end(cut(text)),
        }
    }

    /// What was done beyond a look a byte, as a number that grows.
    pub(super) fn work(&self) -> u64 {
        match &self.find {
            Find::Word { .. } => 0,
            Find::Regex(regex) => regex.work(),
        }
    }
}

fn cut(text: &[u8]) -> &[u8] {
    &text[..text.len().min(Matcher::MAX_TEXT)]
}

/// Where a word stands, none over another.
fn places(word: &Literal, whole: bool, text: &[u8]) -> impl Iterator<Item = usize> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = word.find(text, from)?;
            if !whole || is_whole(text, at..at + word.len()) {
                from = at + word.len();
                return Some(at);
            }
            from = at + 1;
        }
    })
}

/// Whether what is found does not go on as a word on either side.
pub(super) fn is_whole(text: &[u8], found: Range<usize>) -> bool {
    let goes_on = |last: Option<usize>| {
        let word = |at: usize| text.get(at).is_some_and(|byte| is_word(*byte));
        last.is_some_and(|last| word(last) && word(last + 1))
    };
    !goes_on(found.start.checked_sub(1)) && !goes_on(found.end.checked_sub(1))
}
