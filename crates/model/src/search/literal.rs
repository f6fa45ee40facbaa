//! Finds a word in text, sixteen bytes at a time, whatever its case where that is wanted.

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Literal {
    /// In lower case where case is ignored.
    word: Vec<u8>,
    /// For each byte of the word, what to set in a byte of the text before comparing: `0x20` for letters
    /// whose case is ignored.
    folds: Vec<u8>,
    /// The two bytes of the word that are the least usual, to look for first.
    rare: [usize; 2],
}

impl Literal {
    /// A word of at least one byte. Ignoring case ignores that of the letters of ASCII only.
    pub fn new(word: &str, ignore_case: bool) -> Self {
        let fold = |byte: &u8| match ignore_case && byte.is_ascii_alphabetic() {
            true => 0x20,
            false => 0,
        };
        let folds: Vec<u8> = word.bytes().map(|byte| fold(&byte)).collect();
        let word: Vec<u8> = word
            .bytes()
            .zip(&folds)
            .map(|(byte, fold)| byte | fold)
            .collect();
        let (mut first, mut second) = (0, 0);
        for (place, byte) in word.iter().enumerate().skip(1) {
            let than = |other: usize| usualness(*byte) < usualness(word[other]);
            if than(first) {
                (first, second) = (place, first);
            } else if second == first || than(second) {
                second = place;
            }
        }
        Self {
            word,
            folds,
            rare: [first, second],
        }
    }

    /// Bytes of the word.
    pub fn len(&self) -> usize {
        self.word.len()
    }

    /// How seldom it may be expected to occur; more is seldomer.
    pub fn rarity(&self) -> u32 {
        let bytes = self.word.iter().map(|byte| 8 - u32::from(usualness(*byte)));
        bytes.sum()
    }

    /// Where it first occurs at or after `from`.
    pub fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let last = text.len().checked_sub(self.word.len())?;
        let starts = text.get(from..=last)?.len();
        let [first, second] = self.rare;
        let (a, b) = (
            &text[from + first..][..starts],
            &text[from + second..][..starts],
        );
        let looks = [first, second].map(|place| (self.word[place], self.folds[place]));
        let mut at = 0;
        loop {
            at = candidate(a, b, at, looks)?;
            if self.is_at(&text[from + at..]) {
                return Some(from + at);
            }
            at += 1;
        }
    }

    fn is_at(&self, text: &[u8]) -> bool {
        let bytes = text.iter().zip(&self.folds).map(|(byte, fold)| byte | fold);
        bytes.eq(self.word.iter().copied())
    }
}

/// How usual a byte is in logs, from 0: a guess, and enough to look for the `q` of `required`.
fn usualness(byte: u8) -> u8 {
    match byte {
        b' ' | b'e' => 7,
        b'0'..=b'2' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' => 6,
        b'3'..=b'9' | b'd' | b'l' | b'c' | b'h' | b'm' | b'p' => 5,
        b'u' | b'f' | b'g' | b'b' | b'.' | b':' | b'-' => 4,
        b'y' | b'w' | b'v' | b'k' | b'/' | b'=' | b'"' | b',' | b'_' => 3,
        b'A'..=b'Z' => 2,
        _ => 1,
    }
}

/// A byte, and what to set in those it is compared with.
type Look = (u8, u8);
const LANES: usize = 16;

/// The first place from `at` on where both bytes stand.
fn candidate(a: &[u8], b: &[u8], at: usize, looks: [Look; 2]) -> Option<usize> {
    let (head, tail) = (a[at..].as_chunks::<LANES>(), b[at..].as_chunks::<LANES>());
    if let Some((chunk, mask)) = candidates(head.0, tail.0, looks) {
        return Some(at + chunk * LANES + mask.trailing_zeros() as usize);
    }
    let rest = at + head.0.len() * LANES;
    let mut places = head.1.iter().zip(tail.1);
    let [(x, fold_x), (y, fold_y)] = looks;
    let place = places.position(|(a, b)| a | fold_x == x && b | fold_y == y)?;
    Some(rest + place)
}

/// The first chunk where both bytes stand in one lane, and in which lanes they do.
#[cfg(target_arch = "wasm32")]
#[target_feature(enable = "simd128")]
fn candidates(a: &[[u8; LANES]], b: &[[u8; LANES]], looks: [Look; 2]) -> Option<(usize, u32)> {
    use core::arch::wasm32::{
        i8x16_bitmask, i8x16_eq, i64x2, u8x16_splat, v128, v128_and, v128_or,
    };
    #[target_feature(enable = "simd128")]
    fn load(bytes: &[u8; LANES]) -> v128 {
        let wide = u128::from_le_bytes(*bytes);
        i64x2(wide as i64, (wide >> 64) as i64)
    }
    let [(x, fold_x), (y, fold_y)] = looks;
    let (x, fold_x) = (u8x16_splat(x), u8x16_splat(fold_x));
    let (y, fold_y) = (u8x16_splat(y), u8x16_splat(fold_y));
    for (index, (a, b)) in a.iter().zip(b).enumerate() {
        let a = i8x16_eq(v128_or(load(a), fold_x), x);
        let b = i8x16_eq(v128_or(load(b), fold_y), y);
        let mask = i8x16_bitmask(v128_and(a, b));
        if mask != 0 {
            return Some((index, u32::from(mask)));
        }
    }
    None
}

/// The same for other machines, whose compiler makes vectors of it.
#[cfg(not(target_arch = "wasm32"))]
fn candidates(a: &[[u8; LANES]], b: &[[u8; LANES]], looks: [Look; 2]) -> Option<(usize, u32)> {
    let [(x, fold_x), (y, fold_y)] = looks;
    for (index, (a, b)) in a.iter().zip(b).enumerate() {
        let mut same = [0_u8; LANES];
        for lane in 0..LANES {
            same[lane] = u8::from(a[lane] | fold_x == x) & u8::from(b[lane] | fold_y == y);
        }
        if u128::from_ne_bytes(same) != 0 {
            let lanes = same.iter().enumerate();
            let mask = lanes.map(|(lane, same)| u32::from(*same) << lane).sum();
            return Some((index, mask));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_the_standard_library_finds(
            text in "[abAB@`é]{0,90}",
            word in prop_oneof!["[abAB@`é]{1,3}", "[aé]{16,20}"],
            from in 0_usize..100,
            ignore_case: bool,
        ) {
            let fold = |text: &str| match ignore_case {
                true => text.to_ascii_lowercase().into_bytes(),
                false => text.as_bytes().to_vec(),
            };
            let (folded, wanted) = (fold(&text), fold(&word));
            let mut windows = folded.windows(wanted.len()).enumerate().skip(from);
            let expected = windows.find(|(_, window)| *window == wanted).map(|(at, _)| at);
            prop_assert_eq!(Literal::new(&word, ignore_case).find(text.as_bytes(), from), expected);
        }
    }
}
