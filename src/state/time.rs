//! Instants as the person's own clock and calendar say them.

pub use crate::dom::clock::{local_date_time, local_time};
