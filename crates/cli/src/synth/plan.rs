//! What will happen in a synthetic run: the graph, and for each node its fate and its share of records.

use super::names;
use super::rng::Rng;
use contract::studio::{Graph, GraphEdge, GraphNode, NodeConfig, NodeData};

/// How big a run is to be.
#[derive(Clone, Debug)]
pub struct Size {
    /// Steps, from 1.
    pub nodes: usize,
    /// Lifecycle events.
    pub events: u64,
    /// Log lines.
    pub log_lines: u64,
    /// Bytes of terminal output.
    pub terminal_bytes: u64,
    /// Steps that fail for good.
    pub failing: usize,
    /// Whether it still goes on.
    pub live: Live,
}

/// Whether the run is still going on at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Live {
    /// The last layer runs, and the run has no end.
    Yes,
    /// It ends.
    No,
}

/// What becomes of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It succeeds, after so many attempts.
    Succeeds(u32),
    /// It fails for good.
    Fails,
    /// It never starts, because something it needs failed.
    Blocked,
    /// It runs on.
    RunsOn,
}

/// One node.
#[derive(Clone, Debug)]
pub struct Node {
    pub name: String,
    pub component: &'static str,
    pub needs: Vec<usize>,
    pub fate: Fate,
    pub progress: u64,
    pub log_lines: u64,
    pub terminal_bytes: u64,
}

/// The whole run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub nodes: Vec<Node>,
    pub live: Live,
}

/// Nodes in a hundred that need a second attempt, where there are events enough.
const RETRIES: u64 = 5;

impl Plan {
    /// Draws a plan; the error says what does not fit together.
    pub fn new(size: &Size, seed: u64) -> Result<Self, String> {
        let mut rng = Rng::new(seed, 1);
        let layers = layers(size.nodes, &mut rng);
        let mut nodes = draw(&layers, &mut rng);
        let last = layers.last().map_or(0, |layer| layer.start);
        decide(&mut nodes, size, last, &mut rng)?;
        share(&mut nodes, size, &mut rng)?;
        Ok(Self {
            nodes,
            live: size.live,
        })
    }

    /// The graph it is drawn with.
    pub fn graph(&self) -> Graph {
        let nodes = self.nodes.iter().map(|node| GraphNode {
            id: node.name.clone(),
            kind: node.component.to_owned(),
            position: None,
            data: NodeData {
                label: node.name.clone(),
                config: NodeConfig::default(),
            },
        });
        let edges = self.nodes.iter().flat_map(|node| {
            node.needs.iter().map(|need| {
                let source = self.nodes[*need].name.clone();
                GraphEdge {
                    id: format!("{source}->{}", node.name),
                    source,
                    target: node.name.clone(),
                    source_handle: None,
                    target_handle: None,
                }
            })
        });
        Graph {
            id: None,
            name: "Synthetic run".into(),
            description: None,
            nodes: nodes.collect(),
            edges: edges.collect(),
            viewport: None,
        }
    }
}

/// About √n layers of about √n nodes, as ranges of indices.
fn layers(count: usize, rng: &mut Rng) -> Vec<std::ops::Range<usize>> {
    let width = count.isqrt().max(1);
    let mut layers = Vec::new();
    let mut start = 0;
    while start < count {
        let wanted = (width * 6 / 10 + rng.index(width * 8 / 10 + 1)).max(1);
        let end = (start + wanted).min(count);
        layers.push(start..end);
        start = end;
    }
    layers
}

/// Each node needs one of the layer before, near its own place, and half of them one more from further up.
fn draw(layers: &[std::ops::Range<usize>], rng: &mut Rng) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (depth, layer) in layers.iter().enumerate() {
        for at in layer.clone() {
            let mut needs = Vec::new();
            if depth > 0 {
                needs.push(near(at, layer, &layers[depth - 1], rng));
            }
            if depth > 0 && rng.chance(50) {
                let up = 1 + rng.index(depth.min(3));
                let second = near(at, layer, &layers[depth - up], rng);
                if !needs.contains(&second) {
                    needs.push(second);
                }
            }
            nodes.push(Node {
                name: names::node(at, rng),
                component: names::component(rng),
                needs,
                fate: Fate::Succeeds(1),
                progress: 0,
                log_lines: 0,
                terminal_bytes: 0,
            });
        }
    }
    nodes
}

