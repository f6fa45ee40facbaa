//! What is known of a run apart from its records.

use crate::state::RunStatus;
use crate::text::{JsonText, Text};
use crate::time::{Millis, Span, Stamp};

/// The run as its source describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunInfo {
    /// Its id at the source.
    pub id: String,
    /// The workflow's id.
    pub workflow_id: String,
    /// The workflow's name.
    pub name: String,
    /// Version of the workflow.
    pub version: Option<i64>,
    /// Id of that version, by which the source gives the graph.
    pub version_id: Option<Text>,
    /// When it started, which is instant zero of everything shown.
    pub started: Option<Millis>,
    /// What set it going, in the source's word.
    pub trigger: Option<Text>,
    /// Who or what that was.
    pub trigger_label: Option<Text>,
    /// The run that started this one.
    pub parent_run: Option<Text>,
    /// Its inputs.
    pub input: Option<JsonText>,
}

/// The run's own status from an instant on.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusUpdate {
    /// From when on it holds.
    pub stamp: Stamp,
    /// How it stands to what was said before it.
    pub kind: StatusKind,
    /// The status.
    pub status: RunStatus,
    /// When the run started, where the update says so.
    pub started: Option<Millis>,
    /// Actions done and to do.
    pub progress: Option<(i64, i64)>,
    /// Why it ended badly.
    pub failure: Option<Failure>,
}

/// How a status update stands to those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusKind {
    /// The run had ended and was set going again: ends before this instant hold until it and no
    /// longer. With a terminal status it has also ended anew, and nobody saw it go on.
    Reopens,
    /// It says how the run stands; where the run has ended, that stays so.
    #[default]
    Plain,
}

/// Why a run ended badly.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// For a person.
    pub reason: Text,
    /// The engine's code.
    pub code: Option<Text>,
    /// Whatever else the engine said.
    pub details: Option<JsonText>,
}

/// A run as a list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSummary {
    /// Its id at the source.
    pub id: Text,
    /// The workflow's id.
    pub workflow_id: Text,
    /// The workflow's name; empty where the source does not say.
    pub name: Text,
    /// Version of the workflow.
    pub version: Option<i64>,
    /// Its status when the list was made.
    pub status: RunStatus,
    /// When it started.
    pub started: Option<Millis>,
    /// When it ended, where it has.
    pub ended: Option<Millis>,
    /// How long it took, as far as the source counts it.
    pub duration: Option<Span>,
    /// What set it going, in the source's word.
    pub trigger: Option<Text>,
    /// Who or what that was.
    pub trigger_label: Option<Text>,
    /// How many events it has, as the source counts them.
    pub event_count: u64,
    /// How many nodes its graph has.
    pub node_count: u64,
    /// The run that started it.
    pub parent_run: Option<Text>,
}
