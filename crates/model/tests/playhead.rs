//! What every command does from everywhere, also with instants, spans and speeds that make no sense.

use model::playhead::PlaybackCommand::{self, *};
use model::playhead::{
    CATCH_UP_MILLIS, Course, Extent, FIT_MILLIS, Playhead, SPEEDS, fit_speed, speed_after,
    speed_text, usable_speed,
};
use model::{Millis, Span};

const RUN: Extent = Extent {
    start: Millis(1_000),
    end: Millis(5_000),
    growing: false,
    speed: 2.0,
};

fn paused(at: i64) -> Playhead {
    Playhead::Paused { at: Millis(at) }
}

fn playing(at: f64) -> Playhead {
    Playhead::Playing { at, speed: 2.0 }
}

#[track_caller]
fn check(course: &Course<'_>, cases: &[(Playhead, PlaybackCommand, Playhead)]) {
    for (from, command, to) in cases {
        assert_eq!(from.apply(*command, course), *to, "{from:?} {command:?}");
    }
}

#[test]
fn commands_move_the_playhead() {
    check(
        &Course::of(RUN),
        &[
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
            (playing(2_000.0), JumpTo(Millis(3_000)), playing(3_000.0)),
            (paused(2_000), JumpTo(Millis(9_000)), paused(5_000)),
            (playing(2_000.0), StepTo(Millis(3_000)), paused(3_000)),
            (paused(2_000), StepTo(Millis(0)), paused(1_000)),
            (paused(2_000), StepBy(Span(-500)), paused(1_500)),
            (paused(2_000), JumpToStart, paused(1_000)),
            (playing(2_000.0), JumpToStart, playing(1_000.0)),
            (playing(2_000.0), JumpToEnd, paused(5_000)),
            (paused(2_000), SkipQuiet, paused(2_000)),
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
            (paused(2_000), SetSpeed(0.1), paused(2_000)),
            (paused(2_000), Advance(16.0), paused(2_000)),
            (Playhead::Following, Advance(16.0), Playhead::Following),
        ],
    );
}

#[test]
fn what_makes_no_sense_is_defined() {
    let at_speed = |speed| Playhead::Playing { at: 2_000.0, speed };
    check(
        &Course::of(RUN),
        &[
            (playing(2_000.0), Advance(f64::NAN), playing(2_000.0)),
            (playing(2_000.0), Advance(-5_000.0), playing(2_000.0)),
            (playing(2_000.0), SetSpeed(f64::NAN), at_speed(1.0)),
            (playing(2_000.0), SetSpeed(0.0), at_speed(1.0)),
            (playing(2_000.0), SetSpeed(-3.0), at_speed(1.0)),
            (
                playing(2_000.0),
                SetSpeed(f64::INFINITY),
                at_speed(10_000_000.0),
            ),
            (paused(2_000), StepBy(Span(i64::MAX)), paused(5_000)),
            (paused(2_000), StepBy(Span(i64::MIN)), paused(1_000)),
            (paused(2_000), JumpTo(Millis::MIN), paused(1_000)),
            (paused(i64::MAX), Play, playing(1_000.0)),
            (paused(i64::MIN), Play, playing(1_000.0)),
            (paused(i64::MAX), Pause, paused(5_000)),
            (paused(i64::MAX), StepBy(Span(1)), paused(5_000)),
            (playing(f64::NAN), Pause, paused(1_000)),
            (playing(f64::MAX), Advance(1.0), paused(5_000)),
        ],
    );
    for (playhead, shown) in [
        (paused(i64::MAX), 5_000),
        (paused(i64::MIN), 1_000),
        (playing(f64::NAN), 1_000),
        (playing(f64::INFINITY), 5_000),
        (playing(4_999.999), 4_999),
        (Playhead::Following, 5_000),
    ] {
        assert_eq!(playhead.at(&RUN), Millis(shown), "{playhead:?}");
    }
}

#[test]
fn a_run_without_length_or_with_its_end_before_its_start_is_its_first_instant() {
    for end in [1_000, 400, i64::MIN] {
        let run = Extent {
            end: Millis(end),
            ..RUN
        };
        let course = Course::of(run);
        assert_eq!(run.length(), Span(0));
        assert_eq!(fit_speed(&run), 1.0);
        for command in [
            Pause,
            SeekClamped(Millis(700)),
            JumpTo(Millis(5_000)),
            StepBy(Span(1)),
            JumpToStart,
            JumpToEnd,
        ] {
            let playhead = Playhead::Following.apply(command, &course);
            assert_eq!(playhead, paused(1_000), "{command:?}, end {end}");
        }
        let playhead = Playhead::Following.apply(Play, &course);
        assert_eq!(playhead, playing(1_000.0));
        assert_eq!(playhead.apply(Advance(16.0), &course), paused(1_000));
    }
}

