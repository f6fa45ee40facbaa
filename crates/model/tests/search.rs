//! The search over a whole run, against looking at everything by hand.

use model::channel::agent::{AgentChunk, Voice};
use model::channel::log::{Level, LogStream};
use model::channel::terminal::TerminalStream;
use model::graph::{GraphSpec, Join, NodeSpec};
use model::item::{
    AgentItem, Detail, ErrorInfo, EventItem, EventKind, LogItem, NodeIo, Note, Provenance,
    TerminalItem,
};
use model::search::{Kind, List, Matcher, Place, Query, QueryError, Search, Source};
use model::{Item, Journal, JsonText, Millis, NodeIx, Stamp};
use proptest::prelude::*;

const NODES: [&str; 3] = ["scan", "Über scan", "plan"];

fn graph() -> Item {
    let node = |name: &&str| NodeSpec {
        reference: name.to_lowercase().into(),
        label: (*name).into(),
        kind: "step".into(),
        join: Join::All,
        position: None,
        group: None,
    };
    Item::Graph(Box::new(GraphSpec {
        nodes: NODES.iter().map(node).collect(),
        edges: Vec::new(),
    }))
}

fn reference(node: usize) -> String {
    NODES[node].to_lowercase()
}

fn stamp(at: i64, sequence: u64) -> Stamp {
    Stamp {
        at: Millis(at),
        nanos: 0,
        sequence,
    }
}

fn log(at: i64, number: u64, node: usize, message: &str) -> Item {
    Item::Log(LogItem {
        id: format!("l{number}").as_str().into(),
        node: reference(node).as_str().into(),
        stamp: stamp(at, number),
        level: Level::Info,
        stream: LogStream::Stdout,
        message: message.into(),
    })
}

fn terminal(at: i64, number: u64, node: usize, bytes: &[u8]) -> Item {
    Item::Terminal(TerminalItem {
        node: reference(node).as_str().into(),
        stream: TerminalStream::Pty,
        stamp: stamp(at, number),
        bytes: bytes.to_vec(),
        size: None,
    })
}

fn said(at: i64, sequence: u64, id: &str, delta: &str) -> Item {
    agent(
        at,
        sequence,
        AgentChunk::TextDelta {
            id: id.into(),
            voice: Voice::Text,
            delta: delta.into(),
        },
    )
}

fn agent(at: i64, sequence: u64, chunk: AgentChunk) -> Item {
    Item::Agent(Box::new(AgentItem {
        agent_run: "a1".into(),
        node: reference(2).as_str().into(),
        sequence,
        at: Millis(at),
        chunk,
    }))
}

fn failed(at: i64, number: u64, message: &str) -> Item {
    let error = ErrorInfo {
        message: message.into(),
        ..ErrorInfo::default()
    };
    Item::Event(EventItem {
        id: number.to_string().as_str().into(),
        node: reference(0).as_str().into(),
        stamp: stamp(at, number),
        kind: EventKind::Failed,
        level: Level::Error,
        attempt: 1,
        detail: Some(Box::new(Detail {
            error: Some(error.into()),
            ..Detail::default()
        })),
        provenance: Provenance::Observed,
    })
}

fn io(at: i64, node: usize, output: &str) -> Item {
    let io = NodeIo {
        node: reference(node).as_str().into(),
        at: Millis(at),
        inputs: None,
        outputs: Some(JsonText(output.into())),
        truncated: false,
    };
    Item::Io(Box::new(io), None)
}

fn note(at: i64, text: &str) -> Item {
    Item::Note(Box::new(Note {
        id: text.into(),
        text: text.into(),
        at: Millis(at),
        node: None,
    }))
}

fn searched(journal: &Journal, query: Query) -> Search {
    let Ok(mut search) = Search::new(query) else {
        panic!("this can be looked for");
    };
    assert!(search.step(journal, usize::MAX));
    search
}

fn places(search: &Search, journal: &Journal, upto: Millis) -> Vec<Place> {
    let first = search.next_from(journal, Millis::MIN, upto);
    std::iter::successors(first, |place| search.next(journal, place, upto)).collect()
}

