//! The log channel against a plain list of lines: order, repeats, late lines, and what it weighs.

use model::channel::log::{Level, LogChannel, LogStream, NewLine};
use model::channel::sorted::Inserted;
use model::{Millis, NodeIx, Stamp};
use proptest::prelude::*;

/// A line that owns its text; the order of fields is the order of lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    stamp: Stamp,
    id: String,
    node: Option<NodeIx>,
    level: usize,
    stream: usize,
    message: String,
}

impl Line {
    fn put(&self, logs: &mut LogChannel) -> Inserted {
        logs.insert(NewLine {
            stamp: self.stamp,
            node: self.node,
            level: Level::ALL[self.level],
            stream: LogStream::ALL[self.stream],
            id: &self.id,
            message: &self.message,
        })
    }
}

fn plain(number: u64, at: i64, message: String) -> Line {
    let stamp = Stamp {
        at: Millis(at),
        nanos: 0,
        sequence: number,
    };
    Line {
        stamp,
        id: format!("l{number}"),
        node: Some(NodeIx(number as u32 % 5_000)),
        level: 2,
        stream: 1,
        message,
    }
}

fn held(logs: &LogChannel, numbers: std::ops::Range<usize>) -> Vec<Line> {
    let lines = logs
        .lines(numbers.clone())
        .enumerate()
        .map(|(index, line)| {
            assert_eq!(line.number, numbers.start + index);
            assert_eq!(logs.line(line.number), Some(line));
            let level = Level::ALL.iter().position(|level| *level == line.level);
            let stream = LogStream::ALL
                .iter()
                .position(|stream| *stream == line.stream);
            Line {
                // What else a stamp has is not lent; it shows in the order.
                stamp: Stamp::at(line.at),
                id: line.id.to_string(),
                node: line.node,
                level: level.unwrap_or(99),
                stream: stream.unwrap_or(99),
                message: line.message.to_owned(),
            }
        });
    lines.collect()
}

fn line() -> impl Strategy<Value = Line> {
    let at = prop_oneof![8 => 0_i64..30, 1 => any::<i64>()];
    let stamp = (at, 0_u32..3, prop_oneof![4 => 0_u64..3, 1 => any::<u64>()]);
    let id = prop_oneof![
        "l[0-9]{0,3}",
        "[a-c]",
        "r-1970-01-01T00:00:00.00[0-9]Z-[0-3]"
    ];
    // Long enough for several blocks.
    let message = prop_oneof![4 => "[ -~é\u{0}\n]{0,12}", 1 => (0_usize..40_000, "[xé]").prop_map(|(length, text)| text.repeat(length))];
    let node = prop::option::of(prop_oneof![0_u32..4, any::<u32>()]);
    (stamp, id, node, 0..5_usize, 0..3_usize, message).prop_map(
        |((at, nanos, sequence), id, node, level, stream, message)| {
            let stamp = Stamp {
                at: Millis(at),
                nanos,
                sequence,
            };
            Line {
                stamp,
                id,
                node: node.map(NodeIx),
                level,
                stream,
                message,
            }
        },
    )
}

proptest! {
    #[test]
    fn a_list_of_lines_says_the_same(
        lines in prop::collection::vec(line(), 0..60),
        at in prop_oneof![-1_i64..31, any::<i64>()],
        from in any::<prop::sample::Index>(),
        since in any::<prop::sample::Index>(),
    ) {
        let mut logs = LogChannel::default();
        let mut naive: Vec<Line> = Vec::new();
        let mut before = (0, Vec::new());
        let since = since.index(lines.len() + 1);
        for (index, line) in lines.iter().enumerate() {
            if index == since {
                before = (logs.rewrites(), naive.clone());
            }
            let place = naive.binary_search_by(|known| (known.stamp, &known.id).cmp(&(line.stamp, &line.id)));
            let told = match place {
                Ok(_) => Inserted::Duplicate,
                Err(index) => {
                    naive.insert(index, line.clone());
                    if index + 1 == naive.len() { Inserted::Appended } else { Inserted::Late(index) }
                }
            };
            prop_assert_eq!(line.put(&mut logs), told);
        }
        let shown: Vec<_> = naive.iter().map(|line| Line { stamp: Stamp::at(line.stamp.at), ..line.clone() }).collect();
        prop_assert_eq!(held(&logs, 0..logs.len()), shown.clone());
        let from = from.index(logs.len() + 1);
        prop_assert_eq!(held(&logs, from..logs.len()), &shown[from..]);
        prop_assert_eq!(logs.line(logs.len()), None);
        prop_assert_eq!(logs.upto(Millis(at)), naive.partition_point(|line| line.stamp.at <= Millis(at)));
        prop_assert_eq!(logs.end(), naive.last().map(|line| line.stamp.at));
        let (rewrites, before) = before;
        let unchanged = logs.unchanged_since(rewrites);
        let same = unchanged.min(before.len());
        prop_assert_eq!(&before[..same], &naive[..same]);
    }
}

