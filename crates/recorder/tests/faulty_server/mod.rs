//! A tiny HTTP server on a real socket that fails as it is told.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What to do with one request.
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    /// Keep the lines, answer 200.
    Ok,
    /// Keep nothing, answer this.
    Status(u16),
    /// Keep nothing, answer this with `Retry-After`.
    RetryAfter(u16, u32),
    /// Keep nothing, close the connection.
    CutBefore,
    /// Keep the lines, close in the middle of the answer.
    KeepAndCut,
    /// Keep the first half, answer 500.
    KeepHalf,
}

#[derive(Default)]
struct State {
    script: VecDeque<Reply>,
    kept: Vec<String>,
    path: String,
    fault: Option<String>,
}

pub struct FaultyServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    listener: Mutex<Option<Listening>>,
}

/// Accepts until it is dropped.
struct Listening {
    stop: Arc<Mutex<bool>>,
    address: SocketAddr,
    thread: Option<thread::JoinHandle<()>>,
}

impl FaultyServer {
    /// Answers by the script, then 200.
    pub fn start(script: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State {
            script: script.into(),
            ..State::default()
        }));
        let listening = Listening::new(listener, state.clone());
        Self {
            address,
            state,
            listener: Mutex::new(Some(listening)),
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All lines kept so far, those sent twice twice.
    pub fn kept(&self) -> Vec<String> {
        self.state.lock().unwrap().kept.clone()
    }

    pub fn path(&self) -> String {
        self.state.lock().unwrap().path.clone()
    }

    /// Answers 400 to a batch with such a line; keeps nothing of it.
    pub fn find_fault_with(&self, words: &str) {
        self.state.lock().unwrap().fault = Some(words.into());
    }

    pub fn refuse_connections(&self) {
        *self.listener.lock().unwrap() = None;
    }

    pub fn accept_connections(&self) {
        let listener = TcpListener::bind(self.address).unwrap();
        *self.listener.lock().unwrap() = Some(Listening::new(listener, self.state.clone()));
    }
}

impl Listening {
    fn new(listener: TcpListener, state: Arc<Mutex<State>>) -> Self {
        let stop = Arc::new(Mutex::new(false));
        let address = listener.local_addr().unwrap();
        let stopped = stop.clone();
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if *stopped.lock().unwrap() {
                    return;
                }
                // One request a connection, one after another: the recorder sends from one thread.
                if let Ok(stream) = stream {
                    answer(stream, &state);
                }
            }
        });
        Self {
            stop,
            address,
            thread: Some(thread),
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        *self.stop.lock().unwrap() = true;
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

fn answer(mut stream: TcpStream, state: &Mutex<State>) {
    let Some((path, body)) = read_request(&stream) else {
        return;
    };
    let mut state = state.lock().unwrap();
    state.path = path;
    let lines: Vec<String> = body.lines().map(str::to_owned).collect();
    if let Some(fault) = &state.fault
        && lines
            .iter()
            .any(|line| line.contains(&format!("\"{fault}\"")))
    {
        let body = format!("{{\"message\":\"no {fault} please\"}}");
        write!(
            stream,
            "HTTP/1.1 400 Bad\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        return;
    }
    let reply = state.script.pop_front().unwrap_or(Reply::Ok);
    match reply {
        Reply::Ok | Reply::KeepAndCut => state.kept.extend(lines),
        Reply::KeepHalf => state.kept.extend_from_slice(&lines[..lines.len() / 2]),
        _ => {}
    }
    let head = match reply {
        Reply::Ok => "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n".to_owned(),
        Reply::KeepAndCut => "HTTP/1.1 200 OK\r\ncontent-length: 200\r\n".to_owned(),
        Reply::Status(status) => format!("HTTP/1.1 {status} Bad\r\ncontent-length: 2\r\n"),
        Reply::RetryAfter(status, seconds) => {
            format!("HTTP/1.1 {status} Later\r\nretry-after: {seconds}\r\ncontent-length: 2\r\n")
        }
        Reply::KeepHalf => "HTTP/1.1 500 Bad\r\ncontent-length: 2\r\n".to_owned(),
        Reply::CutBefore => return,
    };
    write!(stream, "{head}connection: close\r\n\r\n{{}}").unwrap();
}

fn read_request(stream: &TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(stream);
    let (mut path, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if path.is_empty() {
            path = line.split(' ').nth(1)?.to_owned();
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, String::from_utf8(body).ok()?))
}
