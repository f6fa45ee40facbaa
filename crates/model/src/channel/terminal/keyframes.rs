//! States of a drawn terminal, kept so that any place is a short way from one.

use super::Terminal;

/// A keyframe each so many bytes of output: about 1 ms of xterm.js.
const SPACING: usize = 32 * 1024;
/// All keyframes of a terminal together weigh at most this many bytes; beyond, every second goes.
const MAX_WEIGHT: usize = 64 * 1024 * 1024;
/// What a keyframe weighs beside its state.
const OWN_WEIGHT: usize = 512;

/// What the terminal was like at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Keyframe<S> {
    /// The place.
    pub place: usize,
    /// Its whole state but the scrollback, as whoever draws it knows it.
    pub state: S,
    /// About how many bytes that is.
    pub weight: usize,
}

/// Keyframes of one terminal, the earliest first. The first is never let go.
#[derive(Clone, Debug)]
pub struct Keyframes<S> {
    frames: Vec<Keyframe<S>>,
    weight: usize,
}

impl<S> Default for Keyframes<S> {
    fn default() -> Self {
        Self {
            frames: Vec::new(),
            weight: 0,
        }
    }
}

impl<S> Keyframes<S> {
    /// The last one at or before `place`.
    pub fn before(&self, place: usize) -> Option<&Keyframe<S>> {
        let index = self.frames.partition_point(|frame| frame.place <= place);
        self.frames.get(index.checked_sub(1)?)
    }

    /// The first one at or behind `place`.
    pub fn from(&self, place: usize) -> Option<&Keyframe<S>> {
        let index = self.frames.partition_point(|frame| frame.place < place);
        self.frames.get(index)
    }

    /// Whether there should be one at `place`, behind all others: behind a change of size, whose
    /// outcome depends on the scrollback, and each 32 kB; where states are large, so much more
    /// seldom that they weigh at most half of the output.
    pub fn is_due(&self, terminal: &Terminal, place: usize) -> bool {
        self.frames.last().is_none_or(|last| {
            place >= last.place + SPACING.max(2 * last.weight)
                || terminal.resizes_within(last.place..place)
        })
    }

    /// Adds one behind all others.
    pub fn push(&mut self, mut frame: Keyframe<S>) {
        frame.weight += OWN_WEIGHT;
        self.weight += frame.weight;
        self.frames.push(frame);
        if self.weight > MAX_WEIGHT {
            let mut index = 0;
            self.frames.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.weigh();
        }
    }

    /// Forgets those behind `place`.
    pub fn keep_upto(&mut self, place: usize) {
        let kept = self.frames.partition_point(|frame| frame.place <= place);
        self.frames.truncate(kept);
        self.weigh();
    }

    /// About how many bytes all of them are.
    pub fn weight(&self) -> usize {
        self.weight
    }

    fn weigh(&mut self) {
        self.weight = self.frames.iter().map(|frame| frame.weight).sum();
    }
}