#[test]
fn everything_a_run_said_is_found_in_order_of_time() {
    let mut journal = Journal::default();
    journal.append([
        graph(),
        log(50, 1, 0, "scan of ten hosts, scan again"),
        terminal(20, 0, 1, b"\x1b[1ms\x1b[31mca\x1b[0m"),
        terminal(30, 1, 1, b"n done\r\n\x1b]0;scan the title\x07$ "),
        said(5, 1, "t", "I will sc"),
        said(10, 2, "t", "an\nnow"),
        agent(
            15,
            3,
            AgentChunk::ToolInput {
                call: "c".into(),
                tool: "run_scan".into(),
                input: JsonText("{\"what\":\"scan\"}".into()),
            },
        ),
        failed(40, 1, "scan failed"),
        io(60, 2, "{\"found\":\"scan\"}"),
        note(70, "SCAN this"),
    ]);
    let search = searched(&journal, Query::plain("scan"));
    let found: Vec<_> = places(&search, &journal, Millis::MAX)
        .into_iter()
        .map(|place| {
            (
                place.hit.at.0,
                place.source,
                place.hit.place,
                place.hit.count,
                place.hit.node,
            )
        })
        .collect();
    let [scan, uber, plan] = [0, 1, 2].map(|node| Some(NodeIx(node)));
    let names = |place, count, node| (i64::MIN, Source::List(List::Names), place, count, node);
    assert_eq!(
        found,
        [
            names(0, 1, scan),
            names(1, 2, uber),
            (10, Source::Agent("a1".into()), 2, 1, plan),
            (15, Source::Agent("a1".into()), 3, 2, plan),
            (30, Source::Terminal(NodeIx(1)), 1, 1, uber),
            (40, Source::List(List::Events), 0, 1, scan),
            (50, Source::Log, 0, 2, scan),
            (60, Source::List(List::Values), 0, 1, plan),
            (70, Source::List(List::Notes), 0, 1, None),
        ]
    );
    assert_eq!(search.by_node(&journal, Millis(50)), [3, 2, 2]);
    assert_eq!(
        search.ticks(&journal, Millis(0), Millis(100), 4),
        [2, 2, 3, 0]
    );
    let count = search.count(&journal, Millis(50));
    assert_eq!((count.places, count.times), (7, 10));
    assert_eq!(search.count_in(&journal, &Source::Log, Millis(49)).times, 0);
    assert_eq!(search.progress(&journal), 1.0);
}

#[test]
fn terminals_are_read_as_text() {
    for (bytes, query, found) in [
        (&b"plain text"[..], "plain text", 1),
        (b"\x1b[38;5;12mco\x1b[0ml\x1b[1mour", "colour", 1),
        (b"one\r\ntwo", "onetwo", 0),
        (b"10%\r20%", "10%20%", 0),
        (b"\x1b]8;;http://hidden\x1b\\link\x1b]8;;\x07s", "links", 1),
        (b"\x1b]8;;http://hidden\x1b\\link", "hidden", 0),
        (b"\x1bP+q hidden\x1b\\", "hidden", 0),
        (b"wro\x08ng", "wrng", 1),
        (b"a\x1b[5Cb", "a b", 1),
        (b"a\x1b[2;5Hb", "ab", 0),
        (b"a\x1b(Bb", "ab", 1),
        (b"a\x1b[Kb\x00c", "abc", 1),
        (b"\xff\xfebad\xc3", "bad", 1),
        ("gr\u{fc}n".as_bytes(), "GR\u{dc}N", 1),
        (b"\x1b[999999999999999999;;;;", "9", 0),
        (b"\x1b]never closed", "closed", 0),
    ] {
        let mut journal = Journal::default();
        // However it is cut.
        for cut in 0..=bytes.len() {
            let mut cut_journal = Journal::default();
            cut_journal.append([
                graph(),
                terminal(1, 0, 0, &bytes[..cut]),
                terminal(1, 1, 0, &bytes[cut..]),
            ]);
            let search = searched(&cut_journal, Query::plain(query));
            let count = search.count_in(&cut_journal, &Source::Terminal(NodeIx(0)), Millis(1));
            assert_eq!(
                count.times,
                found,
                "{:?} cut at {cut}",
                String::from_utf8_lossy(bytes)
            );
            journal = cut_journal;
        }
        assert_eq!(
            searched(&journal, Query::plain(query))
                .count(&journal, Millis(0))
                .times,
            0
        );
    }
}

