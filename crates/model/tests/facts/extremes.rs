//! Instants at the ends of what a number holds: nothing overflows, and everything agrees with itself.

use crate::rich::items;
use crate::runs::{GRAPH, any_facts, fed};
use model::attempts::{Attempts, attempts};
use model::clocks::Clocks;
use model::critical_path::CriticalPath;
use model::groups::Groups;
use model::item::Item;
use model::marks::Marks;
use model::playhead::Stretch;
use model::quiet::Quiet;
use model::summary::Summary;
use model::waiting::waiting;
use model::{Journal, Millis, NodeIx, RunState, Span, shown};
use proptest::prelude::*;

const ENDS: [i64; 7] = [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX];

/// Moves an item's instant to one of the ends.
fn far(mut item: Item) -> Item {
    let move_to = |at: &mut Millis| *at = Millis(ENDS[(at.0 / 1_000).unsigned_abs() as usize % 7]);
    match &mut item {
        Item::Run(_) | Item::Graph(_) | Item::Unknown { .. } => {}
        Item::Event(it) => move_to(&mut it.stamp.at),
        Item::Log(it) => move_to(&mut it.stamp.at),
        Item::Terminal(it) => move_to(&mut it.stamp.at),
        Item::Status(it, _) => move_to(&mut it.stamp.at),
        Item::Agent(it) => move_to(&mut it.at),
        Item::Packet(it) => move_to(&mut it.at),
        Item::Io(it, _) => move_to(&mut it.at),
        Item::Artifact(it) => move_to(&mut it.at),
        Item::HumanInput(it, _) => move_to(&mut it.at),
        Item::Note(it) => move_to(&mut it.at),
    }
    item
}

proptest! {
    #[test]
    fn the_ends_of_time_are_no_trouble(
        facts in any_facts(),
        late in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        size in 1..20_usize,
        least in prop::sample::select(vec![i64::MIN, 0, 1, 1_000, i64::MAX]),
    ) {
        let items: Vec<Item> = items(GRAPH, &facts).into_iter().map(far).collect();
        let (mut marks, mut quiet) = (Marks::default(), Quiet::new(Span(least)));
        let journal: Journal = fed(items, &late, size, |journal| {
            marks.extend(journal);
            quiet.extend(journal);
        });
        prop_assert_eq!(journal.attempts().as_slice(), &attempts(journal.events())[..]);
        Clocks::of(&journal);
        prop_assert_eq!(Groups::of(&journal).order.len(), journal.graph().nodes().len());
        for at in ENDS.map(Millis) {
            let state = RunState::at(&journal, at);
            let mut known = Attempts::default();
            known.go_to(&journal, at);
            let path = CriticalPath::at(&journal, &known, at);
            prop_assert_eq!(path.hops.is_empty(), known.as_slice().is_empty());
            for node in (0..journal.graph().nodes().len() as u32).map(NodeIx) {
                waiting(&journal, &state, node);
                let facts = shown::node(&journal, &state, node, state.at);
                prop_assert!(facts.attempts.iter().all(|it| it.from <= at));
            }
            for to in ENDS.map(Millis) {
                let stretch = Stretch { from: at, to };
                let summary = Summary::of(&journal, &marks, stretch);
                prop_assert!(summary.began <= journal.attempts().as_slice().len());
                for gap in quiet.within(stretch) {
                    prop_assert!(gap.from < gap.to && stretch.from <= gap.from && gap.to <= stretch.to);
                    let events = journal.events().iter();
                    prop_assert!(!events.clone().any(|it| gap.from < it.stamp.at && it.stamp.at < gap.to));
                }
            }
        }
    }
}
