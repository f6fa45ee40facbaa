//! Places in a terminal's output: however chunks come and wherever one cuts, the same bytes and sizes in the same order.

#![allow(
    clippy::unwrap_used,
    reason = "a drawing that cannot be read fails its test"
)]

use model::channel::terminal::{
    Chunk, Keyframe, Keyframes, NEAR, Size, Step, Terminal, TerminalChannel, TerminalStream, Way,
    way,
};
use model::item::{Item, TerminalItem};
use model::{Journal, Millis, NodeIx, Stamp};
use proptest::prelude::*;

/// What a terminal comes to: every byte and every change of size, in order.
#[derive(Debug, Default, PartialEq)]
struct Played(Vec<Result<u8, Size>>);

impl Played {
    fn play(&mut self, steps: impl Iterator<Item = Step<'static>>) {
        for step in steps {
            match step {
                Step::Resize(size) => self.0.push(Err(size)),
                Step::Write(bytes) => self.0.extend(bytes.iter().map(|byte| Ok(*byte))),
            }
        }
    }
}

/// A chunk as `second 80x24 text`, the size optional.
fn chunk(drawn: &str, sequence: u64) -> TerminalItem {
    let (second, rest) = drawn.split_once(' ').unwrap();
    let size = rest.split_once(' ').and_then(|(size, _)| {
        let (columns, rows) = size.split_once('x')?;
        Some((columns.parse().ok()?, rows.parse().ok()?))
    });
    let text = match size {
        Some(_) => rest.split_once(' ').unwrap().1,
        None => rest,
    };
    let millis = (second.parse::<f64>().unwrap() * 1000.0).round() as i64;
    TerminalItem {
        node: "a".into(),
        stream: TerminalStream::Pty,
        stamp: Stamp {
            sequence,
            ..Stamp::at(Millis(millis))
        },
        bytes: text.as_bytes().to_vec(),
        size,
    }
}

fn journal(drawn: &[&str]) -> Journal {
    let mut journal = Journal::default();
    for (index, drawn) in drawn.iter().enumerate() {
        journal.append(vec![Item::Terminal(chunk(drawn, index as u64))]);
    }
    journal
}

fn node(journal: &Journal) -> NodeIx {
    journal.graph().find("a").unwrap()
}

fn terminal(journal: &Journal) -> &Terminal {
    journal.terminals().of(node(journal)).unwrap()
}

/// Draws steps: text in quotes, sizes as they are.
fn drawn<'a>(steps: impl Iterator<Item = Step<'a>>) -> String {
    let words: Vec<_> = steps
        .map(|step| match step {
            Step::Resize((columns, rows)) => format!("{columns}x{rows}"),
            Step::Write(bytes) => format!("'{}'", String::from_utf8_lossy(bytes)),
        })
        .collect();
    words.join(" ")
}

#[test]
fn all_chunks_of_one_instant_are_played_in_their_order() {
    let journal = journal(&["1 ab", "1 cd", "1 ef", "1.001 gh"]);
    let terminal = terminal(&journal);
    let end = terminal.place_at(Millis(1000));
    assert_eq!(drawn(terminal.steps(0..end)), "'ab' 'cd' 'ef'");
    assert_eq!(terminal.bytes_before(end), 6);
    assert_eq!(terminal.bytes_before(terminal.end()), 8);
    assert_eq!(terminal.place_at(Millis(999)), 0);
}

#[test]
fn a_size_counts_where_it_becomes_another() {
    let journal = journal(&["1 a", "2 80x24 b", "3 80x24 c", "4 100x30 d", "5 80x24 e"]);
    let terminal = terminal(&journal);
    assert_eq!(
        terminal.first_size(),
        (80, 24),
        "it was so before it was said"
    );
    assert_eq!(
        drawn(terminal.steps(0..terminal.end())),
        "'a' 'b' 'c' 100x30 'd' 80x24 'e'"
    );
    let before = terminal.place_at(Millis(3000));
    assert_eq!(drawn(terminal.steps(before..before + 1)), "100x30");
    assert_eq!(drawn(terminal.steps(before + 1..before + 3)), "'d' 80x24");
    assert!(!terminal.resizes_within(0..before));
    assert!(terminal.resizes_within(before..before + 1));
    assert_eq!(terminal.pause_after(0), before, "reading pauses before it");
    assert_eq!(terminal.pause_after(before), before + 1, "and behind it");
}

#[test]
fn what_comes_late_says_from_where_on_all_is_another() {
    let mut journal = journal(&["1 80x24 a", "2 b", "3 c"]);
    assert_eq!(terminal(&journal).rewrites(), 0);
    let known = terminal(&journal).place_at(Millis(1000));
    journal.append(vec![Item::Terminal(chunk("1.5 late", 9))]);
    let terminal = terminal(&journal);
    assert_eq!(
        (terminal.rewrites(), terminal.unchanged_since(0)),
        (1, known)
    );
    assert_eq!(terminal.unchanged_since(1), terminal.end());
    assert_eq!(
        drawn(terminal.steps(0..terminal.end())),
        "'a' 'late' 'b' 'c'"
    );
}

