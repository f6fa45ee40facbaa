//! The SDK a worker uses to record a run.
