//! The reactive facade over the model: few signals, read by panels, written by the client and by
//! commands. Draws nothing, fetches nothing.

pub mod commands;
pub mod deck;
pub mod desk;
mod extent;
pub mod history;
pub mod link;
pub mod playback;
pub mod reactive;
pub mod run_store;
pub mod runs_store;
pub mod selection;
pub mod signs;
pub mod snapshot;
pub mod time;
pub mod timeline_view;
pub mod view_link;
pub mod work;

pub use desk::Desk;
pub use link::{Backend, ConnectionCommand, LinkStatus};
pub use run_store::RunStore;
pub use runs_store::RunsStore;
pub use selection::{Selection, Tab};