#[test]
fn a_line_takes_under_16_bytes_beside_its_text() {
    for (case, id) in [
        (
            "counted",
            (|number| format!("l{number}")) as fn(u64) -> String,
        ),
        ("a real Studio's", |number| {
            format!("run-1-{}-{number}", "2023-11-14T22:13:20.000Z")
        }),
        ("of many writers", |number| {
            format!("node-{}:{number}", number % 300)
        }),
    ] {
        let (mut logs, mut raw) = (LogChannel::default(), 0);
        for number in 0..60_000 {
            let mut line = plain(
                number,
                1_700_000_000_000 + number as i64 / 40 * 400,
                "x".repeat(60 + number as usize % 70),
            );
            line.id = id(number);
            raw += line.message.len();
            assert_eq!(line.put(&mut logs), Inserted::Appended);
        }
        let beside = (logs.weight() - raw) as f64 / 60_000.0;
        assert!(beside < 16.0, "{case}: {beside} bytes a line");
        assert!(
            (logs.weight() as f64) < raw as f64 * 1.2,
            "{case}: {} of {raw}",
            logs.weight()
        );
    }
}

#[test]
fn lines_in_any_order_cost_little_more() {
    const COUNT: u64 = 20_000;
    for (order, number) in [
        ("backwards", (|index| COUNT - 1 - index) as fn(u64) -> u64),
        ("stirred", |index| index * 7_919 % COUNT),
        ("two sources, one a minute late", |index| {
            if index % 2 == 0 {
                index / 2
            } else {
                COUNT / 2 + index / 2
            }
        }),
    ] {
        let (mut logs, mut raw) = (LogChannel::default(), 0);
        for index in 0..COUNT {
            let line = plain(
                number(index),
                number(index) as i64,
                format!("{:0>90}", number(index)),
            );
            raw += line.message.len();
            assert!(line.put(&mut logs).is_fresh(), "{order}");
            assert_eq!(line.put(&mut logs), Inserted::Duplicate, "{order}");
        }
        for (expected, line) in logs.lines(0..logs.len()).enumerate() {
            assert_eq!(line.message.parse(), Ok(expected), "{order}");
        }
        assert_eq!(logs.len() as u64, COUNT);
        assert!(
            logs.weight() < raw * 2,
            "{order}: {} of {raw}",
            logs.weight()
        );
    }
}

#[test]
fn a_line_of_50_megabytes_is_kept_and_so_is_what_stands_around_it() {
    let mut logs = LogChannel::default();
    let long = "né\u{0}".repeat(12_500_000);
    for (at, message) in [(2, &long[..]), (1, "before"), (3, "after"), (2, "beside")] {
        let mut line = plain(at as u64, at, message.to_owned());
        line.id = format!("{at}{}", message.len());
        assert!(line.put(&mut logs).is_fresh());
    }
    let messages: Vec<_> = logs.lines(0..9).map(|line| line.message).collect();
    assert!(messages == ["before", &long, "beside", "after"]);
    assert!(logs.weight() < long.len() + 100_000);
}

#[test]
fn what_does_not_fit_is_counted() {
    let mut logs = LogChannel::default();
    let long = "x".repeat(LogChannel::MAX_BYTES / 4);
    let put: Vec<_> = (0..5)
        .map(|number| plain(number, 0, long.clone()).put(&mut logs))
        .collect();
    assert_eq!(
        put[2..],
        [Inserted::Appended, Inserted::Dropped, Inserted::Dropped]
    );
    assert_eq!((logs.len(), logs.dropped()), (3, 2));
    assert_eq!(
        plain(9, 9, "short".into()).put(&mut logs),
        Inserted::Appended
    );
}
