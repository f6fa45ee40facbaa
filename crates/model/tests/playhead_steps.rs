//! Where steps go, and instants as people type them.

#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

mod drawn;

use model::playhead::{
    Among, Extent, Stretch, Toward, event_from, missing_events, stretch_from, typed_instant,
};
use model::{Millis, Span};

const RUN: Extent = Extent {
    start: Millis(1_000),
    end: Millis(5_000),
    growing: false,
    speed: 2.0,
};

#[test]
fn steps_go_past_all_events_of_an_instant() {
    let journal = drawn::journal(drawn::items(
        "a -> b",
        "1 a STARTED
         1 b STARTED
         1 a PROGRESS
         2 a FAILED
         2 b PROGRESS
         4 b COMPLETED
         4 a STARTED
         6 a FAILED
         6 run FAILED",
    ));
    let node = |name| Among::Node(journal.graph().find(name).unwrap());
    let walk = |among, toward, from: f64| {
        let mut at = drawn::second(from);
        let mut seen = Vec::new();
        while let Some(event) = event_from(journal.events(), at, among, toward) {
            assert_ne!(event.stamp.at, at, "a step that stays");
            at = event.stamp.at;
            seen.push(at.0 / 1_000);
        }
        seen
    };
    for (among, toward, from, seen) in [
        (Among::All, Toward::Next, 0.0, &[1, 2, 4, 6][..]),
        (Among::All, Toward::Next, 1.5, &[2, 4, 6]),
        (Among::All, Toward::Next, 6.0, &[]),
        (Among::All, Toward::Previous, 9.0, &[6, 4, 2, 1]),
        (Among::All, Toward::Previous, 1.0, &[]),
        (node("b"), Toward::Next, 0.0, &[1, 2, 4]),
        (node("b"), Toward::Previous, 6.0, &[4, 2, 1]),
        (Among::Failures, Toward::Next, -5.0, &[2, 6]),
        (Among::Failures, Toward::Previous, 6.0, &[2]),
    ] {
        assert_eq!(
            walk(among, toward, from),
            seen,
            "{among:?} {toward:?} {from}"
        );
    }
    assert_eq!(
        event_from(&[], Millis(0), Among::All, Toward::Next),
        None,
        "no event at all"
    );
}

#[test]
fn steps_among_stretches_go_to_their_beginnings() {
    let stretches = [(2, 4), (6, 9)].map(|(from, to)| Stretch {
        from: Millis(from),
        to: Millis(to),
    });
    for (at, toward, from) in [
        (0, Toward::Next, Some(2)),
        (2, Toward::Next, Some(6)),
        (3, Toward::Next, Some(6)),
        (9, Toward::Next, None),
        (9, Toward::Previous, Some(6)),
        (6, Toward::Previous, Some(2)),
        (2, Toward::Previous, None),
    ] {
        let found = stretch_from(&stretches, Millis(at), toward).map(|found| found.from.0);
        assert_eq!(found, from, "{at} {toward:?}");
    }
    assert_eq!(stretch_from(&[], Millis(0), Toward::Next), None);
}

#[test]
fn events_that_are_missing_by_their_numbers_have_a_place_in_time() {
    // The drawing numbers its lines from 1.
    let drawn = "1 a STARTED
         2 a PROGRESS
         3 a PROGRESS
         4 a PROGRESS
         7 a PROGRESS
         8 a COMPLETED";
    let without = |lost: &[u64]| {
        let mut items = drawn::items("a", drawn);
        items.retain(|item| match item {
            model::Item::Event(event) => !lost.contains(&event.stamp.sequence),
            _ => true,
        });
        drawn::journal(items)
    };
    for (lost, stretches) in [
        (&[][..], vec![]),
        (&[2], vec![(1, 3)]),
        (&[2, 3], vec![(1, 4)]),
        (&[2, 5], vec![(1, 3), (4, 8)]),
        // The first and the last have nothing on their other side.
        (&[1], vec![]),
        (&[6], vec![]),
    ] {
        let mut journal = without(lost);
        assert_eq!(missing_events(&journal), [], "not numbered");
        journal.count_events();
        let found: Vec<_> = missing_events(&journal)
            .iter()
            .map(|hole| (hole.from.0 / 1_000, hole.to.0 / 1_000))
            .collect();
        assert_eq!(found, stretches, "without {lost:?}");
    }
}

#[test]
fn instants_can_be_typed() {
    let run = Extent {
        end: RUN.start + Span(7_200_000),
        ..RUN
    };
    let at = RUN.start + Span(600_000);
    for (text, t) in [
        ("12:30", Some(750_000)),
        (" 1:02:03.5 ", Some(3_723_500)),
        ("90:00", Some(5_400_000)),
        ("0:05", Some(5_000)),
        ("90s", Some(90_000)),
        ("1h 5m", Some(3_900_000)),
        ("1h5m10s", Some(3_910_000)),
        ("1.5 min", Some(90_000)),
        ("500ms", Some(500)),
        ("+90s", Some(690_000)),
        ("+90", Some(690_000)),
        ("-1:30", Some(510_000)),
        ("−1m", Some(540_000)),
        ("+ 1h", Some(4_200_000)),
        ("50%", Some(3_600_000)),
        // Beyond the run: its nearest instant.
        ("-1h", Some(0)),
        ("99:00:00", Some(7_200_000)),
        ("200%", Some(7_200_000)),
        ("99999999999999999999d", Some(7_200_000)),
        // No instants.
        ("90", None),
        ("12", None),
        ("", None),
        ("+", None),
        (":", None),
        ("1:2:3:4", None),
        ("1:75", None),
        ("1.5:30", None),
        ("s", None),
        ("1e3s", None),
        ("infs", None),
        ("nan%", None),
        ("scan 12:30", None),
        ("5 apples", None),
    ] {
        let typed = typed_instant(text, at, &run).map(|at| (at - run.start).0);
        assert_eq!(typed, t, "{text:?}");
    }
}