#[test]
fn playing_waits_at_the_end_of_a_live_run() {
    let live = Course::of(Extent {
        growing: true,
        ..RUN
    });
    assert_eq!(
        playing(4_999.0).apply(Advance(100.0), &live),
        playing(5_000.0)
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
        let mut course = Course::of(Extent {
            end: from + Span(missed),
            growing: pace > 0.0,
            ..RUN
        });
        let mut playhead = Playhead::Following.apply(CatchUp(from), &course);
        let mut clock = 0.0;
        while playhead != Playhead::Following {
            assert!(playhead.is_playing(), "{missed} {clock}");
            assert!(clock <= CATCH_UP_MILLIS + 100.0, "{missed} not caught up");
            clock += 16.0;
            course.extent.end = from + Span(missed + (clock * pace) as i64);
            playhead = playhead.apply(Advance(16.0), &course);
        }
    }
}

#[test]
fn catching_up_can_be_left() {
    let catching = Playhead::CatchingUp {
        at: 2_000.0,
        speed: 9.0,
    };
    check(
        &Course::of(RUN),
        &[
            (catching, Pause, paused(2_000)),
            (catching, TogglePlay, paused(2_000)),
            (catching, SeekClamped(Millis(3_000)), paused(3_000)),
            (catching, Follow, Playhead::Following),
            (catching, SetSpeed(1.0), catching),
            (catching, Play, playing(2_000.0)),
        ],
    );
    // Nothing was missed.
    let caught = Playhead::Following.apply(CatchUp(RUN.end), &Course::of(RUN));
    assert_eq!(caught, Playhead::Following);
}

#[test]
fn only_what_a_person_chose_at_once_is_a_place_to_come_back_to() {
    for (command, jump) in [
        (JumpTo(Millis(1)), true),
        (JumpToStart, true),
        (JumpToEnd, true),
        (Follow, true),
        (SkipQuiet, true),
        (SeekClamped(Millis(1)), false),
        (Seek(Millis(1)), false),
        (StepTo(Millis(1)), false),
        (StepBy(Span(1)), false),
        (Play, false),
        (Advance(16.0), false),
    ] {
        assert_eq!(command.is_jump(), jump, "{command:?}");
    }
}

#[test]
fn any_run_takes_thirty_seconds_at_the_speed_that_fits() {
    for (length, speed) in [
        (10_800_000, 360.0),
        (3_600_000, 120.0),
        (30_000, 1.0),
        (3_000, 0.1),
        (1, 0.001),
    ] {
        let run = Extent {
            end: RUN.start + Span(length),
            ..RUN
        };
        assert_eq!(fit_speed(&run), speed, "{length}");
        if length < 1_000 {
            continue;
        }
        let course = Course::of(Extent { speed, ..run });
        let mut playhead = Playhead::Following.apply(Play, &course);
        let mut clock = 0.0;
        while playhead.is_playing() {
            playhead = playhead.apply(Advance(1_000.0 / 60.0), &course);
            clock += 1_000.0 / 60.0;
        }
        assert!((clock - FIT_MILLIS).abs() < 20.0, "{length} took {clock}");
    }
}

#[test]
fn speeds_are_shown_as_they_are_and_go_by_steps() {
    for (speed, text) in [
        (0.1, "0.1×"),
        (0.25, "0.25×"),
        (1.0, "1×"),
        (12.5, "12.5×"),
        (100.0, "100×"),
        (360.0, "360×"),
        (0.0033, "0.0033×"),
        (99.96, "100×"),
        (1_051_200.0, "1051200×"),
    ] {
        assert_eq!(speed_text(speed), text);
    }
    for (speed, faster, next) in [
        (1.0, true, 2.0),
        (1.0, false, 0.5),
        (0.1, false, 0.1),
        (100.0, true, 100.0),
        (360.0, false, 100.0),
        (360.0, true, 360.0),
        (7.0, true, 10.0),
        (0.01, true, 0.1),
    ] {
        assert_eq!(speed_after(speed, faster), next, "{speed} {faster}");
    }
    assert_eq!((SPEEDS[0], SPEEDS[SPEEDS.len() - 1]), (0.1, 100.0));
    assert_eq!(usable_speed(f64::NEG_INFINITY), 1.0);
}
