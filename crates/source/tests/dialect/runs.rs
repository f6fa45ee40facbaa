//! The run, its list, its status and its graph (contract A.2 to A.4).

use crate::draw::{check_answer, check_frame};
use contract::time::format_millis;
use source::dialect::studio::{Endpoint, decode_runs};

const RUN: &str =
    r#""id":"r","workflowId":"w","workflowName":"W","startTime":"2026-01-01T00:00:00.000Z""#;

#[test]
fn a_run_is_what_is_known_of_it_and_its_status() {
    for (members, want) in [
        // A running run states an end all the same.
        (
            r#""status":"RUNNING","endTime":"2026-01-01T00:00:09Z","triggerType":"schedule","parentRunId":"p""#,
            r#"status 00:00:00.000#0 RUNNING started 00:00:00.000
            run r w "W" started 00:00:00.000 by schedule under p"#,
        ),
        (
            r#""status":"COMPLETED","endTime":"2026-01-01T00:00:09Z","duration":5000"#,
            r#"status 00:00:09.000#0 COMPLETED started 00:00:00.000
            run r w "W" started 00:00:00.000
            ended"#,
        ),
        (
            r#""status":"TERMINATED","endTime":null,"duration":5000"#,
            r#"status 00:00:05.000#0 TERMINATED started 00:00:00.000
            run r w "W" started 00:00:00.000
            ended"#,
        ),
        (
            r#""status":"FAILED""#,
            r#"run r w "W" started 00:00:00.000
            ended"#,
        ),
        (
            r#""status":"queued""#,
            r#"status 00:00:00.000#0 QUEUED started 00:00:00.000
            run r w "W" started 00:00:00.000"#,
        ),
        (
            r#""status":"STALE""#,
            r#"status 00:00:00.000#0 STALE started 00:00:00.000
            run r w "W" started 00:00:00.000"#,
        ),
        (
            r#""status":"SLEEPING""#,
            r#"status 00:00:00.000#0 SLEEPING started 00:00:00.000
            run r w "W" started 00:00:00.000
            ! answer `run`: status `SLEEPING` is not known here"#,
        ),
    ] {
        check_answer(Endpoint::Run, &format!("{{{RUN},{members}}}"), want);
    }
    check_answer(
        Endpoint::Run,
        r#"{"id":"r","workflowId":null,"workflowName":"W","status":"RUNNING","startTime":"soon"}"#,
        r#"run r  "W"
        ! answer `run`: `startTime` is not a date and time with a zone between 1678 and 2262: "soon""#,
    );
}

#[test]
fn a_status_holds_from_its_end_or_its_latest_update() {
    for (body, want) in [
        // The real example.
        (
            r#"{"runId":"shipsec-run-123","workflowId":"workflow-id-123","status":"RUNNING","startedAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:03Z","taskQueue":"shipsec-default","historyLength":42}"#,
            "status 00:00:03.000#0 RUNNING started 00:00:00.000",
        ),
        (
            r#"{"status":"FAILED","completedAt":"2026-01-01T00:00:02Z","updatedAt":"2026-01-01T00:00:03Z","taskQueue":"","historyLength":0,"progress":{"completedActions":2,"totalActions":3},"failure":{"reason":"boom","temporalCode":"E1","details":{"a":1}}}"#,
            r#"status 00:00:02.000#0 FAILED progress 2/3 failure Failure { reason: "boom", code: Some("E1"), details: Some(JsonText("{\"a\":1}")) }
            ended"#,
        ),
        (
            r#"{"status":"TIMED_OUT","updatedAt":"2026-01-01T00:00:03Z","progress":{"completedActions":0,"totalActions":0}}"#,
            "status 00:00:03.000#0 TIMED_OUT\nended",
        ),
        (
            r#"{"status":"AWAITING_INPUT","completedAt":"2026-01-01T00:00:02Z","updatedAt":"2026-01-01T00:00:03Z"}"#,
            "status 00:00:03.000#0 AWAITING_INPUT",
        ),
        (
            r#"{"status":"RUNNING"}"#,
            "! frame `status`: a status without an instant: no `updatedAt`",
        ),
        (
            r#"{"status":"RUNNING","updatedAt":"now"}"#,
            "! frame `status`: `updatedAt` is not a date and time with a zone between 1678 and 2262: \"now\"",
        ),
        ("{}", "! frame `status`: missing field `status`"),
    ] {
        check_frame("status", body, want);
    }
}

