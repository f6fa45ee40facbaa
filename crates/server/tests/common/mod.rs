//! A server on a port of its own, drawn runs, and a reader of event streams.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]
#![allow(dead_code, reason = "each test file uses a part of it")]

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use server::Config;
use std::collections::VecDeque;
use std::fmt::Write;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long a test waits for something that is bound to come.
pub const SOON: Duration = Duration::from_secs(20);

pub struct TestServer {
    pub base: String,
    pub client: Client,
    pub data: TempDir,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

impl TestServer {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut config = Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            data: data.path().to_owned(),
            ..Config::default()
        };
        change(&mut config);
        let server = server::bind(config).await.unwrap();
        let base = format!("http://{}", server.address());
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(async move {
            server
                .run(async move { drop(stopped.await) })
                .await
                .unwrap();
        });
        let client = Client::builder().no_proxy().build().unwrap();
        Self {
            base,
            client,
            data,
            stop: Some(stop),
            running,
        }
    }

    /// Stops the server and waits until it has ended.
    pub async fn stop(mut self) -> TempDir {
        self.begin_to_stop();
        tokio::time::timeout(SOON, &mut self.running)
            .await
            .unwrap()
            .unwrap();
        self.data
    }

    pub fn begin_to_stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// GET below `/api/v1`, which must succeed.
    pub async fn json(&self, path: &str) -> Value {
        let response = self.get(&format!("/api/v1{path}")).await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// GET of anything below a run.
    pub async fn run(&self, run: &str, path: &str) -> Value {
        self.json(&format!("/workflows/runs/{run}{path}")).await
    }

    pub async fn reel(&self, run: &str) -> String {
        let response = self
            .get(&format!("/api/v1/workflows/runs/{run}/reel"))
            .await;
        assert_eq!(response.status(), 200);
        response.text().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> (u16, Value) {
        let response = self
            .request(Method::POST, &format!("/api/v1{path}"))
            .body(body)
            .send()
            .await
            .unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (
            status,
            serde_json::from_str(&text).unwrap_or(Value::String(text)),
        )
    }

    /// Posts a reel; returns the status and the answer.
    pub async fn ingest(&self, run: &str, reel: impl Into<reqwest::Body>) -> (u16, Value) {
        self.post(&format!("/workflows/runs/{run}/reel"), reel)
            .await
    }

    /// Posts a reel that must be taken whole.
    pub async fn put(&self, run: &str, reel: &str) {
        let (status, answer) = self.ingest(run, reel.to_owned()).await;
        assert_eq!(status, 200, "{answer}");
    }

    pub async fn stream(&self, run: &str, query: &str, last: Option<&str>) -> Events {
        self.events(&format!("/workflows/runs/{run}/stream{query}"), last)
            .await
    }

    /// An event stream below `/api/v1`.
    pub async fn events(&self, path: &str, last: Option<&str>) -> Events {
        let mut request = self.request(Method::GET, &format!("/api/v1{path}"));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Events {
            response,
            text: Vec::new(),
            ready: VecDeque::new(),
            bytes: 0,
        }
    }
}

/// One server-sent event.
#[derive(Clone, Debug)]
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: Value,
    pub bytes: usize,
}

/// Reads events as they come.
pub struct Events {
    response: Response,
    text: Vec<u8>,
    ready: VecDeque<String>,
    /// Bytes received.
    pub bytes: usize,
}

impl Events {
    /// The next block, comments included; `None` at the end.
    pub async fn block(&mut self) -> Option<String> {
        loop {
            if let Some(block) = self.ready.pop_front() {
                return Some(block);
            }
            let part = tokio::time::timeout(SOON, self.response.chunk()).await;
            let part = part.expect("the stream is silent").unwrap()?;
            self.bytes += part.len();
            self.text.extend_from_slice(&part);
            while let Some(end) = self.text.windows(2).position(|pair| pair == b"\n\n") {
                let rest = self.text.split_off(end + 2);
                let block = std::mem::replace(&mut self.text, rest);
                self.ready
                    .push_back(String::from_utf8(block).unwrap().trim_end().to_owned());
            }
        }
    }

    /// The next event; its name is empty where it has none.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            let block = self.block().await?;
            let field = |name: &str| {
                let start = format!("{name}: ");
                block
                    .lines()
                    .find_map(|line| line.strip_prefix(&start))
                    .unwrap_or_default()
                    .to_owned()
            };
            if !field("data").is_empty() {
                let data = serde_json::from_str(&field("data")).unwrap();
                return Some(Event {
                    name: field("event"),
                    id: field("id"),
                    data,
                    bytes: block.len(),
                });
            }
        }
    }

    /// Events up to and with the first of this name.
    pub async fn until(&mut self, name: &str) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            let found = event.name == name;
            events.push(event);
            if found {
                return events;
            }
        }
        panic!("the stream ended without {name}");
    }

    pub async fn rest(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event);
        }
        events
    }
}

