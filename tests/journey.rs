//! The pipeline as a story: bytes of a stream, cut anywhere, become a run that can be rewound.

#![allow(
    clippy::unwrap_used,
    reason = "a story that cannot be told fails its test"
)]

use model::{Journal, Millis, NodeState, RunState, RunStatus};
use source::connection::{Action, Badge, Connection, Input, Policy};
use source::dialect::studio::{self, Endpoint};
use source::sse::{Item, Parser};

const START: i64 = 1_767_225_600_000;

/// What the server answers when asked for everything: the run, its graph, its first second.
const RECORDS: &str = r#"{"runId":"r","epoch":"e","cursor":"e-1","hasMore":false,
 "run":{"id":"r","workflowId":"w","workflowName":"Scan","status":"RUNNING","startTime":"2026-01-01T00:00:00.000Z"},
 "graph":{"name":"Scan","nodes":[{"id":"scan","type":"command","data":{"label":"Scan"}},{"id":"report","type":"command","data":{"label":"Report"}}],
          "edges":[{"id":"e1","source":"scan","target":"report"}]},
 "records":[{"kind":"trace","id":"1","nodeId":"scan","type":"STARTED","level":"info","timestamp":"2026-01-01T00:00:01.000Z"}]}"#;

/// What the stream says from there on.
const STREAM: &str = "\u{feff}: ok\n\nevent: ready\ndata: {\"mode\":\"realtime\",\"runId\":\"r\"}\n\n\
id: e-3\nevent: trace\ndata: {\"events\":[{\"id\":\"2\",\"nodeId\":\"scan\",\"type\":\"PROGRESS\",\"level\":\"info\",\"timestamp\":\"2026-01-01T00:00:02.000Z\",\"message\":\"scanned 89/127\"},{\"id\":\"3\",\"nodeId\":\"scan\",\"type\":\"COMPLETED\",\"level\":\"info\",\"timestamp\":\"2026-01-01T00:00:03.000Z\"}]}\n\n\
id: e-4\r\nevent: logs\r\ndata: {\"logs\":[{\"id\":\"l1\",\"nodeId\":\"scan\",\"level\":\"warn\",\"message\":\"slow host \u{1f40c}\",\"timestamp\":\"2026-01-01T00:00:02.500Z\"}]}\r\n\r\n\
event: hb\ndata: {}\n\n\
id: e-6\nevent: records\ndata: {\"records\":[{\"kind\":\"status\",\"status\":\"COMPLETED\",\"updatedAt\":\"2026-01-01T00:00:04.000Z\",\"completedAt\":\"2026-01-01T00:00:04.000Z\"},{\"kind\":\"weather\",\"sky\":\"blue\"}]}\n\n\
event: complete\ndata: {\"runId\":\"r\",\"status\":\"COMPLETED\"}\n\n";

#[test]
fn a_run_is_watched_to_its_end_and_rewound() {
    for cut in 1..64 {
        let mut watch = Watch::begin();
        for chunk in STREAM.as_bytes().chunks(cut) {
            watch.hear(chunk);
        }
        watch.end();
        let journal = &watch.journal;
        assert_eq!(
            watch.problems,
            Vec::<String>::new(),
            "cut every {cut} bytes"
        );
        assert_eq!(watch.resume, "e-6", "cut every {cut} bytes");

        let then = |second: f64| RunState::at(journal, Millis(START + (second * 1_000.0) as i64));
        let states = |state: &RunState| {
            state
                .nodes
                .iter()
                .map(|node| node.state)
                .collect::<Vec<_>>()
        };
        assert_eq!(states(&then(0.5)), [NodeState::Queued, NodeState::Waiting]);
        assert_eq!(states(&then(2.0)), [NodeState::Running, NodeState::Waiting]);
        assert_eq!(
            then(2.0).nodes[0]
                .progress(journal)
                .and_then(|progress| progress.ratio()),
            Some(89.0 / 127.0)
        );
        assert_eq!(states(&then(3.5)), [NodeState::Success, NodeState::Queued]);
        assert_eq!(states(&then(4.0)), [NodeState::Success, NodeState::Skipped]);
        assert_eq!(then(4.0).status, RunStatus::Completed);
        assert_eq!(journal.logs().upto(Millis(START + 2_400)), 0);
        assert_eq!(journal.logs().upto(Millis(START + 2_500)), 1);
        assert_eq!(journal.unknown().len(), 1, "a kind nobody knows is kept");
    }
}

/// Connection, parser, decoder and journal, joined as the app joins them.
struct Watch {
    connection: Connection,
    parser: Parser,
    journal: Journal,
    stream: source::connection::Generation,
    resume: String,
    problems: Vec<String>,
    now: i64,
}

impl Watch {
    /// Opens the run: everything is fetched, then the stream is asked for.
    fn begin() -> Self {
        let mut connection = Connection::new(Policy::default());
        let actions = connection.step(Input::Open, START);
        let fetch = actions.iter().find_map(|action| match action {
            Action::FetchFull { generation } => Some(*generation),
            _ => None,
        });
        let answer = studio::decode_answer(Endpoint::Records, RECORDS);
        let mut journal = Journal::default();
        journal.append(answer.items);
        let actions = connection.step(
            Input::FetchDone {
                generation: fetch.unwrap(),
            },
            START + 1,
        );
        let stream = actions.iter().find_map(|action| match action {
            Action::OpenStream { generation } => Some(*generation),
            _ => None,
        });
        let stream = stream.unwrap();
        connection.step(Input::StreamOpened { generation: stream }, START + 2);
        assert_eq!(
            connection.badge(START + 2),
            Badge::Reconnecting,
            "headers alone are not LIVE"
        );
        let resume = answer.resume.unwrap().0;
        Self {
            connection,
            parser: Parser::default(),
            journal,
            stream,
            resume,
            problems: Vec::new(),
            now: START + 2,
        }
    }

    /// Takes what came in one piece.
    fn hear(&mut self, chunk: &[u8]) {
        self.now += 1;
        let (mut heard, mut complete) = (false, false);
        let mut batches = Vec::new();
        self.parser.feed(chunk, |item| {
            heard = true;
            if let Item::Frame(frame) = item {
                complete |= frame.event == "complete";
                batches.push((
                    frame.id.to_owned(),
                    studio::decode_frame(frame.event, frame.data),
                ));
            }
        });
        for (id, batch) in batches {
            if !id.is_empty() {
                self.resume = id;
            }
            self.problems.extend(
                batch
                    .problems
                    .iter()
                    .map(|problem| problem.what.to_string()),
            );
            self.journal.append(batch.items);
            if batch.ended {
                self.connection.step(Input::RunEnded, self.now);
            }
        }
        if heard {
            self.connection.step(
                Input::StreamItem {
                    generation: self.stream,
                },
                self.now,
            );
            assert!(matches!(
                self.connection.badge(self.now),
                Badge::Live | Badge::Ended
            ));
        }
        if complete {
            self.connection.step(
                Input::StreamComplete {
                    generation: self.stream,
                },
                self.now,
            );
        }
    }

    /// The server has said its last word: nothing is waited for but late records.
    fn end(&mut self) {
        assert_eq!(self.connection.badge(self.now), Badge::Ended);
    }
}
