//! Runs a program over text, one look into a table a byte: a state is the set of steps that one may be
//! at, and is worked out when it is first met.
//!
//! What must be so at a place (`\b`, `$`) depends on the byte behind it too, so a step without a byte is
//! taken when that byte is known: a match is noticed one byte after its end.

use super::parse::Look;
use super::program::{At, Program, Step};
use std::collections::HashMap;

/// A program and the states that were met so far.
#[derive(Clone, Debug)]
pub struct Automaton {
    program: Program,
    /// Bytes that no step tells apart are of one class; the end of the text is a class of its own.
    classes: Box<[u8; 256]>,
    /// A byte of each class.
    bytes: Vec<u8>,
    /// For each state and class the next state, [`FOUND`] if a match ends before that byte.
    table: Vec<u32>,
    states: Vec<State>,
    known: HashMap<State, u32>,
    /// Steps gone so far while working out states.
    work: u64,
    /// So much work may be done; then no more is found.
    tired_at: u64,
    visited: Visited,
    /// The states to begin with, by what stands before; twice, as a match may begin here or behind.
    begins: [Option<u32>; 8],
    /// Whether what stands before matters.
    looks: bool,
}

/// Steps in order of preference, and what stands before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    steps: Box<[At]>,
    before: Before,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Before {
    Nothing,
    LineFeed,
    Word,
    Other,
}

const FOUND: u32 = 1 << 31;
const UNKNOWN: u32 = FOUND - 1;
/// No way leads to a match.
const DEAD: u32 = 0;
/// Bytes of states and table; beyond, they are forgotten and begun anew.
pub(super) const ROOM: usize = 4 << 20;
/// Steps that may be gone for one text, some tens of milliseconds.
const FUEL: u64 = 8_000_000;

impl Automaton {
    pub fn new(program: Program) -> Self {
        let (classes, bytes) = classes(&program);
        let (visited, looks) = (Visited::new(program.steps.len()), program.looks());
        let mut automaton = Self {
            program,
            classes,
            bytes,
            table: Vec::new(),
            states: Vec::new(),
            known: HashMap::new(),
            work: 0,
            tired_at: FUEL,
            visited,
            begins: [None; 8],
            looks,
        };
        automaton.forget();
        automaton
    }

    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Steps that were gone to work out states: what was not a look into the table.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// To be called before each text.
    pub fn refuel(&mut self) {
        self.tired_at = self.work + FUEL;
    }

    /// Whether the text was too much work, so that not all of it was looked at.
    pub fn is_tired(&self) -> bool {
        self.work >= self.tired_at
    }

    /// Whether there is a match at or behind `from`.
    pub fn is_in(&mut self, text: &[u8], from: usize) -> bool {
        self.run(text, from, self.program.anywhere, true).is_some()
    }

    /// Where the first match at or behind `from` ends.
    pub fn end(&mut self, text: &[u8], from: usize) -> Option<usize> {
        self.run(text, from, self.program.anywhere, false)
    }

    /// Where the match ends that begins at `from`.
    pub fn end_from(&mut self, text: &[u8], from: usize) -> Option<usize> {
        self.run(text, from, self.program.here, false)
    }

    fn run(&mut self, text: &[u8], from: usize, begin: At, any: bool) -> Option<usize> {
        let before = self.before(from.checked_sub(1).map(|last| text[last]));
        let mut state = self.begin(begin, before);
        let stride = self.stride();
        let mut found = None;
        for (at, byte) in text.iter().enumerate().skip(from) {
            let class = self.classes[*byte as usize] as usize;
            let mut next = self.table[state as usize * stride + class];
            if next >= UNKNOWN {
                if next == UNKNOWN {
                    next = self.go(state, class);
                }
                if next & FOUND != 0 {
                    found = Some(at);
                    if any {
                        return found;
                    }
                    next &= !FOUND;
                }
            }
            if next == DEAD {
                return found;
            }
            state = next;
        }
        let end = stride - 1;
        let mut next = self.table[state as usize * stride + end];
        if next == UNKNOWN {
            next = self.go(state, end);
        }
        if next & FOUND != 0 {
            Some(text.len())
        } else {
            found
        }
    }

    fn begin(&mut self, step: At, before: Before) -> u32 {
        let place = before as usize + 4 * usize::from(step == self.program.here);
        if let Some(known) = self.begins[place] {
            return known;
        }
        let steps = [step].into();
        let state = self.state(State { steps, before });
        self.begins[place] = Some(state);
        state
    }