#[test]
fn what_holds_for_all_of_it_and_comes_late_changes_all_of_it() {
    let mut channel = TerminalChannel::default();
    let write = |channel: &mut TerminalChannel, second: i64, stream, size| {
        let chunk = Chunk {
            stamp: Stamp::at(Millis(second * 1000)),
            stream,
            bytes: b"x".to_vec().into(),
            size,
        };
        channel.insert(node(&journal(&["1 x"])), chunk);
    };
    let of = |channel: &TerminalChannel| {
        let terminal = channel.nodes().next().and_then(|node| channel.of(node));
        let terminal = terminal.unwrap();
        (
            terminal.rewrites(),
            terminal.unchanged_since(0),
            terminal.is_pty(),
        )
    };
    write(&mut channel, 1, TerminalStream::Stdout, None);
    write(&mut channel, 2, TerminalStream::Stdout, None);
    assert_eq!(of(&channel), (0, 4, false));
    write(&mut channel, 3, TerminalStream::Stdout, Some((80, 24)));
    assert_eq!(of(&channel), (1, 0, false));
    write(&mut channel, 4, TerminalStream::Pty, None);
    assert_eq!(of(&channel), (2, 0, true));
}

#[test]
fn no_character_is_cut_in_two() {
    let text = "aé日🚀\u{80}";
    let mut channel = TerminalChannel::default();
    for (index, byte) in text.bytes().chain([0xFF, 0x80, b'z', 0xF0]).enumerate() {
        let chunk = Chunk {
            stamp: Stamp::at(Millis(index as i64)),
            stream: TerminalStream::Pty,
            bytes: Box::new([byte]),
            size: None,
        };
        channel.insert(node(&journal(&["1 x"])), chunk);
    }
    let terminal = channel.nodes().next().and_then(|node| channel.of(node));
    let terminal = terminal.unwrap();
    // A byte a chunk: behind byte n is place 2n. Bytes of a character, then what is none.
    let whole: Vec<_> = (0..=terminal.bytes_before(terminal.end()))
        .map(|bytes| terminal.whole(2 * bytes))
        .collect();
    let of = |lengths: &[usize]| {
        let mut wanted = vec![0];
        let mut start = 0;
        for length in lengths {
            // Within it: where its first byte is. Behind it: there.
            wanted.extend((1..*length).map(|_| 2 * start + 1));
            start += length;
            wanted.push(2 * start);
        }
        wanted
    };
    let mut wanted = of(&[1, 2, 3, 4, 2, 1, 1, 1]);
    wanted.push(2 * 15 + 1); // a beginning at the end
    assert_eq!(whole, wanted);
}

#[test]
fn reading_pauses_behind_whole_lines_of_a_long_chunk() {
    let long = format!("1 {}", format!("{}\n", "x".repeat(999)).repeat(200));
    let journal = journal(&[&long, "2 y"]);
    let terminal = terminal(&journal);
    let mut place = 0;
    let mut pauses = Vec::new();
    while place < terminal.end() {
        place = terminal.pause_after(place);
        pauses.push(place);
    }
    assert_eq!(pauses, [65_001, 130_001, 195_001, 200_003]);
    assert_eq!(terminal.pause_after(place), place);
}

fn keyframe(place: usize, weight: usize) -> Keyframe<usize> {
    Keyframe {
        place,
        state: place,
        weight,
    }
}

#[test]
fn keyframes_come_each_32_kb_and_behind_each_change_of_size() {
    let text = "x".repeat(1000);
    let sized = format!("100 90x20 {text}");
    let chunks: Vec<_> = (0..200).map(|second| format!("{second} {text}")).collect();
    let mut chunks: Vec<_> = chunks.iter().map(String::as_str).collect();
    chunks.insert(0, "0 80x24 begin");
    chunks[101] = &sized;
    let journal = journal(&chunks);
    let terminal = terminal(&journal);
    let mut keyframes = Keyframes::default();
    let (mut place, mut made) = (0, Vec::new());
    loop {
        if keyframes.is_due(terminal, place) {
            keyframes.push(keyframe(place, 100));
            made.push(place);
        }
        if place == terminal.end() {
            break;
        }
        place = terminal.pause_after(place);
    }
    let resized = terminal.place_at(Millis(99_999)) + 1;
    assert!(made.contains(&resized), "{made:?}");
    let apart: Vec<_> = made.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(apart.iter().all(|bytes| *bytes < 45_000), "{apart:?}");
    assert_eq!(made.len(), 6, "{made:?}");
    assert_eq!(
        keyframes.before(resized).map(|frame| frame.state),
        Some(resized)
    );
    assert_eq!(
        keyframes.before(resized - 1).map(|frame| frame.state),
        Some(made[2])
    );
    assert_eq!(keyframes.from(1).map(|frame| frame.state), Some(made[1]));
    keyframes.keep_upto(resized - 1);
    assert_eq!(
        keyframes.before(usize::MAX).map(|frame| frame.state),
        Some(made[2])
    );
}

