//! However polls and streams are cut, repeated and mixed: every line is there once, or in a gap that
//! names how many are missing.

use super::WINDOW;
use super::world::{Backend, World};
use model::{Millis, RunState, RunStatus};
use proptest::prelude::*;
use source::conversation::Extent;

#[derive(Clone, Debug)]
enum Step {
    Write(usize),
    Wait(i64),
    Ask,
    Aside,
    Serve,
    Deliver(usize),
    Open(bool),
    Stream(usize),
    Cut,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop_oneof![0..5_usize, 0..150_usize].prop_map(Step::Write),
        2 => prop_oneof![Just(0), 1..1_500_i64, Just(2_500)].prop_map(Step::Wait),
        3 => Just(Step::Ask),
        2 => Just(Step::Aside),
        4 => Just(Step::Serve),
        4 => (0..20_usize).prop_map(Step::Deliver),
        2 => any::<bool>().prop_map(Step::Open),
        4 => prop_oneof![0..5_usize, 0..300_usize].prop_map(Step::Stream),
        1 => Just(Step::Cut),
    ]
}

fn play(backend: Backend, steps: &[Step]) -> World {
    play_in(World::new(backend, false), steps)
}

fn play_in(mut world: World, steps: &[Step]) -> World {
    for step in steps {
        match step {
            Step::Write(lines) => world.write(*lines),
            Step::Wait(millis) => world.now += millis,
            Step::Ask => {
                let requests = world.talk.begin(Extent::Delta);
                world.asked.extend(requests);
            }
            Step::Aside => {
                let requests = world.talk.asides();
                world.asked.extend(requests);
            }
            Step::Serve => world.serve(),
            Step::Deliver(which) => world.deliver(*which),
            Step::Open(joined) => world.open(*joined),
            Step::Stream(frames) => world.stream(*frames),
            Step::Cut => world.stream = None,
        }
    }
    world.settle();
    world
}

/// What polls alone leave out, counted by hand: each answer shows its last lines.
fn unseen(answers: &[u64]) -> u64 {
    let mut known = 0;
    let mut unseen = 0;
    for count in answers {
        unseen += count.saturating_sub(WINDOW).saturating_sub(known);
        known = known.max(*count);
    }
    unseen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn every_line_is_there_once_or_in_a_gap_of_its_size(
        ours in prop_oneof![Just(Backend::Plain), Just(Backend::Planned), Just(Backend::Ours), Just(Backend::Ours)],
        (streams, answers_rest) in any::<(bool, bool)>(),
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut world = World::new(ours, streams);
        world.answers_rest = answers_rest;
        let world = play_in(world, &steps);
        let gaps = world.problems.iter().filter(|it| it.starts_with("log: "));
        prop_assert_eq!(gaps.count(), world.problems.len(), "{:?}", world.problems);
        let missing = world.missing();
        prop_assert_eq!(missing > 0, !world.problems.is_empty());
        let state = RunState::at(&world.journal, Millis(world.now));
        prop_assert_eq!(state.status, RunStatus::Completed);
    }

    #[test]
    fn polls_miss_what_no_answer_showed_and_no_more(writes in prop::collection::vec(0..250_usize, 0..20)) {
        for backend in [Backend::Plain, Backend::Planned] {
            let mut steps = Vec::new();
            let (mut count, mut counts) = (0, Vec::new());
            for (number, lines) in writes.iter().enumerate() {
                steps.extend([Step::Write(*lines), Step::Wait(1_000), Step::Ask, Step::Serve]);
                steps.extend([Step::Deliver(number), Step::Open(false), Step::Stream(40)]);
                count += *lines as u64;
                counts.push(count);
            }
            prop_assert_eq!(play(backend, &steps).missing(), unseen(&counts));
        }
    }

    /// However much is written while nobody listens, and whatever polls show of it meanwhile; as long
    /// as it is hoped for.
    #[test]
    fn what_a_stream_may_yet_bring_is_not_missing(
        rounds in prop::collection::vec((0..400_usize, 0..9_000_i64, 0..300_usize), 1..12),
    ) {
        let mut steps = vec![Step::Ask, Step::Serve, Step::Deliver(0), Step::Open(false), Step::Stream(1)];
        for (number, (lines, wait, frames)) in rounds.into_iter().enumerate() {
            steps.extend([Step::Stream(frames), Step::Cut, Step::Write(lines), Step::Wait(wait)]);
            steps.extend([Step::Ask, Step::Serve, Step::Deliver(number + 1), Step::Open(false), Step::Stream(1)]);
        }
        let world = play_in(World::new(Backend::Ours, true), &steps);
        prop_assert_eq!(world.missing(), 0);
        prop_assert!(world.problems.is_empty(), "{:?}", world.problems);
    }

    #[test]
    fn a_stream_of_ours_misses_nothing_whatever_cuts_it(
        rounds in prop::collection::vec((0..250_usize, 0..400_usize, any::<bool>()), 1..20),
    ) {
        let mut steps = vec![Step::Write(700), Step::Ask, Step::Serve, Step::Deliver(0), Step::Open(false)];
        for (lines, frames, cut) in rounds {
            steps.extend([Step::Write(lines), Step::Wait(500), Step::Stream(frames)]);
            if cut {
                // The page asks while it waits, and opens the stream again.
                steps.extend([Step::Cut, Step::Ask, Step::Serve, Step::Deliver(7), Step::Open(false), Step::Stream(1)]);
            }
        }
        steps.push(Step::Stream(10_000));
        let world = play(Backend::Ours, &steps);
        prop_assert_eq!(world.missing(), 0);
        prop_assert!(world.problems.is_empty());
    }
}
