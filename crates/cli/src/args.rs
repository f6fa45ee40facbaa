//! The command line.

use clap::{Parser, Subcommand};
use recorder::Server;

/// Watch workflow runs live, and rewind them
#[derive(Parser, Debug)]
#[command(name = "runreel", version, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serve the app and the API
    Serve(crate::serve::Args),
    /// Run a pipeline and record it live
    Exec(crate::exec::Args),
    /// Write a run to a reel file
    Export(crate::export::Args),
    /// Send a reel file to a server
    Import(crate::import::Args),
    /// Make a synthetic reel of any size
    Synth(crate::synth::Args),
}

/// Which server to talk to.
#[derive(clap::Args, Clone, Debug)]
pub struct Remote {
    /// The server's address
    #[arg(
        long,
        env = "RUNREEL_SERVER",
        default_value = "http://127.0.0.1:4700",
        value_name = "URL"
    )]
    pub server: String,
    /// The server's token, where it asks for one
    #[arg(
        long,
        env = "RUNREEL_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub token: Option<String>,
}

impl Remote {
    /// As the recorder wants it.
    pub fn server(&self) -> Server {
        Server {
            url: self.server.trim_end_matches('/').to_owned(),
            token: self.token.clone().filter(|token| !token.is_empty()),
        }
    }
}
