//! How lanes are grouped: the steps of a subflow, of a parallel branch, the tool calls of an agent;
//! a forest, and an order in which every group is one piece.
//!
//! ```text
//! a ─┬─► b ─► b2 ─┐          a
//!    └─► c ─► c2 ─┴─► d      ┌ b
//!        tool-call:1 of c2   └ b2
//!                            ┌ c
//!                            │ c2
//!                            └ ┌ tool-call:1
//!                            d
//! ```
//!
//! Retries are no group: they are attempts of one lane. A run without edges has no branches.

mod branches;
mod nest;

use crate::graph::{Graph, NodeIx, Origin};
use crate::journal::Journal;
use crate::text::Text;
use branches::{Branches, ranks};
use std::collections::HashMap;

/// A group's number within one grouping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupIx(pub u32);

impl GroupIx {
    /// For indexing.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Why nodes stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// The source says so.
    Subflow,
    /// They come after `head` only, one of several children of `fork`; without a fork one of several
    /// beginnings of the run.
    Branch {
        /// Where it parts from the others.
        fork: Option<NodeIx>,
        /// Its first node.
        head: NodeIx,
    },
    /// They are calls of tools that no graph names.
    ToolCalls {
        /// The node that called, where that is known.
        of: Option<NodeIx>,
    },
}

/// A group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Why.
    pub kind: GroupKind,
    /// The subflow's name, the label of a branch's head or of the node that called; else empty.
    pub label: Text,
    /// The group it stands within.
    pub parent: Option<GroupIx>,
}

/// A grouping of all nodes of a graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups {
    /// By number.
    pub groups: Vec<Group>,
    /// The innermost group of each node, by its number.
    pub of: Vec<Option<GroupIx>>,
    /// All nodes: each group in one piece, within each the earlier in the graph first.
    pub order: Vec<NodeIx>,
}

impl Groups {
    /// Branches within branches, and subflows within subflows, are told apart up to here; what is
    /// nested more deeply belongs to the innermost of these.
    pub const MAX_DEPTH: usize = 8;

    /// Of the graph as known now. It changes when the graph does, or an agent calls a tool; it costs
    /// a look at each node, edge and chunk of an agent.
    pub fn of(journal: &Journal) -> Self {
        let graph = journal.graph();
        let calls = tool_calls(journal);
        let ranks = ranks(graph);
        let subflows = Subflows::of(graph);
        let branches = Branches::of(graph, &ranks);
        let mut groups = nest::nest(graph, &subflows, &branches);
        groups.add_calls(graph, &calls);
        groups.order = groups.in_order(&ranks);
        groups
    }

    /// The groups around a node, innermost first.
    pub fn around(&self, node: NodeIx) -> impl Iterator<Item = GroupIx> {
        let innermost = self.of.get(node.index()).copied().flatten();
        std::iter::successors(innermost, |group| self.groups.get(group.index())?.parent)
    }

    fn add_calls(&mut self, graph: &Graph, calls: &[(NodeIx, Option<NodeIx>)]) {
        let mut known: HashMap<Option<NodeIx>, GroupIx> = HashMap::new();
        for (call, of) in calls {
            let group = *known.entry(*of).or_insert_with(|| {
                let caller = of.and_then(|of| graph.node(of));
                self.groups.push(Group {
                    kind: GroupKind::ToolCalls { of: *of },
                    label: caller.map_or_else(|| "".into(), |caller| caller.label.clone()),
                    parent: of.and_then(|of| self.of[of.index()]),
                });
                GroupIx(self.groups.len() as u32 - 1)
            });
            self.of[call.index()] = Some(group);
        }
    }

