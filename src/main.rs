//! The app: mounts the single-page app.

fn main() {}
