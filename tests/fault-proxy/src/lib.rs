//! A proxy for tests that spoils connections on command: what networks and bad proxies do, at will.
//!
//! It speaks HTTP/1 and gives **every request a connection of its own**: it writes
//! `Connection: close` into the request, so that a connection's first line says what all of it is
//! about. That is the simplest way that is right: nothing of an answer needs to be understood, and a
//! fault can concern `/stream` alone. Protocols that change horses (WebSocket) are out of reach.
//!
//! ```text
//!  client ──► accept ──► head of the request ──► [answer | hold | reset]
//!                                └──► server, both ways through `pipe`, under the fault in force
//! ```

mod answer;
mod exchange;
mod fault;
mod head;
mod pipe;
mod registry;

pub use fault::{Answer, Connections, Fault, Kind, Rule};
pub use registry::{PathStats, Stats};

use registry::Registry;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

/// A proxy at work. Dropping it cuts every connection.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    to: SocketAddr,
    registry: Arc<Registry>,
    /// None while connections are refused.
    door: Mutex<Option<JoinHandle<()>>>,
}

impl Proxy {
    /// Listens at `listen` (port 0: any that is free) for what is meant for `to`.
    pub async fn start(listen: SocketAddr, to: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let registry = Arc::new(Registry::default());
        let door = tokio::spawn(accept(listener, to, registry.clone()));
        Ok(Self {
            address,
            to,
            registry,
            door: Mutex::new(Some(door)),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Puts these faults in the place of those in force; none: everything passes. Of several that
    /// concern a connection the first holds. Answers how many open connections are struck.
    pub async fn set(&self, rules: Vec<Rule>) -> io::Result<usize> {
        let refusing = rules.iter().any(|rule| rule.fault == Fault::Refuse);
        let mut door = self.door.lock().await;
        if let Some(open) = door.take_if(|_| refusing) {
            // The listener is gone when the task is, and not before.
            open.abort();
            open.await.ok();
        }
        let struck = self.registry.set(rules);
        if door.is_none() && !refusing {
            let listener = TcpListener::bind(self.address).await?;
            *door = Some(tokio::spawn(accept(
                listener,
                self.to,
                self.registry.clone(),
            )));
        }
        Ok(struck)
    }

    /// What has been counted so far.
    pub fn stats(&self) -> Stats {
        self.registry.stats()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(door) = self.door.get_mut().take() {
            door.abort();
        }
        self.registry.abort_all();
    }
}

async fn accept(listener: TcpListener, to: SocketAddr, registry: Arc<Registry>) {
    loop {
        // What fails here is the client's connection, or for want of descriptors: others may pass.
        match listener.accept().await {
            Ok((client, _)) => registry.spawn(exchange::serve(client, to, registry.clone())),
            Err(_) => tokio::task::yield_now().await,
        }
    }
}
