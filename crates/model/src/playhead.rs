//! The one cursor in time: an enum, the commands that move it, and the one handler of them.

use crate::time::{Millis, Span};

/// Which instant the page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Playhead {
    /// Always the end, which grows while the run goes on.
    #[default]
    Following,
    /// At rest.
    Paused {
        /// Where.
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PlaybackCommand {
    /// Play from here; from the start when at the end.
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
    /// By a span from here, within the run.
    StepBy(Span),
    /// To the first instant.
    JumpToStart,
    /// To the last instant, at rest.
    JumpToEnd,
    /// Play at another speed from now on.
    SetSpeed(f64),
    /// Time went by: real elapsed milliseconds since the last one.
    Advance(f64),
}

/// What a command acts within.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// First instant.
    pub start: Millis,
    /// Last instant known now.
    pub end: Millis,
    /// Whether the end still grows.
    pub growing: bool,
    /// The speed to play at.
    pub speed: f64,
}

/// Speeds that are offered.
pub const SPEEDS: [f64; 8] = [0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 100.0];

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
    /// The instant shown.
    pub fn at(self, extent: &Extent) -> Millis {
        match self {
            Self::Following => extent.end,
            Self::Paused { at } => at,
            Self::Playing { at, .. } | Self::CatchingUp { at, .. } => Millis(at.floor() as i64),
        }
    }

    /// Whether it moves by itself.
    pub fn is_playing(self) -> bool {
        matches!(self, Self::Playing { .. } | Self::CatchingUp { .. })
    }

    /// The playhead after a command.
    pub fn apply(self, command: PlaybackCommand, extent: &Extent) -> Self {
        let at = self.at(extent);
        let clamped = |at: Millis| Self::Paused {
            at: at.clamp(extent.start, extent.end.max(extent.start)),
        };
        match command {
            PlaybackCommand::Play => self.play(extent),
            PlaybackCommand::TogglePlay if self.is_playing() => Self::Paused { at },
            PlaybackCommand::TogglePlay => self.play(extent),
            PlaybackCommand::Pause => Self::Paused { at },
            PlaybackCommand::Follow => Self::Following,
            PlaybackCommand::CatchUp(from) => Self::catch_up(from, extent),
            PlaybackCommand::Seek(at) => Self::Paused { at },
            PlaybackCommand::SeekClamped(at) => self.keep_playing(clamped(at)),
            PlaybackCommand::StepBy(span) => clamped(at + span),
            PlaybackCommand::JumpToStart => self.keep_playing(clamped(extent.start)),
            PlaybackCommand::JumpToEnd => clamped(extent.end),
            PlaybackCommand::SetSpeed(speed) => match self {
                Self::Playing { at, .. } => Self::Playing { at, speed },
                resting => resting,
            },
            PlaybackCommand::Advance(millis) => self.advance(millis, extent),
        }
    }

    fn play(self, extent: &Extent) -> Self {
        let at = self.at(extent);
        let from = if at >= extent.end { extent.start } else { at };
        Self::Playing {
            at: from.0 as f64,
            speed: extent.speed,
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
    fn advance(self, millis: f64, extent: &Extent) -> Self {
        let (Self::Playing { at, speed } | Self::CatchingUp { at, speed }) = self else {
            return self;
        };
        let step = if millis > MAX_STEP_MILLIS {
            STALLED_STEP_MILLIS
        } else {
            millis.max(0.0)
        };
        let next = at + step * speed;
        let arrived = next >= extent.end.0 as f64;
        match self {
            Self::CatchingUp { .. } if arrived => Self::Following,
            Self::CatchingUp { .. } => Self::CatchingUp { at: next, speed },
            _ if !arrived => Self::Playing { at: next, speed },
            _ if extent.growing => Self::Playing {
                at: extent.end.0 as f64,
                speed,
            },
            _ => Self::Paused { at: extent.end },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PlaybackCommand::*;

    const RUN: Extent = Extent {
        start: Millis(1_000),
        end: Millis(5_000),
        growing: false,
        speed: 2.0,
    };

    #[test]
    fn commands_move_the_playhead() {
        let paused = |at| Playhead::Paused { at: Millis(at) };
        let playing = |at| Playhead::Playing { at, speed: 2.0 };
        for (from, command, to) in [
            (Playhead::Following, Pause, paused(5_000)),
            (Playhead::Following, TogglePlay, playing(1_000.0)),
            (paused(2_000), Play, playing(2_000.0)),
            (playing(2_500.7), TogglePlay, paused(2_500)),
            (paused(2_000), Follow, Playhead::Following),
            (paused(2_000), Seek(Millis(9_000)), paused(9_000)),
            (paused(2_000), SeekClamped(Millis(9_000)), paused(5_000)),
            (paused(2_000), SeekClamped(Millis(-9)), paused(1_000)),
            (
                playing(2_000.0),
                SeekClamped(Millis(3_000)),
                playing(3_000.0),
            ),
            (paused(2_000), StepBy(Span(-500)), paused(1_500)),
            (paused(2_000), JumpToStart, paused(1_000)),
            (playing(2_000.0), JumpToEnd, paused(5_000)),
            (playing(2_000.0), Advance(16.0), playing(2_032.0)),
            (playing(4_990.0), Advance(16.0), paused(5_000)),
            (
                playing(2_000.0),
                SetSpeed(0.1),
                Playhead::Playing {
                    at: 2_000.0,
                    speed: 0.1,
                },
            ),
            (paused(2_000), Advance(16.0), paused(2_000)),
        ] {
            assert_eq!(from.apply(command, &RUN), to, "{from:?} {command:?}");
        }
    }

    #[test]
    fn time_advances_alike_on_any_refresh_rate() {
        let after = |frames: u32| {
            let step = 1_000.0 / f64::from(frames);
            let start = Playhead::Playing {
                at: 1_000.0,
                speed: 2.0,
            };
            (0..frames)
                .fold(start, |playhead, _| playhead.apply(Advance(step), &RUN))
                .at(&RUN)
        };
        for frames in [24, 60, 120, 144] {
            assert!(
                (after(frames).0 - 3_000).abs() <= 1,
                "{frames} frames a second"
            );
        }
    }

    #[test]
    fn a_background_tab_does_not_leap() {
        let playing = Playhead::Playing {
            at: 1_000.0,
            speed: 1.0,
        };
        assert!(playing.apply(Advance(60_000.0), &RUN).at(&RUN) < Millis(1_020));
    }

    #[test]
    fn playing_waits_at_the_end_of_a_live_run() {
        let live = Extent {
            growing: true,
            ..RUN
        };
        let playing = Playhead::Playing {
            at: 4_999.0,
            speed: 2.0,
        };
        assert_eq!(
            playing.apply(Advance(100.0), &live),
            Playhead::Playing {
                at: 5_000.0,
                speed: 2.0
            }
        );
    }

    #[test]
    fn who_missed_something_catches_up_within_about_five_seconds_and_follows() {
        // The run's end moves on while it is caught up with, or stands still.
        for (missed, pace) in [
            (300, 1.0),
            (2_000, 1.0),
            (60_000, 1.0),
            (60_000, 0.0),
            (36_000_000, 1.0),
        ] {
            let from = RUN.end;
            let mut extent = Extent {
                end: from + Span(missed),
                growing: pace > 0.0,
                ..RUN
            };
            let mut playhead = Playhead::Following.apply(CatchUp(from), &extent);
            let mut clock = 0.0;
            while playhead != Playhead::Following {
                assert!(playhead.is_playing(), "{missed} {clock}");
                assert!(clock <= CATCH_UP_MILLIS + 100.0, "{missed} not caught up");
                clock += 16.0;
                extent.end = from + Span(missed + (clock * pace) as i64);
                playhead = playhead.apply(Advance(16.0), &extent);
            }
        }
    }

    #[test]
    fn catching_up_can_be_left() {
        let catching = Playhead::CatchingUp {
            at: 2_000.0,
            speed: 9.0,
        };
        let paused = |at| Playhead::Paused { at: Millis(at) };
        for (command, to) in [
            (Pause, paused(2_000)),
            (TogglePlay, paused(2_000)),
            (SeekClamped(Millis(3_000)), paused(3_000)),
            (Follow, Playhead::Following),
            (SetSpeed(1.0), catching),
            (
                Play,
                Playhead::Playing {
                    at: 2_000.0,
                    speed: 2.0,
                },
            ),
        ] {
            assert_eq!(catching.apply(command, &RUN), to, "{command:?}");
        }
        // Nothing was missed.
        let caught = Playhead::Following.apply(CatchUp(RUN.end), &RUN);
        assert_eq!(caught, Playhead::Following);
    }
}
