//! From bytes to batches: SSE, dialects, reel, back-off, the connection machine.

pub mod backoff;
pub mod connection;
pub mod dialect;
pub mod reel;
pub mod sse;
