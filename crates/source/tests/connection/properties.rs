//! Properties over random scripts.
