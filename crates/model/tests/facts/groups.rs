//! Groups of lanes: drawn graphs, and what holds for any graph.

use crate::drawn;
use crate::drawn::journal;
use crate::rich::items;
use model::graph::GraphSpec;
use model::groups::{GroupIx, GroupKind, Groups};
use model::item::Item;
use model::{Journal, NodeIx};
use proptest::prelude::*;

/// All nodes in order, each group in brackets: `[S ` a subflow, `(` a branch, `<` tool calls.
/// Fails where a group is opened twice.
fn drawn_groups(journal: &Journal, groups: &Groups) -> String {
    let mut words = Vec::new();
    let mut open: Vec<GroupIx> = Vec::new();
    let mut opened = vec![false; groups.groups.len()];
    let close = |group: GroupIx| match groups.groups[group.index()].kind {
        GroupKind::Subflow => "]",
        GroupKind::Branch { .. } => ")",
        GroupKind::ToolCalls { .. } => ">",
    };
    for node in &groups.order {
        let mut path: Vec<GroupIx> = groups.around(*node).collect();
        path.reverse();
        while !path.starts_with(&open) {
            words.push(close(open.pop().unwrap()).to_owned());
        }
        for group in &path[open.len()..] {
            assert!(
                !std::mem::replace(&mut opened[group.index()], true),
                "{group:?} is in several pieces"
            );
            let known = &groups.groups[group.index()];
            words.push(match known.kind {
                GroupKind::Subflow => format!("[{}:", known.label),
                GroupKind::Branch { .. } => "(".into(),
                GroupKind::ToolCalls { of: Some(_) } => format!("<{}:", known.label),
                GroupKind::ToolCalls { of: None } => "<".into(),
            });
            open.push(*group);
        }
        words.push(journal.graph().node(*node).unwrap().reference.to_string());
    }
    words.extend(open.into_iter().rev().map(|group| close(group).to_owned()));
    words.join(" ")
}

/// A graph whose nodes belong to subflows: `S: b c; T: d`.
fn spec(graph: &str, subflows: &str) -> GraphSpec {
    let mut spec = drawn::graph(graph);
    for subflow in subflows.split(';').filter(|it| !it.trim().is_empty()) {
        let (name, nodes) = subflow.split_once(':').unwrap();
        for node in nodes.split_whitespace() {
            let mut known = spec.nodes.iter_mut();
            let known = known.find(|known| *known.reference == *node).unwrap();
            known.group = Some(name.trim().into());
        }
    }
    spec
}

fn grouped(graph: &str, subflows: &str, facts: &str) -> (Journal, Groups) {
    let mut items = items("", facts);
    items[1] = Item::Graph(Box::new(spec(graph, subflows)));
    let journal = journal(items);
    let groups = Groups::of(&journal);
    (journal, groups)
}

#[test]
fn what_stands_together() {
    for (graph, subflows, facts, want) in [
        ("", "", "", ""),
        ("a -> b -> c", "", "", "a b c"),
        // A branch of one node is none.
        ("a -> b -> d; a -> c -> d", "", "", "a b c d"),
        (
            "a -> b -> b2 -> d; a -> c -> c2 -> d; d -> e",
            "",
            "",
            "a ( b b2 ) ( c c2 ) d e",
        ),
        // A way around is no branch, what it goes around is.
        ("a -> b -> b2 -> d; a -> d", "", "", "a ( b b2 ) d"),
        // Forks within a branch; the join within belongs to it.
        (
            "a -> b -> x -> x2 -> j -> d; b -> y -> y2 -> j; a -> c -> d",
            "",
            "",
            "a ( b ( x x2 ) ( y y2 ) j ) c d",
        ),
        // Branches that never meet again.
        ("a -> b -> b2; a -> c -> c2", "", "", "a ( b b2 ) ( c c2 )"),
        // An edge between two branches: what it leads to belongs to neither.
        (
            "a -> b -> b2; a -> c -> c2; b -> c2",
            "",
            "",
            "a ( b b2 ) c c2",
        ),
        // Several beginnings; one of them alone is no group.
        ("a -> b; x -> y", "", "", "( a b ) ( x y )"),
        ("a -> b; x", "", "", "a x b"),
        ("a; b; c", "", "", "a b c"),
        // Subflows, as the source says.
        ("a -> b -> c -> d", "S: b c", "", "a [S: b c ] d"),
        (
            "a -> b -> b2 -> d; a -> c -> c2 -> d",
            "S: b b2 c c2",
            "",
            "a [S: ( b b2 ) ( c c2 ) ] d",
        ),
        // A subflow within a branch.
        (
            "a -> b -> b2 -> b3 -> d; a -> c -> d",
            "S: b2 b3",
            "",
            "a ( b [S: b2 b3 ] ) c d",
        ),
        // A subflow as large as a branch holds it.
        (
            "a -> b -> b2 -> d; a -> c -> d",
            "S: b b2",
            "",
            "a [S: ( b b2 ) ] c d",
        ),
        // A subflow that reaches across branches stands on its own.
        (
            "a -> b -> b2 -> b3; a -> c -> c2",
            "S: b2 c",
            "",
            "a ( b b3 ) [S: c b2 ] ( c2 )",
        ),
        // Subflows within each other, by the name of a node; not within themselves.
        (
            "a -> S -> b -> T -> c",
            "S: b T; T: c",
            "",
            "a S [S: b T [T: c ] ]",
        ),
        ("a -> S -> b", "S: S b", "", "a [S: S b ]"),
        // Tool calls right behind who made them: named so, or found in the agent's words.
        (
            "a -> b",
            "",
            "1 a calls 1 7\n 2 tool-call:7 STARTED\n 3 b:tool-call:8 STARTED\n 4 tool-call:9 STARTED\n 5 b STARTED",
            "a <a: tool-call:7 > b <b: b:tool-call:8 > <: tool-call:9 >",
        ),
        (
            "a -> b -> b2; a -> c",
            "",
            "1 b calls 1 7\n 2 tool-call:7 STARTED",
            "a ( b <b: tool-call:7 > b2 ) c",
        ),
        (
            "a",
            "",
            "1 x STARTED\n 2 x:tool-call:1 STARTED",
            "a x <x: x:tool-call:1 >",
        ),
        ("a -> b -> c -> a", "", "", "a b c"),
    ] {
        let (journal, groups) = grouped(graph, subflows, facts);
        let drawn = drawn_groups(&journal, &groups);
        let want = want.replace("<:", "<");
        assert_eq!(drawn, want, "{graph} | {subflows} | {facts}");
    }
}

