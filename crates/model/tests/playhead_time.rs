//! Time while playing: the same on any screen, never a leap nobody chose, loops and quiet stretches.

use model::playhead::PlaybackCommand::*;
use model::playhead::{Course, Extent, Playhead, Stretch};
use model::{Millis, Span};

/// An instant of today, whose size costs a number of the clock some of its figures.
const START: Millis = Millis(1_795_000_000_000);

fn hour(speed: f64) -> Extent {
    Extent {
        start: START,
        end: START + Span(3_600_000),
        growing: false,
        speed,
    }
}

fn stretch(from: i64, to: i64) -> Stretch {
    Stretch {
        from: START + Span(from),
        to: START + Span(to),
    }
}

/// Milliseconds from the run's start after frames that took so long each.
fn after(course: &Course<'_>, from: i64, frames: impl IntoIterator<Item = f64>) -> f64 {
    let begun = Playhead::Paused {
        at: START + Span(from),
    };
    let begun = begun.apply(Play, course);
    match frames.into_iter().fold(begun, |playhead, millis| {
        playhead.apply(Advance(millis), course)
    }) {
        Playhead::Playing { at, .. } => at - START.0 as f64,
        rested => (rested.at(&course.extent) - START).0 as f64,
    }
}

/// Frames of a screen for a minute; `jitter` moves each by up to that part of a frame, `dropped`
/// leaves out every so many-th, as a busy page does.
fn minute(hertz: f64, jitter: f64, dropped: usize) -> Vec<f64> {
    let count = (hertz * 60.0) as usize;
    let mut seed = 7_u64;
    let mut ticks: Vec<f64> = (0..=count)
        .filter(|frame| dropped == 0 || frame % dropped != dropped - 1)
        .map(|frame| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let chance = (seed >> 33) as f64 / f64::from(1_u32 << 31) - 0.5;
            (frame as f64 + chance * jitter) * 1_000.0 / hertz
        })
        .collect();
    ticks[0] = 0.0;
    let last = ticks.len() - 1;
    ticks[last] = 60_000.0;
    ticks.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[test]
fn a_minute_is_a_minute_on_any_screen_at_any_speed() {
    for hertz in [24.0, 30.0, 60.0, 120.0, 144.0, 1_000.0] {
        for (jitter, dropped) in [(0.0, 0), (0.8, 0), (0.3, 3), (0.9, 7)] {
            for speed in [0.1, 1.0, 7.0] {
                let course = Course::of(hour(speed));
                let shown = after(&course, 0, minute(hertz, jitter, dropped)) / speed;
                let off = (shown - 60_000.0).abs() / 60_000.0;
                // Half a per cent is promised. What is lost is lost to a clock that counts in quarters
                // of a microsecond: the more frames, the more.
                let bound = if hertz > 144.0 { 0.002 } else { 0.000_2 };
                assert!(
                    off < bound,
                    "{hertz} Hz, jitter {jitter}, dropped {dropped}, {speed}×: {shown} ms"
                );
            }
        }
    }
}

#[test]
fn a_page_that_was_hidden_or_stalled_goes_on_where_it_was() {
    let course = Course::of(hour(100.0));
    for stalled in [1_001.0, 60_000.0, 86_400_000.0, f64::INFINITY] {
        let went = after(&course, 1_000, [16.0, stalled]) - 1_000.0;
        assert!(went < 5_000.0, "{went} ms of the run after {stalled} ms");
    }
    // A slow frame is real time.
    assert_eq!(after(&course, 0, [900.0]), 90_000.0);
}

#[test]
fn a_loop_goes_round_without_losing_time() {
    let course = Course {
        repeat: Some(stretch(1_000, 3_000)),
        ..Course::of(hour(2.0))
    };
    for (from, frames, at) in [
        (1_000, vec![500.0], 2_000.0),
        (1_000, vec![500.0, 500.0], 1_000.0),
        (2_990, vec![16.0], 1_022.0),
        // Outside of it, Play begins at its beginning.
        (0, vec![10.0], 1_020.0),
        (3_000, vec![10.0], 1_020.0),
        (50_000, vec![10.0], 1_020.0),
        // Rounds within one frame.
        (1_000, vec![1_000.0, 1_000.0, 750.0], 2_500.0),
    ] {
        assert_eq!(
            after(&course, from, frames.clone()),
            at,
            "{from} {frames:?}"
        );
    }
    let tiny = Course {
        repeat: Some(stretch(1_000, 1_001)),
        ..Course::of(hour(100.0))
    };
    let at = after(&tiny, 1_000, [16.66; 100]);
    assert!((1_000.0..1_001.0).contains(&at), "{at}");
}

#[test]
fn who_leaves_the_loop_by_hand_plays_on_there() {
    let course = Course {
        repeat: Some(stretch(1_000, 3_000)),
        ..Course::of(hour(1.0))
    };
    let playing = Playhead::Following.apply(Play, &course);
    for sought in [0, 10_000] {
        let left = playing.apply(SeekClamped(START + Span(sought)), &course);
        let later = left.apply(Advance(500.0), &course);
        assert_eq!(later.at(&course.extent), START + Span(sought + 500));
    }
}

