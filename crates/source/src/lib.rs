//! From bytes to batches: SSE, dialects, conversations, reel, back-off, the connection machine.

pub mod backoff;
pub mod connection;
pub mod conversation;
pub mod dialect;
pub mod reel;
pub use scan::sse;
