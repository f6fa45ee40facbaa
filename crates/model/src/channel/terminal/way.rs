//! How a drawn terminal comes to another place.

use super::{Keyframes, Terminal};

/// What is written at once without being missed: at most about 10 ms of xterm.js.
pub const NEAR: usize = 256 * 1024;
/// How much output before the place shown is written again for the sake of the scrollback.
pub const SCROLLBACK: usize = 512 * 1024;

/// A way to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is shown already.
    Here,
    /// What is written from the place shown to there: the scrollback stays.
    On,
    /// From the last keyframe before.
    Keyframe,
    /// The way is long or not known to be right: keyframes are made first.
    Read,
}

/// The way to `target` for a terminal that shows `shown` (none: of no use any more), when output up
/// to `read` has been looked through for `keyframes`.
pub fn way<S>(
    terminal: &Terminal,
    keyframes: &Keyframes<S>,
    shown: Option<usize>,
    target: usize,
    read: usize,
) -> Way {
    if shown == Some(target) {
        return Way::Here;
    }
    // What a change of size makes of the screen depends on the scrollback, which is not all there
    // on the screen that is shown: the reader alone is sure to have it.
    let is_plain = |from: usize| from <= target && !terminal.resizes_within(from..target);
    if shown.is_some_and(|shown| is_plain(shown) && target - shown <= NEAR) {
        return Way::On;
    }
    let Some(keyframe) = keyframes.before(target) else {
        return Way::Read;
    };
    match is_plain(keyframe.place) && target - keyframe.place <= NEAR || read >= target {
        true => Way::Keyframe,
        false => Way::Read,
    }
}
