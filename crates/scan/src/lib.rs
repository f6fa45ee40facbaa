//! The loops that see every byte of a stream. They have a crate of their own because optimisation
//! is chosen per crate: the app is built for size, and this for speed (docs/decisions/0011).
//!
//! For that to hold, nothing here is generic over what a caller hands in: generic code is compiled
//! with the crate that calls it.

pub mod json;
pub mod sse;
pub mod trace;
