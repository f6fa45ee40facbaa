//! The rows: groups of nodes that can be closed, nodes, and the attempts of nodes that are opened.

use super::data::Data;
use super::shape::{ATTEMPT_ROW, ROW};
use crate::state::timeline_view::TimelineView;
use crate::view::parts::text::visible;
use layout::timeline::{Entry, Hull, Rows, hulls};
use leptos::prelude::*;
use model::graph::Origin;
use model::groups::{GroupIx, GroupKind, Groups};
use model::{Journal, NodeIx};
use std::collections::BTreeSet;

/// Of a node that is opened so many attempts get a row of their own; all of them stand in the node's.
const MAX_ATTEMPT_ROWS: usize = 200;

/// What a row stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Nodes that belong together: what is known of the group, and how many nodes it holds.
    Group {
        key: String,
        label: String,
        nodes: usize,
    },
    /// A node.
    Node { node: NodeIx, label: String },
    /// One of a node's attempts: its number in the node's lane.
    Attempt { node: NodeIx, ordinal: usize },
}

/// All rows, and which of them show.
#[derive(Default)]
pub struct Tree {
    items: Vec<Item>,
    entries: Vec<Entry>,
    rows: Rows,
    hulls: Vec<Option<Hull>>,
    entry_of: Vec<Option<u32>>,
    groups: bool,
}

impl Tree {
    /// The rows of what is known now. It costs a look at every node and edge.
    pub fn new(journal: &Journal, data: &Data, view: TimelineView) -> Self {
        let graph = journal.graph();
        let groups = Groups::of(journal);
        let mut tree = Self {
            entry_of: vec![None; graph.nodes().len()],
            ..Self::default()
        };
        let opened = view.opened.get_untracked();
        let has_row = |node: &&NodeIx| {
            let named = graph
                .node(**node)
                .is_some_and(|node| node.origin == Origin::Graph);
            named || !data.attempts(**node).intervals().is_empty()
        };
        let shown: Vec<NodeIx> = groups.order.iter().filter(has_row).copied().collect();
        let mut sizes = vec![0_usize; groups.groups.len()];
        for group in shown.iter().flat_map(|node| groups.around(*node)) {
            sizes[group.index()] += 1;
        }
        // The groups we are in, the outermost first, with their entries.
        let mut open: Vec<(GroupIx, usize)> = Vec::new();
        for node in shown {
            // A group of one is none.
            let around = groups.around(node).filter(|group| sizes[group.index()] > 1);
            let mut around: Vec<GroupIx> = around.collect();
            around.reverse();
            let same = open
                .iter()
                .zip(&around)
                .take_while(|((known, _), group)| known == *group);
            let same = same.count();
            tree.close(&mut open, same);
            for group in &around[same..] {
                open.push((*group, tree.items.len()));
                tree.push(
                    group_item(journal, &groups, *group, sizes[group.index()]),
                    0,
                    ROW,
                );
            }
            tree.add(journal, data, node, &opened);
        }
        tree.close(&mut open, 0);
        tree.measure(data);
        tree.arrange(view);
        tree
    }

    /// A node's row, and those of its attempts where it is opened.
    fn add(&mut self, journal: &Journal, data: &Data, node: NodeIx, opened: &BTreeSet<String>) {
        let Some(known) = journal.graph().node(node) else {
            return;
        };
        let attempts = data.attempts(node).intervals().len();
        let rows = match opened.contains(&*known.reference) {
            true if attempts > 1 => attempts.min(MAX_ATTEMPT_ROWS),
            _ => 0,
        };
        self.entry_of[node.index()] = Some(self.items.len() as u32);
        let label = visible(&known.label).into_owned();
        self.push(Item::Node { node, label }, rows, ROW);
        for ordinal in 0..rows {
            self.push(Item::Attempt { node, ordinal }, 0, ATTEMPT_ROW);
        }
    }

    /// Ends all groups but the outermost `keep`: they hold what came since.
    fn close(&mut self, open: &mut Vec<(GroupIx, usize)>, keep: usize) {
        self.groups |= !open.is_empty();
        for (_, at) in open.drain(keep.min(open.len())..) {
            self.entries[at].holds = (self.entries.len() - at - 1) as u32;
        }
    }

    /// Which rows show is chosen anew; what they are stays.
    pub fn arrange(&mut self, view: TimelineView) {
        let closed = view.collapsed.get_untracked();
        let items = &self.items;
        self.rows = Rows::arrange(&self.entries, &|entry| match &items[entry as usize] {
            Item::Group { key, .. } => closed.contains(key),
            Item::Node { .. } | Item::Attempt { .. } => false,
        });
    }

    /// How far groups reach is found anew: what they hold has gone on.
    pub fn measure(&mut self, data: &Data) {
        if !self.groups {
            self.hulls.clear();
            return;
        }
        let items = &self.items;
        self.hulls = hulls(&self.entries, &|entry| match &items[entry as usize] {
            Item::Node { node, .. } | Item::Attempt { node, .. } => {
                let lane = data.attempts(*node);
                let last = lane.intervals().last()?;
                // What failed and was tried again has not failed.
                lane.hull().map(|hull| Hull {
                    rank: last.rank,
                    ..hull
                })
            }
            Item::Group { .. } => None,
        });
    }

    /// Those that show.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// What the `n`-th row that shows stands for.
    pub fn item(&self, row: usize) -> Option<&Item> {
        let row = self.rows.all().get(row)?;
        self.items.get(row.entry as usize)
    }

    /// How far the group of the `n`-th row reaches.
    pub fn hull(&self, row: usize) -> Option<Hull> {
        let row = self.rows.all().get(row)?;
        *self.hulls.get(row.entry as usize)?
    }

    /// The nodes that the group of the `n`-th row holds.
    pub fn nodes(&self, row: usize) -> impl Iterator<Item = NodeIx> {
        let entry = self.rows.all().get(row).map(|row| row.entry as usize);
        let held = entry.map(|entry| entry + 1..entry + 1 + self.entries[entry].holds as usize);
        let items = held
            .and_then(|held| self.items.get(held))
            .unwrap_or_default();
        items.iter().filter_map(|item| match item {
            Item::Node { node, .. } => Some(*node),
            Item::Group { .. } | Item::Attempt { .. } => None,
        })
    }

    /// The row in which a node shows: its own, or that of a closed group that holds it.
    pub fn row_of(&self, node: NodeIx) -> Option<usize> {
        let entry = (*self.entry_of.get(node.index())?)?;
        self.rows.of(entry)
    }

    fn push(&mut self, item: Item, holds: usize, height: f64) {
        self.items.push(item);
        self.entries.push(Entry {
            holds: holds as u32,
            height,
        });
    }
}

/// What a group is called; its key stays the same as long as the group does.
fn group_item(journal: &Journal, groups: &Groups, group: GroupIx, nodes: usize) -> Item {
    let reference = |node: Option<NodeIx>| {
        let node = node.and_then(|node| journal.graph().node(node));
        node.map_or("", |node| &*node.reference)
    };
    let known = &groups.groups[group.index()];
    let label = visible(&known.label).into_owned();
    let (key, label) = match known.kind {
        GroupKind::Subflow => (["subflow ", &label].concat(), label),
        GroupKind::Branch { head, .. } => (["branch ", reference(Some(head))].concat(), label),
        GroupKind::ToolCalls { of } => (
            ["calls ", reference(of)].concat(),
            ["Tools of ", &label].concat(),
        ),
    };
    Item::Group { key, label, nodes }
}
