//! The one cursor in time: an enum, the commands that move it, and the one handler of them.

mod course;
mod speed;
mod steps;
mod typed;

pub use course::{Course, Extent, Stretch};
pub use speed::{FIT_MILLIS, SPEEDS, fit_speed, speed_after, speed_text, usable_speed};
pub use steps::{Among, Toward, event_from, missing_events, stretch_from};
pub use typed::typed_instant;

use crate::time::{Millis, Span};

/// Which instant the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Playhead {
    /// Always the end, which grows while the run goes on.
    #[default]
    Following,
    /// At rest.
    Paused {
        /// Where. It may lie outside of what is known: shown is the nearest instant that is.
        at: Millis,
    },
    /// Moving.
    Playing {
        /// Where it is now, with the fraction of a millisecond that slow speeds need.
        at: f64,
        /// Milliseconds of the run in a millisecond of the clock.
        speed: f64,
    },
    /// Moving, through what was missed; at the end it follows.
    CatchingUp {
        /// Where it is now.
        at: f64,
        /// Milliseconds of the run in a millisecond of the clock.
        speed: f64,
    },
}

/// Everything that moves the playhead: buttons, keys, links and drags all become one of these.
/// Instants that are not within the run, speeds and spans that are no numbers: all are defined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PlaybackCommand {
    /// Play from here; from the start when at the end, from its beginning when outside a loop.
    Play,
    /// Stop here.
    Pause,
    /// One or the other.
    TogglePlay,
    /// To the end, and stay with it.
    Follow,
    /// From there to the end in about [`CATCH_UP_MILLIS`], and stay with it.
    CatchUp(Millis),
    /// Exactly there, as a link says.
    Seek(Millis),
    /// There, but within the run, as a drag means.
    SeekClamped(Millis),
    /// As [`Self::SeekClamped`], but chosen at once: a place to come back to.
    JumpTo(Millis),
    /// There, within the run and at rest, as a step from event to event means.
    StepTo(Millis),
    /// By a span from here, within the run.
    StepBy(Span),
    /// To the first instant.
    JumpToStart,
    /// To the last instant, at rest.
    JumpToEnd,
    /// To where something happens again, as [`Course::quiet_at`] knows it.
    SkipQuiet,
    /// Play at another speed from now on.
    SetSpeed(f64),
    /// Time went by: real elapsed milliseconds since the last one.
    Advance(f64),
}

impl PlaybackCommand {
    /// Whether a person chose a place by it, to which they may want to come back. Drags, steps and
    /// playing pass many places and choose none.
    pub fn is_jump(self) -> bool {
        matches!(
            self,
            Self::JumpTo(_) | Self::JumpToStart | Self::JumpToEnd | Self::Follow | Self::SkipQuiet
        )
    }
}

/// How long catching up takes by the clock, however much was missed.
pub const CATCH_UP_MILLIS: f64 = 5_000.0;

/// Catching up goes at least so fast: what was missed a moment ago is no reason to dawdle.
const SLOWEST_CATCH_UP: f64 = 2.0;

/// The longest step of real time one [`PlaybackCommand::Advance`] may make: a hidden tab or a
/// stalled page must not leap.
pub const MAX_STEP_MILLIS: f64 = 1_000.0;

/// A step taken in place of one that was longer than [`MAX_STEP_MILLIS`]: one frame's worth.
const STALLED_STEP_MILLIS: f64 = 1_000.0 / 60.0;

impl Playhead {
    /// The instant shown: always one of the run.
    pub fn at(self, extent: &Extent) -> Millis {
        extent.clamp(match self {
            Self::Following => Millis::MAX,
            Self::Paused { at } => at,
            Self::Playing { at, .. } | Self::CatchingUp { at, .. } => Millis(at.floor() as i64),
        })
    }

    /// Whether it moves by itself.
    pub fn is_playing(self) -> bool {
        matches!(self, Self::Playing { .. } | Self::CatchingUp { .. })
    }

