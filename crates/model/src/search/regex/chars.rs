//! Sets of characters, and the bytes by which UTF-8 writes them.

/// Ranges of characters, both ends included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chars {
    ranges: Vec<(char, char)>,
}

/// Letters of another case are looked for one by one in ranges up to this long.
const FOLDED: u32 = 1_024;

impl Chars {
    pub fn one(char: char) -> Self {
        Self::of(&[(char, char)])
    }

    pub fn of(ranges: &[(char, char)]) -> Self {
        Self {
            ranges: ranges.to_vec(),
        }
    }

    pub fn all() -> Self {
        Self::of(&[('\0', char::MAX)])
    }

    /// Letters, digits, `_`, and everything beyond ASCII: that is what counts as part of a word.
    pub fn word() -> Self {
        Self::of(&[
            ('0', '9'),
            ('A', 'Z'),
            ('_', '_'),
            ('a', 'z'),
            ('\u{80}', char::MAX),
        ])
    }

    pub fn digit() -> Self {
        Self::of(&[('0', '9')])
    }

    pub fn space() -> Self {
        Self::of(&[
            ('\t', '\r'),
            (' ', ' '),
            ('\u{a0}', '\u{a0}'),
            ('\u{2000}', '\u{200a}'),
        ])
    }

    pub fn add(&mut self, other: &Self) {
        self.ranges.extend(&other.ranges);
    }

    /// Adds the letters of the other case.
    pub fn ignore_case(&mut self) {
        for (from, to) in self.ranges.clone() {
            if to as u32 - from as u32 > FOLDED {
                continue;
            }
            for char in from..=to {
                let others = [lone(char.to_lowercase()), lone(char.to_uppercase())];
                let others = others.into_iter().flatten().filter(|other| *other != char);
                self.ranges.extend(others.map(|other| (other, other)));
            }
        }
    }

    /// All other characters.
    pub fn negated(&self) -> Self {
        let mut ranges = Vec::new();
        let mut next = Some('\0');
        for (from, to) in self.tidy() {
            if let Some(start) = next.filter(|start| *start < from) {
                ranges.extend(before(from).map(|end| (start, end)));
            }
            next = after(to);
        }
        ranges.extend(next.map(|start| (start, char::MAX)));
        Self { ranges }
    }

    /// The one character this is, whatever its case; whether case is ignored.
    pub fn single(&self) -> Option<(char, bool)> {
        match self.tidy()[..] {
            [(a, b)] if a == b => Some((a, false)),
            [(a, b), (c, d)] if a == b && c == d && c.is_ascii_lowercase() => {
                (a.to_ascii_lowercase() == c).then_some((c, true))
            }
            _ => None,
        }
    }

    /// The ways in which UTF-8 writes these characters: each a range of bytes after the other.
    pub fn sequences(&self) -> Vec<Vec<(u8, u8)>> {
        let mut sequences = Vec::new();
        for (from, to) in self.tidy() {
            split(from as u32, to as u32, &mut sequences);
        }
        sequences
    }

    /// In order, without overlaps.
    fn tidy(&self) -> Vec<(char, char)> {
        // By hand, as there are few: a sort of the standard library is 15 kB of WebAssembly.
        let mut sorted: Vec<(char, char)> = Vec::with_capacity(self.ranges.len());
        for range in &self.ranges {
            let place = sorted.partition_point(|known| known <= range);
            sorted.insert(place, *range);
        }
        let mut tidy: Vec<(char, char)> = Vec::with_capacity(sorted.len());
        for (from, to) in sorted {
            match tidy.last_mut() {
                Some((_, end)) if after(*end).is_none_or(|next| from <= next) => {
                    *end = to.max(*end)
                }
                _ => tidy.push((from, to)),
            }
        }
        tidy
    }
}

fn lone(mut chars: impl Iterator<Item = char>) -> Option<char> {
    chars.next().filter(|_| chars.next().is_none())
}

fn after(char: char) -> Option<char> {
    (char..=char::MAX).nth(1)
}

fn before(char: char) -> Option<char> {
    ('\0'..=char).nth_back(1)
}

/// Splits a range until its characters are of one length and their bytes are ranges.
fn split(from: u32, to: u32, sequences: &mut Vec<Vec<(u8, u8)>>) {
    // The last code of each length; and no character has a code of the gap.
    for (last, next) in [
        (0x7f, 0x80),
        (0x7ff, 0x800),
        (0xd7ff, 0xe000),
        (0xffff, 0x1_0000),
    ] {
        if from <= last && last < to {
            split(from, last, sequences);
            return split(next.max(from), to, sequences);
        }
    }
    let Some((low, high)) = char::from_u32(from).zip(char::from_u32(to)) else {
        return;
    };
    if from >= 0x80 {
        for bytes in 1..4 {
            let tail = (1_u32 << (6 * bytes)) - 1;
            if from & !tail == to & !tail {
                continue;
            }
            let middle = match (from & tail, to & tail) {
                (1.., _) => (from | tail) + 1,
                (0, rest) if rest != tail => to & !tail,
                _ => continue,
            };
            split(from, middle - 1, sequences);
            return split(middle, to, sequences);
        }
    }
    let (mut a, mut b) = ([0; 4], [0; 4]);
    let (a, b) = (low.encode_utf8(&mut a), high.encode_utf8(&mut b));
    sequences.push(a.bytes().zip(b.bytes()).collect());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn takes(sequences: &[Vec<(u8, u8)>], char: char) -> bool {
        let mut bytes = [0; 4];
        let bytes = char.encode_utf8(&mut bytes).as_bytes();
        let mut all = sequences.iter();
        all.any(|sequence| {
            let mut both = sequence.iter().zip(bytes);
            sequence.len() == bytes.len()
                && both.all(|((from, to), byte)| (from..=to).contains(&byte))
        })
    }

    proptest! {
        #[test]
        fn sequences_take_exactly_what_is_in_the_set(
            ranges in prop::collection::vec((any::<char>(), any::<char>()), 0..4),
            others in prop::collection::vec(any::<char>(), 20),
        ) {
            let ranges: Vec<_> = ranges.into_iter().map(|(a, b)| (a.min(b), a.max(b))).collect();
            let set = Chars::of(&ranges);
            let (taken, refused) = (set.sequences(), set.negated().sequences());
            let edges = ranges.iter().flat_map(|(a, b)| [Some(*a), before(*a), Some(*b), after(*b)]);
            for char in edges.flatten().chain(others) {
                let inside = ranges.iter().any(|(a, b)| (a..=b).contains(&&char));
                prop_assert_eq!(takes(&taken, char), inside);
                prop_assert_eq!(takes(&refused, char), !inside);
            }
        }
    }
}
