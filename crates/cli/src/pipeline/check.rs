//! Names and needs: no name twice, every need a step, no way round in a circle.

use super::nearest::nearest;
use super::read::Draft;
use super::{Problem, Step};
use std::collections::HashMap;

/// The node that events about the run as a whole name.
const RESERVED: &str = "workflow";

/// Turns needs by name into needs by index.
pub(super) fn resolve(drafts: Vec<Draft>, problems: &mut Vec<Problem>) -> Vec<Step> {
    let mut index: HashMap<String, usize> = HashMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        let name = &draft.step.name;
        if name == RESERVED {
            problems.push(problem(
                name,
                "this name is kept for the run as a whole".into(),
                "Give the step another one",
            ));
        }
        if index.insert(name.clone(), at).is_some() {
            problems.push(problem(
                name,
                "there are two steps of this name".into(),
                "Rename one of them",
            ));
        }
    }
    let mut steps = Vec::with_capacity(drafts.len());
    for Draft { mut step, needs } in drafts {
        for need in needs {
            match index.get(&need) {
                Some(at) if !step.needs.contains(at) => step.needs.push(*at),
                Some(_) => {}
                None => {
                    let hint = match nearest(&need, index.keys().map(String::as_str)) {
                        Some(meant) => format!("Did you mean `{meant}`?"),
                        None => "Name a step of this pipeline".into(),
                    };
                    let what = format!("it needs `{need}`, which is no step");
                    problems.push(problem(&step.name, what, &hint));
                }
            }
        }
        steps.push(step);
    }
    if let Some(cycle) = cycle(&steps) {
        let names: Vec<&str> = cycle.iter().map(|at| steps[*at].name.as_str()).collect();
        problems.push(problem(
            names[0],
            format!(
                "the steps wait for each other in a cycle: {}",
                names.join(" -> ")
            ),
            "Remove one of these needs",
        ));
    }
    steps
}

/// A way round, if there is one: each needs the next, and the last is the first again.
fn cycle(steps: &[Step]) -> Option<Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; steps.len()];
    for root in 0..steps.len() {
        // The open path: a step and how many of its needs were followed. Not recursive, for deep chains.
        let mut path: Vec<(usize, usize)> = Vec::new();
        if marks[root] == Mark::New {
            marks[root] = Mark::Open;
            path.push((root, 0));
        }
        while let Some((at, followed)) = path.last_mut() {
            let Some(need) = steps[*at].needs.get(*followed).copied() else {
                marks[*at] = Mark::Done;
                path.pop();
                continue;
            };
            *followed += 1;
            match marks[need] {
                Mark::Done => {}
                Mark::New => {
                    marks[need] = Mark::Open;
                    path.push((need, 0));
                }
                Mark::Open => {
                    let open = path.iter().map(|(at, _)| *at);
                    let mut cycle: Vec<usize> = open.skip_while(|at| *at != need).collect();
                    cycle.push(need);
                    return Some(cycle);
                }
            }
        }
    }
    None
}

fn problem(step: &str, what: String, hint: &str) -> Problem {
    Problem {
        step: Some(step.to_owned()),
        what,
        hint: hint.to_owned(),
    }
}
