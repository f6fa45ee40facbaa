//! Sorting by place, for all passes: a sort is a lot of code, and it is to be there once.

/// Sorts by the number, rising; what has the same number keeps its order.
#[inline(never)]
pub(super) fn by_place(keyed: &mut [(f64, u32)]) {
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
}

/// Sorts by the numbers, the first before the second before the third.
#[inline(never)]
pub(super) fn by_ends(edges: &mut [(u32, u32, u32)]) {
    edges.sort_unstable();
}
