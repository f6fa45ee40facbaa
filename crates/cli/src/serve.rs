//! `runreel serve`: the app and the API.

use crate::backends::{self, Variable};
use crate::error::CliError;
use server::{Backend, Config};
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use tokio::signal::unix::{SignalKind, signal};

/// Options of `runreel serve`.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Where to listen
    #[arg(
        long,
        env = "RUNREEL_LISTEN",
        default_value = "127.0.0.1:4700",
        value_name = "ADDRESS"
    )]
    pub listen: String,
    /// The folder of the embedded store
    #[arg(
        long,
        env = "RUNREEL_DATA",
        default_value = ".runreel",
        value_name = "DIR"
    )]
    pub data: PathBuf,
    /// What callers must show; without it everybody who can reach the server may do everything
    #[arg(
        long,
        env = "RUNREEL_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub token: Option<String>,
    /// Another name by which the server may be called, as behind a proxy (repeatable)
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,
    /// The path at which a proxy shows the app; it must take the path away again, as `/runreel/`
    #[arg(
        long,
        env = "RUNREEL_BASE_PATH",
        default_value = "/",
        value_name = "PATH"
    )]
    pub base_path: String,
    /// An origin that may show the app in a frame (repeatable)
    #[arg(long, value_name = "ORIGIN")]
    pub frame_ancestor: Vec<String>,
    /// Another origin that the app may call (repeatable)
    #[arg(long, value_name = "ORIGIN")]
    pub connect_source: Vec<String>,
    /// Postgres for events (not supported yet)
    #[arg(
        long,
        env = "RUNREEL_DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub database_url: Option<String>,
    /// Redis for terminals (not supported yet)
    #[arg(
        long,
        env = "RUNREEL_REDIS_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub redis_url: Option<String>,
    /// Loki for logs (not supported yet)
    #[arg(
        long,
        env = "RUNREEL_LOKI_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub loki_url: Option<String>,
    /// An object store for artifacts and archives (not supported yet)
    #[arg(
        long,
        env = "RUNREEL_ARCHIVE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub archive_url: Option<String>,
    /// Another system whose runs to show, by way of this server (repeatable)
    ///
    /// DIALECT is studio, playbook or operations; URL is what api/v1 is added to. The page shows it with
    /// ?backend=NAME. What it asks to be shown never goes to the page: put it, as lines `Header:
    /// value`, into the variable RUNREEL_BACKEND_<NAME>_HEADERS, or the name of a file of such
    /// lines into RUNREEL_BACKEND_<NAME>_HEADERS_FILE (NAME in upper case, with _ for -). A
    /// `user:password@` in the URL is basic authentication, but everybody on this machine can read a command line.
    ///
    /// Example: RUNREEL_BACKEND_LAB_HEADERS='Authorization: Bearer …' runreel serve
    /// --backend lab=studio,https://studio.example
    #[arg(long, value_name = "NAME=DIALECT,URL")]
    pub backend: Vec<String>,
}

/// Serves until Ctrl-C or SIGTERM.
pub fn serve(args: Args) -> Result<(), CliError> {
    let config = config(args, &|name| std::env::var_os(name))?;
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
    let failed = |what: &'static str| {
        move |error: std::io::Error| CliError::Io {
            what: what.into(),
            reason: error.to_string(),
        }
    };
    let runtime = tokio::runtime::Runtime::new().map_err(failed("cannot start"))?;
    runtime.block_on(async {
        let mut interrupt =
            signal(SignalKind::interrupt()).map_err(failed("cannot listen for Ctrl-C"))?;
        let mut terminate =
            signal(SignalKind::terminate()).map_err(failed("cannot listen for SIGTERM"))?;
        let server = server::bind(config).await.map_err(CliError::Serve)?;
        println!("Runreel serves at http://{}", server.address());
        let shutdown = async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        };
        server.run(shutdown).await.map_err(CliError::Serve)
    })
}

