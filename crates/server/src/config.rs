//! What a server can be told.

use crate::backends::Upstream;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// The settings of a server; `Config::default()` listens on loopback and keeps `.runreel`.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The folder of the embedded store; made when it is not there.
    pub data: PathBuf,
    /// What a caller must show, as bearer or for a session cookie; none: everybody may do everything.
    pub token: Option<String>,
    /// Bytes a reel's body may have, before and after decompression.
    pub body_limit: usize,
    /// Run streams open at once; more are told to come back later.
    pub stream_limit: usize,
    /// Time between two signs of life on a silent stream.
    pub heartbeat: Duration,
    /// How long a `control` request waits for news.
    pub control_wait: Duration,
    /// Where a browser finds the app, behind a proxy that takes this away again: `/`, or a path that
    /// begins and ends with a slash.
    pub base_path: String,
    /// Origins that may show the app in a frame (CSP `frame-ancestors`); none: nobody.
    pub frame_ancestors: Vec<String>,
    /// Origins beside our own that the app may call (CSP `connect-src`).
    pub connect_sources: Vec<String>,
    /// Names beside `localhost` by which a server on loopback may be called without a token.
    pub allowed_hosts: Vec<String>,
    /// `config.json`: whether the app may open streams.
    pub execution_streaming: bool,
    /// `config.json`: time between two polls.
    pub poll_interval: Duration,
    /// `config.json`: delays between attempts to get a lost stream back.
    pub retry_delays: Vec<Duration>,
    /// `config.json`: the backends of the app, the first one chosen by default. Those with an
    /// `upstream` answer below `/backends/NAME/`.
    pub backends: Vec<Backend>,
    /// How long a backend may take to begin an answer that is no stream.
    pub backend_wait: Duration,
}

/// A system the app can read runs from.
#[derive(Clone, Debug)]
pub struct Backend {
    /// As `?backend=NAME`: letters, digits, `-` and `_`.
    pub name: String,
    /// What it speaks.
    pub dialect: Dialect,
    /// Where it is; none: it is this server itself.
    pub upstream: Option<Upstream>,
}

impl Backend {
    /// This server's own store.
    pub fn own() -> Self {
        Self {
            name: "runreel".into(),
            dialect: Dialect::Studio,
            upstream: None,
        }
    }

    /// The address under which `api/v1/…` answers, relative to the app's base. It is always of our
    /// own origin.
    pub fn base_url(&self) -> String {
        match self.upstream {
            None => "./".to_owned(),
            Some(_) => format!("backends/{}", self.name),
        }
    }
}

/// The language of a backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// ShipSec Studio's, and our own.
    Studio,
    /// Playbook runs.
    Playbook,
    /// Operations.
    Operations,
}

impl Dialect {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Studio, Self::Playbook, Self::Operations];

    /// The word for it in `config.json` and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Studio => "studio",
            Self::Playbook => "playbook",
            Self::Operations => "operations",
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 4700)),
            data: PathBuf::from(".runreel"),
            token: None,
            body_limit: 64 << 20,
            stream_limit: 2_048,
            heartbeat: Duration::from_secs(15),
            control_wait: Duration::from_secs(25),
            base_path: "/".into(),
            frame_ancestors: Vec::new(),
            connect_sources: Vec::new(),
            allowed_hosts: Vec::new(),
            execution_streaming: true,
            poll_interval: Duration::from_secs(2),
            retry_delays: [3, 6, 12, 24, 48].map(Duration::from_secs).to_vec(),
            backends: vec![Backend::own()],
            backend_wait: Duration::from_secs(30),
        }
    }
}
