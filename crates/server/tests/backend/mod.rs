//! A backend whose every byte the test writes, and a client that sends paths as they are.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]
#![allow(dead_code, reason = "each test file uses a part of it")]

use super::common::{SOON, TestServer};
use server::{Backend, Config, Dialect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

pub fn backend(name: &str, dialect: Dialect, url: &str, headers: &str) -> Backend {
    Backend {
        name: name.to_owned(),
        dialect,
        upstream: Some(server::Upstream::new(url, headers).unwrap()),
    }
}

/// A server with the backend `lab` behind it, which speaks Studio.
pub async fn with_lab(upstream: &Upstream, change: impl FnOnce(&mut Config)) -> TestServer {
    let lab = backend("lab", Dialect::Studio, &upstream.url, "");
    TestServer::with(|config| {
        config.backends.push(lab);
        change(config);
    })
    .await
}

pub struct Upstream {
    pub url: String,
    listener: TcpListener,
}

impl Upstream {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        Self { url, listener }
    }

    async fn accept(&self) -> TcpStream {
        let accepted = timeout(SOON, self.listener.accept()).await;
        accepted.expect("nobody calls the backend").unwrap().0
    }

    /// The next request on a new connection, its head read.
    pub async fn call(&self) -> Call {
        let mut call = Call {
            head: String::new(),
            read: Vec::new(),
            socket: self.accept().await,
        };
        call.read_until("\r\n\r\n").await;
        call.take_head();
        call
    }

    /// The next request, on a connection kept open or a new one.
    pub async fn call_or(&self, mut kept: Call) -> Call {
        kept.read.clear();
        tokio::select! {
            call = self.call() => call,
            () = kept.read_until("\r\n\r\n") => {
                kept.take_head();
                kept
            }
        }
    }

    /// Answers the next connection, whatever it says, and hangs up.
    pub async fn answer_raw(&self, bytes: &str) {
        let mut socket = self.accept().await;
        let mut some = [0; 1_024];
        assert_ne!(
            timeout(SOON, socket.read(&mut some))
                .await
                .unwrap()
                .unwrap(),
            0
        );
        socket.write_all(bytes.as_bytes()).await.unwrap();
    }
}

/// One request at the backend.
pub struct Call {
    /// The request line and the headers, with the empty line.
    pub head: String,
    read: Vec<u8>,
    socket: TcpStream,
}

impl Call {
    fn take_head(&mut self) {
        let end = self
            .read
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap()
            + 4;
        self.head = String::from_utf8(self.read.drain(..end).collect()).unwrap();
    }

    /// Waits until what was received and not taken ends in `end`, or holds it as the end of a head.
    pub async fn read_until(&mut self, end: &str) {
        let end = end.as_bytes();
        while !self.read.windows(end.len()).any(|part| part == end) {
            let read = timeout(SOON, self.socket.read_buf(&mut self.read)).await;
            let read = read.expect("the backend hears nothing").unwrap();
            assert_ne!(
                read,
                0,
                "hung up after {}",
                String::from_utf8_lossy(&self.read)
            );
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The names of the headers that came.
    pub fn names(&self) -> Vec<String> {
        let lines = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "));
        let mut names: Vec<_> = lines.map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort();
        names
    }

    pub async fn write(&mut self, bytes: &str) {
        self.socket.write_all(bytes.as_bytes()).await.unwrap();
    }

    pub async fn chunk(&mut self, text: &str) {
        self.write(&format!("{:x}\r\n{text}\r\n", text.len())).await;
    }

    /// Waits until the other side is gone.
    pub async fn gone(&mut self) {
        let mut some = [0; 1_024];
        let gone = async { while !matches!(self.socket.read(&mut some).await, Ok(0) | Err(_)) {} };
        timeout(SOON, gone).await.expect("the request goes on");
    }
}

/// Sends a request line (`GET /path`) as it is; returns the status and the head of the answer.
pub async fn raw(base: &str, line: &str, headers: &str) -> (u16, String) {
    let host = base.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(host).await.unwrap();
    let request = format!("{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    timeout(SOON, socket.read_to_end(&mut answer))
        .await
        .unwrap()
        .unwrap();
    let answer = String::from_utf8_lossy(&answer);
    let head = answer.split("\r\n\r\n").next().unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, format!("{head}\r\n"))
}
