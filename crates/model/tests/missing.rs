//! What the source's own numbers tell to be missing: each track by itself, whatever the order of arrival.

#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

mod drawn;

use drawn::{items, second};
use model::channel::agent::AgentChunk;
use model::channel::terminal::TerminalStream;
use model::item::{AgentItem, Item, TerminalItem};
use model::missing::Track;
use model::{Journal, Stamp};
use proptest::prelude::*;

/// `a pty 3` a chunk of a terminal, `a agent 3` a part, `a event 3` an event; each at its own instant.
fn item(at: usize, drawn: &str) -> Item {
    let words: Vec<_> = drawn.split(' ').collect();
    let sequence = words[2].parse().unwrap();
    let node = words[0].into();
    let stamp = Stamp {
        sequence,
        ..Stamp::at(second(at as f64))
    };
    let stream = match words[1] {
        "pty" => TerminalStream::Pty,
        "out" => TerminalStream::Stdout,
        "agent" => {
            return Item::Agent(Box::new(AgentItem {
                agent_run: format!("run:{node}").into(),
                node,
                sequence,
                at: stamp.at,
                chunk: AgentChunk::Step,
            }));
        }
        _ => {
            let Item::Event(mut event) = items("", &format!("0 {node} PROGRESS")).pop().unwrap()
            else {
                panic!("drawn as an event")
            };
            event.stamp = stamp;
            return Item::Event(event);
        }
    };
    Item::Terminal(TerminalItem {
        node,
        stream,
        stamp,
        bytes: vec![b'.'],
        size: None,
    })
}

/// `a pty 2-3,5` a track, by name; the total last.
fn missing(journal: &Journal) -> String {
    let name = |node| journal.graph().node(node).unwrap().reference.clone();
    let tracks = journal.missing().incomplete().map(|(track, numbers)| {
        let of = match track {
            Track::Events => "events".to_owned(),
            Track::Terminal(node, stream) => format!("{} {stream:?}", name(node)),
            Track::Agent(id) => id.to_string(),
        };
        let ranges = numbers
            .ranges()
            .map(|range| match range.start() == range.end() {
                true => range.start().to_string(),
                false => format!("{}-{}", range.start(), range.end()),
            });
        let beyond = if numbers.is_beyond() {
            " and beyond"
        } else {
            ""
        };
        format!("{of} {}{beyond}", ranges.collect::<Vec<_>>().join(","))
    });
    let mut tracks: Vec<_> = tracks.collect();
    tracks.sort();
    format!("{}: {}", journal.missing().total(), tracks.join("; "))
}

fn journal(drawn: &[&str]) -> Journal {
    let mut journal = Journal::default();
    journal.append(drawn.iter().enumerate().map(|(at, drawn)| item(at, drawn)));
    journal
}

#[test]
fn each_track_is_counted_by_itself() {
    for (drawn, want) in [
        (&[][..], "0: "),
        (&["a pty 1", "a pty 2", "b pty 1"], "0: "),
        (
            &["a pty 4", "a out 2", "b pty 1", "b agent 3"],
            "6: a Pty 1-3; a Stdout 1; run:b 1-2",
        ),
        (&["a pty 3", "a pty 1", "a pty 6"], "3: a Pty 2,4-5"),
        // A retry starts over.
        (
            &["a pty 1", "a pty 2", "a pty 3", "a pty 1", "a pty 2"],
            "0: ",
        ),
        (&["a pty 2", "a pty 99999999999"], "1: a Pty 1 and beyond"),
        // Events are counted where a source says that it numbers them without holes.
        (&["a event 7"], "0: "),
    ] {
        assert_eq!(missing(&journal(drawn)), want, "{drawn:?}");
    }
}

#[test]
fn events_are_counted_on_request_whenever_that_is_made() {
    let drawn = ["a event 2", "b event 5", "a event 3"];
    let mut before = Journal::default();
    before.count_events();
    before.append(drawn.iter().enumerate().map(|(at, drawn)| item(at, drawn)));
    let mut after = journal(&drawn);
    after.count_events();
    after.count_events();
    for journal in [before, after] {
        assert_eq!(missing(&journal), "2: events 1,4");
    }
}

prop_compose! {
    fn any_item()(node in 0..2_usize, kind in 0..4_usize, number in prop_oneof![0..30_u64, Just(1 << 30)], at in 0..3_usize) -> Item {
        item(at, &format!("{} {} {number}", ["a", "b"][node], ["pty", "out", "agent", "event"][kind]))
    }
}

proptest! {
    #[test]
    fn the_order_of_arrival_never_changes_what_is_missing(
        items in prop::collection::vec(any_item(), 0..60),
        again in prop::collection::vec(any::<prop::sample::Index>(), 0..60),
        shuffle in any::<prop::sample::Index>(),
    ) {
        let mut straight = Journal::default();
        straight.count_events();
        straight.append(items.clone());
        let mut shuffled: Vec<Item> = again.iter().filter(|_| !items.is_empty()).map(|index| index.get(&items).clone()).collect();
        shuffled.extend(items.iter().rev().cloned());
        if !shuffled.is_empty() {
            let middle = shuffle.index(shuffled.len());
            shuffled.rotate_left(middle);
        }
        let mut other = Journal::default();
        let cut = shuffled.len() / 2;
        other.append(shuffled[..cut].to_vec());
        other.count_events();
        other.append(shuffled[cut..].to_vec());
        prop_assert_eq!(missing(&other), missing(&straight));
        other.append(shuffled);
        prop_assert_eq!(missing(&other), missing(&straight));
    }
}
