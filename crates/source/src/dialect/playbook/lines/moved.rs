//! Which lines of a log that lost some are those known, and where: whatever is unique in both is the
//! same line, and lines that have their like are the same only between the same neighbours.

use std::collections::HashMap;

/// For each of `lines`, in `known` which one it is; in order but for what changed its place.
pub(super) fn places(known: &[u64], lines: &[u64]) -> Vec<Option<usize>> {
    let mut places = vec![None; lines.len()];
    let mut taken = vec![false; known.len()];
    for (at, line) in unique_in_both(known, lines) {
        places[line] = Some(at);
        taken[at] = true;
    }
    let pairs: Vec<(usize, usize)> = (0..lines.len())
        .filter_map(|line| Some((places[line]?, line)))
        .collect();
    let mut from = (0, 0);
    let end = (known.len(), lines.len());
    for upto in rising(&pairs).into_iter().chain([end]) {
        let last = upto == end;
        between(known, lines, from, upto, last, &mut places, &mut taken);
        from = (upto.0 + 1, upto.1 + 1);
    }
    places
}

/// Pairs of indices, of what is there once in each.
fn unique_in_both(known: &[u64], lines: &[u64]) -> Vec<(usize, usize)> {
    let once = |list: &[u64]| {
        let mut at: HashMap<u64, Option<usize>> = HashMap::with_capacity(list.len());
        for (index, hash) in list.iter().enumerate() {
            at.entry(*hash)
                .and_modify(|it| *it = None)
                .or_insert(Some(index));
        }
        at
    };
    let (known, lines) = (once(known), once(lines));
    let pair = |(hash, at): (&u64, &Option<usize>)| Some(((*at)?, (*lines.get(hash)?)?));
    known.iter().filter_map(pair).collect()
}

/// The most of `pairs`, which rise in their second, that rise in their first as well.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // Of each length the row with the lowest end, and what stands before each pair in its row.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, (first, _)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].0 < *first);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut row: Vec<_> = std::iter::successors(ends.last().copied(), |at| before[*at])
        .map(|at| pairs[at])
        .collect();
    row.reverse();
    row
}

/// Lines between two that are known: those next to them are matched first, then the others.
fn between(
    known: &[u64],
    lines: &[u64],
    mut from: (usize, usize),
    mut upto: (usize, usize),
    last: bool,
    places: &mut [Option<usize>],
    taken: &mut [bool],
) {
    let mut same = |at: usize, line: usize| {
        let same = known[at] == lines[line] && !taken[at] && places[line].is_none();
        if same {
            (places[line], taken[at]) = (Some(at), true);
        }
        same
    };
    while from.0 < upto.0 && from.1 < upto.1 && same(from.0, from.1) {
        from = (from.0 + 1, from.1 + 1);
    }
    // What comes after the last that is known may be new.
    while !last && from.0 < upto.0 && from.1 < upto.1 && same(upto.0 - 1, upto.1 - 1) {
        upto = (upto.0 - 1, upto.1 - 1);
    }
    let mut left: HashMap<u64, Vec<usize>> = HashMap::new();
    let free = (from.0..upto.0).rev().filter(|at| !taken[*at]);
    free.for_each(|at| left.entry(known[at]).or_default().push(at));
    for line in from.1..upto.1 {
        if places[line].is_some() {
            continue;
        }
        match left.get_mut(&lines[line]).and_then(Vec::pop) {
            Some(at) => (places[line], taken[at]) = (Some(at), true),
            // Behind the first that is new all are.
            None if last => break,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters are lines; for each of the second log, its place in the first, or `-`.
    fn check(known: &str, lines: &str, want: &str) {
        let hashes = |text: &str| text.bytes().map(u64::from).collect::<Vec<_>>();
        let places = places(&hashes(known), &hashes(lines)).into_iter();
        let drawn: Vec<_> = places
            .map(|it| it.map_or("-".to_owned(), |it| it.to_string()))
            .collect();
        assert_eq!(drawn.join(" "), want, "{known} {lines}");
    }

    #[test]
    fn lines_alike_stay_between_their_neighbours() {
        // Lines `x` have their like.
        for (known, lines, want) in [
            ("", "ab", "- -"),
            ("abc", "", ""),
            ("abc", "abcd", "0 1 2 -"),
            // Lost at the beginning, within, at the end.
            ("abcd", "cde", "2 3 -"),
            ("abxcxd", "axdxe", "0 4 5 - -"),
            ("axbxcx", "axcxx", "0 1 4 5 -"),
            ("abxx", "ax", "0 2"),
            ("xaxbxc", "xaxcxbx", "0 1 2 5 - 3 4"),
            ("xxaxx", "xaxx", "0 2 3 4"),
            ("ab", "ba", "1 0"),
            ("axbx", "axcx", "0 1 - -"),
            // What nobody saw.
            ("abc", "aybxc", "0 - 1 - 2"),
        ] {
            check(known, lines, want);
        }
    }
}
