//! Input and output: performs what the connection machine asks for, decides nothing itself.

pub mod config;
mod loading;
pub mod open_file;
pub mod run_client;
pub mod runs_client;
mod streaming;

pub use config::Config;
pub use run_client::RunClient;
pub use runs_client::RunsClient;