fn near(
    at: usize,
    from: &std::ops::Range<usize>,
    to: &std::ops::Range<usize>,
    rng: &mut Rng,
) -> usize {
    let place = (at - from.start) * to.len() / from.len() + rng.index(5);
    to.start + place.saturating_sub(2).min(to.len() - 1)
}

fn decide(nodes: &mut [Node], size: &Size, last: usize, rng: &mut Rng) -> Result<(), String> {
    if size.failing > nodes.len() {
        return Err(format!(
            "--fail {}: there are only {} nodes",
            size.failing,
            nodes.len()
        ));
    }
    let mut left = size.failing;
    // The failures lie behind the middle where there is room, so that something happens before them.
    for at in (nodes.len() / 2..nodes.len()).chain(0..nodes.len() / 2) {
        let blocked = nodes[at]
            .needs
            .iter()
            .any(|need| matches!(nodes[*need].fate, Fate::Fails | Fate::Blocked));
        if left > 0 && !blocked {
            nodes[at].fate = Fate::Fails;
            left -= 1;
        }
    }
    let minimum = 2 * nodes.len() as u64;
    let mut spare = size.events.saturating_sub(minimum);
    for at in 0..nodes.len() {
        let blocked = nodes[at].needs.iter().any(|need| {
            matches!(
                nodes[*need].fate,
                Fate::Fails | Fate::Blocked | Fate::RunsOn
            )
        });
        if blocked {
            nodes[at].fate = Fate::Blocked;
        } else if nodes[at].fate == Fate::Fails {
            continue;
        } else if size.live == Live::Yes && at >= last {
            nodes[at].fate = Fate::RunsOn;
        } else if spare >= 2 && rng.chance(RETRIES) {
            nodes[at].fate = Fate::Succeeds(2);
            spare -= 2;
        }
    }
    Ok(())
}

/// Gives out exactly as many records as were asked for.
fn share(nodes: &mut [Node], size: &Size, rng: &mut Rng) -> Result<(), String> {
    let mut fixed = 0;
    for node in nodes.iter() {
        fixed += match node.fate {
            Fate::Succeeds(attempts) => 2 * u64::from(attempts),
            Fate::Fails => 2,
            Fate::RunsOn => 1,
            Fate::Blocked => 0,
        };
    }
    let Some(progress) = size.events.checked_sub(fixed) else {
        return Err(format!(
            "--events {}: a run of {} nodes has {fixed} events at least",
            size.events,
            nodes.len()
        ));
    };
    let weights: Vec<u64> = nodes
        .iter()
        .map(|node| {
            if node.fate == Fate::Blocked {
                0
            } else {
                1 + rng.below(9)
            }
        })
        .collect();
    deal(nodes, &weights, progress, |node| &mut node.progress);
    deal(nodes, &weights, size.log_lines, |node| &mut node.log_lines);
    deal(nodes, &weights, size.terminal_bytes, |node| {
        &mut node.terminal_bytes
    });
    Ok(())
}

/// Deals `total` out by weight, to the last one.
fn deal(nodes: &mut [Node], weights: &[u64], total: u64, part: impl Fn(&mut Node) -> &mut u64) {
    let all: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    let (mut seen, mut given) = (0_u128, 0_u64);
    for (node, weight) in nodes.iter_mut().zip(weights) {
        seen += u128::from(*weight);
        // At most `total`, which is a u64.
        let due = (u128::from(total) * seen).checked_div(all).unwrap_or(0) as u64;
        *part(node) = due - given;
        given = due;
    }
}
