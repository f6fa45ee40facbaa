//! What of a view is no event: the graph, and what the inspector shows of agents.

use super::{Watch, clock, run, step};
use crate::draw::draw;
use serde_json::{Value, json};

#[test]
fn what_an_agent_knows_is_kept_for_the_inspector() {
    let more = json!({
        "startedAt": clock(1),
        "maxAttempts": 3,
        "personality": {"id": "p1", "slug": "careful", "name": "Careful", "configuration": {"tone": "dry"}},
        "collaborationContext": {"messages": [], "sharedState": {"k": 1}, "escalationLevel": "none"},
        "episodicTraces": [{"id": "e1", "run_id": "r", "step_key": "a", "content": {"saw": "it"}, "embedding": [0.25, 0.5], "created_at": clock(2)}],
        "workerInfo": {"workerId": "w", "startedAt": clock(1)},
    });
    let mut watch = Watch::new();
    let batch = watch.view(
        &run(
            "running",
            json!({"output": [1]}),
            vec![step("a", "running", more)],
        ),
        9,
    );
    let data: Vec<_> = batch
        .items
        .iter()
        .filter_map(|item| match item {
            model::Item::Event(event) if !event.kind.label().starts_with("Start") => {
                let data = event.detail.as_ref().unwrap().data.as_ref().unwrap();
                let data: Value = serde_json::from_str(data.as_str()).unwrap();
                Some((
                    event.node.to_string(),
                    event.kind.label().to_owned(),
                    data["playbook"].clone(),
                ))
            }
            _ => None,
        })
        .collect();
    assert_eq!(data.len(), 2);
    let (node, kind, step) = &data[0];
    assert_eq!((node.as_str(), kind.as_str()), ("a", "CONTEXT"));
    assert_eq!(step["personality"]["configuration"]["tone"], "dry");
    assert_eq!(step["collaborationContext"]["sharedState"], json!({"k": 1}));
    assert_eq!(step["episodicTraces"][0]["content"], json!({"saw": "it"}));
    assert_eq!(step["episodicTraces"][0]["embedding"], Value::Null);
    assert_eq!(step["workerInfo"]["workerId"], "w");
    assert_eq!(step["maxAttempts"], 3);
    assert_eq!(
        (data[1].0.as_str(), &data[1].2),
        ("", &json!({"output": [1]}))
    );
    assert_eq!(watch.stands(), "a=running@1 1-; RUNNING ");
}

#[test]
fn edges_come_from_dependencies_else_from_times() {
    let times = |from, to| json!({"startedAt": clock(from), "completedAt": clock(to)});
    let graph = |steps| {
        let mut watch = Watch::new();
        let batch = watch.view(&run("running", json!({}), steps), 9);
        let graph = batch
            .items
            .iter()
            .find(|item| matches!(item, model::Item::Graph(_)));
        draw(&source::dialect::Batch {
            items: graph.cloned().into_iter().collect(),
            ..source::dialect::Batch::default()
        })
    };
    let steps = vec![
        step("a", "success", times(0, 5)),
        step("b", "success", times(5, 8)),
        step("c", "running", json!({"startedAt": clock(6)})),
        step("d", "queued", json!({})),
    ];
    assert_eq!(
        graph(steps),
        "graph a=A All; b=B All; c=C All; d=D All; a->b; a->c; b->d; c->d"
    );
    let needs = |keys: Value| json!({"dependencies": keys});
    let steps = vec![
        step("a", "queued", needs(json!([]))),
        step("b", "queued", needs(json!(["a", "zzz", "a"]))),
        step("c", "queued", needs(json!(["b", "a"]))),
    ];
    assert_eq!(
        graph(steps),
        "graph a=A All; b=B All; c=C All; a->b; b->c; a->c"
    );
}

#[test]
fn the_graph_is_told_only_when_it_changes() {
    let mut watch = Watch::new();
    let view = |b: &str, more| {
        let a = json!({"startedAt": clock(0), "completedAt": clock(5)});
        run(
            "running",
            json!({}),
            vec![step("a", "success", a), step("b", b, more)],
        )
    };
    let has_graph = |batch: source::dialect::Batch| {
        batch
            .items
            .iter()
            .any(|item| matches!(item, model::Item::Graph(_)))
    };
    assert!(has_graph(watch.view(&view("queued", json!({})), 6)));
    assert!(!has_graph(
        watch.view(&view("running", json!({"startedAt": clock(6)})), 7)
    ));
    let revision = watch.journal.graph_revision();
    watch.view(
        &view(
            "success",
            json!({"startedAt": clock(6), "completedAt": clock(8)}),
        ),
        9,
    );
    assert_eq!(watch.journal.graph_revision(), revision);
}