#[test]
fn nesting_has_an_end() {
    // A comb: every tooth forks again.
    let graph: String = (0..100)
        .map(|n| format!("n{n} -> n{}; n{n} -> t{n} -> u{n};", n + 1))
        .collect();
    let (journal, groups) = grouped(&graph, "", "");
    let depths =
        (0..journal.graph().nodes().len() as u32).map(|node| groups.around(NodeIx(node)).count());
    assert!(depths.max() <= Some(Groups::MAX_DEPTH));
    drawn_groups(&journal, &groups);
}

prop_compose! {
    /// Edges between up to 12 nodes, cycles and all; subflows of some.
    fn any_graph()(
        edges in prop::collection::vec((0..12_u32, 0..12_u32), 0..24),
        subflows in prop::collection::vec((0..12_u32, 0..4_u32), 0..8),
        forward in any::<bool>(),
    ) -> (String, Vec<(u32, u32)>) {
        let nodes: String = (0..12).map(|n| format!("n{n};")).collect();
        let edges = edges.into_iter().map(|(one, other)| match forward && one > other {
            true => (other, one),
            false => (one, other),
        });
        (nodes + &edges.map(|(one, other)| format!("n{one} -> n{other};")).collect::<String>(), subflows)
    }
}

fn subflows(drawn: &[(u32, u32)]) -> String {
    let named = drawn
        .iter()
        .map(|(node, subflow)| format!("{}: n{node};", ["S", "T", "n1", "n2"][*subflow as usize]));
    named.collect()
}

proptest! {
    #[test]
    fn every_node_once_every_group_in_one_piece_and_earlier_first((graph, subflow) in any_graph()) {
        let (journal, groups) = grouped(&graph, &subflows(&subflow), "");
        let count = journal.graph().nodes().len();
        let mut order = groups.order.clone();
        drawn_groups(&journal, &groups);
        order.sort();
        prop_assert!(order.iter().map(|node| node.index()).eq(0..count));
        prop_assert_eq!(groups.of.len(), count);
        let mut rank = vec![0; count];
        for (place, node) in journal.graph().topological().iter().enumerate() {
            rank[node.index()] = place;
        }
        for pair in groups.order.windows(2) {
            if groups.of[pair[0].index()] == groups.of[pair[1].index()] {
                prop_assert!(rank[pair[0].index()] < rank[pair[1].index()]);
            }
        }
        for (number, group) in groups.groups.iter().enumerate() {
            let chain = std::iter::successors(Some(GroupIx(number as u32)), |it| groups.groups[it.index()].parent);
            prop_assert!(chain.take(50).count() < 50, "within itself");
            if let GroupKind::Branch { head, .. } = group.kind {
                let members = (0..count as u32).map(NodeIx).filter(|node| groups.around(*node).any(|it| it.index() == number));
                // What is in a branch is reached through its head only.
                for member in members.filter(|member| *member != head) {
                    prop_assert!(!reached_around(&journal, head, member, &rank));
                }
            }
        }
    }

    #[test]
    fn nodes_that_appear_move_no_others((graph, subflow) in any_graph(), at in 0..12_u32) {
        let (_, before) = grouped(&graph, &subflows(&subflow), "");
        let facts = format!("1 x STARTED\n 2 n{at}:tool-call:1 STARTED\n 3 tool-call:2 STARTED");
        let (journal, after) = grouped(&graph, &subflows(&subflow), &facts);
        let known = |node: &&NodeIx| journal.graph().node(**node).is_some_and(|it| it.origin == model::graph::Origin::Graph);
        let names = |journal: &Journal, node: &NodeIx| journal.graph().node(*node).unwrap().reference.clone();
        let left: Vec<_> = after.order.iter().filter(known).map(|node| names(&journal, node)).collect();
        let (plain, _) = grouped(&graph, &subflows(&subflow), "");
        let was: Vec<_> = before.order.iter().map(|node| names(&plain, node)).collect();
        prop_assert_eq!(left, was);
    }
}

/// Whether `to` can be reached from a beginning by forward edges without `without`.
fn reached_around(journal: &Journal, without: NodeIx, to: NodeIx, rank: &[usize]) -> bool {
    let graph = journal.graph();
    let mut open = vec![to];
    let mut seen = vec![false; rank.len()];
    while let Some(node) = open.pop() {
        let before = graph
            .parents(node)
            .iter()
            .filter(|it| rank[it.index()] < rank[node.index()]);
        let before: Vec<NodeIx> = before.copied().collect();
        if before.is_empty() {
            return true;
        }
        for parent in before {
            if parent != without && !std::mem::replace(&mut seen[parent.index()], true) {
                open.push(parent);
            }
        }
    }
    false
}