    /// Works out where a state leads by a byte of a class.
    #[inline(never)]
    fn go(&mut self, state: u32, class: usize) -> u32 {
        if self.is_tired() {
            return DEAD;
        }
        let from = self.states[state as usize].clone();
        let byte = self.bytes.get(class).copied();
        let mut next = Vec::new();
        let mut found = false;
        let mut open: Vec<At> = from.steps.iter().rev().copied().collect();
        self.visited.clear();
        while let Some(at) = open.pop() {
            if !self.visited.insert(at) {
                continue;
            }
            self.work += 1;
            match self.program.steps[at as usize] {
                Step::Split(first, second) => open.extend([second, first]),
                Step::Look(look, then) if holds(look, from.before, byte) => open.push(then),
                Step::Look(..) => {}
                Step::Take(low, high, then) => {
                    if byte.is_some_and(|byte| (low..=high).contains(&byte)) {
                        next.push(then);
                    }
                }
                Step::Found => {
                    // What is left is wanted less.
                    found = true;
                    break;
                }
            }
        }
        let flag = if found { FOUND } else { 0 };
        let Some(byte) = byte.filter(|_| !next.is_empty()) else {
            let place = state as usize * self.stride() + class;
            self.table[place] = DEAD | flag;
            return DEAD | flag;
        };
        let next = State {
            steps: next.into(),
            before: self.before(Some(byte)),
        };
        let full = self.weight() > ROOM;
        if full {
            self.forget();
        }
        let next = self.state(next) | flag;
        if !full {
            let place = state as usize * self.stride() + class;
            self.table[place] = next;
        }
        next
    }

    fn state(&mut self, state: State) -> u32 {
        if let Some(known) = self.known.get(&state) {
            return *known;
        }
        let number = self.states.len() as u32;
        self.table.resize(self.table.len() + self.stride(), UNKNOWN);
        self.states.push(state.clone());
        self.known.insert(state, number);
        number
    }

    fn forget(&mut self) {
        self.states.clear();
        self.known.clear();
        self.table.clear();
        self.begins = [None; 8];
        // It is the first, so that its number is that of `DEAD`.
        self.state(State {
            steps: [].into(),
            before: Before::Other,
        });
    }

    pub(super) fn weight(&self) -> usize {
        let steps = self.states.len() * self.program.steps.len().min(64);
        self.table.len() * 4 + steps * 8 + self.states.len() * 128
    }

    fn stride(&self) -> usize {
        self.bytes.len() + 1
    }

    /// Only told apart where it matters.
    fn before(&self, byte: Option<u8>) -> Before {
        match byte {
            _ if !self.looks => Before::Other,
            None => Before::Nothing,
            Some(b'\n') => Before::LineFeed,
            Some(byte) if is_word(byte) => Before::Word,
            Some(_) => Before::Other,
        }
    }
}

/// Whether a byte is part of a word: those of all characters beyond ASCII are.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Whether a byte stands within a character.
fn is_within(byte: u8) -> bool {
    (0x80..0xc0).contains(&byte)
}

fn holds(look: Look, before: Before, next: Option<u8>) -> bool {
    let edge = (before == Before::Word) != next.is_some_and(is_word);
    match look {
        Look::LineStart => matches!(before, Before::Nothing | Before::LineFeed),
        Look::LineEnd => matches!(next, None | Some(b'\n')),
        Look::TextStart => before == Before::Nothing,
        Look::TextEnd => next.is_none(),
        Look::WordEdge => edge,
        // Nor within a character.
        Look::NoWordEdge => !edge && next.is_none_or(|next| !is_within(next)),
    }
}

/// The class of each byte, and a byte of each class.
fn classes(program: &Program) -> (Box<[u8; 256]>, Vec<u8>) {
    let mut starts = [false; 257];
    for step in &program.steps {
        if let Step::Take(low, high, _) = step {
            starts[*low as usize] = true;
            starts[*high as usize + 1] = true;
        }
    }
    if program.looks() {
        for byte in 1..=u8::MAX {
            let kind = |byte: u8| (is_word(byte), is_within(byte), byte == b'\n');
            starts[byte as usize] |= kind(byte) != kind(byte - 1);
        }
    }
    let (mut classes, mut bytes) = (Box::new([0; 256]), vec![0]);
    for byte in 1..=u8::MAX {
        if starts[byte as usize] {
            bytes.push(byte);
        }
        classes[byte as usize] = (bytes.len() - 1) as u8;
    }
    (classes, bytes)
}

/// Which steps were visited.
#[derive(Clone, Debug)]
struct Visited {
    /// The round in which each was.
    rounds: Vec<u32>,
    round: u32,
}

impl Visited {
    fn new(steps: usize) -> Self {
        Self {
            rounds: vec![0; steps],
            round: 0,
        }
    }

    fn clear(&mut self) {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.rounds.fill(0);
            self.round = 1;
        }
    }

    /// Whether it was not there before.
    fn insert(&mut self, at: At) -> bool {
        std::mem::replace(&mut self.rounds[at as usize], self.round) != self.round
    }
}
