//! A record on its way into a store, and out of it.

use contract::reel::{Kind, Place};
use contract::studio::RunStatus;

/// A canonical record with what a store needs to know of it.
#[derive(Clone, Debug)]
pub struct NewRecord {
    /// What it is.
    pub kind: Kind,
    /// Hash of its identity: two records with the same are one.
    pub identity: [u8; 16],
    /// Where it stands in the reel.
    pub place: Place,
    /// The node it is about.
    pub node: Option<String>,
    /// Severity of a log line or event.
    pub level: Option<String>,
    /// Stream of a log line or terminal chunk, agent run of an agent part.
    pub track: Option<String>,
    /// Canonical JSON without `kind` and, for an artifact, without `content`.
    pub body: String,
    /// An artifact's content.
    pub content: Option<Vec<u8>>,
    /// What it changes beyond being there.
    pub effect: Effect,
}

/// What a record changes in the account of its run.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Nothing.
    None,
    /// The run's state.
    Status {
        /// The new one.
        status: RunStatus,
        /// The status object.
        body: String,
    },
    /// A node was heard of.
    NodeSeen(String),
    /// A node has completed.
    NodeCompleted(String),
    /// The graph, with this many nodes.
    Graph(i64),
    /// A terminal has more to show.
    Terminal {
        /// The node.
        node: String,
        /// Its stream.
        stream: String,
    },
    /// An agent said something.
    Agent {
        /// Which one.
        agent_run: String,
        /// The node it works for.
        node: String,
    },
    /// A question, in some state.
    Question {
        /// Which one.
        id: String,
        /// Its state.
        status: String,
        /// Its form.
        input_type: String,
    },
    /// An artifact, found by this id.
    Artifact(String),
}

/// A record as it is held.
#[derive(Clone, Debug)]
pub struct StoredRecord {
    /// Counts from 1 in each run.
    pub arrival: i64,
    /// Nanoseconds since the epoch; the smallest number where it has no instant.
    pub at: i64,
    /// What it is.
    pub kind: Kind,
    /// Canonical JSON without `kind`.
    pub body: String,
    /// An artifact's content, where it was asked for.
    pub content: Option<Vec<u8>>,
}
