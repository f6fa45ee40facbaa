//! From a tree to steps: each takes a byte, or goes on without one.

use super::parse::{Look, Tree};

/// Where a step stands among the others.
pub type At = u32;

/// One step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Takes a byte of this range, both ends included.
    Take(u8, u8, At),
    /// Goes on at both, rather at the first.
    Split(At, At),
    /// Goes on where it is so.
    Look(Look, At),
    /// Found.
    Found,
}

/// A pattern as steps.
#[derive(Clone, Debug)]
pub struct Program {
    /// All of them.
    pub steps: Vec<Step>,
    /// Where to begin when the match begins here.
    pub here: At,
    /// Where to begin when it may begin anywhere behind.
    pub anywhere: At,
    /// Whether it can take nothing at all.
    pub can_be_empty: bool,
}

/// Steps of a pattern, at most.
pub const MOST_STEPS: usize = 10_000;

impl Program {
    /// None where it would have too many steps.
    pub fn new(tree: &Tree) -> Option<Self> {
        let mut steps = vec![Step::Found];
        let here = put(&mut steps, tree, 0)?;
        let anywhere = add(&mut steps, Step::Found)?;
        let skip = add(&mut steps, Step::Take(0, u8::MAX, anywhere))?;
        steps[anywhere as usize] = Step::Split(here, skip);
        Some(Self {
            steps,
            here,
            anywhere,
            can_be_empty: can_be_empty(tree),
        })
    }

    /// Whether what stands around a place matters.
    pub fn looks(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Look(..)))
    }
}

fn can_be_empty(tree: &Tree) -> bool {
    match tree {
        Tree::Chars(_) => false,
        Tree::Look(_) => true,
        Tree::Sequence(trees) => trees.iter().all(can_be_empty),
        Tree::Either(trees) => trees.iter().any(can_be_empty),
        Tree::Repeat { tree, least, .. } => *least == 0 || can_be_empty(tree),
    }
}

/// Puts the steps of a tree before `next`, and tells where they begin.
fn put(steps: &mut Vec<Step>, tree: &Tree, next: At) -> Option<At> {
    match tree {
        Tree::Look(look) => add(steps, Step::Look(*look, next)),
        Tree::Sequence(trees) => {
            let mut trees = trees.iter().rev();
            trees.try_fold(next, |next, tree| put(steps, tree, next))
        }
        Tree::Either(trees) => {
            let ways: Option<Vec<At>> = trees.iter().map(|tree| put(steps, tree, next)).collect();
            split(steps, ways?)
        }
        Tree::Chars(chars) => {
            let sequences = chars.sequences();
            let ways: Option<Vec<At>> = sequences
                .iter()
                .map(|sequence| {
                    let mut bytes = sequence.iter().rev();
                    bytes.try_fold(next, |next, (from, to)| {
                        add(steps, Step::Take(*from, *to, next))
                    })
                })
                .collect();
            split(steps, ways?)
        }
        Tree::Repeat {
            tree,
            least,
            most,
            greedy,
        } => {
            let choice = |more, less| match greedy {
                true => Step::Split(more, less),
                false => Step::Split(less, more),
            };
            let (mut at, mut least) = (next, *least);
            match most {
                Some(most) => {
                    for _ in least..*most {
                        let more = put(steps, tree, at)?;
                        at = add(steps, choice(more, next))?;
                    }
                }
                None => {
                    // Once, and then again or on. Where it may be empty that differs from "again or on"
                    // before it: an empty round must not keep the others from being tried.
                    let again = add(steps, Step::Found)?;
                    let body = put(steps, tree, again)?;
                    steps[again as usize] = choice(body, next);
                    at = match (least, can_be_empty(tree)) {
                        (0, true) => add(steps, choice(body, next))?,
                        (0, false) => again,
                        _ => body,
                    };
                    least = least.saturating_sub(1);
                }
            }
            for _ in 0..least {
                let known = steps.len();
                at = put(steps, tree, at)?;
                // Nothing, however often.
                if steps.len() == known {
                    break;
                }
            }
            Some(at)
        }
    }
}

/// One of several ways, the first that fits; none at all where there is none.
fn split(steps: &mut Vec<Step>, ways: Vec<At>) -> Option<At> {
    let mut ways = ways.into_iter().rev();
    let Some(last) = ways.next() else {
        // No byte is both above 1 and below 0: this takes nothing.
        return add(steps, Step::Take(1, 0, 0));
    };
    ways.try_fold(last, |rest, way| add(steps, Step::Split(way, rest)))
}

fn add(steps: &mut Vec<Step>, step: Step) -> Option<At> {
    steps.push(step);
    (steps.len() <= MOST_STEPS).then(|| (steps.len() - 1) as At)
}
