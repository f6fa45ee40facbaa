//! Looks through log lines: a word is looked for in whole blocks of them, a pattern in the lines that
//! have the words it needs.

use super::query::{Find, Matcher, is_whole};
use crate::channel::log::{LogChannel, Piece};

/// A line in which something was found.
pub(crate) struct Found<'a> {
    /// Where the line is.
    pub piece: Piece<'a>,
    /// Its number.
    pub number: usize,
    /// How often.
    pub count: usize,
}

/// What finding a line costs, in the same unit as a byte that is looked at.
const HIT: usize = 32;
/// Bytes that a word is looked for in in the time that a pattern takes for one.
const FASTER: usize = 8;

impl Matcher {
    /// Looks through lines from number `from` on until `budget` is used up, and tells behind which it
    /// stopped. A budget of a million takes some milliseconds.
    pub(crate) fn lines<'a>(
        &mut self,
        logs: &'a LogChannel,
        mut from: usize,
        budget: &mut usize,
        mut found: impl FnMut(Found<'a>),
    ) -> usize {
        while *budget > 0
            && let Some(piece) = logs.piece(from)
        {
            let mut cost = 0;
            from = self.piece(piece, from, *budget, &mut cost, &mut |number, count| {
                found(Found {
                    piece,
                    number,
                    count,
                });
            });
            *budget = budget.saturating_sub(cost.max(1));
        }
        from
    }

    fn piece(
        &mut self,
        piece: Piece<'_>,
        from: usize,
        budget: usize,
        cost: &mut usize,
        found: &mut dyn FnMut(usize, usize),
    ) -> usize {
        let text = piece.text().as_bytes();
        let Find::Regex(regex) = &self.find else {
            *cost = (text.len() - piece.start()) / FASTER;
            self.words(piece, cost, found);
            return piece.end();
        };
        let hint = regex.hint().cloned();
        let mut number = from;
        while number < piece.end() && *cost < budget {
            if let Some(hint) = &hint {
                let start = piece.bytes(number).start;
                let Some(at) = hint.find(text, start) else {
                    *cost += (text.len() - start) / FASTER;
                    return piece.end();
                };
                *cost += (at - start) / FASTER;
                number = piece.line_at(at);
            }
            let (line, work) = (&text[piece.bytes(number)], self.work());
            let count = self.count(line);
            *cost += line.len() + HIT + (self.work() - work) as usize;
            if count > 0 {
                found(number, count);
            }
            number += 1;
        }
        number
    }

    fn words(&self, piece: Piece<'_>, cost: &mut usize, found: &mut dyn FnMut(usize, usize)) {
        let Find::Word { word, whole } = &self.find else {
            return;
        };
        let text = piece.text().as_bytes();
        let mut next = word.find(text, piece.start());
        while let Some(mut at) = next {
            let number = piece.line_at(at);
            let line = piece.bytes(number);
            let mut count = 0;
            while line.contains(&at) {
                // The end of one line and the beginning of the next are no word together.
                let end = at + word.len();
                let fits = end <= line.end
                    && (!whole || is_whole(&text[line.clone()], at - line.start..end - line.start));
                count += usize::from(fits);
                next = word.find(text, if fits { end } else { at + 1 });
                at = next.unwrap_or(usize::MAX);
            }
            *cost += HIT;
            if count > 0 {
                found(number, count);
            }
        }
    }
}
