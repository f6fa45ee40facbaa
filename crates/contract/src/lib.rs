//! What other systems say, field for field: the one mirror of every wire format.
//!
//! Nothing here means anything yet: `source::dialect` turns these types into `model`'s. Reading is
//! lenient (unknown enum values are kept, nulls and missing optionals are the same, ids may be
//! numbers); what we write is the stricter reading: absent never null, UTC ending in `Z`, ids as
//! strings. The documents behind it are `docs/api.md` and `docs/reel.md`.

pub mod agent;
pub mod operations;
pub mod order;
pub mod playbook;
pub mod reel;
pub mod studio;
pub mod time;
mod wire;

pub use wire::Json;

/// The version of the contract; moves together with `docs/api.md` (a test holds them together).
pub const VERSION: &str = "1.0.0";
