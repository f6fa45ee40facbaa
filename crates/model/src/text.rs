//! Shared text: cheap to clone, never changed.

use std::sync::Arc;

/// Text that many may hold.
pub type Text = Arc<str>;

/// A JSON value kept as its text, so that big numbers, `null` and key order stay exact.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JsonText(pub Text);

impl JsonText {
    /// The JSON source.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