    /// The playhead after a command.
    pub fn apply(self, command: PlaybackCommand, course: &Course<'_>) -> Self {
        let extent = &course.extent;
        let at = self.at(extent);
        let rest = |at: Millis| Self::Paused {
            at: extent.clamp(at),
        };
        match command {
            PlaybackCommand::Play => self.play(course),
            PlaybackCommand::TogglePlay if self.is_playing() => rest(at),
            PlaybackCommand::TogglePlay => self.play(course),
            PlaybackCommand::Pause => rest(at),
            PlaybackCommand::Follow => Self::Following,
            PlaybackCommand::CatchUp(from) => Self::catch_up(from, extent),
            PlaybackCommand::Seek(at) => Self::Paused { at },
            PlaybackCommand::SeekClamped(at) | PlaybackCommand::JumpTo(at) => {
                self.keep_playing(rest(at))
            }
            PlaybackCommand::StepTo(at) => rest(at),
            PlaybackCommand::StepBy(span) => rest(at + span),
            PlaybackCommand::JumpToStart => self.keep_playing(rest(extent.start)),
            PlaybackCommand::JumpToEnd => rest(extent.end),
            PlaybackCommand::SkipQuiet => match course.quiet_at(at) {
                Some(quiet) if self.is_playing() => self.keep_playing(rest(course.lead_in(&quiet))),
                Some(quiet) => rest(quiet.to),
                None => self,
            },
            PlaybackCommand::SetSpeed(speed) => match self {
                Self::Playing { at, .. } => Self::Playing {
                    at,
                    speed: usable_speed(speed),
                },
                resting => resting,
            },
            PlaybackCommand::Advance(millis) => self.advance(millis, course),
        }
    }

    /// What was skipped on the way from here to `after`, which one [`PlaybackCommand::Advance`] made
    /// of it: nobody saw it, and so it has to be said.
    pub fn skipped(self, after: Self) -> Option<Stretch> {
        let (Self::Playing { at, speed }, Self::Playing { at: to, .. }) = (self, after) else {
            return None;
        };
        let leapt = to - at > MAX_STEP_MILLIS * speed;
        leapt.then_some(Stretch {
            from: Millis(at as i64),
            to: Millis(to as i64),
        })
    }

    fn play(self, course: &Course<'_>) -> Self {
        let extent = &course.extent;
        let at = self.at(extent);
        let from = match course.repeat() {
            Some(repeat) if !repeat.contains(at) => repeat.from,
            None if at >= extent.end => extent.start,
            _ => at,
        };
        Self::Playing {
            at: from.0 as f64,
            speed: usable_speed(extent.speed),
        }
    }

    fn catch_up(from: Millis, extent: &Extent) -> Self {
        let missed = (extent.end - from).0;
        if missed <= 0 {
            return Self::Following;
        }
        // The end of a run that goes on moves away as fast as the clock.
        let running_ahead = f64::from(u8::from(extent.growing));
        Self::CatchingUp {
            at: from.0 as f64,
            speed: (missed as f64 / CATCH_UP_MILLIS + running_ahead).max(SLOWEST_CATCH_UP),
        }
    }

    /// A drag while playing goes on playing from where it was dropped.
    fn keep_playing(self, sought: Self) -> Self {
        match (self, sought) {
            (Self::Playing { speed, .. }, Self::Paused { at }) => Self::Playing {
                at: at.0 as f64,
                speed,
            },
            (_, sought) => sought,
        }
    }

    /// At the end of a finished run playing comes to rest; while more is coming it waits there.
    /// Who was catching up has caught up, either way.
    fn advance(self, millis: f64, course: &Course<'_>) -> Self {
        let (Self::Playing { at, speed } | Self::CatchingUp { at, speed }) = self else {
            return self;
        };
        // What is no number is no time, and neither is time that runs backwards.
        let step = match millis > MAX_STEP_MILLIS {
            true => STALLED_STEP_MILLIS,
            false => millis.max(0.0),
        };
        let extent = &course.extent;
        let end = extent.end.max(extent.start);
        let next = match self {
            Self::CatchingUp { .. } => at + step * speed,
            _ => course.onward(at, step, speed),
        };
        let arrived = next >= end.0 as f64;
        match self {
            Self::CatchingUp { .. } if arrived => Self::Following,
            Self::CatchingUp { .. } => Self::CatchingUp { at: next, speed },
            _ if !arrived => Self::Playing { at: next, speed },
            _ if extent.growing => Self::Playing {
                at: end.0 as f64,
                speed,
            },
            _ => Self::Paused { at: end },
        }
    }
}
