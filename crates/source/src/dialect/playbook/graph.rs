//! The graph of a playbook run: from dependencies where the backend states them, which only ours
//! does; else from the times at which steps ran.

use model::graph::{EdgeSpec, GraphSpec, Join, NodeSpec};
use model::{Millis, Text};
use std::collections::HashSet;

/// Edges between two neighbouring groups that are drawn one for each pair; beyond, each step is
/// joined with one of the other group.
const PAIRS: usize = 256;

/// A step as far as the graph needs it.
#[derive(Clone, Debug)]
pub(super) struct Vertex {
    pub key: Text,
    pub label: Text,
    pub kind: Text,
    /// Keys of the steps that come before it, where stated.
    pub dependencies: Option<Vec<Text>>,
    /// When its first attempt began.
    pub from: Option<Millis>,
    /// When its latest attempt ended; none while it goes on.
    pub to: Option<Millis>,
}

/// Nodes in the backend's order.
pub(super) fn graph(steps: &[Vertex]) -> GraphSpec {
    let nodes = steps.iter().map(|step| NodeSpec {
        reference: step.key.clone(),
        label: step.label.clone(),
        kind: step.kind.clone(),
        join: Join::All,
        position: None,
        group: None,
    });
    let stated = steps.iter().any(|step| step.dependencies.is_some());
    GraphSpec {
        nodes: nodes.collect(),
        edges: match stated {
            true => by_dependencies(steps),
            false => by_time(steps),
        },
    }
}

fn by_dependencies(steps: &[Vertex]) -> Vec<EdgeSpec> {
    let known: HashSet<&Text> = steps.iter().map(|step| &step.key).collect();
    let mut edges = Vec::new();
    for step in steps {
        let mut seen = HashSet::new();
        for before in step.dependencies.iter().flatten() {
            if known.contains(before) && seen.insert(before) {
                edges.push(edge(before, &step.key));
            }
        }
    }
    edges
}

/// Steps whose times overlap ran in parallel: they are one group, and each group follows the one
/// before it. Steps that have not begun follow one by one, in the backend's order. These edges say
/// what came after what, not what needed what; the graph has no word for that.
fn by_time(steps: &[Vertex]) -> Vec<EdgeSpec> {
    let groups = groups(steps);
    let mut edges = Vec::new();
    for pair in groups.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        if before.len() * after.len() <= PAIRS {
            for source in before {
                for target in after {
                    edges.push(edge(&source.key, &target.key));
                }
            }
        } else if let (Some(source), Some(target)) = (before.last(), after.first()) {
            edges.extend(before.iter().map(|source| edge(&source.key, &target.key)));
            let others = after.iter().skip(1);
            edges.extend(others.map(|target| edge(&source.key, &target.key)));
        }
    }
    edges
}

/// Groups in order; within a group, by when its steps began.
fn groups(steps: &[Vertex]) -> Vec<Vec<&Vertex>> {
    let mut begun: Vec<_> = steps
        .iter()
        .filter_map(|step| Some((step.from?, step.to.unwrap_or(Millis::MAX), step)))
        .collect();
    // The sort keeps the backend's order where the times are the same.
    begun.sort_by_key(|(from, ..)| *from);
    let mut groups: Vec<Vec<&Vertex>> = Vec::new();
    let mut until = Millis::MIN;
    for (from, to, step) in begun {
        match groups.last_mut() {
            Some(group) if from < until => group.push(step),
            _ => groups.push(vec![step]),
        }
        until = until.max(to);
    }
    let waiting = steps.iter().filter(|step| step.from.is_none());
    groups.extend(waiting.map(|step| vec![step]));
    groups
}

fn edge(source: &Text, target: &Text) -> EdgeSpec {
    EdgeSpec {
        source: source.clone(),
        target: target.clone(),
        source_port: None,
        target_port: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `KEY` or `KEY FROM-TO` or `KEY FROM-`, separated by commas; `KEY<A+B` states dependencies.
    fn check(drawn: &str, want: &str) {
        let steps: Vec<_> = drawn.split(", ").map(vertex).collect();
        let edges = graph(&steps).edges;
        let edges: Vec<_> = edges
            .iter()
            .map(|it| format!("{}>{}", it.source, it.target))
            .collect();
        assert_eq!(edges.join(" "), want, "{drawn}");
    }

    fn vertex(drawn: &str) -> Vertex {
        let (name, times) = drawn.split_once(' ').unwrap_or((drawn, ""));
        let (key, before) = match name.split_once('<') {
            Some((key, before)) => (key, Some(before)),
            None => (name, None),
        };
        let (from, to) = times.split_once('-').unwrap_or_default();
        let instant = |text: &str| text.parse().ok().map(Millis);
        Vertex {
            key: key.into(),
            label: key.into(),
            kind: "AGENT".into(),
            dependencies: before.map(|it| {
                it.split('+')
                    .filter(|it| !it.is_empty())
                    .map(Text::from)
                    .collect()
            }),
            from: instant(from),
            to: instant(to),
        }
    }

    #[test]
    fn times_tell_what_ran_in_parallel() {
        for (drawn, want) in [
            ("a, b, c", "a>b b>c"),
            ("a 0-5, b 5-9, c", "a>b b>c"),
            ("a 0-5, b 5-9, c 5-8, d 9-10", "a>b a>c b>d c>d"),
            ("a 0-5, b 5-, c 6-, d", "a>b a>c b>d c>d"),
            // Overlap goes from one to the next.
            ("a 0-5, b 4-9, c 8-12, d 12-13", "a>d b>d c>d"),
            ("d 12-13, a 0-5", "a>d"),
            ("a 5-5, b 5-9", "a>b"),
            ("a 5-3, b 4-9", ""),
            ("a 5-3, b 6-9", "a>b"),
            ("a 0-", ""),
        ] {
            check(drawn, want);
        }
    }

    #[test]
    fn stated_dependencies_are_the_edges() {
        check("a<, b<a, c<a, d<b+c+b+zzz 0-5", "a>b a>c b>d c>d");
        check("a 0-5, b<a 0-5, c 9-10", "a>b");
    }

    #[test]
    fn many_beside_many_stay_few_edges() {
        let drawn: Vec<_> = (0..200)
            .map(|n| format!("n{n} {}-{}", n / 100 * 10, n / 100 * 10 + 5))
            .collect();
        let steps: Vec<_> = drawn.iter().map(|it| vertex(it)).collect();
        assert_eq!(graph(&steps).edges.len(), 100 + 99);
    }
}
