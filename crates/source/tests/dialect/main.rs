//! What the Studio dialect and the reel decode to: tables, quirks, hostile input, properties.

mod agent;
mod draw;
mod frames;
mod hostile;
mod operations;
mod playbook;
mod reel;
mod runs;
mod trace;
