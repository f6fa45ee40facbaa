//! Pages: which panels stand where.

mod message;
mod run;
mod runs;

pub use message::{NotFoundPage, RefusedPage, UnreachablePage};
pub use run::RunPage;
pub use runs::RunsPage;
