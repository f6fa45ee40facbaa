//! The server: stores and streams runs, and serves the app.
