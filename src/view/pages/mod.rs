//! Pages: which panels stand where.

mod message;
mod open;
mod run;
mod runs;

pub use message::{NotFoundPage, RefusedPage, UnreachablePage};
pub use open::{OpenPage, Opening};
pub use run::RunPage;
pub use runs::RunsPage;
