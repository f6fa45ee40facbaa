//! The `runreel` command.

fn main() -> std::process::ExitCode {
    cli::main()
}
