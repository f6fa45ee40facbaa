//! The reel: whole and in pieces, written and read, and the same run in whatever order.

use crate::draw::draw;
use contract::reel::{Kind, Line, Record};
use model::{Item, Journal, Millis, RunState};
use proptest::prelude::*;
use source::dialect::Batch;
use source::reel::{Reader, decode, header_line, record_line};

pub const REEL: &str = r#"{"reel":1,"run":{"id":"r","workflowId":"w","workflowName":"Wörk","status":"RUNNING","startTime":"2026-01-01T00:00:00Z"},"graph":{"nodes":[{"id":"scan","data":{"label":"Scan"}},{"id":"plan"},{"id":"ask"}],"edges":[{"source":"scan","target":"plan"},{"source":"plan","target":"ask"}]}}
{"kind":"trace","id":"1","nodeId":"scan","type":"STARTED","level":"info","timestamp":"2026-01-01T00:00:01.000Z","metadata":{"attempt":1}}
{"kind":"log","id":"l1","nodeId":"scan","level":"warn","stream":"stdout","message":"slow höst","timestamp":"2026-01-01T00:00:01.200Z"}
{"kind":"terminal","nodeRef":"scan","stream":"pty","chunkIndex":1,"payload":"aGVsbG8=","recordedAt":"2026-01-01T00:00:01.300Z","deltaMs":0}
{"kind":"trace","id":"2","nodeId":"scan","type":"PROGRESS","timestamp":"2026-01-01T00:00:01.500Z","message":"scanned 89/127"}
{"kind":"trace","id":"3","nodeId":"scan","type":"COMPLETED","timestamp":"2026-01-01T00:00:02.000Z","outputSummary":{"hosts":3}}
{"kind":"packet","id":"p","sourceNode":"scan","targetNode":"plan","inputKey":"hosts","payload":3,"timestamp":1767225602000,"size":1}
{"kind":"agent","agentRunId":"r:plan:1","nodeRef":"plan","sequence":1,"timestamp":"2026-01-01T00:00:02.000Z","chunk":{"type":"start","messageId":"m1"}}
{"kind":"trace","id":"4","nodeId":"plan","type":"STARTED","timestamp":"2026-01-01T00:00:02.100Z"}
{"kind":"trace","id":"5","nodeId":"plan","type":"FAILED","timestamp":"2026-01-01T00:00:03.000Z","error":{"message":"no"}}
{"kind":"io","nodeRef":"plan","status":"failed","startedAt":"2026-01-01T00:00:02.100Z","completedAt":"2026-01-01T00:00:03.000Z","inputs":{"hosts":3},"errorMessage":"no"}
{"kind":"artifact","id":"f","componentRef":"plan","name":"a.txt","size":2,"createdAt":"2026-01-01T00:00:03.000Z","destinations":["run"]}
{"kind":"human_input","id":"q","nodeRef":"ask","status":"pending","title":"Go?","createdAt":"2026-01-01T00:00:03.000Z"}
{"kind":"note","id":"n","text":"look","timestamp":"2026-01-01T00:00:02.500Z","nodeId":"plan"}
{"kind":"weather","sky":"blue"}
{"kind":"status","status":"FAILED","completedAt":"2026-01-01T00:00:04.000Z","updatedAt":"2026-01-01T00:00:04.000Z","failure":{"reason":"no"}}
"#;

#[test]
fn a_reel_says_all_of_a_run() {
    let want = r#"status 00:00:00.000#0 RUNNING started 00:00:00.000
run r w "Wörk" started 00:00:00.000
graph scan=Scan All; plan=plan All; ask=ask All; scan->plan; plan->ask
event 00:00:01.000#1 1 "scan" Started info @1
log 00:00:01.200#1 l1 "scan" warn stdout "slow höst"
terminal 00:00:01.300#1 scan Pty "hello"
event 00:00:01.500#2 2 "scan" Progress info message "scanned 89/127" progress 89/127
event 00:00:02.000#3 3 "scan" Completed info output {"hosts":3}
packet 00:00:02.000 p scan->plan:hosts 3 1
agent 00:00:02.000 r:plan:1 plan #1 Step
event 00:00:02.100#4 4 "plan" Started info
event 00:00:03.000#5 5 "plan" Failed error error ErrorInfo { message: "no", kind: None, code: None, stack: None, details: None, fields: [] }
io 00:00:02.100 plan {"hosts":3} => -
io 00:00:03.000 plan {"hosts":3} => -
artifact 00:00:03.000 f plan "a.txt" 2
human 00:00:03.000 q ask pending "Go?" -
note 00:00:02.500 n "look" at plan
unknown weather {"kind":"weather","sky":"blue"}
status 00:00:04.000#0 FAILED failure Failure { reason: "no", code: None, details: None }
ended"#;
    assert_eq!(draw(&decode(REEL)), want);
    assert_eq!(
        draw(&decode(&format!(
            "\u{feff}{}",
            REEL.replace('\n', "\r\n\r\n")
        ))),
        want
    );
}

