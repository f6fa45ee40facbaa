//! What a server can be told.

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
    /// `config.json`: the backends of the app, the first one chosen by default.
    pub backends: Vec<Backend>,
}

/// A system the app can read runs from.
#[derive(Clone, Debug)]
pub struct Backend {
    /// As `?backend=NAME`.
    pub name: String,
    /// `studio`, `playbook` or `operations`.
    pub dialect: String,
    /// Address under which `api/v1/…` answers, relative to the app's base or absolute.
    pub base_url: String,
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
            frame_ancestors: Vec::new(),
            connect_sources: Vec::new(),
            allowed_hosts: Vec::new(),
            execution_streaming: true,
            poll_interval: Duration::from_secs(2),
            retry_delays: [3, 6, 12, 24, 48].map(Duration::from_secs).to_vec(),
            backends: vec![Backend {
                name: "runreel".into(),
                dialect: "studio".into(),
                base_url: "./".into(),
            }],
        }
    }
}