    /// The nodes of each group, and the groups within it, by the earliest node of each; a node's
    /// tool calls right behind it.
    fn in_order(&self, ranks: &[u32]) -> Vec<NodeIx> {
        let top = self.groups.len();
        let mut place = vec![(u32::MAX, 0_u8); self.groups.len()];
        for (group, place) in self.groups.iter().zip(&mut place) {
            if let GroupKind::ToolCalls { of: Some(of) } = group.kind {
                *place = (ranks[of.index()], 1);
            }
        }
        let nodes = || (0..self.of.len() as u32).map(NodeIx);
        for node in nodes() {
            for group in self.around(node) {
                let of_node = (ranks[node.index()], 0);
                let calls = matches!(
                    self.groups[group.index()].kind,
                    GroupKind::ToolCalls { of: Some(_) }
                );
                let of_group = &mut place[group.index()];
                if !calls {
                    *of_group = (*of_group).min(of_node);
                }
            }
        }
        let mut within: Vec<Vec<((u32, u8), Entry)>> = vec![Vec::new(); top + 1];
        for node in nodes() {
            let group = self.of[node.index()].map_or(top, GroupIx::index);
            within[group].push(((ranks[node.index()], 0), Entry::Node(node)));
        }
        for (number, group) in self.groups.iter().enumerate() {
            let outer = group.parent.map_or(top, GroupIx::index);
            within[outer].push((place[number], Entry::Group(number)));
        }
        for entries in &mut within {
            // Last first: they are taken from a stack.
            entries.sort_unstable_by(|one, other| other.cmp(one));
        }
        let mut order = Vec::with_capacity(self.of.len());
        let mut open = std::mem::take(&mut within[top]);
        while let Some((_, entry)) = open.pop() {
            match entry {
                Entry::Node(node) => order.push(node),
                Entry::Group(group) => open.append(&mut within[group]),
            }
        }
        order
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Entry {
    Node(NodeIx),
    Group(usize),
}

/// The subflows that the source names.
#[derive(Debug, Default)]
pub(crate) struct Subflows {
    /// Each one's name, and the subflow it stands within.
    pub(crate) all: Vec<(Text, Option<usize>)>,
    /// The innermost of each node.
    pub(crate) of: Vec<Option<usize>>,
}

impl Subflows {
    /// A subflow that bears the name of a node stands where that node does.
    fn of(graph: &Graph) -> Self {
        let mut numbers: HashMap<&Text, usize> = HashMap::new();
        let mut subflows = Self::default();
        for node in graph.nodes() {
            let number = node.group.as_ref().map(|name| {
                *numbers.entry(name).or_insert_with(|| {
                    subflows.all.push((name.clone(), None));
                    subflows.all.len() - 1
                })
            });
            subflows.of.push(number);
        }
        for number in 0..subflows.all.len() {
            let container = graph.find(&subflows.all[number].0);
            let outer = container.and_then(|node| subflows.of[node.index()]);
            // Neither within itself nor too deep.
            let fits = outer.is_some_and(|outer| {
                let around: Vec<usize> = subflows
                    .around(Some(outer))
                    .take(Groups::MAX_DEPTH)
                    .collect();
                !around.contains(&number) && around.len() < Groups::MAX_DEPTH
            });
            subflows.all[number].1 = outer.filter(|_| fits);
        }
        subflows
    }

    /// A subflow and those around it, innermost first.
    pub(crate) fn around(&self, subflow: Option<usize>) -> impl Iterator<Item = usize> {
        std::iter::successors(subflow, |number| self.all[*number].1)
    }
}

/// Nodes that are tool calls, and the node that called, by number. They are called `tool-call:ID` or
/// `NODE:tool-call:ID`; where the name does not say whose, the agent that made call ID does.
fn tool_calls(journal: &Journal) -> Vec<(NodeIx, Option<NodeIx>)> {
    const WORD: &str = "tool-call:";
    let graph = journal.graph();
    let mut callers: Option<HashMap<&str, NodeIx>> = None;
    let mut found = Vec::new();
    for (node, known) in (0..).map(NodeIx).zip(graph.nodes()) {
        if known.origin != Origin::Records {
            continue;
        }
        let Some(start) = known.reference.find(WORD) else {
            continue;
        };
        let (before, id) = known.reference.split_at(start);
        let id = &id[WORD.len()..];
        let named = before.strip_suffix(':').and_then(|name| graph.find(name));
        let of = match (before, named) {
            (_, Some(named)) => Some(named),
            ("", None) => {
                let callers = callers.get_or_insert_with(|| callers_of(journal));
                callers.get(id).copied()
            }
            _ => continue,
        };
        found.push((node, of.filter(|of| *of != node)));
    }
    // A call that calls is one of its caller's: groups of calls do not nest.
    let of: HashMap<NodeIx, Option<NodeIx>> = found.iter().copied().collect();
    for (_, caller) in &mut found {
        *caller = caller.filter(|caller| !of.contains_key(caller));
    }
    found
}

fn callers_of(journal: &Journal) -> HashMap<&str, NodeIx> {
    let runs = journal.agents().runs();
    runs.flat_map(|run| run.calls().map(|call| (&**call, run.node)))
        .collect()
}
