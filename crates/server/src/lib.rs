//! The server: stores and streams runs, and serves the app.
//!
//! Every record goes in through [`contract::reel`] and comes out by its arrival (live) or its place
//! (reel). `docs/api.md` is the surface. Who starts a server calls [`bind`] and [`Server::run`], or
//! [`serve`]; a test calls [`app`] over an [`AppState`].

mod ask;
mod assets;
mod backends;
mod config;
mod error;
mod export;
mod hub;
mod ingest;
mod json;
mod projection;
mod render;
mod routes;
mod run_id;
mod run_view;
mod security;
mod state;
pub mod store;
mod stream;
mod token;

pub use backends::{BadUpstream, Upstream};
pub use config::{Backend, Config, Dialect};
pub use error::Error;
pub use routes::app;
pub use run_id::RunId;
pub use state::AppState;
pub use token::ResumeToken;

use std::future::{Future, IntoFuture};
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// The node that events about the run as a whole name. Viewers draw no node for it.
pub const RUN_NODE: &str = "workflow";

/// Binds, says nothing, and serves until `shutdown` resolves; see [`bind`] to learn the port first.
pub async fn serve(config: Config, shutdown: impl Future<Output = ()> + Send) -> Result<(), Error> {
    bind(config).await?.run(shutdown).await
}

/// Opens the store and takes the port of `config.listen` (0: any that is free).
pub async fn bind(config: Config) -> Result<Server, Error> {
    let listen = config.listen;
    let state = AppState::open(config)?;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|source| Error::Listen {
            address: listen,
            source,
        })?;
    let address = listener.local_addr().map_err(|source| Error::Listen {
        address: listen,
        source,
    })?;
    Ok(Server {
        listener,
        address,
        state,
    })
}

/// A server that has its port and does not answer yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    state: AppState,
}

impl Server {
    /// Where it listens, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `shutdown` resolves, then lets streams end cleanly and requests finish
    /// (10 s at most).
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send) -> Result<(), Error> {
        let ending = self.state.ending().clone();
        let drained = ending.clone();
        let served = axum::serve(self.listener, app(self.state))
            .with_graceful_shutdown(async move { drained.cancelled().await })
            .into_future();
        let mut served = std::pin::pin!(served);
        let failed = tokio::select! {
            result = &mut served => Some(result),
            () = shutdown => None,
        };
        let result = match failed {
            Some(result) => result,
            None => {
                ending.cancel();
                tokio::time::timeout(DRAIN, served).await.unwrap_or(Ok(()))
            }
        };
        result.map_err(Error::Serve)
    }
}

/// How long open requests may go on after the server was told to stop.
const DRAIN: std::time::Duration = std::time::Duration::from_secs(10);
