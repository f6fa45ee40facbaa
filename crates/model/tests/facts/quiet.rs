//! Quiet stretches: where they are, at the edges of the run, and in whatever order records came.

use crate::drawn::journal;
use crate::rich::items;
use crate::runs::{GRAPH, any_facts, fed};
use model::playhead::Stretch;
use model::quiet::Quiet;
use model::{Journal, Millis, Span};
use proptest::prelude::*;

fn stretch(from: i64, to: i64) -> Stretch {
    Stretch {
        from: Millis(from * 1_000),
        to: Millis(to * 1_000),
    }
}

fn quiet(journal: &Journal, least: i64) -> Quiet {
    let mut quiet = Quiet::new(Span(least * 1_000));
    quiet.extend(journal);
    quiet
}

fn drawn(quiet: &Quiet, run: Stretch) -> String {
    let gaps = quiet.within(run);
    let gaps = gaps.map(|gap| format!("{}-{}", gap.from.0 / 1_000, gap.to.0 / 1_000));
    gaps.collect::<Vec<_>>().join(", ")
}

#[test]
fn quiet_is_where_no_channel_says_anything() {
    for (facts, run, want) in [
        ("10 a STARTED\n 30 a COMPLETED", (10, 30), "10-30"),
        // Any channel breaks the silence.
        (
            "10 a STARTED\n 20 a log x\n 30 a COMPLETED",
            (10, 30),
            "10-20, 20-30",
        ),
        (
            "10 a STARTED\n 20 a prints 1 x\n 30 a COMPLETED",
            (10, 30),
            "10-20, 20-30",
        ),
        (
            "10 a STARTED\n 20 a says 1 x\n 30 a COMPLETED",
            (10, 30),
            "10-20, 20-30",
        ),
        (
            "10 a STARTED\n 20 run RUNNING\n 30 a COMPLETED",
            (10, 30),
            "10-20, 20-30",
        ),
        (
            "10 a STARTED\n 20 a sends 1 b\n 30 a COMPLETED",
            (10, 30),
            "10-20, 20-30",
        ),
        (
            "10 a STARTED\n 20 a file 1 f\n 30 a COMPLETED",
            (10, 30),
            "10-20, 20-30",
        ),
        (
            "10 a STARTED\n 20 a ask pending q\n 30 a COMPLETED",
            (10, 30),
            "10-20, 20-30",
        ),
        (
            "10 a STARTED\n 20 a io 6 q\n 30 a COMPLETED",
            (10, 30),
            "10-20, 20-30",
        ),
        // Parts that are too short are none.
        (
            "10 a STARTED\n 14 a log x\n 18 a log x\n 30 a COMPLETED",
            (10, 30),
            "18-30",
        ),
        // Before the first record and after the last, as far as the run goes.
        ("10 a STARTED", (0, 20), "0-10, 10-20"),
        ("10 a STARTED", (6, 14), ""),
        ("", (0, 20), "0-20"),
        ("", (0, 4), ""),
        // The run as told cuts what is longer than it.
        ("10 a STARTED\n 30 a COMPLETED", (12, 20), "12-20"),
        ("10 a STARTED\n 30 a COMPLETED", (12, 15), ""),
        ("10 a STARTED\n 30 a COMPLETED", (20, 20), ""),
        ("10 a STARTED\n 10 a COMPLETED", (10, 10), ""),
    ] {
        let quiet = quiet(&journal(items("a", facts)), 5);
        assert_eq!(drawn(&quiet, stretch(run.0, run.1)), want, "{facts}");
    }
}

#[test]
fn clocks_that_jump_as_far_as_numbers_go_make_no_trouble() {
    let day = 86_400_i64;
    let facts = format!("{day} a STARTED\n-{day} a log x\n{} a log y", 5 * day);
    let quiet = quiet(&journal(items("a", &facts)), 3_600);
    let all = Stretch {
        from: Millis::MIN,
        to: Millis::MAX,
    };
    assert_eq!(quiet.within(all).count(), 4);
    let nothing = Quiet::new(Span(i64::MIN));
    assert_eq!(nothing.within(all).count(), 1);
    assert_eq!(Quiet::new(Span(i64::MAX)).within(all).count(), 1);
}

#[test]
fn the_stretch_around_an_instant() {
    let quiet = quiet(&journal(items("a", "10 a STARTED\n 30 a COMPLETED")), 5);
    let run = stretch(0, 30);
    for (at, want) in [
        (0, Some(stretch(0, 10))),
        (10, Some(stretch(10, 30))),
        (29, Some(stretch(10, 30))),
        (30, None),
        (99, None),
    ] {
        assert_eq!(quiet.at(run, Millis(at * 1_000)), want, "{at}");
    }
}

/// All instants of a journal, looked up as a person would: in every channel.
fn instants(journal: &Journal) -> Vec<Millis> {
    let end = Millis::MAX;
    let mut all: Vec<Millis> = journal.events().iter().map(|it| it.stamp.at).collect();
    all.extend(journal.statuses().iter().map(|it| it.stamp.at));
    all.extend(
        journal
            .logs()
            .lines(0..journal.logs().len())
            .map(|it| it.at),
    );
    for node in journal.terminals().nodes() {
        let chunks = journal.terminals().of(node).unwrap().chunks();
        all.extend(chunks.iter().map(|it| it.stamp.at));
    }
    for run in journal.agents().runs() {
        all.extend(run.instants());
    }
    all.extend(journal.packets_upto(end).iter().map(|it| it.at));
    all.extend(journal.ios_upto(end).iter().map(|it| it.at));
    all.extend(journal.artifacts_upto(end).iter().map(|it| it.at));
    all.extend(journal.human_inputs_upto(end).iter().map(|it| it.at));
    all.sort();
    all
}

proptest! {
    #[test]
    fn reading_on_finds_the_gaps_between_all_instants(
        facts in any_facts(),
        late in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        size in 1..20_usize,
        least in 1..6_i64,
        run in (-5..45_i64, -5..45_i64),
    ) {
        let run = stretch(run.0.min(run.1), run.0.max(run.1));
        let mut on = Quiet::new(Span(least * 1_000));
        let mut result = Ok(());
        fed(items(GRAPH, &facts), &late, size, |journal| {
            on.extend(journal);
            let mut bounds = vec![run.from, run.to];
            bounds.extend(instants(journal).into_iter().filter(|at| *at > run.from && *at < run.to));
            bounds.sort();
            let gaps = bounds.windows(2).filter(|pair| pair[1] - pair[0] >= Span(least * 1_000));
            let gaps: Vec<Stretch> = gaps.map(|pair| Stretch { from: pair[0], to: pair[1] }).collect();
            let found: Vec<Stretch> = on.within(run).collect();
            if found != gaps && result.is_ok() {
                result = Err(format!("{found:?} instead of {gaps:?}"));
            }
        });
        prop_assert_eq!(result, Ok(()));
    }
}
