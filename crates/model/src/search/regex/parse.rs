//! Reads a pattern as people write them into a tree.

use super::chars::Chars;
use std::iter::Peekable;
use std::str::CharIndices;

/// A pattern as a tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// One of these characters.
    Chars(Chars),
    /// Nothing is taken; something must be so.
    Look(Look),
    /// One after the other; none of them takes nothing.
    Sequence(Vec<Self>),
    /// One of them, the first that fits.
    Either(Vec<Self>),
    /// So many times.
    Repeat {
        /// What.
        tree: Box<Self>,
        /// At least.
        least: u32,
        /// At most.
        most: Option<u32>,
        /// Rather more than less.
        greedy: bool,
    },
}

/// What must be so at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    /// A line begins.
    LineStart,
    /// It ends.
    LineEnd,
    /// The text begins.
    TextStart,
    /// It ends.
    TextEnd,
    /// A word begins or ends.
    WordEdge,
    /// Neither.
    NoWordEdge,
}

/// Why a pattern cannot be used, and at which character of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// Counted in characters, from 1.
    pub place: usize,
    /// For a person.
    pub why: String,
}

/// Groups within groups, and repetitions of repetitions.
const DEEPEST: u32 = 50;
/// The most a `{}` may ask for.
const MOST: u32 = 1_000;

/// Reads a pattern.
pub fn parse(pattern: &str, ignore_case: bool) -> Result<Tree, Wrong> {
    let mut parser = Parser {
        rest: pattern.char_indices().peekable(),
        pattern,
        depth: 0,
        ignore_case,
        dot_takes_all: false,
    };
    let tree = parser.either()?;
    match parser.rest.peek().copied() {
        Some((at, _)) => Err(parser.wrong(at, "a `)` closes nothing: write `\\)` to look for one")),
        None => Ok(tree),
    }
}

struct Parser<'a> {
    rest: Peekable<CharIndices<'a>>,
    pattern: &'a str,
    depth: u32,
    ignore_case: bool,
    dot_takes_all: bool,
}

