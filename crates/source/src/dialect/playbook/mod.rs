//! The Playbook dialect: a run as one view, and what changes in it as events. A view is compared with
//! what is known; the events that are made of the difference are marked as inferred. A fact has one
//! identity, `(step, attempt, what)`, whoever says it: the first to say it is believed about its
//! instant, and nobody is heard on it again.
//!
//! ```text
//! body of a view ─► Known::run_view ─┐                 ┌─► STARTED, COMPLETED, FAILED, SKIPPED
//! a frame ────────► Known::frame ────┴─► Step::advance ┼─► stated states
//!                                        Lines         ├─► log lines
//!                                        graph         └─► Batch
//! ```

mod frame;
mod graph;
mod known;
mod lines;
pub mod path;
mod position;
mod run_frame;
mod runs;
mod step;
mod step_frame;
mod step_view;
mod view;
mod words;

pub use known::{Asked, Known, Wants};
pub(crate) use position::Position;
pub use runs::decode_runs;
pub use view::{Without, refusal};
