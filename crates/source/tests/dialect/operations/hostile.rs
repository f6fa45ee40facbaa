//! Hostile answers and frames: nothing panics, nothing is swallowed, nothing grows without bound.

use super::{GOES_ON, RUN, or_problem, with_log};
use model::{Journal, Millis, RunState};
use proptest::prelude::*;
use source::dialect::Batch;
use source::dialect::operations::{MAX_ARTIFACTS, MAX_WRITERS, Operation};

const FRAMES: [&str; 9] = [
    r#"{"type":"log","content":"a","node":"n","timestamp":"2026-01-01T00:00:02Z","id":"r1"}"#,
    r#"{"type":"log","content":"b"}"#,
    r#"{"type":"status","status":"processing","started_at":"2026-01-01T00:00:01Z","finished_at":null}"#,
    r#"{"type":"status","status":"failed","finished_at":"2026-01-01T00:00:03Z"}"#,
    r#"{"type":"gap","reason":"restarted","missed":5}"#,
    r#"{"type":"gap","reason":"expired","missed":5}"#,
    r#"{"type":"complete","status":"succeeded"}"#,
    r#"{"type":"error","message":"m"}"#,
    r#"{"type":"hb"}"#,
];

fn answer(rest: &str) -> String {
    format!(r#"{{"kind":"OperationStatus","id":"{RUN}",{rest}}}"#)
}

fn took(operation: &mut Operation, journal: &mut Journal, text: &str, at: i64) -> Batch {
    let asked = operation.asked();
    let batches = [
        or_problem(operation.answer(asked, text, Millis(at))),
        operation.frame("message", "", text, Millis(at)).batch,
        operation
            .frame("message", &format!("e-{at}"), text, Millis(at))
            .batch,
    ];
    let mut all = Batch::default();
    for batch in batches {
        journal.append(batch.items.clone());
        all.extend(batch);
    }
    RunState::at(journal, Millis(at));
    all
}

#[test]
fn extremes_are_problems() {
    let deep = format!("{}1{}", "[".repeat(2_000), "]".repeat(2_000));
    let body = answer(&with_log(
        &["a", "b"],
        "2",
        r#","truncated":true,"error":{"message":"m"}"#,
    ));
    for value in [
        "null",
        "{}",
        "[]",
        "\"\"",
        "true",
        "-1",
        "1e400",
        "1.5",
        "9223372036854775807",
        "123456789012345678901234567890",
        "\"2026-01-01T00:00:00Z\"",
        "\"\\ud83d\\ude00\"",
        r#"{"__proto__":{"polluted":true}}"#,
        &deep,
    ] {
        for text in FRAMES.iter().copied().chain([&*body]) {
            for (start, _) in text.match_indices("\":") {
                let rest = &text[start + 2..];
                let end = rest
                    .find([',', '}'])
                    .map_or(text.len(), |end| start + 2 + end);
                let mutant = format!("{}{value}{}", &text[..start + 2], &text[end..]);
                let (mut operation, mut journal) = (Operation::new(RUN), Journal::default());
                took(&mut operation, &mut journal, &body, 1);
                took(&mut operation, &mut journal, &mutant, 2);
            }
        }
    }
}

#[test]
fn a_million_lines_are_taken_and_bounds_hold() {
    let lines: Vec<String> = (0..1_000_000).map(|number| number.to_string()).collect();
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    let (mut operation, mut journal) = (Operation::new(RUN), Journal::default());
    for lines in [&lines[..999_900], &lines[999_800..], &lines[999_950..]] {
        let count = if lines.len() > 100_000 {
            999_900
        } else {
            1_000_000
        };
        let body = answer(&with_log(lines, &count.to_string(), ""));
        let asked = operation.asked();
        let batch = operation.answer(asked, &body, Millis(1)).unwrap();
        assert!(batch.problems.is_empty());
        journal.append(batch.items);
    }
    assert_eq!(journal.logs().len(), 1_000_000);
    assert_eq!(journal.logs().line(999_999).unwrap().message, "999999");

    let artifacts: Vec<_> = (0..MAX_ARTIFACTS + 5)
        .map(|number| format!("\"f{number}\""))
        .collect();
    let body = answer(&format!(
        r#"{GOES_ON},"result":{{"artifacts":[{}]}}"#,
        artifacts.join(",")
    ));
    let mut operation = Operation::new(RUN);
    let asked = operation.asked();
    let batch = operation.answer(asked, &body, Millis(1)).unwrap();
    assert_eq!(batch.problems.len(), 1);
    journal = Journal::default();
    journal.append(batch.items);
    assert_eq!(journal.artifacts_upto(Millis(1)).len(), MAX_ARTIFACTS);

    operation.open_stream();
    operation.frame("message", "e-0", FRAMES[2], Millis(1));
    let mut items = Vec::new();
    for number in 0..MAX_WRITERS + 5 {
        let data = format!(r#"{{"type":"log","content":"x","node":"n{number}"}}"#);
        let said = operation.frame("message", &format!("e-{number}-1"), &data, Millis(2));
        assert_eq!(
            said.batch.problems.len(),
            usize::from(number >= MAX_WRITERS)
        );
        items.extend(said.batch.items);
    }
    journal.append(items);
    assert_eq!(journal.graph().nodes().len(), MAX_WRITERS + 1);
    assert_eq!(journal.logs().len(), MAX_WRITERS + 5);
}

#[test]
fn lines_that_wait_for_an_answer_are_bounded() {
    let mut operation = Operation::new(RUN);
    operation.open_stream();
    let frame = |operation: &mut Operation, number: u64| {
        let data = format!(r#"{{"type":"log","content":"l{number}"}}"#);
        operation
            .frame("message", &format!("e-{number}"), &data, Millis(1))
            .batch
    };
    let early = operation.asked();
    for number in 1..=25_000 {
        assert!(frame(&mut operation, number).items.is_empty());
    }
    // What was asked before the lines that still wait knows nothing of where they begin.
    let body = answer(&format!(
        r#"{},"cursor":"e-2""#,
        with_log(&["l1", "l2"], "2", "")
    ));
    operation.answer(early, &body, Millis(2)).unwrap();
    assert!(frame(&mut operation, 25_001).items.is_empty());
    let asked = operation.asked();
    let body = answer(&format!(
        r#"{},"cursor":"e-25000""#,
        with_log(&["l25000"], "25000", "")
    ));
    let batch = operation.answer(asked, &body, Millis(3)).unwrap();
    let lines: Vec<_> = batch
        .items
        .iter()
        .filter_map(|item| match item {
            model::Item::Log(line) => Some(&*line.message),
            _ => None,
        })
        .collect();
    assert_eq!(lines, ["24997 lines were not sent", "l25000", "l25001"]);
}

proptest! {
    #[test]
    fn any_text_and_any_cut_is_survived(
        steps in prop::collection::vec((0..11_usize, any::<prop::sample::Index>(), ".{0,20}"), 1..20)
    ) {
        let body = answer(&with_log(&["a", "b"], "2", ""));
        let (mut operation, mut journal) = (Operation::new(RUN), Journal::default());
        for (second, (which, cut, text)) in (0..).zip(steps) {
            let whole = match which {
                9 => &*body,
                10 => &*text,
                which => FRAMES[which],
            };
            let cuts: Vec<_> = whole.char_indices().map(|(at, _)| at).chain([whole.len()]).collect();
            let end = if second % 2 == 0 { whole.len() } else { cuts[cut.index(cuts.len())] };
            let batch = took(&mut operation, &mut journal, &whole[..end], second);
            // What is no whole message is told.
            if end < whole.len() {
                prop_assert!(!batch.problems.is_empty());
            }
            if second % 5 == 4 {
                operation.open_stream();
            }
        }
    }
}