#[test]
fn bad_lines_are_named_and_cost_no_other() {
    let event = r#"{"kind":"trace","id":"1","nodeId":"a","type":"STARTED","timestamp":"2026-01-01T00:00:01Z"}"#;
    let mut reel = format!("{event}\n{{\n\n[1]\n{{\"kind\":7}}\n{{\"reel\":2}}\n").into_bytes();
    reel.extend(b"\xff\xfe\n");
    reel.extend("x".repeat(200).as_bytes());
    reel.extend(b"\n{\"kind\":\"log\",\"id\":\"1\",\"message\":\"x\",\"timestamp\":\"soon\"}\n");
    reel.extend(event.replace("\"1\"", "\"2\"").as_bytes());
    let mut reader = Reader::with_max_line(120);
    let mut batch = reader.feed(&reel);
    batch.extend(reader.finish());
    assert_eq!(
        draw(&batch),
        "event 00:00:01.000#1 1 \"a\" Started info
event 00:00:01.000#2 2 \"a\" Started info
! reel line 2: EOF while parsing an object at line 1 column 1
! reel line 4: no `kind` that says what it is
! reel line 5: no `kind` that says what it is
! reel line 6: a reel of version 2; versions 1 to 1 are known here
! reel line 6: missing field `run`
! reel line 7: it is not UTF-8
! reel line 8: 200 bytes; lines of more than 120 are skipped
! reel line 9: `timestamp` is not a date and time with a zone between 1678 and 2262: \"soon\""
    );
    assert_eq!(reader.lines(), 10);
}

#[test]
fn what_is_written_is_read_again() {
    let mut lines = Vec::new();
    for line in REEL.lines() {
        lines.push(match Line::read(line).unwrap() {
            Line::Header(header) => header_line(header.run, header.graph).unwrap(),
            Line::Record(record) => record_line(&record).unwrap(),
        });
    }
    assert!(lines.iter().all(|line| !line.contains('\n')));
    assert_eq!(draw(&decode(&lines.join("\n"))), draw(&decode(REEL)));
    // Raw JSON that stood on several lines does so no more.
    let record = Record::read(
        &Kind::Packet,
        "{\"id\":\"p\",\"sourceNode\":\"a\",\"targetNode\":\"b\",\"timestamp\":0,\"payload\":{\n\"a\":\r\n1}}",
    );
    assert!(
        !record_line(&record.unwrap())
            .unwrap()
            .contains(['\n', '\r'])
    );
}

fn in_pieces(bytes: &[u8], cuts: &[usize], max_line: usize) -> Batch {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    let mut reader = Reader::with_max_line(max_line);
    let mut batch = Batch::default();
    for pair in cuts.windows(2) {
        batch.extend(reader.feed(&bytes[pair[0]..pair[1]]));
    }
    batch.extend(reader.finish());
    batch
}

/// All that a person could see at `at`, whatever numbers the nodes have.
fn seen(items: Vec<Item>, at: Millis) -> String {
    let mut journal = Journal::default();
    journal.append(items);
    let state = RunState::at(&journal, at);
    let mut nodes: Vec<_> = journal
        .graph()
        .nodes()
        .iter()
        .zip(&state.nodes)
        .map(|(node, view)| {
            format!(
                "{} {} {} @{} {:?} {:?} {:?}",
                node.reference,
                view.state,
                view.present,
                view.attempt,
                view.started(),
                view.ended(),
                view.progress(&journal)
            )
        })
        .collect();
    nodes.sort();
    format!(
        "{:?} {:?} {:?} {:?} {:?} {nodes:#?} {} {:?}",
        state.phase,
        state.status,
        state.failure,
        state.ended,
        state.counts,
        journal.logs().upto(at),
        journal.ios_upto(at),
    )
}

proptest! {
    #[test]
    fn how_the_bytes_are_cut_never_shows(cuts in prop::collection::vec(any::<usize>(), 0..40), max_line in 50..300_usize) {
        let reel = format!("{REEL}garbage\n{{\"kind\":\n");
        let whole = draw(&in_pieces(reel.as_bytes(), &[], max_line));
        prop_assert_eq!(draw(&in_pieces(reel.as_bytes(), &cuts, max_line)), whole);
        prop_assert_eq!(draw(&in_pieces(REEL.as_bytes(), &cuts, 1_000)), draw(&decode(REEL)));
    }

    #[test]
    fn the_order_of_lines_never_shows(lines in Just(REEL.lines().collect::<Vec<_>>()).prop_shuffle(), at in -1_000..6_000_i64) {
        let at = Millis(1_767_225_600_000 + at);
        let shuffled = decode(&lines.join("\n"));
        prop_assert!(shuffled.problems.is_empty());
        prop_assert_eq!(seen(shuffled.items, at), seen(decode(REEL).items, at));
    }
}