/// The records in an event, each named by kind and what tells it from others.
pub fn records_in(event: &Event) -> Vec<String> {
    let (list, kind) = match event.name.as_str() {
        "trace" => ("events", "trace"),
        "dataflow" => ("packets", "packet"),
        "terminal" => ("chunks", "terminal"),
        "logs" => ("logs", "log"),
        "agent" => ("parts", "agent"),
        "node-io" => ("nodes", "io"),
        "artifacts" => ("artifacts", "artifact"),
        "human-inputs" => ("inputs", "human_input"),
        "records" => ("records", ""),
        _ => return Vec::new(),
    };
    let items = event.data[list].as_array().unwrap();
    items
        .iter()
        .map(|item| name_of(item["kind"].as_str().unwrap_or(kind), item))
        .collect()
}

/// What tells a record from others of its kind.
pub fn name_of(kind: &str, item: &Value) -> String {
    let own = ["id", "chunkIndex", "sequence", "nodeRef", "status"]
        .iter()
        .find_map(|name| item.get(*name));
    format!("{kind} {}", own.unwrap_or(&Value::Null))
}

pub fn instant(second: i64, millis: i64) -> String {
    contract::time::format_millis(1_767_225_600_000 + second * 1_000 + millis)
}

pub fn header(run: &str) -> String {
    json!({
        "reel": 1,
        "run": {"id": run, "workflowId": "w", "workflowName": "Night scan", "status": "RUNNING",
                "startTime": instant(0, 0), "workflowVersionId": "v1", "workflowVersion": 1},
        "graph": {"nodes": [{"id": "a"}, {"id": "b"}, {"id": "c"}],
                  "edges": [{"source": "a", "target": "b"}, {"source": "b", "target": "c"}]},
    })
    .to_string()
}

pub fn trace(id: i64, node: &str, kind: &str, second: i64) -> String {
    json!({"kind": "trace", "id": id, "nodeId": node, "type": kind, "timestamp": instant(second, 0)}).to_string()
}

pub fn log(id: &str, message: &str, second: i64) -> String {
    json!({"kind": "log", "id": id, "nodeId": "a", "level": "warn", "stream": "stdout",
           "message": message, "timestamp": instant(second, 0)})
    .to_string()
}

pub fn terminal(index: i64, bytes: &[u8], second: i64) -> String {
    use base64::Engine;
    let payload = base64::engine::general_purpose::STANDARD.encode(bytes);
    json!({"kind": "terminal", "nodeRef": "a", "stream": "pty", "chunkIndex": index, "payload": payload,
           "recordedAt": instant(second, 0), "cols": 80, "rows": 24})
    .to_string()
}

pub fn status(word: &str, second: i64) -> String {
    json!({"kind": "status", "status": word, "updatedAt": instant(second, 0)}).to_string()
}

/// One record of every kind and a few more, in order, with the run's end last.
pub fn every_kind() -> Vec<String> {
    let mut lines = vec![
        status("RUNNING", 0),
        trace(1, "a", "STARTED", 1),
        log("l1", "<b>slow</b> host \u{1f980}", 1),
        log("l2", "same instant", 1),
        log("l10", "same instant", 1),
        terminal(1, b"\x1b[32mhel", 2),
        terminal(2, b"lo\x1b[0m\r\n", 3),
        trace(2, "a", "COMPLETED", 4),
        json!({"kind": "packet", "id": "p1", "sourceNode": "a", "targetNode": "b", "inputKey": "x",
               "payload": {"n": 1}, "timestamp": 1_767_225_604_000_i64}).to_string(),
        json!({"kind": "io", "nodeRef": "a", "status": "completed", "startedAt": instant(1, 0),
               "completedAt": instant(4, 0), "inputs": {"n": 1}, "outputs": {"big": "x"}}).to_string(),
        json!({"kind": "agent", "agentRunId": "r:plan:1", "nodeRef": "b", "sequence": 1,
               "timestamp": instant(5, 0), "chunk": {"type": "start", "messageId": "m1"}}).to_string(),
        json!({"kind": "agent", "agentRunId": "r:plan:1", "nodeRef": "b", "sequence": 2,
               "timestamp": instant(6, 0), "chunk": {"type": "finish"}}).to_string(),
        json!({"kind": "artifact", "id": "f1", "componentRef": "a", "name": "näme\".html", "mimeType": "text/html",
               "size": 5, "destinations": ["run"], "createdAt": instant(7, 0), "content": "PGI+aGk="}).to_string(),
        json!({"kind": "human_input", "id": "q1", "nodeRef": "c", "status": "pending", "inputType": "approval",
               "title": "Go on?", "createdAt": instant(8, 0)}).to_string(),
        json!({"kind": "note", "id": "n1", "text": "look", "timestamp": instant(8, 0)}).to_string(),
        r#"{"kind":"weather","sky":"blue","huge":123456789012345678901234567890,"exact":1.10}"#.to_owned(),
    ];
    let mut graph = json!({"kind": "graph", "nodes": [{"id": "a"}, {"id": "b"}, {"id": "c"}, {"id": "d"}], "edges": []});
    graph["timestamp"] = instant(9, 0).into();
    lines.push(graph.to_string());
    lines.push(status("COMPLETED", 10));
    lines
}

pub fn reel(run: &str, lines: &[String]) -> String {
    let mut reel = header(run);
    for line in lines {
        write!(reel, "\n{line}").unwrap();
    }
    reel
}
