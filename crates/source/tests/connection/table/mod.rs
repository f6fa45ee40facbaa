//! One drawn script a rule.

mod ends;
mod fetches;
mod persons;
mod streams;

use source::connection::Policy;

/// Streaming switched off.
fn polling() -> Policy {
    Policy {
        streaming: false,
        ..Policy::default()
    }
}
