//! The reel: one run as NDJSON, for the wire, for a file and for tests (`docs/reel.md`).

mod identity;
mod line;
mod schema;
mod tables;

pub use identity::{Place, identity, place};
pub use line::{Header, Kind, Line, Note, Record};
pub use schema::{FieldError, canonical_header, canonical_record};

/// The version of the format that we write. A reader of version n reads all before it.
pub const REEL_VERSION: u64 = 1;