/// The server's settings; the error names what cannot be had.
fn config(args: Args, variable: &Variable<'_>) -> Result<Config, CliError> {
    let unsupported = [
        ("--database-url", args.database_url.is_some()),
        ("--redis-url", args.redis_url.is_some()),
        ("--loki-url", args.loki_url.is_some()),
        ("--archive-url", args.archive_url.is_some()),
    ];
    if let Some((flag, _)) = unsupported.iter().find(|(_, given)| *given) {
        return Err(CliError::Usage(format!(
            "{flag} is not supported yet: this version keeps everything in its embedded store. Leave {flag} out and name the store's folder with --data"
        )));
    }
    // Our own store first: it is what is shown when an address names no backend.
    let mut backends = vec![Backend::own()];
    backends.extend(backends::read(&args.backend, variable)?);
    Ok(Config {
        backends,
        listen: address(&args.listen)?,
        data: args.data,
        token: args.token.filter(|token| !token.is_empty()),
        allowed_hosts: args.allow_host,
        base_path: base_path(&args.base_path)?,
        frame_ancestors: args.frame_ancestor,
        connect_sources: args.connect_source,
        ..Config::default()
    })
}

/// A path of plain segments, with a slash at both ends.
fn base_path(text: &str) -> Result<String, CliError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let segments: Vec<&str> = text.split('/').filter(|part| !part.is_empty()).collect();
    let is_plain = |part: &&str| part.chars().all(plain) && part.chars().any(|c| c != '.');
    if !segments.iter().all(is_plain) {
        return Err(CliError::Usage(format!(
            "--base-path {text}: only letters, digits and -._~ may stand between slashes, as in /runreel/"
        )));
    }
    Ok(match segments.is_empty() {
        true => "/".to_owned(),
        false => format!("/{}/", segments.join("/")),
    })
}

fn address(text: &str) -> Result<SocketAddr, CliError> {
    let wrong = |reason: String| {
        CliError::Usage(format!(
            "--listen {text}: {reason}. Give it as ADDRESS:PORT, as 127.0.0.1:4700"
        ))
    };
    let mut found = text
        .to_socket_addrs()
        .map_err(|error| wrong(error.to_string()))?;
    found
        .next()
        .ok_or_else(|| wrong("it means no address".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn read(line: &[&str]) -> Result<Config, String> {
        let line = Line::parse_from(std::iter::once(&"serve").chain(line));
        config(line.args, &|_| None).map_err(|error| error.to_string())
    }

    #[test]
    fn flags_become_settings() {
        let config = read(&["--listen", "127.0.0.1:1234", "--data", "/d", "--token", "t"]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:1234");
        assert_eq!(config.data, PathBuf::from("/d"));
        assert_eq!(config.token.as_deref(), Some("t"));
    }

    #[test]
    fn backends_stand_behind_our_own_in_the_order_given() {
        let config = read(&[
            "--backend",
            "b=playbook,http://b.example",
            "--backend",
            "a=studio,http://a.example",
        ]);
        let listed: Vec<_> = config.unwrap().backends;
        let listed: Vec<_> = listed
            .iter()
            .map(|backend| (&*backend.name, backend.dialect.as_str(), backend.base_url()))
            .collect();
        assert_eq!(
            listed,
            [
                ("runreel", "studio", "./".to_owned()),
                ("b", "playbook", "backends/b".to_owned()),
                ("a", "studio", "backends/a".to_owned()),
            ]
        );
    }

    #[test]
    fn a_base_path_has_slashes_at_both_ends_and_nothing_odd_between() {
        for (given, want) in [
            ("/", "/"),
            ("", "/"),
            ("runreel", "/runreel/"),
            ("/ops//runreel", "/ops/runreel/"),
        ] {
            assert_eq!(read(&["--base-path", given]).unwrap().base_path, want);
        }
        for given in ["/a b/", "/\"><script>/", "/../", "/ä/", "//evil.example?x"] {
            assert!(read(&["--base-path", given]).is_err(), "{given}");
        }
    }

    #[test]
    fn what_cannot_be_had_is_named() {
        for (line, words) in [
            (
                ["--redis-url", "redis://127.0.0.1"],
                "--redis-url is not supported yet",
            ),
            (["--backend", "a"], "--backend a: "),
            (["--listen", "nowhere"], "--listen nowhere: "),
        ] {
            let error = read(&line).unwrap_err();
            assert!(error.starts_with(words), "{error}");
        }
    }
}
