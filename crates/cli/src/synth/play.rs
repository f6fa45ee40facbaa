//! Plays a plan: events in order of time, held for the nodes that run at the moment only.

use super::names;
use super::plan::{Fate, Live, Plan};
use super::rng::Rng;
use contract::studio::{LogLevel, Stream};
use recorder::{Error, Failure, Recorder};
use serde_json::json;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Nodes that run at once.
const PARALLEL: usize = 16;

/// Bytes of one terminal chunk.
const CHUNK: u64 = 512;

/// A node that runs: what is left of it.
struct Active {
    at: usize,
    attempt: u32,
    progress: u64,
    progress_all: u64,
    log_lines: u64,
    terminal_bytes: u64,
    rng: Rng,
}

/// Records the run; `set` moves the clock to so many milliseconds after its start.
pub fn play(plan: &Plan, run: &Recorder, seed: u64, set: impl Fn(u64)) -> Result<(), Error> {
    let total = plan.nodes.len();
    let mut missing: Vec<usize> = plan.nodes.iter().map(|node| node.needs.len()).collect();
    let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); total];
    for (at, node) in plan.nodes.iter().enumerate() {
        for need in &node.needs {
            dependents[*need].push(at);
        }
    }
    let may_start = |at: usize| plan.nodes[at].fate != Fate::Blocked;
    let ready = (0..total).filter(|at| missing[*at] == 0 && may_start(*at));
    let mut ready: BinaryHeap<Reverse<usize>> = ready.map(Reverse).collect();
    // When something is next to happen, and to which of the active ones; ties by node.
    let mut queue: BinaryHeap<Reverse<(u64, usize, usize)>> = BinaryHeap::new();
    let mut active: Vec<Option<Active>> = (0..PARALLEL).map(|_| None).collect();
    let (mut now, mut done) = (0, 0);
    run.running(0, total);
    loop {
        for (slot, place) in active.iter_mut().enumerate() {
            if place.is_none()
                && let Some(Reverse(at)) = ready.pop()
            {
                now += 1;
                set(now);
                run.node(&*plan.nodes[at].name).started(1);
                *place = Some(Active::new(plan, at, seed));
                queue.push(Reverse((now + 1, at, slot)));
            }
        }
        let Some(Reverse((time, at, slot))) = queue.pop() else {
            break;
        };
        now = now.max(time);
        set(now);
        let Some(node) = &mut active[slot] else {
            continue;
        };
        match node.next(plan, run) {
            Some(pause) => queue.push(Reverse((now + pause, at, slot))),
            None => {
                active[slot] = None;
                done += 1;
                if matches!(plan.nodes[at].fate, Fate::Succeeds(_)) {
                    for dependent in &dependents[at] {
                        missing[*dependent] -= 1;
                        if missing[*dependent] == 0 && may_start(*dependent) {
                            ready.push(Reverse(*dependent));
                        }
                    }
                }
                if done % (total / 100).max(1) == 0 {
                    run.running(done, total);
                }
            }
        }
        if let Some(problem) = run.problem() {
            return Err(problem);
        }
    }
    set(now + 1);
    end(plan, run);
    Ok(())
}

fn end(plan: &Plan, run: &Recorder) {
    let failed = plan.nodes.iter().find(|node| node.fate == Fate::Fails);
    match (plan.live, failed) {
        (Live::Yes, _) => {}
        (Live::No, None) => run.completed(),
        (Live::No, Some(node)) => {
            run.failed(
                format!("step `{}` failed", node.name),
                Some(&json!({"node": node.name})),
            );
        }
    }
}

impl Active {
    fn new(plan: &Plan, at: usize, seed: u64) -> Self {
        let node = &plan.nodes[at];
        Self {
            at,
            attempt: 1,
            progress: node.progress,
            progress_all: node.progress,
            log_lines: node.log_lines,
            terminal_bytes: node.terminal_bytes,
            rng: Rng::new(seed, at as u64 + 2),
        }
    }

    /// Records the next thing that happens; the time to the one after, or `None` when there is none.
    fn next(&mut self, plan: &Plan, run: &Recorder) -> Option<u64> {
        let planned = &plan.nodes[self.at];
        let node = run.node(&*planned.name);
        let rng = &mut self.rng;
        let chunks = self.terminal_bytes.div_ceil(CHUNK);
        let left = self.progress + self.log_lines + chunks;
        let pause = 1 + rng.below(40);
        // A second attempt comes when the first one's share, a third, is used up.
        let again = match planned.fate {
            Fate::Succeeds(attempts) if self.attempt < attempts => rng.chance(34) || left == 0,
            _ => false,
        };
        if again {
            let failure = failure(rng);
            node.failed(&failure, Some(&json!({"maxAttempts": 2})));
            self.attempt += 1;
            node.started(self.attempt);
            return Some(pause + 200);
        }
        if left == 0 {
            match planned.fate {
                Fate::Succeeds(_) => {
                    let rows = rng.below(10_000);
                    let event = node.completed(Some(&json!({"rows": rows})));
                    // A few values travel, so that packets are seen; a run of millions needs no more.
                    if let Some(target) = plan.nodes.get(self.at + 1)
                        && target.needs.contains(&self.at)
                    {
                        node.packet(&event, &target.name, "rows", &json!(rows));
                    }
                }
                Fate::Fails => node.failed(&failure(rng), None),
                Fate::Blocked | Fate::RunsOn => {}
            }
            return None;
        }
        let pick = rng.below(left);
        if pick < self.progress {
            self.progress -= 1;
            let current = self.progress_all - self.progress;
            let message = format!("{current}/{}", self.progress_all);
            node.progress(message, Some(current), Some(self.progress_all));
        } else if pick < self.progress + self.log_lines {
            self.log_lines -= 1;
            let level = match rng.below(100) {
                0 => LogLevel::Error,
                1..=5 => LogLevel::Warn,
                6..=20 => LogLevel::Debug,
                _ => LogLevel::Info,
            };
            node.log(level, Stream::Stdout, names::line(rng));
        } else {
            let length = self.terminal_bytes.min(CHUNK);
            self.terminal_bytes -= length;
            // At most CHUNK.
            let bytes = names::terminal(rng, length as usize);
            node.terminal(Stream::Pty, &bytes, Some((120, 30)));
        }
        Some(pause)
    }
}

fn failure(rng: &mut Rng) -> Failure {
    Failure {
        message: names::reason(rng).to_owned(),
        kind: Some("NetworkError".into()),
        code: Some("1".into()),
        details: None,
    }
}