#[test]
fn a_loop_that_is_none_is_as_if_there_were_none() {
    // Zero-length, backwards, outside of the run.
    for (from, to) in [
        (1_000, 1_000),
        (3_000, 1_000),
        (4_000_000, 5_000_000),
        (-9, 0),
    ] {
        let course = Course {
            repeat: Some(stretch(from, to)),
            ..Course::of(hour(1.0))
        };
        assert_eq!(course.repeat(), None, "{from} {to}");
        assert_eq!(after(&course, 1_500, [1_000.0, 1_000.0]), 3_500.0);
    }
    // Partly outside: what is inside of it.
    let course = Course {
        repeat: Some(stretch(3_599_000, 9_000_000)),
        ..Course::of(hour(1.0))
    };
    assert_eq!(course.repeat(), Some(stretch(3_599_000, 3_600_000)));
    assert_eq!(
        Stretch::between(Millis(9), Millis(3)).map(|it| it.from),
        Some(Millis(3))
    );
    assert_eq!(Stretch::between(Millis(9), Millis(9)), None);
}

#[test]
fn a_quiet_stretch_is_offered_when_playing_it_takes_long() {
    let quiet = [stretch(10_000, 14_000), stretch(60_000, 780_000)];
    let offered = |speed: f64, at: i64| {
        let course = Course {
            quiet: &quiet,
            ..Course::of(hour(speed))
        };
        course
            .quiet_at(START + Span(at))
            .map(|quiet| (quiet.to - START).0)
    };
    for (speed, at, to) in [
        (1.0, 60_000, Some(780_000)),
        (1.0, 59_999, None),
        (1.0, 700_000, Some(780_000)),
        // The rest of it is over in no time.
        (1.0, 775_000, None),
        (1.0, 780_000, None),
        (1.0, 10_000, None),
        (0.5, 10_000, Some(14_000)),
        (100.0, 60_000, Some(780_000)),
        (360.0, 60_000, None),
    ] {
        assert_eq!(offered(speed, at), to, "{speed}× at {at}");
    }
}

#[test]
fn skipping_goes_to_a_moment_before_something_happens_and_goes_on() {
    let quiet = [stretch(60_000, 780_000)];
    let course = Course {
        quiet: &quiet,
        ..Course::of(hour(10.0))
    };
    let at = |playhead: Playhead| (playhead.at(&course.extent) - START).0;
    let playing = Playhead::Paused {
        at: START + Span(70_000),
    }
    .apply(Play, &course);
    let skipped = playing.apply(SkipQuiet, &course);
    assert!(skipped.is_playing());
    assert_eq!(at(skipped), 775_000, "half a second by the clock before it");
    let rested = playing.apply(Pause, &course).apply(SkipQuiet, &course);
    assert_eq!((rested.is_playing(), at(rested)), (false, 780_000));
}

#[test]
fn what_is_skipped_is_told_and_nothing_else_is_lost() {
    let quiet = [
        stretch(2_000, 4_000),
        stretch(10_000, 110_000),
        stretch(110_100, 200_000),
    ];
    for (speed, total) in [(1.0, 10_000), (2.0, 10_000), (0.1, 10_000)] {
        let course = Course {
            quiet: &quiet,
            skips: true,
            ..Course::of(Extent {
                end: START + Span(210_000),
                ..hour(speed)
            })
        };
        let mut playhead = Playhead::Paused { at: START }.apply(Play, &course);
        let (mut clock, mut skipped) = (0.0, Vec::new());
        while playhead.is_playing() {
            let next = playhead.apply(Advance(16.0), &course);
            skipped.extend(playhead.skipped(next));
            playhead = next;
            clock += 16.0;
        }
        let long = if speed < 1.0 { 3 } else { 2 };
        assert_eq!(skipped.len(), long, "{speed}×: {skipped:?}");
        let told: i64 = skipped.iter().map(|it| it.length().0).sum();
        let played = clock * speed;
        let all = told as f64 + played;
        assert!(
            (all - 210_000.0).abs() < 100.0 * speed,
            "{speed}×: {told} told and {played} played of 210,000 ({total})"
        );
        for skipped in skipped {
            let within = quiet
                .iter()
                .any(|quiet| quiet.from <= skipped.from && skipped.to <= quiet.to);
            assert!(within, "{skipped:?} was not quiet");
        }
    }
}

#[test]
fn without_the_choice_nothing_is_skipped() {
    let quiet = [stretch(10_000, 110_000)];
    let course = Course {
        quiet: &quiet,
        ..Course::of(hour(1.0))
    };
    assert_eq!(after(&course, 9_000, [1_000.0; 20]), 29_000.0);
}

#[test]
fn a_loop_around_a_quiet_stretch_skips_it_and_goes_round() {
    let quiet = [stretch(2_000, 60_000)];
    let course = Course {
        repeat: Some(stretch(1_000, 59_900)),
        quiet: &quiet,
        skips: true,
        ..Course::of(hour(1.0))
    };
    // Its end lies in the lead-in: from the linger on it begins again.
    assert_eq!(after(&course, 1_000, [1_000.0, 490.0]), 2_490.0);
    assert_eq!(after(&course, 1_000, [1_000.0, 490.0, 10.0]), 59_500.0);
    assert_eq!(after(&course, 1_000, [1_000.0, 500.0, 400.0]), 1_000.0);
}