#[test]
fn the_list_shows_what_runs_are() {
    let body = format!(
        r#"{{"runs":[
            {{{RUN},"status":"RUNNING","endTime":"2026-01-01T00:00:09Z","duration":0,"workflowVersion":3,"triggerType":"api","triggerLabel":"CI","eventCount":7,"nodeCount":4,"parentRunId":null}},
            {{{RUN},"status":"COMPLETED","endTime":"2026-01-01T00:00:09Z","eventCount":-1}},
            {{"id":"x"}},
            {{"id":5,"status":"FAILED","startTime":"bad"}}
        ]}}"#
    );
    let (runs, problems) = decode_runs(&body);
    let drawn: Vec<_> = runs
        .iter()
        .map(|run| {
            let time = |at: Option<model::Millis>| at.map(|at| format_millis(at.0));
            format!(
                "{} {} {:?} {:?} {} {:?} {:?} {:?} {:?} {:?} {} {}",
                run.id,
                run.workflow_id,
                &*run.name,
                run.version,
                run.status,
                time(run.started),
                time(run.ended),
                run.duration.map(|span| span.0),
                run.trigger,
                run.trigger_label,
                run.event_count,
                run.node_count,
            )
        })
        .collect();
    assert_eq!(
        drawn,
        [
            r#"r w "W" Some(3) RUNNING Some("2026-01-01T00:00:00.000Z") None None Some("api") Some("CI") 7 4"#,
            r#"r w "W" None COMPLETED Some("2026-01-01T00:00:00.000Z") Some("2026-01-01T00:00:09.000Z") Some(9000) None None 0 0"#,
            r#"5  "" None FAILED None None None None None 0 0"#,
        ]
    );
    let places: Vec<_> = problems.iter().map(|problem| &*problem.place).collect();
    assert_eq!(places, ["answer `runs`, run 3", "answer `runs`, run 4"]);
}

#[test]
fn a_graph_is_read_node_by_node() {
    check_answer(
        Endpoint::Version,
        r#"{"id":"v","workflowId":"w","version":2,"createdAt":null,"graph":{"name":"G","nodes":[
            {"id":"a","type":"core.http","position":{"x":0,"y":10},"data":{"label":"Fetch","config":{"params":{"u":1},"joinStrategy":"any","groupId":"g"}}},
            {"id":"b","type":"t","position":{"x":5,"y":10},"data":{"label":null,"config":{"joinStrategy":"first"}}},
            {"id":"c","position":{"x":1},"data":{"config":{"joinStrategy":"most"}}},
            {"type":"t"}
        ],"edges":[
            {"id":"e1","source":"a","target":"b"},
            {"id":"e2","source":"a","target":"b","sourceHandle":"out","targetHandle":"in"},
            {"source":"a","target":"zzz"},
            {"source":"a"}
        ],"viewport":{"x":0,"y":0,"zoom":1}}}"#,
        "graph a=Fetch Any at 0,10 in g; b=b Any at 5,10; c=c All; a->b; a:out->b:in
        ! answer `version`, node 3: left out: field `position`: missing field `y`
        ! answer `version`, node 3: join strategy `most` is not known here; taken as `all`
        ! answer `version`, node 4: missing field `id`
        ! answer `version`, edge 3: it joins a node that the graph does not have
        ! answer `version`, edge 4: missing field `target`",
    );
}

#[test]
fn positions_count_only_where_somebody_placed_the_nodes() {
    let at = |x: i32, y: i32| {
        format!(
            r#"{{"nodes":[{{"id":"a","position":{{"x":0,"y":0}}}},{{"id":"b","position":{{"x":{x},"y":{y}}}}}]}}"#
        )
    };
    check_frame("graph", &at(0, 0), "graph a=a All; b=b All");
    check_frame("graph", &at(0, 1), "graph a=a All at 0,0; b=b All at 0,1");
}
