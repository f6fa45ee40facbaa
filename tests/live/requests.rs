//! How much is asked for beside a stream of ours: a run of thirty steps in ten minutes takes hardly a
//! request, whatever its steps take and give.

use crate::common::TestServer;
use crate::follower::{Follower, Trouble};
use crate::script::START;
use contract::time::format_millis;
use model::Millis;
use serde_json::{Value, json};
use source::connection::{Policy, State};
use source::dialect::Dialect;

const RUN: &str = "thirty";
const STEPS: i64 = 30;
const STEP_MS: i64 = 20_000;

fn record(mut record: Value, field: &str, at: i64) -> String {
    record[field] = format_millis(at).into();
    format!("{record}\n")
}

fn event(step: i64, kind: &str, at: i64) -> String {
    let node = format!("s{step}");
    let id = format!("{node}:{kind}");
    let event = json!({"kind": "trace", "id": id, "nodeId": node, "type": kind, "level": "info"});
    record(event, "timestamp", at)
}

fn header() -> String {
    let nodes: Vec<_> = (0..STEPS)
        .map(|step| json!({"id": format!("s{step}"), "type": "core.command", "data": {"label": format!("Step {step}")}}))
        .collect();
    let run = json!({"id": RUN, "workflowId": "w", "workflowName": "W", "status": "RUNNING",
        "startTime": format_millis(START)});
    let graph = json!({"nodes": nodes, "edges": []});
    json!({"reel": 1, "run": run, "graph": graph}).to_string()
}

#[tokio::test]
async fn a_run_of_thirty_steps_is_streamed_with_a_twentieth_of_the_requests_of_polls() {
    let server = TestServer::start().await;
    server.put(RUN, &header()).await;
    let policy = Policy::default();
    let trouble = Trouble::default();
    let mut follower =
        Follower::open(&server.base, Dialect::Playbook, RUN, START, policy, trouble).await;
    for step in 0..STEPS {
        let began = START + step * STEP_MS;
        let node = format!("s{step}");
        let io = |values: Value| {
            let io = json!({"kind": "io", "nodeRef": node, "status": "running"});
            let mut io = io.as_object().cloned().unwrap();
            io.extend(values.as_object().cloned().unwrap());
            record(io.into(), "startedAt", began)
        };
        let (takes, gives) = (format!("takes {step}"), format!("gives {step}"));
        // What stands behind the views.
        let going = format!("\"currentStepKey\":\"s{step}\"");
        let done = format!("\"completed\":{},", step + 1);
        let first = event(step, "STARTED", began) + &io(json!({"inputs": takes}));
        let last = io(json!({"inputs": takes, "outputs": gives}))
            + &event(step, "COMPLETED", began + STEP_MS / 2);
        for (records, at, mark) in [(first, began, going), (last, began + STEP_MS / 2, done)] {
            follower.pass(at).await;
            server.put(RUN, &records).await;
            follower.hear(Some(&mark)).await;
        }
    }
    let end = START + STEPS * STEP_MS;
    follower.pass(end).await;
    let status =
        json!({"kind": "status", "status": "COMPLETED", "completedAt": format_millis(end)});
    server.put(RUN, &record(status, "updatedAt", end)).await;
    follower.hear_out().await;
    follower.pass(end + 60_000).await;

    let counts = follower.counts;
    assert_eq!(follower.state(), State::Ended);
    assert_eq!(follower.problems, [""; 0]);
    assert_eq!((counts.streams, counts.asides), (1, 0), "{counts:?}");
    let polls = STEPS * STEP_MS / 2_000;
    let asked = counts.streams + counts.fulls + counts.deltas + counts.late;
    assert!(
        (asked as i64) * 20 <= polls,
        "{counts:?}, and {polls} polls"
    );
    let ios = follower.journal.ios_upto(Millis::MAX);
    let gave = ios.iter().filter(|io| io.outputs.is_some()).count();
    let took = ios.iter().filter(|io| io.outputs.is_none()).count();
    assert_eq!((took, gave), (STEPS as usize, STEPS as usize));
}
