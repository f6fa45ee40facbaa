//! Subflows and branches as one forest: a branch stands within the innermost subflow that holds all
//! of it, a subflow that the source puts nowhere within the innermost branch that holds all of it.
//!
//! ```text
//! subflow S = {b, b2, x, y}, b forks into x and y ─► y2        S ┬ b, b2 …
//! and b, b2, … are one of two branches of a                      └ branch {y, y2}
//! ```

use super::branches::Branches;
use super::{Group, GroupIx, GroupKind, Groups, Subflows};
use crate::graph::{Graph, NodeIx};

/// Where a branch stands: nothing of it was seen, or the subflow around all that was.
#[derive(Clone, Copy, PartialEq)]
enum Scope {
    Unseen,
    Within(Option<usize>),
}

/// Groups and the innermost one of each node; subflows are numbered first, then branches.
pub(super) fn nest(graph: &Graph, subflows: &Subflows, branches: &Branches) -> Groups {
    let scopes = scopes(subflows, branches);
    let first = subflows.all.len();
    let subflow_ix = |number: usize| GroupIx(number as u32);
    let branch_ix = |number: usize| GroupIx((first + number) as u32);
    // The innermost branch from `branch` outwards that stands within `scope`, else `scope` itself.
    let within = |branch: Option<usize>, scope: Option<usize>| {
        let fits = |branch: &usize| scopes[*branch] == scope;
        let found = around(branches, branch).find(fits).map(branch_ix);
        found.or(scope.map(subflow_ix))
    };
    let mut holding: Vec<Option<Option<usize>>> = vec![None; first];
    for (node, subflow) in subflows.of.iter().enumerate() {
        // What stands in a subflow within a subflow is in both.
        for subflow in subflows.around(*subflow) {
            let held = &mut holding[subflow];
            let branch = branches.of[node];
            *held = Some(match *held {
                Some(held) => common(branches, held, branch),
                None => branch,
            });
        }
    }
    let named = subflows.all.iter().zip(holding);
    let groups = named.map(|((name, outer), holding)| Group {
        kind: GroupKind::Subflow,
        label: graph
            .find(name)
            .and_then(|node| graph.node(node))
            .map_or_else(|| name.clone(), |node| node.label.clone()),
        parent: match outer {
            Some(outer) => Some(subflow_ix(*outer)),
            None => within(holding.flatten(), None),
        },
    });
    let mut groups: Vec<Group> = groups.collect();
    groups.extend(branches.all.iter().enumerate().map(|(number, branch)| {
        Group {
            kind: GroupKind::Branch {
                fork: branch.fork,
                head: branch.head,
            },
            label: graph
                .node(branch.head)
                .map_or_else(|| "".into(), |node| node.label.clone()),
            parent: within(branch.parent, scopes[number]),
        }
    }));
    let nodes = (0..graph.nodes().len() as u32).map(NodeIx);
    let of = nodes.map(|node| within(branches.of[node.index()], subflows.of[node.index()]));
    Groups {
        of: of.collect(),
        groups,
        order: Vec::new(),
    }
}

/// Of each branch the innermost subflow that holds all of it.
fn scopes(subflows: &Subflows, branches: &Branches) -> Vec<Option<usize>> {
    let mut scopes = vec![Scope::Unseen; branches.all.len()];
    let widen = |scope: &mut Scope, by: Option<usize>| {
        *scope = Scope::Within(match *scope {
            Scope::Unseen => by,
            Scope::Within(known) => {
                let mut outwards = subflows.around(known);
                outwards.find(|outer| subflows.around(by).any(|it| it == *outer))
            }
        });
    };
    for (branch, subflow) in branches.of.iter().zip(&subflows.of) {
        if let Some(branch) = branch {
            widen(&mut scopes[*branch], *subflow);
        }
    }
    // A branch stands behind the one it parts from.
    for number in (0..scopes.len()).rev() {
        if let (Some(parent), Scope::Within(own)) = (branches.all[number].parent, scopes[number]) {
            widen(&mut scopes[parent], own);
        }
    }
    let known = |scope: Scope| match scope {
        Scope::Within(scope) => scope,
        Scope::Unseen => None,
    };
    scopes.into_iter().map(known).collect()
}

/// A branch and those it parts from, innermost first.
fn around(branches: &Branches, branch: Option<usize>) -> impl Iterator<Item = usize> {
    std::iter::successors(branch, |number| branches.all[*number].parent)
}

fn common(branches: &Branches, one: Option<usize>, other: Option<usize>) -> Option<usize> {
    around(branches, one).find(|outer| around(branches, other).any(|it| it == *outer))
}
