//! What Runreel means: one run as a journal of facts, and everything derived from it.
//!
//! Invariants (held by tests):
//! - the journal only grows; what a person sees is a function of `(journal, instant)` alone;
//! - the order in which records arrive, and how often, never shows;
//! - no clock, no randomness, no I/O, no wire format: `source` brings typed items in.

pub mod attempts;
pub mod channel;
pub mod clocks;
pub mod critical_path;
mod deed;
pub mod fuzzy;
pub mod graph;
pub mod groups;
pub mod item;
pub mod journal;
pub mod keyframes;
pub mod log_filter;
pub mod marks;
pub mod missing;
pub mod playhead;
pub mod problem;
pub mod quiet;
mod reading;
pub mod run;
pub mod run_state;
pub mod search;
pub mod shown;
mod standing;
pub mod state;
pub mod summary;
pub mod text;
pub mod time;
pub mod waiting;

pub use graph::{Graph, NodeIx};
pub use item::Item;
pub use journal::{Appended, Journal};
pub use playhead::{PlaybackCommand, Playhead};
pub use problem::Problem;
pub use run_state::{NodeView, RunState};
pub use state::{NodeState, RunStatus};
pub use text::{JsonText, Text};
pub use time::{Millis, Span, Stamp};