impl Parser<'_> {
    fn either(&mut self) -> Result<Tree, Wrong> {
        let flags = (self.ignore_case, self.dot_takes_all);
        let mut ways = vec![self.sequence()?];
        while self.eat('|') {
            ways.push(self.sequence()?);
        }
        (self.ignore_case, self.dot_takes_all) = flags;
        Ok(match ways.len() {
            1 => ways.remove(0),
            _ => Tree::Either(ways),
        })
    }

    fn sequence(&mut self) -> Result<Tree, Wrong> {
        let mut parts = Vec::new();
        while let Some((at, char)) = self.rest.next_if(|(_, char)| !matches!(char, '|' | ')')) {
            let part = match char {
                '*' | '+' | '?' => {
                    let why = format!(
                        "there is nothing before this `{char}`: write `\\{char}` to look for one"
                    );
                    return Err(self.wrong(at, why));
                }
                '(' => self.group(at)?,
                '[' => Tree::Chars(self.set(at)?),
                '.' if self.dot_takes_all => Tree::Chars(Chars::all()),
                '.' => Tree::Chars(Chars::one('\n').negated()),
                '^' => Tree::Look(Look::LineStart),
                '$' => Tree::Look(Look::LineEnd),
                '\\' => self.escape(at)?,
                char => self.char(char),
            };
            parts.push(self.repeated(part)?);
        }
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Tree::Sequence(parts),
        })
    }

    fn repeated(&mut self, mut tree: Tree) -> Result<Tree, Wrong> {
        for _ in 0..DEEPEST {
            let (least, most) = match self.rest.peek().copied() {
                Some((_, '*')) => (0, None),
                Some((_, '+')) => (1, None),
                Some((_, '?')) => (0, Some(1)),
                Some((at, '{')) => match self.counts(at)? {
                    Some(counts) => counts,
                    None => return Ok(tree),
                },
                _ => return Ok(tree),
            };
            self.rest.next();
            let greedy = !self.eat('?');
            tree = Tree::Repeat {
                tree: Box::new(tree),
                least,
                most,
                greedy,
            };
        }
        let at = self.rest.peek().map_or(self.pattern.len(), |(at, _)| *at);
        Err(self.wrong(at, "too many repetitions stand behind each other"))
    }

    /// What stands in `{2,3}`, all of it taken but the `}`; none where it is no count but a brace.
    fn counts(&mut self, at: usize) -> Result<Option<(u32, Option<u32>)>, Wrong> {
        let inner = self.pattern[at + 1..]
            .split_once('}')
            .map(|(inner, _)| inner);
        let Some(inner) = inner.filter(|inner| {
            let counts = |char: char| char.is_ascii_digit() || char == ',';
            inner.starts_with(|char: char| char.is_ascii_digit()) && inner.chars().all(counts)
        }) else {
            return Ok(None);
        };
        let many =
            format!("a count must be at most {MOST}, and the first not more than the second");
        let number = |text: &str| text.parse().ok().filter(|count| *count <= MOST);
        let counts = match inner.split_once(',') {
            None => number(inner).map(|count| (count, Some(count))),
            Some((least, "")) => number(least).map(|least| (least, None)),
            Some((least, most)) => number(least).zip(number(most).map(Some)),
        };
        let counts = counts.filter(|(least, most)| most.is_none_or(|most| *least <= most));
        let Some(counts) = counts else {
            return Err(self.wrong(at, many));
        };
        for _ in 0..=inner.len() {
            self.rest.next();
        }
        Ok(Some(counts))
    }

    fn group(&mut self, at: usize) -> Result<Tree, Wrong> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.wrong(
                at,
                format!("more than {DEEPEST} groups stand within each other"),
            ));
        }
        let flags = (self.ignore_case, self.dot_takes_all);
        if self.eat('?')
            && let Some(alone) = self.flags(at)?
        {
            self.depth -= 1;
            return Ok(alone);
        }
        let tree = self.either()?;
        if !self.eat(')') {
            return Err(self.wrong(at, "this `(` is not closed: write `\\(` to look for one"));
        }
        (self.ignore_case, self.dot_takes_all) = flags;
        self.depth -= 1;
        Ok(tree)
    }

    /// What stands behind `(?`; something where that was all of the group.
    fn flags(&mut self, at: usize) -> Result<Option<Tree>, Wrong> {
        let mut on = true;
        loop {
            match self.rest.next().map(|(_, char)| char) {
                Some('i') => self.ignore_case = on,
                Some('s') => self.dot_takes_all = on,
                // Lines are what is looked at, so it is always on.
                Some('m') if on => {}
                Some('-') => on = false,
                Some(':') => return Ok(None),
                Some(')') => return Ok(Some(Tree::Sequence(Vec::new()))),
                Some('P') => {}
                Some('<') if !self.peek_is(|char| matches!(char, '=' | '!')) => {
                    while self.rest.next_if(|(_, char)| *char != '>').is_some() {}
                    return match self.eat('>') {
                        true => Ok(None),
                        false => Err(self.wrong(at, "the name of this group is not closed by `>`")),
                    };
                }
                Some('=' | '!' | '<') => {
                    let why =
                        "looking ahead or behind is not possible here: a search must stay quick";
                    return Err(self.wrong(at, why));
                }
                _ => return Err(self.wrong(at, "what stands behind this `(?` is not known here")),
            }
        }
    }

    fn set(&mut self, at: usize) -> Result<Chars, Wrong> {
        let negated = self.eat('^');
        let mut set = Chars::default();
        let mut first = true;
        loop {
            let open = "this `[` is not closed: write `\\[` to look for one";
            let (here, char) = self.rest.next().ok_or_else(|| self.wrong(at, open))?;
            if char == ']' && !first {
                break;
            }
            if char == '[' && self.peek_is(|char| char == ':') {
                return Err(self.wrong(here, "names as `[:alpha:]` are not known here"));
            }
            first = false;
            let from = match self.of_set(here, char)? {
                Ok(from) => from,
                Err(class) => {
                    set.add(&class);
                    continue;
                }
            };
            let mut ahead = self.rest.clone();
            let range = ahead.next().is_some_and(|(_, char)| char == '-')
                && ahead.next().is_some_and(|(_, char)| char != ']');
            let mut to = from;
            if range {
                self.rest.next();
                let (there, char) = self.rest.next().ok_or_else(|| self.wrong(at, open))?;
                let end = self.of_set(there, char)?.ok().filter(|end| *end >= from);
                let why = "a range must go from one character to a later one";
                to = end.ok_or_else(|| self.wrong(here, why))?;
            }
            set.add(&Chars::of(&[(from, to)]));
        }
        if self.ignore_case {
            set.ignore_case();
        }
        Ok(match negated {
            true => set.negated(),
            false => set,
        })
    }

    fn of_set(&mut self, at: usize, char: char) -> Result<Result<char, Chars>, Wrong> {
        if char != '\\' {
            return Ok(Ok(char));
        }
        if self.eat('b') {
            return Ok(Ok('\u{8}'));
        }
        match self.escaped(at)? {
            Escaped::Char(char) => Ok(Ok(char)),
            Escaped::Class(class) => Ok(Err(class)),
            Escaped::Look(_) => Err(self.wrong(at, "this cannot stand between `[` and `]`")),
        }
    }

    fn escape(&mut self, at: usize) -> Result<Tree, Wrong> {
        Ok(match self.escaped(at)? {
            Escaped::Char(char) => self.char(char),
            Escaped::Class(class) => Tree::Chars(class),
            Escaped::Look(look) => Tree::Look(look),
        })
    }

    fn escaped(&mut self, at: usize) -> Result<Escaped, Wrong> {
        let end = "a `\\` stands at the end: write `\\\\` to look for one";
        let (_, char) = self.rest.next().ok_or_else(|| self.wrong(at, end))?;
        Ok(match char {
            'd' => Escaped::Class(Chars::digit()),
            'D' => Escaped::Class(Chars::digit().negated()),
            's' => Escaped::Class(Chars::space()),
            'S' => Escaped::Class(Chars::space().negated()),
            'w' => Escaped::Class(Chars::word()),
            'W' => Escaped::Class(Chars::word().negated()),
            'b' => Escaped::Look(Look::WordEdge),
            'B' => Escaped::Look(Look::NoWordEdge),
            'A' => Escaped::Look(Look::TextStart),
            'z' | 'Z' => Escaped::Look(Look::TextEnd),
            'n' => Escaped::Char('\n'),
            'r' => Escaped::Char('\r'),
            't' => Escaped::Char('\t'),
            'f' => Escaped::Char('\u{c}'),
            'v' => Escaped::Char('\u{b}'),
            'a' => Escaped::Char('\u{7}'),
            'e' => Escaped::Char('\u{1b}'),
            '0' => Escaped::Char('\0'),
            'x' => Escaped::Char(self.code(at, 2)?),
            'u' => Escaped::Char(self.code(at, 4)?),
            '1'..='9' => {
                let why = "what a group found cannot be asked for again: a search must stay quick";
                return Err(self.wrong(at, why));
            }
            char if char.is_ascii_alphabetic() => {
                return Err(self.wrong(at, format!("`\\{char}` is not known here")));
            }
            char => Escaped::Char(char),
        })
    }

    /// The character of `\x1b`, `\u001b` or `\x{1b}`.
    fn code(&mut self, at: usize, digits: usize) -> Result<char, Wrong> {
        let mut hex = String::new();
        if self.eat('{') {
            while let Some((_, char)) = self.rest.next_if(|(_, char)| *char != '}') {
                hex.push(char);
            }
            self.eat('}');
        } else {
            hex.extend(
                (0..digits)
                    .filter_map(|_| self.rest.next())
                    .map(|(_, char)| char),
            );
        }
        let code = u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32);
        code.ok_or_else(|| self.wrong(at, "this is not the code of a character"))
    }

    fn char(&self, char: char) -> Tree {
        let mut chars = Chars::one(char);
        if self.ignore_case {
            chars.ignore_case();
        }
        Tree::Chars(chars)
    }

    fn eat(&mut self, char: char) -> bool {
        self.rest.next_if(|(_, next)| *next == char).is_some()
    }

    fn peek_is(&mut self, is: impl Fn(char) -> bool) -> bool {
        self.rest.peek().is_some_and(|(_, char)| is(*char))
    }

    fn wrong(&self, at: usize, why: impl Into<String>) -> Wrong {
        Wrong {
            place: self.pattern[..at].chars().count() + 1,
            why: why.into(),
        }
    }
}

enum Escaped {
    Char(char),
    Class(Chars),
    Look(Look),
}
