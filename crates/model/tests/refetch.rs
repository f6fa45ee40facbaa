//! What a refetch did not bring again: each record held before counts once, whatever else was sent, how often and when.

#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

mod drawn;

use drawn::{items, second};
use model::channel::agent::AgentChunk;
use model::channel::terminal::TerminalStream;
use model::item::{AgentItem, Artifact, Item, NodeIo, Note, Packet, RecordId, TerminalItem};
use model::{Journal, JsonText, Stamp};
use proptest::prelude::*;
use std::collections::HashSet;

const KINDS: usize = 11;

/// The items of the record `number` of a kind; equal numbers are one record.
fn record(kind: usize, number: u64) -> Vec<Item> {
    let at = second(number as f64);
    let id = format!("{number}").into();
    let one = |fact: &str| items("", &format!("{number} {fact}")).pop().unwrap();
    let item = match kind {
        0 => {
            let Item::Event(mut event) = one("a STARTED") else {
                panic!("drawn as an event")
            };
            event.stamp.sequence = number;
            Item::Event(event)
        }
        1 => one("a log hello"),
        2 => Item::Terminal(TerminalItem {
            node: "a".into(),
            stream: TerminalStream::Pty,
            stamp: Stamp {
                sequence: number,
                ..Stamp::at(at)
            },
            bytes: vec![b'.'],
            size: None,
        }),
        3 => Item::Agent(Box::new(AgentItem {
            agent_run: "r".into(),
            node: "a".into(),
            sequence: number,
            at,
            chunk: AgentChunk::Step,
        })),
        4 => Item::Packet(Box::new(Packet {
            id,
            source: "a".into(),
            target: "b".into(),
            input: "x".into(),
            at,
            payload: None,
            size: 0,
        })),
        5 => Item::Artifact(Box::new(Artifact {
            id,
            node: "a".into(),
            name: "f".into(),
            mime: None,
            size: 0,
            at,
        })),
        6 => Item::Note(Box::new(Note {
            id,
            text: "!".into(),
            at,
            node: None,
        })),
        7 => Item::Unknown {
            kind: "dream".into(),
            raw: JsonText(format!("{{\"n\":{number}}}").into()),
        },
        8 => {
            let Item::Status(update, _) = one("run RUNNING") else {
                panic!("drawn as a status")
            };
            Item::Status(update, Some(RecordId(number << 8 | 1)))
        }
        9 => {
            let io = NodeIo {
                node: "a".into(),
                at,
                inputs: None,
                outputs: None,
                truncated: false,
            };
            Item::Io(Box::new(io), Some(RecordId(number << 8 | 2)))
        }
        // One record, two items.
        _ => {
            let asked = one("a ask pending q");
            let answered = items("", &format!("{} a ask resolved q", number + 1))
                .pop()
                .unwrap();
            let with_record = |item| match item {
                Item::HumanInput(input, _) => {
                    Item::HumanInput(input, Some(RecordId(number << 8 | 3)))
                }
                other => other,
            };
            return [asked, answered].map(with_record).into();
        }
    };
    vec![item]
}

fn append(journal: &mut Journal, records: &[(usize, u64)]) {
    journal.append(
        records
            .iter()
            .flat_map(|(kind, number)| record(*kind, *number)),
    );
}

#[test]
fn what_did_not_come_again_is_counted() {
    let all: Vec<_> = (0..KINDS).flat_map(|kind| [(kind, 1), (kind, 2)]).collect();
    let held = all.len() as u64;
    for (brought, want) in [
        (&all[..], 0),
        (&[], held),
        (&all[..6], held - 6),
        // Twice is once.
        (&[(0, 1), (0, 1), (1, 2), (1, 2)], held - 2),
        // What is new makes up for nothing, however often it comes.
        (
            &[
                (0, 7),
                (1, 7),
                (8, 7),
                (10, 7),
                (0, 7),
                (1, 7),
                (8, 7),
                (10, 7),
            ],
            held,
        ),
    ] {
        let mut journal = Journal::default();
        append(&mut journal, &all);
        assert_eq!(journal.records() as u64, held);
        journal.begin_refetch();
        journal.append(items("a -> b", ""));
        append(&mut journal, brought);
        assert_eq!(journal.end_refetch(), want, "{brought:?}");
    }
}

#[test]
fn only_what_is_sent_between_beginning_and_end_counts() {
    let mut journal = Journal::default();
    assert_eq!(journal.end_refetch(), 0, "none was begun");
    append(&mut journal, &[(0, 1), (0, 2)]);
    journal.begin_refetch();
    append(&mut journal, &[(0, 1)]);
    journal.begin_refetch();
    append(&mut journal, &[(0, 2)]);
    assert_eq!(journal.end_refetch(), 1, "the first was given up");
    append(&mut journal, &[(0, 1)]);
    assert_eq!(journal.end_refetch(), 0, "it is over");
}

proptest! {
    #[test]
    fn it_is_the_records_held_less_the_records_brought(
        held in prop::collection::vec((0..KINDS, 1..20_u64), 0..60),
        brought in prop::collection::vec((0..KINDS, 1..20_u64), 0..120),
    ) {
        let mut journal = Journal::default();
        append(&mut journal, &held);
        journal.begin_refetch();
        append(&mut journal, &brought);
        let held: HashSet<_> = held.into_iter().collect();
        let brought: HashSet<_> = brought.into_iter().collect();
        prop_assert_eq!(journal.end_refetch(), held.difference(&brought).count() as u64);
        prop_assert_eq!(journal.records(), held.union(&brought).count());
    }
}
