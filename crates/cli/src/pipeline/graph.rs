//! The graph that a viewer draws of a pipeline.

use super::{Join, Output, Pipeline, Step};
use contract::studio::{Graph, GraphEdge, GraphNode, JoinStrategy, NodeConfig, NodeData};

/// Nodes and edges, without positions: where things go is the viewer's choice.
pub fn graph(pipeline: &Pipeline) -> Graph {
    let mut edges = Vec::new();
    for step in &pipeline.steps {
        for need in &step.needs {
            let source = pipeline.steps[*need].name.clone();
            edges.push(GraphEdge {
                id: format!("{source}->{}", step.name),
                source,
                target: step.name.clone(),
                source_handle: None,
                target_handle: None,
            });
        }
    }
    Graph {
        id: None,
        name: pipeline.name.clone(),
        description: None,
        nodes: pipeline.steps.iter().map(node).collect(),
        edges,
        viewport: None,
    }
}

/// The kind of component a step is.
pub(crate) fn component(step: &Step) -> &'static str {
    match (step.output, &step.container) {
        (Output::AgentStream, _) => "agent",
        (Output::Terminal, Some(_)) => "container",
        (Output::Terminal, None) => "command",
    }
}

fn node(step: &Step) -> GraphNode {
    let join = match step.join {
        Join::All => JoinStrategy::All,
        Join::Any => JoinStrategy::Any,
        Join::First => JoinStrategy::First,
    };
    GraphNode {
        id: step.name.clone(),
        kind: component(step).to_owned(),
        position: None,
        data: NodeData {
            label: step.label.clone(),
            config: NodeConfig {
                join_strategy: (step.needs.len() > 1).then_some(join),
                ..NodeConfig::default()
            },
        },
    }
}
