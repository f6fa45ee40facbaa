//! One recording followed through each dialect, by the app's own decoders, ends in the same states
//! and the same text, as far as the dialect carries them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod common;

use common::{TestServer, instant, log, reel, status, trace};
use model::item::Item;
use model::{Journal, Millis, RunState};
use serde_json::json;
use source::dialect::operations::Operation;
use source::dialect::playbook::Known;
use source::reel as files;
use std::collections::BTreeMap;

/// What one dialect says of a run: its status, the state of each node, the text of each log.
#[derive(Debug, PartialEq)]
struct Seen {
    status: String,
    states: BTreeMap<String, String>,
    logs: BTreeMap<String, Vec<String>>,
}

impl Seen {
    fn of(items: impl IntoIterator<Item = Item>) -> Self {
        let mut journal = Journal::default();
        journal.append(items);
        let state = RunState::at(&journal, Millis::MAX);
        let graph = journal.graph();
        let name = |node: usize| graph.nodes()[node].reference.to_string();
        let present = state.nodes.iter().enumerate();
        let mut logs: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in journal.logs().lines(0..journal.logs().len()) {
            let node = line
                .node
                .map_or_else(String::new, |node| name(node.index()));
            logs.entry(node).or_default().push(line.message.to_owned());
        }
        Self {
            status: state.status.to_string(),
            states: present
                .filter(|(_, node)| node.present)
                .map(|(number, node)| (name(number), node.state.to_string()))
                .collect(),
            logs,
        }
    }
}

const NOW: Millis = Millis(1_767_225_700_000);

async fn by_deltas(server: &TestServer) -> Seen {
    let mut known = Known::new("r");
    let mut items = Vec::new();
    let mut stream = server.events("/playbook-runs/r/stream", None).await;
    while let Some(event) = stream.next().await {
        let batch = known.frame(&event.name, &event.id, &event.data.to_string(), NOW);
        assert!(batch.problems.is_empty(), "{event:?} {:?}", batch.problems);
        items.extend(batch.items);
    }
    Seen::of(items)
}

async fn by_view(server: &TestServer) -> Seen {
    let mut known = Known::new("r");
    let asked = known.ask();
    let body = server.json("/playbook-runs/r").await.to_string();
    let batch = known.run_view(&body, asked, NOW).unwrap();
    assert!(batch.problems.is_empty(), "{:?}", batch.problems);
    Seen::of(batch.items)
}

async fn by_operation(server: &TestServer) -> Seen {
    let mut operation = Operation::new("r");
    let mut items = Vec::new();
    operation.open_stream();
    let mut stream = server.events("/operations/r/stream", None).await;
    while let Some(event) = stream.next().await {
        let said = operation.frame(&event.name, &event.id, &event.data.to_string(), NOW);
        assert!(
            said.batch.problems.is_empty(),
            "{event:?} {:?}",
            said.batch.problems
        );
        items.extend(said.batch.items);
    }
    Seen::of(items)
}

async fn check(lines: &[String]) {
    let server = TestServer::start().await;
    server.put("r", &reel("r", lines)).await;
    let recorded = Seen::of(files::decode(&server.reel("r").await).items);
    assert_eq!(by_deltas(&server).await, recorded, "deltas");
    assert_eq!(by_view(&server).await, recorded, "view");
    let operation = by_operation(&server).await;
    assert_eq!(operation.status, recorded.status, "operation");
    assert_eq!(operation.logs, recorded.logs, "operation");
}

fn failed(id: i64, attempt: i64, second: i64) -> String {
    json!({"kind": "trace", "id": id, "nodeId": "a", "type": "FAILED", "timestamp": instant(second, 0),
           "error": {"message": "no route"}, "metadata": {"attempt": attempt}})
    .to_string()
}

#[tokio::test]
async fn a_run_that_went_well_after_a_second_try() {
    let mut lines = vec![
        status("RUNNING", 0),
        trace(1, "a", "STARTED", 1),
        log("l1", "first try", 1),
        failed(2, 1, 2),
        trace(3, "a", "STARTED", 3),
    ];
    lines.extend((0..150).map(|it| log(&format!("m{it}"), &format!("line {it}"), 4 + it)));
    lines.extend([
        trace(4, "a", "COMPLETED", 200),
        trace(5, "b", "STARTED", 201),
        trace(6, "b", "COMPLETED", 202),
        trace(7, "c", "SKIPPED", 203),
        status("COMPLETED", 204),
    ]);
    check(&lines).await;
}

#[tokio::test]
async fn a_run_that_failed() {
    check(&[
        trace(1, "a", "STARTED", 1),
        log("l1", "only this", 2),
        failed(2, 1, 3),
        status("FAILED", 4),
    ])
    .await;
}

#[tokio::test]
async fn a_run_that_was_stopped_with_steps_on_their_way() {
    check(&[
        trace(1, "a", "STARTED", 1),
        trace(2, "a", "COMPLETED", 2),
        trace(3, "b", "STARTED", 3),
        log("l1", "cut short", 4),
        status("CANCELLED", 5),
    ])
    .await;
}

#[tokio::test]
async fn a_run_whose_facts_came_late() {
    check(&[
        trace(1, "a", "STARTED", 1),
        trace(4, "a", "COMPLETED", 6),
        trace(5, "b", "STARTED", 7),
        failed(2, 1, 3),
        trace(3, "a", "STARTED", 4),
        status("FAILED", 9),
        trace(6, "b", "FAILED", 8),
    ])
    .await;
}
