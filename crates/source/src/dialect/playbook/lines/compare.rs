//! How a list of lines, all or the last ones, goes on from the list seen before it.

use std::collections::HashMap;

/// How the lines of a view stand to those shown before.
pub(super) enum Compared {
    /// It shows less.
    Nothing,
    /// It goes on from them; what is new begins there.
    From(usize),
    /// It shows the end of them, so many lines, and what is new.
    Rolled(usize),
    /// These are new: a source that orders lines by time puts late ones where they belong.
    Among(Vec<usize>),
    /// It is another log.
    Another,
}

/// Compares `lines` with those known; `anew`: they may be another log, which may begin alike.
pub(super) fn compare(known: &[u64], lines: &[u64], anew: bool) -> Compared {
    if lines.starts_with(known) {
        return Compared::From(known.len());
    }
    if anew && lines.len() < known.len() {
        return Compared::Another;
    }
    if known.starts_with(lines) {
        return Compared::Nothing;
    }
    let mut left: HashMap<u64, usize> = HashMap::new();
    known
        .iter()
        .for_each(|hash| *left.entry(*hash).or_default() += 1);
    let mut new = Vec::new();
    for (index, hash) in lines.iter().enumerate() {
        match left.get_mut(hash) {
            Some(count) if *count > 0 => *count -= 1,
            _ => new.push(index),
        }
    }
    let shared = lines.len() - new.len();
    let rolled = overlap(known, lines);
    if rolled > 0 && rolled * 2 >= shared {
        Compared::Rolled(rolled)
    } else if shared * 2 >= known.len().min(lines.len()) {
        Compared::Among(new)
    } else {
        Compared::Another
    }
}

/// How many lines at the end of `known` are those at the beginning of `lines`.
fn overlap(known: &[u64], lines: &[u64]) -> usize {
    // The failure function of Knuth, Morris and Pratt: linear, whatever is sent.
    let mut border = vec![0; lines.len()];
    for index in 1..lines.len() {
        border[index] = extend(lines, &border, border[index - 1], lines[index]);
    }
    let tail = known.len().saturating_sub(lines.len());
    known[tail..].iter().fold(0, |length, hash| {
        let length = match length == lines.len() {
            true => border[length - 1],
            false => length,
        };
        extend(lines, &border, length, *hash)
    })
}

fn extend(lines: &[u64], border: &[usize], mut length: usize, hash: u64) -> usize {
    while length > 0 && lines[length] != hash {
        length = border[length - 1];
    }
    length + usize::from(lines[length] == hash)
}
