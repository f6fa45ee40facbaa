//! A backend of drawn answers, and a conversation with it whose outcome can be drawn.

use model::{Journal, Millis};
use source::conversation::{Answer, Conversation, Extent, Heard, Reply, Request};
use source::dialect::{Batch, Dialect};
use std::collections::BTreeMap;

/// What a Nest application says of an address that it does not know.
pub const UNKNOWN: &str = r#"{"statusCode":404,"message":"Cannot GET","error":"Not Found"}"#;

pub struct Talk {
    pub conversation: Conversation,
    pub journal: Journal,
    /// By path below the run, with its query or for any.
    answers: BTreeMap<String, (u16, String)>,
    pub problems: Vec<String>,
    pub ended: bool,
    /// The clock that answers are dated by.
    pub now: Millis,
}

/// A fetch: the addresses of its waves, and how it failed where it did.
#[derive(Debug, PartialEq, Eq)]
pub struct Fetched {
    pub waves: Vec<String>,
    pub failed: Option<(u16, String)>,
}

impl Talk {
    /// With a backend that knows no `records` and a run `r` that goes on, with nothing in it.
    pub fn plain() -> Self {
        let mut talk = Self {
            conversation: Conversation::new(Dialect::Studio, "/api/v1", "r"),
            journal: Journal::default(),
            answers: BTreeMap::new(),
            problems: Vec::new(),
            ended: false,
            now: Millis(4_000_000_000_000),
        };
        for (path, body) in [
            ("", run("RUNNING", "")),
            ("/status", status("RUNNING", 0, "")),
            ("/trace", trace(&[])),
            ("/logs", logs(&[], "")),
            ("/terminal", terminal("{}", &[])),
            ("/terminal/archive", r#"{"runId":"r","records":[]}"#.to_owned()),
            ("/dataflows", r#"{"runId":"r","packets":[]}"#.to_owned()),
            ("/node-io", r#"{"runId":"r","nodes":[]}"#.to_owned()),
            ("/artifacts", r#"{"runId":"r","artifacts":[]}"#.to_owned()),
            ("/result", r#"{"runId":"r","result":{"outputs":{}}}"#.to_owned()),
            ("human-inputs", "[]".to_owned()),
            (
                "workflows/w/versions/v",
                r#"{"id":"v","workflowId":"w","version":1,"graph":{"nodes":[{"id":"a"},{"id":"b"}],"edges":[{"id":"e","source":"a","target":"b"}]}}"#.to_owned(),
            ),
        ] {
            talk.says(path, 200, &body);
        }
        talk
    }

    /// As [`Self::plain`], with the whole run fetched a moment ago.
    pub fn opened() -> Self {
        let mut talk = Self::plain();
        let fetched = talk.fetch(Extent::Full);
        assert_eq!(fetched.failed, None);
        assert_eq!(talk.round(), [""; 0]);
        talk
    }

    /// What the backend answers from now on; a path of its own does not begin with `/`.
    pub fn says(&mut self, path: &str, status: u16, body: &str) {
        self.answers
            .insert(path.to_owned(), (status, body.to_owned()));
    }

    pub fn fetch(&mut self, extent: Extent) -> Fetched {
        let requests = self.conversation.begin(extent);
        self.perform(requests)
    }

    /// One round of asides and what follows from it.
    pub fn round(&mut self) -> Vec<String> {
        let requests = self.conversation.asides();
        self.perform(requests).waves
    }

    pub fn perform(&mut self, mut requests: Vec<Request>) -> Fetched {
        let mut waves = Vec::new();
        while !requests.is_empty() {
            let paths: Vec<_> = requests.iter().map(|it| path(&it.address)).collect();
            waves.push(paths.join(" "));
            assert!(waves.len() < 100, "it never ends: {waves:?}");
            let mut next = Vec::new();
            for request in &requests {
                match self.answer(request) {
                    Ok(more) => next.extend(more),
                    Err(failed) => {
                        let failed = Some(failed);
                        return Fetched { waves, failed };
                    }
                }
            }
            requests = next;
        }
        Fetched {
            waves,
            failed: None,
        }
    }

    fn answer(&mut self, request: &Request) -> Result<Vec<Request>, (u16, String)> {
        let asked = path(&request.address);
        let bare = asked.split('?').next().unwrap_or_default();
        let unknown = (404, UNKNOWN.to_owned());
        let (status, body) = self
            .answers
            .get(&asked)
            .or_else(|| self.answers.get(bare))
            .unwrap_or(&unknown)
            .clone();
        let answer = Answer {
            status,
            body: &body,
            at: self.now,
        };
        match self.conversation.answer(request, answer) {
            Reply::Read { batch, next } => {
                self.take(batch);
                Ok(next)
            }
            Reply::Failed { message } => Err((status, message)),
        }
    }

    /// A frame of the stream; whether it was the last.
    pub fn frame(&mut self, name: &str, data: &str) -> bool {
        let mut heard = Heard::default();
        self.conversation
            .frame(name, "", data, self.now, &mut heard);
        self.take(heard.batch);
        heard.last
    }

    /// Where the stream would be opened.
    pub fn stream(&mut self) -> String {
        let request = self.conversation.stream();
        assert_eq!(request.after, None, "a real Studio knows no Last-Event-ID");
        path(&request.address)
    }

    fn take(&mut self, batch: Batch) {
        self.ended |= batch.ended;
        let said = batch.problems.iter();
        self.problems
            .extend(said.map(|it| format!("{}: {}", it.place, it.what)));
        self.journal.append(batch.items);
    }

    /// All log lines, `node message`, in their order.
    pub fn lines(&self) -> String {
        let logs = self.journal.logs();
        let text = logs.lines(0..logs.len()).map(|line| {
            let node = line.node.and_then(|node| self.journal.graph().node(node));
            let node = node.map_or("-", |node| &*node.reference);
            format!("{node} {}", line.message)
        });
        text.collect::<Vec<_>>().join(", ")
    }

    /// All events, `node type`, in their order.
    pub fn events(&self) -> String {
        let events = self.journal.events().iter().map(|event| {
            let node = event.node.and_then(|node| self.journal.graph().node(node));
            format!(
                "{} {}",
                node.map_or("-", |it| &*it.reference),
                event.kind.label()
            )
        });
        events.collect::<Vec<_>>().join(", ")
    }

    /// What the terminal of a node printed.
    pub fn printed(&self, node: &str) -> String {
        let graph = self.journal.graph();
        let node = graph.find(node);
        let terminal = node.and_then(|node| self.journal.terminals().of(node));
        let chunks = terminal.map(|it| it.chunks()).unwrap_or_default();
        let bytes: Vec<u8> = chunks.iter().flat_map(|it| it.bytes.to_vec()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Below the run where it is, else below the API.
fn path(address: &str) -> String {
    let path = address.strip_prefix("/api/v1/").unwrap_or(address);
    match path.strip_prefix("workflows/runs/r") {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '?']) => rest.to_owned(),
        _ => path.to_owned(),
    }
}

/// `ms` after the start of the run.
pub fn at(ms: i64) -> String {
    contract::time::format_millis(1_767_225_600_000 + ms)
}

pub fn run(status: &str, more: &str) -> String {
    format!(
        r#"{{"id":"r","workflowId":"w","organizationId":"o","workflowVersionId":"v","workflowVersion":1,"status":"{status}","startTime":"{}","endTime":"{}","temporalRunId":"t","workflowName":"Drawn","eventCount":1,"nodeCount":2,"duration":0,"triggerType":"manual","triggerSource":null,"triggerLabel":null,"inputPreview":{{"runtimeInputs":{{}},"nodeOverrides":{{}}}},"parentRunId":null,"parentNodeRef":null{more}}}"#,
        at(0),
        at(60_000),
    )
}

/// `updated` is when it was asked for.
pub fn status(status: &str, updated: i64, more: &str) -> String {
    format!(
        r#"{{"runId":"r","workflowId":"w","status":"{status}","startedAt":"{}","updatedAt":"{}","taskQueue":"q","historyLength":3{more}}}"#,
        at(0),
        at(updated),
    )
}

/// Events drawn as `id node TYPE ms` and then, perhaps, data.
pub fn trace(events: &[&str]) -> String {
    let cursor = events.last().and_then(|event| event.split(' ').next());
    let cursor = cursor
        .map(|id| format!(r#","cursor":"{id}""#))
        .unwrap_or_default();
    let events: Vec<_> = events.iter().map(|event| self::event(event)).collect();
    format!(r#"{{"events":[{}]{cursor}}}"#, events.join(","))
}

fn event(drawn: &str) -> String {
    let mut words = drawn.splitn(5, ' ');
    let mut word = || words.next().unwrap();
    let (id, node, kind) = (word(), word(), word());
    let at = at(word().parse().unwrap());
    let data = words
        .next()
        .map(|it| format!(r#","data":{it}"#))
        .unwrap_or_default();
    format!(
        r#"{{"id":"{id}","runId":"r","nodeId":"{node}","type":"{kind}","level":"info","timestamp":"{at}"{data}}}"#
    )
}

/// Lines drawn as `ms node message`, with the list's ids.
pub fn logs(lines: &[&str], more: &str) -> String {
    let lines: Vec<_> = lines.iter().enumerate().map(|(index, it)| {
        let (at, node, message) = line(it);
        format!(r#"{{"id":"r-{at}-{index}","runId":"r","nodeId":"{node}","level":"info","message":"{message}","timestamp":"{at}"}}"#)
    }).collect();
    let total = lines.len();
    let more = if more.is_empty() {
        r#","hasMore":false"#
    } else {
        more
    };
    format!(
        r#"{{"runId":"r","logs":[{}],"totalCount":{total}{more}}}"#,
        lines.join(",")
    )
}

/// The same as a frame has them.
pub fn logs_frame(lines: &[&str]) -> String {
    let cursor = lines.last().map(|it| line(it).0).unwrap_or_default();
    let lines: Vec<_> = lines.iter().enumerate().map(|(index, it)| {
        let (at, node, message) = line(it);
        format!(r#"{{"id":"{index}","runId":"r","nodeId":"{node}","level":"info","message":"{message}","timestamp":"{at}","sequence":{index}}}"#)
    }).collect();
    format!(r#"{{"logs":[{}],"cursor":"{cursor}"}}"#, lines.join(","))
}

fn line(drawn: &str) -> (String, &str, &str) {
    let mut words = drawn.splitn(3, ' ');
    let mut word = || words.next().unwrap();
    (at(word().parse().unwrap()), word(), word())
}

/// Chunks of the terminal of `a`, drawn as `index ms base64`.
pub fn terminal(cursor: &str, chunks: &[&str]) -> String {
    let chunks: Vec<_> = chunks.iter().map(|drawn| {
        let mut words = drawn.split(' ');
        let mut word = || words.next().unwrap();
        let (index, at, payload) = (word(), at(word().parse().unwrap()), word());
        format!(r#"{{"nodeRef":"a","stream":"pty","chunkIndex":{index},"payload":"{payload}","recordedAt":"{at}","deltaMs":0,"origin":"docker"}}"#)
    }).collect();
    let cursor = serde_json::to_string(cursor).unwrap();
    format!(
        r#"{{"runId":"r","cursor":{cursor},"chunks":[{}]}}"#,
        chunks.join(",")
    )
}
