//! Whoever says a fact, in whatever order, however often: the run is the same in the end, and nothing
//! is told twice.

use super::{Watch, clock, event, run, step};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashSet;

/// What happens in a run, a thing a second, from second 1 on.
#[derive(Clone, Debug)]
enum Happening {
    Starts(usize),
    Says(usize, &'static str),
    Fails(usize, bool),
    Completes(usize),
}

const KEYS: [&str; 3] = ["a", "b", "c"];

/// How the backend holds a step.
#[derive(Clone, Default)]
struct Held {
    attempt: i64,
    started: Option<i64>,
    ended: Option<i64>,
    state: Option<&'static str>,
    logs: Vec<&'static str>,
}

/// A run that happened: its happenings made possible (nothing ends that has not started).
fn happened(drawn: &[(usize, u8, &'static str)]) -> Vec<Happening> {
    let mut open = [false; KEYS.len()];
    let mut done = [false; KEYS.len()];
    let mut all = Vec::new();
    for (step, what, word) in drawn {
        let step = *step;
        match what {
            _ if done[step] => {}
            _ if !open[step] => {
                open[step] = true;
                all.push(Happening::Starts(step));
            }
            0..=5 => all.push(Happening::Says(step, word)),
            6..=7 => {
                open[step] = false;
                all.push(Happening::Fails(step, true));
            }
            8 => {
                done[step] = true;
                all.push(Happening::Fails(step, false));
            }
            _ => {
                done[step] = true;
                all.push(Happening::Completes(step));
            }
        }
    }
    all
}

/// The view after the first `count` happenings.
fn view(all: &[Happening], count: usize, over: bool) -> Value {
    let mut held: Vec<Held> = vec![Held::default(); KEYS.len()];
    for (at, happening) in (1..).zip(&all[..count]) {
        match happening {
            Happening::Starts(step) => {
                let held = &mut held[*step];
                held.attempt += i64::from(held.state.is_some());
                (held.started, held.ended, held.state) = (Some(at), None, Some("running"));
            }
            Happening::Says(step, word) => held[*step].logs.push(word),
            Happening::Fails(step, _) => {
                (held[*step].ended, held[*step].state) = (Some(at), Some("failed"))
            }
            Happening::Completes(step) => {
                (held[*step].ended, held[*step].state) = (Some(at), Some("success"))
            }
        }
    }
    let steps = held.iter().zip(KEYS).map(|(held, key)| {
        let more = json!({
            "attempt": held.attempt, "startedAt": held.started.map(clock),
            "completedAt": held.ended.map(clock), "logs": held.logs,
        });
        step(key, held.state.unwrap_or("queued"), more)
    });
    let end = over.then(|| clock(all.len() as i64 + 1));
    let state = if over { "success" } else { "running" };
    run(state, json!({"completedAt": end}), steps.collect())
}

/// The event that says it; lines are stamped by a clock that is `ahead` by so many seconds.
fn frame(happening: &Happening, at: i64, ahead: i64) -> Value {
    match happening {
        Happening::Starts(step) => event(
            "step.updated",
            KEYS[*step],
            at,
            json!({"status": "RUNNING", "startedAt": clock(at)}),
        ),
        Happening::Says(step, word) => event(
            "step.log.appended",
            KEYS[*step],
            at,
            json!({"logEntry": {"level": "info", "message": word, "timestamp": clock(at + ahead)}}),
        ),
        Happening::Fails(step, retry) => event(
            "step.failed",
            KEYS[*step],
            at,
            json!({"status": "FAILED", "error": "e", "failedAt": clock(at), "attempt": 1, "willRetry": retry}),
        ),
        Happening::Completes(step) => event(
            "step.completed",
            KEYS[*step],
            at,
            json!({"status": "SUCCESS", "completedAt": clock(at)}),
        ),
    }
}

/// What the watcher does before the next event comes.
#[derive(Clone, Debug)]
enum Deed {
    /// Looks, at a backend that is so many happenings ahead of the stream; the answer comes after so
    /// many events.
    Look {
        ahead: usize,
        takes: usize,
    },
    /// The same view once more.
    Repeat,
    /// The stream breaks, misses so much, and begins again; then a look.
    Cut(usize),
    Nothing,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => (0..4_usize, 0..4_usize).prop_map(|(ahead, takes)| Deed::Look { ahead, takes }),
        1 => Just(Deed::Repeat),
        1 => (0..5_usize).prop_map(Deed::Cut),
        4 => Just(Deed::Nothing),
    ]
}

/// `numbered`: views and frames say where they stand.
fn watched(all: &[Happening], deeds: &[Deed], ahead: i64, numbered: bool) -> Watch {
    let view = |all: &[Happening], count, over| {
        let mut view = view(all, count, over);
        if numbered {
            view["cursor"] = json!(format!("e-{count}"));
        }
        view
    };
    let mut watch = Watch::new();
    watch.view(&view(all, 0, false), 0);
    connect(&mut watch);
    let mut under_way = Vec::new();
    let mut next = 0;
    // No view shows less than one that was asked for before it.
    let mut newest = 0;
    let mut deeds = deeds.iter().cycle();
    while next < all.len() {
        match deeds.next() {
            Some(Deed::Look { ahead, takes }) => {
                let asked = watch.known.ask();
                let shows = newest.max((next + ahead).min(all.len()));
                newest = shows;
                under_way.push((next + takes, asked, shows));
            }
            Some(Deed::Repeat) => {
                newest = newest.max(next);
                watch.view(&view(all, newest, false), newest as i64);
            }
            Some(Deed::Cut(missed)) => {
                next = (next + missed).min(all.len());
                connect(&mut watch);
                newest = newest.max(next);
                watch.view(&view(all, newest, false), newest as i64);
            }
            Some(Deed::Nothing) | None => {}
        }
        under_way.retain(|(due, asked, shows)| {
            if *due > next {
                return true;
            }
            let at = (*shows).max(next) as i64;
            watch.late_view(&view(all, *shows, false), *asked, at);
            false
        });
        if let Some(happening) = all.get(next) {
            next += 1;
            let id = if numbered {
                format!("e-{next}")
            } else {
                String::new()
            };
            let said = frame(happening, next as i64, ahead);
            let name = said["type"].as_str().unwrap();
            let heard = watch
                .known
                .frame(name, &id, &said.to_string(), super::second(next as i64));
            watch.take(heard);
        }
    }
    watch.view(&view(all, all.len(), true), all.len() as i64 + 1);
    watch
}

fn connect(watch: &mut Watch) {
    let batch = watch
        .known
        .frame("connected", "", r#"{"message":"hello"}"#, super::second(0));
    assert!(batch.items.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn it_does_not_matter_who_says_it(
        drawn in proptest::collection::vec((0..KEYS.len(), 0..10_u8, proptest::sample::select(vec!["x", "y", "tick"])), 1..30),
        deeds in proptest::collection::vec(deed(), 1..12),
        ahead in proptest::sample::select(vec![-3_600, 0, 3_600]),
        numbered in proptest::bool::ANY,
    ) {
        let all = happened(&drawn);
        let mut cold = Watch::new();
        let last = view(&all, all.len(), true);
        cold.view(&last, all.len() as i64 + 1);
        let watch = watched(&all, &deeds, ahead, numbered);
        prop_assert_eq!(watch.stands(), cold.stands(), "{:?}", watch.events());
        for key in KEYS {
            prop_assert_eq!(watch.log(key), cold.log(key), "log of {}", key);
        }
        let events = watch.events();
        let distinct: HashSet<_> = events.iter().map(|event| event.split(' ').next()).collect();
        prop_assert_eq!(distinct.len(), events.len(), "{:?}", events);
    }

    #[test]
    fn views_alone_say_it_as_well(
        drawn in proptest::collection::vec((0..KEYS.len(), 0..10_u8, proptest::sample::select(vec!["x", "y", "tick"])), 1..30),
        looks in proptest::collection::vec(0..3_usize, 1..12),
    ) {
        let all = happened(&drawn);
        let mut cold = Watch::new();
        let last = view(&all, all.len(), true);
        cold.view(&last, all.len() as i64 + 1);
        let mut watch = Watch::new();
        let mut shows = 0;
        for step in looks.iter().cycle().take(40) {
            shows = (shows + step).min(all.len());
            let batch = watch.view(&view(&all, shows, false), shows as i64);
            prop_assert!(!batch.ended && !batch.reopened);
        }
        watch.view(&last, all.len() as i64 + 1);
        prop_assert_eq!(watch.stands(), cold.stands());
        for key in KEYS {
            prop_assert_eq!(watch.log(key), cold.log(key), "log of {}", key);
        }
    }
}
