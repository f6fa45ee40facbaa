//! From bytes to batches: SSE, dialects, reel, back-off, the connection machine.

pub mod sse;
