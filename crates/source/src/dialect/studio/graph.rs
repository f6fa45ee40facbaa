//! The graph a run is drawn with.

use super::super::decoder::{Decoder, text};
use super::super::lenient::Members;
use contract::studio::{GraphEdge, GraphNode, JoinStrategy};
use model::Item;
use model::graph::{EdgeSpec, GraphSpec, Join, NodeSpec};
use std::collections::HashSet;

impl Decoder {
    /// A version of a workflow, a workflow, or a run's graph: the graph is one of its members. It is
    /// null where a run has none.
    pub(super) fn version(&mut self, raw: &str) {
        match Members::read(raw) {
            Ok(members) => match members.get("graph") {
                Some(graph) => self.graph(graph),
                None if members.has("graph") => {}
                None => self.problem("missing field `graph`", raw),
            },
            Err(what) => self.problem(what, raw),
        }
    }

    /// Nodes and edges, each read by itself: one that cannot be read costs no other.
    pub(super) fn graph(&mut self, raw: &str) {
        let Some((nodes, members)) = self.list(raw, "nodes") else {
            return;
        };
        let mut spec = GraphSpec::default();
        self.each("node", &nodes, |decoder, raw| {
            if let Some(node) = decoder.read(raw) {
                spec.nodes.push(decoder.node(node, raw));
            }
        });
        drop_sole_position(&mut spec.nodes);
        let known: HashSet<_> = spec
            .nodes
            .iter()
            .map(|node| node.reference.clone())
            .collect();
        let edges = members
            .get("edges")
            .map_or(Ok(Vec::new()), serde_json::from_str);
        match edges {
            Ok(edges) => self.each("edge", &edges, |decoder, raw| {
                let Some(edge) = decoder.read::<GraphEdge>(raw) else {
                    return;
                };
                let edge = decoder.edge(edge);
                match known.contains(&edge.source) && known.contains(&edge.target) {
                    true => spec.edges.push(edge),
                    false => decoder.problem("it joins a node that the graph does not have", raw),
                }
            }),
            Err(error) => self.problem(format!("`edges`: {error}"), raw),
        }
        self.push(Item::Graph(Box::new(spec)));
    }

    fn node(&mut self, node: GraphNode, raw: &str) -> NodeSpec {
        let config = node.data.config;
        let join = match config.join_strategy {
            None | Some(JoinStrategy::All) => Join::All,
            Some(JoinStrategy::Any | JoinStrategy::First) => Join::Any,
            Some(JoinStrategy::Other(word)) => {
                self.problem(
                    format!("join strategy `{word}` is not known here; taken as `all`"),
                    raw,
                );
                Join::All
            }
        };
        let reference = self.name(&node.id);
        NodeSpec {
            label: text(Some(node.data.label)).unwrap_or_else(|| reference.clone()),
            kind: self.name(&node.kind),
            join,
            position: node.position.map(|point| (point.x, point.y)),
            group: text(config.group_id),
            reference,
        }
    }

    fn edge(&mut self, edge: GraphEdge) -> EdgeSpec {
        let mut port = |port: Option<String>| {
            port.filter(|port| !port.is_empty())
                .map(|port| self.name(&port))
        };
        EdgeSpec {
            source_port: port(edge.source_handle),
            target_port: port(edge.target_handle),
            source: self.name(&edge.source),
            target: self.name(&edge.target),
        }
    }
}

/// Where every node stands on one point nobody placed them: they are to be laid out.
fn drop_sole_position(nodes: &mut [NodeSpec]) {
    let mut points = nodes.iter().filter_map(|node| node.position);
    let first = points.next();
    if points.all(|point| Some(point) == first) {
        for node in nodes {
            node.position = None;
        }
    }
}