#[test]
fn what_cannot_be_looked_for_is_told() {
    let regex = |text: &str| Query {
        kind: Kind::Regex,
        ..Query::plain(text)
    };
    for (query, why) in [
        (Query::plain(""), "type something"),
        (Query::plain("a".repeat(1_025)), "1025 bytes"),
        (regex(&"(a|b)".repeat(300)), "1500 bytes"),
        (regex("(a"), "at character 1"),
    ] {
        let error: QueryError = Search::new(query).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
    let mut journal = Journal::default();
    journal.append([graph(), log(1, 1, 0, &("a".repeat(5_000) + "!"))]);
    assert_eq!(
        searched(&journal, regex("(a+)+$"))
            .count(&journal, Millis::MAX)
            .places,
        0
    );
}

#[test]
fn of_a_line_of_megabytes_a_pattern_sees_the_beginning_and_says_so() {
    let mut journal = Journal::default();
    let long = "x".repeat(2 << 20) + "needle";
    journal.append([graph(), log(1, 1, 0, &long), log(2, 2, 0, "needle")]);
    let plain = searched(&journal, Query::plain("needle"));
    assert_eq!(
        (plain.count(&journal, Millis::MAX).places, plain.cut()),
        (2, 0)
    );
    let pattern = searched(
        &journal,
        Query {
            kind: Kind::Regex,
            ..Query::plain("n[e]edle|xyz")
        },
    );
    assert_eq!(
        (pattern.count(&journal, Millis::MAX).places, pattern.cut()),
        (1, 1)
    );
}

fn query() -> impl Strategy<Value = Query> {
    let plain = prop_oneof!["[abAé]{1,2}", "a b"].prop_map(|text| (text, Kind::Plain));
    let regex =
        prop::sample::select(&["a+", "[ab]é?", r"b\b", "^a", "a.b", "b$", r"a\W*b", "é|b"][..]);
    let regex = regex.prop_map(|text| (text.to_owned(), Kind::Regex));
    (prop_oneof![plain, regex], any::<bool>(), any::<bool>()).prop_map(
        |((text, kind), match_case, whole_word)| Query {
            text,
            kind,
            match_case,
            whole_word,
        },
    )
}

fn item() -> impl Strategy<Value = Item> {
    let (text, at) = ("[abABé ]{0,6}", 0_i64..20);
    prop_oneof![
        4 => (at.clone(), 0_u64..40, 0..3_usize, text).prop_map(|(at, number, node, text)| log(at, number, node, &text)),
        2 => (at.clone(), 0_u64..4, 0..3_usize, "[abé\n]{0,4}").prop_map(|(at, number, node, text)| terminal(at, number, node, text.as_bytes())),
        2 => (at.clone(), 0_u64..9, "[xy]", "[abé\n]{0,4}").prop_map(|(at, number, id, text)| said(at, number, &id, &text)),
        1 => (at.clone(), 0_u64..9, text).prop_map(|(at, number, text)| failed(at, number, &text)),
        1 => (at.clone(), 0..3_usize, text).prop_map(|(at, node, text)| io(at, node, &text)),
        1 => (at, text).prop_map(|(at, text)| note(at, &text)),
    ]
}

proptest! {
    #[test]
    fn in_slices_and_as_it_comes_the_same_is_found(
        items in prop::collection::vec(item(), 0..40),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        query in query(),
        budget in 1_usize..60,
        at in 0_i64..20,
    ) {
        let mut journal = Journal::default();
        let mut search = Search::new(query.clone()).unwrap();
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(items.len() + 1)).collect();
        cuts.extend([0, items.len()]);
        cuts.sort_unstable();
        journal.append([graph()]);
        for pair in cuts.windows(2) {
            journal.append(items[pair[0]..pair[1]].iter().cloned());
            // Now and then not to the end.
            for _ in 0..pair[0] % 7 {
                search.step(&journal, budget);
            }
        }
        let steps = (0..10_000).take_while(|_| !search.step(&journal, budget)).count();
        prop_assert!(steps < 9_999);

        let whole = searched(&journal, query.clone());
        let all = places(&whole, &journal, Millis::MAX);
        prop_assert_eq!(&places(&search, &journal, Millis::MAX), &all);

        // By hand, where that is easy.
        let mut matcher = Matcher::new(&query).unwrap();
        let lines = journal.logs().lines(0..journal.logs().len());
        let lines: Vec<_> = lines
            .map(|line| (line.number as u64, matcher.count(line.message.as_bytes()) as u32))
            .filter(|(_, count)| *count > 0)
            .collect();
        let in_log = all.iter().filter(|place| place.source == Source::Log);
        prop_assert_eq!(in_log.map(|place| (place.hit.place, place.hit.count)).collect::<Vec<_>>(), lines);

        // Up to an instant it is a part of all of it.
        let upto = Millis(at);
        let part: Vec<_> = all.iter().filter(|place| place.hit.at <= upto).cloned().collect();
        prop_assert_eq!(&places(&search, &journal, upto), &part);
        let count = search.count(&journal, upto);
        prop_assert_eq!((count.places, count.times), (part.len(), part.iter().map(|place| u64::from(place.hit.count)).sum()));
        let mut by_node = vec![0; NODES.len()];
        part.iter().filter_map(|place| place.hit.node).for_each(|node| by_node[node.index()] += 1);
        prop_assert_eq!(search.by_node(&journal, upto), by_node);

        // There and back again.
        for (rank, place) in all.iter().enumerate() {
            prop_assert_eq!(search.rank(&journal, place), rank);
            let before = rank.checked_sub(1).map(|before| all[before].clone());
            prop_assert_eq!(search.previous(&journal, place), before);
        }
        let last = all.iter().rev().find(|place| place.hit.at <= upto).cloned();
        prop_assert_eq!(search.previous_from(&journal, upto), last);

        let ticks = search.ticks(&journal, Millis(0), Millis(19), 7);
        let mut by_hand = vec![0; 7];
        for place in all.iter().filter(|place| (0..19).contains(&place.hit.at.0)) {
            let part = (0..7).rev().find(|part| 19 * part / 7 <= place.hit.at.0).unwrap();
            by_hand[part as usize] += 1;
        }
        prop_assert_eq!(ticks, by_hand);
    }
}
