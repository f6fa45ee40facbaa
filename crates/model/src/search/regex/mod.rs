//! Regular expressions in time that grows with the text alone, however they are written.
//!
//! ```text
//! pattern ──parse──► tree ──program──► steps ──automaton──► states, as they are met
//!                     └──required──► words without which there is no match, looked for first
//! ```

mod automaton;
mod chars;
mod parse;
mod program;
mod required;

pub(super) use automaton::is_word;
pub use parse::Wrong;

use super::literal::Literal;
use automaton::Automaton;
use parse::{Look, Tree};
use program::{MOST_STEPS, Program};
use std::ops::Range;

/// A pattern, ready to be looked for.
#[derive(Clone, Debug)]
pub struct Regex {
    automaton: Automaton,
    required: Vec<Literal>,
    /// Which of them to look for first.
    rarest: usize,
}

impl Regex {
    /// Reads a pattern; `whole_word` wants it to stand between the edges of words.
    pub fn new(pattern: &str, ignore_case: bool, whole_word: bool) -> Result<Self, Wrong> {
        let mut tree = parse::parse(pattern, ignore_case)?;
        if whole_word {
            let edge = Tree::Look(Look::WordEdge);
            tree = Tree::Sequence(vec![edge.clone(), tree, edge]);
        }
        Self::of(&tree).ok_or_else(|| Wrong {
            place: 1,
            why: format!("repeated as often as it asks for, it has more than {MOST_STEPS} steps"),
        })
    }

    /// A text as it is, whatever the case of its letters.
    pub fn text(text: &str, whole_word: bool) -> Option<Self> {
        let chars = text.chars().map(|char| {
            let mut chars = chars::Chars::one(char);
            chars.ignore_case();
            Tree::Chars(chars)
        });
        let edge = |char: Option<char>| {
            let word = char.is_some_and(|char| {
                char.is_ascii_alphanumeric() || char == '_' || !char.is_ascii()
            });
            (whole_word && word).then_some(Tree::Look(Look::WordEdge))
        };
        let (first, last) = (edge(text.chars().next()), edge(text.chars().next_back()));
        Self::of(&Tree::Sequence(
            first.into_iter().chain(chars).chain(last).collect(),
        ))
    }

    fn of(tree: &Tree) -> Option<Self> {
        let required = required::required(tree);
        let rarest = (0..required.len()).max_by_key(|word| required[*word].rarity());
        Some(Self {
            automaton: Automaton::new(Program::new(tree)?),
            rarest: rarest.unwrap_or(0),
            required,
        })
    }

    /// A word that stands in every match: where it is not, nothing is.
    pub fn hint(&self) -> Option<&Literal> {
        self.required.get(self.rarest)
    }

    /// Whether it matches anywhere in a text.
    pub fn is_in(&mut self, text: &[u8]) -> bool {
        let mut words = self.required.iter();
        let behind = |from: usize, word: &Literal| Some(word.find(text, from)? + word.len());
        let all = words.try_fold(0, behind).is_some();
        all && self.automaton.is_in(text, 0)
    }

    /// How many matches there are, none over another; those that take nothing count as one. And whether
    /// all of the text was looked at: a pattern may be too much work for that.
    pub fn count(&mut self, text: &[u8]) -> (usize, bool) {
        self.automaton.refuel();
        let mut count = usize::from(self.is_in(text));
        if count > 0 && !self.automaton.program().can_be_empty {
            let (mut from, mut ends) = (0, 0);
            while let Some(end) = self.automaton.end(text, from) {
                (ends, from) = (ends + 1, end);
            }
            count = ends.max(1);
        }
        (count, !self.automaton.is_tired())
    }

    /// Where the first match ends.
    pub fn first_end(&mut self, text: &[u8]) -> Option<usize> {
        self.automaton.refuel();
        match self.is_in(text) {
            true => self.automaton.end(text, 0),
            false => None,
        }
    }

    /// Where the matches are, none over another, without those that take nothing. Takes time that grows
    /// with the square of the text: for what is shown, not for what is looked through.
    pub fn ranges(&mut self, text: &str) -> Vec<Range<usize>> {
        self.automaton.refuel();
        let (bytes, mut ranges, mut from) = (text.as_bytes(), Vec::new(), 0);
        while from < bytes.len() && self.automaton.is_in(bytes, from) {
            let starts = (from..bytes.len()).filter(|at| text.is_char_boundary(*at));
            let found = starts
                .map(|start| (start, self.automaton.end_from(bytes, start)))
                .find_map(|(start, end)| end.filter(|end| *end > start).map(|end| start..end));
            let Some(range) = found else {
                break;
            };
            from = range.end;
            ranges.push(range);
        }
        ranges
    }

    /// What was done beyond a look a byte, as a number that grows.
    pub fn work(&self) -> u64 {
        self.automaton.work()
    }
}

#[cfg(test)]
mod tests;
