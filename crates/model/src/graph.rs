//! The graph of a run: nodes interned to small numbers, edges, and what stands before and behind.

mod hash;

use crate::text::Text;
use hash::NameHash;
use std::collections::HashMap;

/// A node's number within one journal; stable while the journal lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIx(pub u32);

impl NodeIx {
    /// For indexing.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// When a node with several parents may start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Join {
    /// When all parents succeeded.
    #[default]
    All,
    /// When one parent succeeded.
    Any,
}

/// Where a node comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The graph names it.
    Graph,
    /// Only records name it (a tool call, a run without a graph).
    Records,
}

/// A step of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What records call it.
    pub reference: Text,
    /// What people call it.
    pub label: Text,
    /// Its component or step type, in the source's word.
    pub kind: Text,
    /// When it may start.
    pub join: Join,
    /// Where the source drew it, in canvas units.
    pub position: Option<(f64, f64)>,
    /// The group it belongs to.
    pub group: Option<Text>,
    /// Where it comes from.
    pub origin: Origin,
}

/// A dependency.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edge {
    /// What comes first.
    pub source: NodeIx,
    /// What comes after it.
    pub target: NodeIx,
    /// The output it leaves by; none where it orders only.
    pub source_port: Option<Text>,
    /// The input it enters by.
    pub target_port: Option<Text>,
}

/// A node as a source describes it, before it is interned.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeSpec {
    /// See [`Node`].
    pub reference: Text,
    /// See [`Node`].
    pub label: Text,
    /// See [`Node`].
    pub kind: Text,
    /// See [`Node`].
    pub join: Join,
    /// See [`Node`].
    pub position: Option<(f64, f64)>,
    /// See [`Node`].
    pub group: Option<Text>,
}

/// An edge as a source describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeSpec {
    /// Reference of the node it leaves.
    pub source: Text,
    /// Reference of the node it enters.
    pub target: Text,
    /// See [`Edge`].
    pub source_port: Option<Text>,
    /// See [`Edge`].
    pub target_port: Option<Text>,
}

/// A whole graph as a source describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GraphSpec {
    /// In the source's order.
    pub nodes: Vec<NodeSpec>,
    /// In the source's order.
    pub edges: Vec<EdgeSpec>,
}

/// The nodes and edges of a run, by number.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    by_reference: HashMap<Text, NodeIx, NameHash>,
    parents: Vec<Vec<NodeIx>>,
    children: Vec<Vec<NodeIx>>,
    order: Vec<NodeIx>,
}

impl Graph {
    /// All nodes, by number.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// All edges.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// A node by number.
    pub fn node(&self, node: NodeIx) -> Option<&Node> {
        self.nodes.get(node.index())
    }

    /// A node's number by its reference.
    pub fn find(&self, reference: &str) -> Option<NodeIx> {
        self.by_reference.get(reference).copied()
    }

    /// The distinct nodes with an edge into `node`.
    pub fn parents(&self, node: NodeIx) -> &[NodeIx] {
        self.parents.get(node.index()).map_or(&[], Vec::as_slice)
    }

    /// The distinct nodes with an edge from `node`.
    pub fn children(&self, node: NodeIx) -> &[NodeIx] {
        self.children.get(node.index()).map_or(&[], Vec::as_slice)
    }

    /// All nodes, parents before children; nodes on a cycle come last, by number.
    pub fn topological(&self) -> &[NodeIx] {
        &self.order
    }

    /// The number of a reference, made when it has none yet. Returns whether it was made.
    pub fn intern(&mut self, reference: &Text) -> (NodeIx, bool) {
        if let Some(node) = self.find(reference) {
            return (node, false);
        }
        let node = self.add(Node {
            label: reference.clone(),
            kind: "".into(),
            join: Join::All,
            position: None,
            group: None,
            origin: Origin::Records,
            reference: reference.clone(),
        });
        self.order.push(node);
        (node, true)
    }

    /// Takes a source's graph: known nodes are updated, new ones added, edges replaced. Numbers
    /// given out stay valid.
    pub fn apply(&mut self, spec: &GraphSpec) {
        for node in &mut self.nodes {
            node.origin = Origin::Records;
        }
        for spec in &spec.nodes {
            let node = Node {
                reference: spec.reference.clone(),
                label: spec.label.clone(),
                kind: spec.kind.clone(),
                join: spec.join,
                position: spec.position,
                group: spec.group.clone(),
                origin: Origin::Graph,
            };
            match self.find(&spec.reference) {
                Some(known) => self.nodes[known.index()] = node,
                None => {
                    self.add(node);
                }
            }
        }
        self.edges.clear();
        for edge in &spec.edges {
            // An edge to a node that the graph does not have joins nothing.
            if let (Some(source), Some(target)) = (self.find(&edge.source), self.find(&edge.target))
            {
                self.edges.push(Edge {
                    source,
                    target,
                    source_port: edge.source_port.clone(),
                    target_port: edge.target_port.clone(),
                });
            }
        }
        self.connect();
    }

    fn add(&mut self, node: Node) -> NodeIx {
        let number = NodeIx(self.nodes.len() as u32);
        self.by_reference.insert(node.reference.clone(), number);
        self.nodes.push(node);
        self.parents.push(Vec::new());
        self.children.push(Vec::new());
        number
    }

    fn connect(&mut self) {
        self.parents = vec![Vec::new(); self.nodes.len()];
        self.children = vec![Vec::new(); self.nodes.len()];
        let mut pairs: Vec<_> = self
            .edges
            .iter()
            .map(|edge| (edge.source, edge.target))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        for (source, target) in pairs {
            if source != target {
                self.parents[target.index()].push(source);
                self.children[source.index()].push(target);
            }
        }
        let mut missing: Vec<_> = self.parents.iter().map(Vec::len).collect();
        let mut order: Vec<_> = (0..self.nodes.len() as u32)
            .map(NodeIx)
            .filter(|node| missing[node.index()] == 0)
            .collect();
        let mut next = 0;
        while let Some(&node) = order.get(next) {
            next += 1;
            for child in &self.children[node.index()] {
                missing[child.index()] -= 1;
                if missing[child.index()] == 0 {
                    order.push(*child);
                }
            }
        }
        let on_cycle = (0..self.nodes.len() as u32)
            .map(NodeIx)
            .filter(|node| missing[node.index()] > 0);
        order.extend(on_cycle);
        self.order = order;
    }
}
