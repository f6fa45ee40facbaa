//! A proxy with the test on both sides of it.
#![allow(dead_code, reason = "each test file uses a part of it")]

use fault_proxy::{Proxy, Rule, Stats};
use std::io::ErrorKind;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub const ANY: &str = "127.0.0.1:0";

/// The proxy and the server behind it.
pub struct Stage {
    pub proxy: Proxy,
    server: Option<TcpListener>,
}

impl Stage {
    pub async fn open() -> Self {
        let server = TcpListener::bind(ANY).await.unwrap();
        let to = server.local_addr().unwrap();
        let proxy = Proxy::start(ANY.parse().unwrap(), to).await.unwrap();
        Self {
            proxy,
            server: Some(server),
        }
    }

    pub async fn set<const N: usize>(&self, rules: [Rule; N]) -> usize {
        self.proxy.set(rules.to_vec()).await.unwrap()
    }

    pub async fn connect(&self) -> Client {
        Client::connect(self.proxy.address()).await
    }

    /// A connection that has asked for `path`.
    pub async fn request(&self, path: &str) -> Client {
        let mut client = self.connect().await;
        client.send(request(path).as_bytes()).await;
        client
    }

    /// The next connection as the server gets it.
    pub async fn accept(&self) -> Client {
        Client(self.server.as_ref().unwrap().accept().await.unwrap().0)
    }

    /// The same once its request for `path` has been read.
    pub async fn accept_request(&self, path: &str) -> Client {
        let mut server = self.accept().await;
        let head = format!("GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n");
        assert_eq!(server.read(head.len()).await, head.as_bytes());
        server
    }

    /// Both ends of a connection whose request has come through.
    pub async fn exchange(&self, path: &str) -> (Client, Client) {
        let client = self.request(path).await;
        (client, self.accept_request(path).await)
    }

    /// A whole exchange on a path of its own: by then, what was to pass has passed.
    pub async fn passes_elsewhere(&self) {
        let (mut client, mut server) = self.exchange("/elsewhere").await;
        server.send(b"ok").await;
        server.end().await;
        assert_eq!(client.rest().await.unwrap(), b"ok");
    }

    pub fn close_server(&mut self) {
        self.server = None;
    }

    pub async fn until(&self, matches: impl Fn(&Stats) -> bool) -> Stats {
        loop {
            let stats = self.proxy.stats();
            if matches(&stats) {
                return stats;
            }
            tokio::task::yield_now().await;
        }
    }
}

pub fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\n\r\n")
}

/// One end of a connection.
pub struct Client(TcpStream);

impl Client {
    pub async fn connect(to: SocketAddr) -> Self {
        Self(TcpStream::connect(to).await.unwrap())
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// To somebody who may not want it.
    pub async fn try_send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.ok();
    }

    pub async fn end(&mut self) {
        self.0.shutdown().await.unwrap();
    }

    pub async fn read(&mut self, bytes: usize) -> Vec<u8> {
        let mut read = vec![0; bytes];
        self.0.read_exact(&mut read).await.unwrap();
        read
    }

    /// Everything up to the end; if it broke, how, and what came before that.
    pub async fn rest(&mut self) -> Result<Vec<u8>, (ErrorKind, Vec<u8>)> {
        let mut rest = Vec::new();
        match self.0.read_to_end(&mut rest).await {
            Ok(_) => Ok(rest),
            Err(error) => Err((error.kind(), rest)),
        }
    }

    pub fn has_nothing(&self) -> bool {
        let read = self.0.try_read(&mut [0]);
        read.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }
}