#[test]
fn keyframes_weigh_64_mb_at_most_and_the_first_stays() {
    let mut keyframes = Keyframes::default();
    for place in 0..1000 {
        keyframes.push(keyframe(place, 1024 * 1024));
        assert!(keyframes.weight() <= 64 * 1024 * 1024);
    }
    assert_eq!(keyframes.before(0).map(|frame| frame.state), Some(0));
}

#[test]
fn large_screens_leave_fewer_keyframes() {
    let journal = journal(&["1 x"]);
    let terminal = terminal(&journal);
    let mut keyframes = Keyframes::default();
    keyframes.push(keyframe(0, 100_000));
    assert!(!keyframes.is_due(terminal, 200_000));
    assert!(keyframes.is_due(terminal, 202_000));
}

#[test]
fn the_way_is_the_shortest_that_is_sure_to_be_right() {
    let text = "x".repeat(100_000);
    let line = |second: u32, size: &str| format!("{second} {size}{text}");
    let chunks: Vec<_> = (1..=10)
        .map(|second| line(second, if second == 8 { "90x20 " } else { "" }))
        .collect();
    let mut chunks: Vec<_> = chunks.iter().map(String::as_str).collect();
    chunks.insert(0, "0 80x24 begin");
    let journal = journal(&chunks);
    let terminal = terminal(&journal);
    let at = |second: i64| terminal.place_at(Millis(second * 1000));
    let mut keyframes = Keyframes::default();
    keyframes.push(keyframe(0, 0));
    keyframes.push(keyframe(at(4), 0));
    let check = |shown: Option<i64>, target: i64, read: i64, expected: Way| {
        let shown = shown.map(at);
        let found = way(terminal, &keyframes, shown, at(target), at(read));
        assert_eq!(
            found, expected,
            "from {shown:?} to {target}, read to {read}"
        );
    };
    check(Some(3), 3, 4, Way::Here);
    check(Some(3), 5, 5, Way::On);
    check(Some(5), 4, 5, Way::Keyframe);
    check(None, 5, 5, Way::Keyframe);
    check(None, 1, 0, Way::Keyframe);
    check(Some(1), 7, 5, Way::Read); // far from both
    check(Some(1), 7, 7, Way::Keyframe); // but there is none nearer
    check(Some(7), 8, 7, Way::Read); // over a change of size that the reader has not seen
    check(Some(7), 8, 10, Way::Keyframe);
    assert!(at(7) - at(4) > NEAR);
}

proptest! {
    /// Any order of arrival, any cut: the same as all of it played at once.
    #[test]
    fn any_order_and_any_cut(
        drawn in prop::collection::vec((0_u8..5, prop::option::of(1_u16..4), 0_usize..6), 1..30),
        order in prop::collection::vec(any::<prop::sample::Index>(), 30),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let items: Vec<_> = drawn.iter().enumerate().map(|(index, (second, size, length))| TerminalItem {
            node: "a".into(),
            stream: TerminalStream::Pty,
            stamp: Stamp { sequence: index as u64, ..Stamp::at(Millis(i64::from(*second) * 1000)) },
            bytes: vec![index as u8; *length],
            size: size.map(|size| (size, 24)),
        }).collect();
        let mut shuffled = Journal::default();
        let mut left = items.clone();
        for index in &order {
            if left.is_empty() { break; }
            let at = index.index(left.len());
            shuffled.append(vec![Item::Terminal(left.remove(at))]);
        }
        shuffled.append(left.into_iter().map(Item::Terminal));

        // Naively: sort, then walk.
        let mut sorted = items;
        sorted.sort_by_key(|item| item.stamp);
        let mut expected = Played::default();
        let mut size = sorted.iter().find_map(|item| item.size);
        for item in &sorted {
            if item.size.is_some() && item.size != size {
                size = item.size;
                expected.0.extend(size.map(Err));
            }
            expected.0.extend(item.bytes.iter().map(|byte| Ok(*byte)));
        }

        let terminal = Box::leak(Box::new(terminal(&shuffled).clone()));
        let mut places: Vec<_> = cuts.iter().map(|cut| cut.index(terminal.end() + 1)).collect();
        places.extend([0, terminal.end()]);
        places.sort_unstable();
        let mut played = Played::default();
        for two in places.windows(2) {
            played.play(terminal.steps(two[0]..two[1]));
        }
        prop_assert_eq!(played, expected);

        // Reading on ends, and never passes a change of size.
        let mut place = 0;
        while place < terminal.end() {
            let pause = terminal.pause_after(place);
            prop_assert!(pause > place);
            prop_assert!(pause == place + 1 || !terminal.resizes_within(place..pause));
            place = pause;
        }
        for second in 0..5 {
            let at = Millis(second * 1000);
            let bytes: usize = terminal.upto(at).iter().map(|chunk| chunk.bytes.len()).sum();
            prop_assert_eq!(terminal.bytes_before(terminal.place_at(at)), bytes);
        }
    }
}
