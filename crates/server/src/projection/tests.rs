//! What a poll reads, counted; and what the cache keeps.

use super::{BYTES, Cache, Projections, RUNS};
use crate::ingest;
use crate::run_id::RunId;
use crate::state::AppState;
use crate::store::{
    Append, Appended, Condition, Each, KindQuery, Limit, NewHeader, NewRecord, RecordStore, Reply,
    StoredRecord, Stores,
};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the records that are read by arrival, and lets no other reading through.
struct Counting {
    store: Arc<dyn RecordStore>,
    read: AtomicUsize,
}

impl RecordStore for Counting {
    fn append(&self, append: Append) -> Reply<'_, Appended> {
        self.store.append(append)
    }

    fn after<'a>(
        &'a self,
        run: &'a RunId,
        after: i64,
        limit: Limit,
    ) -> Reply<'a, Vec<StoredRecord>> {
        Box::pin(async move {
            let records = self.store.after(run, after, limit).await?;
            self.read.fetch_add(records.len(), Ordering::Relaxed);
            Ok(records)
        })
    }

    fn of_kind<'a>(&'a self, _: &'a RunId, _: KindQuery) -> Reply<'a, Vec<StoredRecord>> {
        panic!("all records of a kind are read")
    }

    fn walk<'a>(&'a self, _: &'a RunId, _: Each) -> Reply<'a, ()> {
        panic!("the whole run is read")
    }

    fn arrival_of_event<'a>(&'a self, run: &'a RunId, id: &'a str) -> Reply<'a, Option<i64>> {
        self.store.arrival_of_event(run, id)
    }
}

fn record(value: Value) -> NewRecord {
    let Value::Object(object) = value else {
        panic!("a record is an object")
    };
    ingest::record(object).unwrap()
}

fn line(number: i64) -> NewRecord {
    record(
        json!({"kind": "log", "id": number, "nodeId": "a", "message": format!("line {number}"),
        "timestamp": contract::time::format_millis(1_767_225_600_000 + number)}),
    )
}

#[tokio::test]
async fn a_poll_reads_what_is_new_and_nothing_else() {
    let data = tempfile::tempdir().unwrap();
    let config = crate::Config {
        data: data.path().to_owned(),
        ..crate::Config::default()
    };
    let state = AppState::open(config).unwrap();
    let counting = Arc::new(Counting {
        store: state.stores.records.clone(),
        read: AtomicUsize::new(0),
    });
    let stores = Stores {
        records: counting.clone(),
        ..state.stores.clone()
    };
    let run = RunId::parse("r").unwrap();
    let Value::Object(header) = json!({"id": "r", "workflowId": "w", "workflowName": "W",
        "status": "RUNNING", "startTime": "2026-01-01T00:00:00.000Z"})
    else {
        panic!("a header is an object")
    };
    let append = Append {
        run: run.clone(),
        header: Some(NewHeader {
            run: header,
            graph: None,
            nodes: 0,
        }),
        records: (0..5_000).map(line).collect(),
        condition: Condition::Always,
    };
    stores.records.append(append).await.unwrap();
    let projections = Projections::default();
    for (more, reads) in [
        (None, 5_000),
        (None, 0),
        (Some(5_000), 1),
        (Some(5_001), 1),
        (None, 0),
    ] {
        if let Some(number) = more {
            let lines = vec![line(number)];
            state.append(&run, lines, Condition::Always).await.unwrap();
        }
        counting.read.store(0, Ordering::Relaxed);
        let mut current = projections.of(&stores, &run).await.unwrap();
        let (playbook, operation) = (current.playbook_answer(), current.operation_answer());
        assert_eq!(counting.read.load(Ordering::Relaxed), reads);
        // Asked again, the answer is not even made again.
        assert_eq!(current.playbook_answer().as_ptr(), playbook.as_ptr());
        assert_eq!(current.operation_answer().as_ptr(), operation.as_ptr());
    }
    let operation = projections
        .of(&stores, &run)
        .await
        .unwrap()
        .operation_answer();
    let operation: Value = serde_json::from_slice(&operation).unwrap();
    assert_eq!(operation["result"]["log_count"], 5_002);
    assert_eq!(operation["result"]["logs"][99], "line 5001");
}

#[tokio::test]
async fn ids_that_name_nothing_take_no_place() {
    let data = tempfile::tempdir().unwrap();
    let config = crate::Config {
        data: data.path().to_owned(),
        ..crate::Config::default()
    };
    let state = AppState::open(config).unwrap();
    for number in 0..10 {
        let run = RunId::parse(&format!("nothing-{number}")).unwrap();
        assert!(state.projections.of(&state.stores, &run).await.is_err());
    }
    assert!(state.projections.lock().slots.is_empty());
}

#[test]
fn the_cache_forgets_what_was_asked_for_longest_ago() {
    let id = |number: usize| RunId::parse(&format!("r{number}")).unwrap();
    let mut cache = Cache::default();
    let mut ask = |number: usize, bytes: usize| {
        if cache.slot(&id(number)).is_none() {
            cache.make(&id(number));
        }
        cache.weigh(&id(number), bytes);
        let mut held: Vec<_> = cache.slots.keys().map(|id| id.to_string()).collect();
        held.sort();
        held
    };
    for number in 0..RUNS {
        ask(number, 1);
    }
    assert_eq!(ask(0, 1).len(), RUNS, "what is held takes no second place");
    let held = ask(RUNS, 1);
    assert_eq!(held.len(), RUNS);
    assert!(held.contains(&"r0".into()) && !held.contains(&"r1".into()));
    assert_eq!(ask(7, BYTES + 1), ["r7"], "one run may take more than all");
    assert_eq!(ask(8, 1), ["r8"]);
}
