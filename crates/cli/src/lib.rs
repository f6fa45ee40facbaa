//! The `runreel` command, as a library so that tests can call it.

pub mod args;
pub mod backends;
pub mod error;
pub mod exec;
pub mod export;
pub mod http;
pub mod import;
pub mod pipeline;
pub mod serve;
pub mod synth;

use args::{Cli, Command};
use clap::Parser;
use error::CliError;
use exec::RunEnd;
use std::process::ExitCode;

/// Reads the command line and does what it says. Exit codes: 0 done, 1 failed, 2 bad input, 3 server
/// unreachable, 130 cancelled.
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, CliError> {
    match cli.command {
        Command::Serve(args) => serve::serve(args).map(|()| ExitCode::SUCCESS),
        Command::Exec(args) => exec::exec(&args).map(|end| match end {
            RunEnd::Completed => ExitCode::SUCCESS,
            RunEnd::Failed(_) => ExitCode::from(1),
            RunEnd::Cancelled => ExitCode::from(130),
        }),
        Command::Export(args) => export::export(&args).map(|()| ExitCode::SUCCESS),
        Command::Import(args) => import::import(&args).map(|()| ExitCode::SUCCESS),
        Command::Synth(args) => synth::synth(&args).map(|()| ExitCode::SUCCESS),
    }
}
