//! An operation that writes lines, its backend, and a page that watches it by polls and stream.

use super::{RUN, WINDOW, ZERO, conversation};
use contract::time::format_millis;
use model::{Item, Journal, Millis};
use source::conversation::{Answer, Conversation, Extent, Heard, Reply, Request};
use source::dialect::Batch;

/// What a backend can do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Backend {
    /// Polls alone.
    Plain,
    /// A stream without ids, which begins anywhere.
    Planned,
    /// Ours.
    Ours,
}

/// An operation that writes `l1`, `l2`, …, and a page that watches it.
pub struct World {
    backend: Backend,
    pub now: i64,
    /// When each line was written, and its arrival.
    pub lines: Vec<(i64, u64)>,
    arrival: u64,
    over: bool,
    pub talk: Conversation,
    pub journal: Journal,
    pub problems: Vec<String>,
    /// Requests on their way.
    pub asked: Vec<Request>,
    /// Answers on their way back, and some that were already delivered.
    answers: Vec<(Request, u16, String)>,
    /// Frames of the open stream that are not delivered: lines from this one on.
    pub stream: Option<Open>,
    /// Whether a request for the rest of the log is answered.
    pub answers_rest: bool,
}

pub struct Open {
    pub next: usize,
    pub head: bool,
}

impl World {
    pub fn new(backend: Backend, streams: bool) -> Self {
        let mut talk = conversation();
        talk.allow_streams(streams);
        Self {
            backend,
            now: ZERO,
            lines: Vec::new(),
            arrival: 1,
            over: false,
            talk,
            journal: Journal::default(),
            problems: Vec::new(),
            asked: Vec::new(),
            answers: Vec::new(),
            stream: None,
            answers_rest: true,
        }
    }

    pub fn write(&mut self, lines: usize) {
        for number in 0..lines {
            // Other records arrive between lines.
            self.arrival += 1 + u64::from(number % 3 == 0);
            self.lines.push((self.now, self.arrival));
        }
        self.arrival += 1;
    }

    pub fn body(&self) -> String {
        let count = self.lines.len() as u64;
        let shown = count.saturating_sub(WINDOW) + 1..=count;
        let logs: Vec<_> = shown.map(|number| format!("\"l{number}\"")).collect();
        let status = if self.over { "succeeded" } else { "processing" };
        let cursor = match self.backend {
            Backend::Ours => format!(r#","cursor":"e-{}""#, self.arrival),
            _ => String::new(),
        };
        format!(
            r#"{{"kind":"OperationStatus","id":"{RUN}","status":"{status}","started_at":"2026-01-01T00:00:00Z","finished_at":null,"result":{{"status":"processing","logs":[{}],"log_count":{count},"truncated":false}}{cursor}}}"#,
            logs.join(",")
        )
    }

    /// The server answers the request that left first.
    pub fn serve(&mut self) {
        if !self.asked.is_empty() {
            let request = self.asked.remove(0);
            let (status, body) = match request.address.split_once("/stream") {
                None => (200, self.body()),
                Some(_) if !self.answers_rest => (404, String::new()),
                Some((_, after)) => (200, self.rest(after.strip_prefix("?after=e-"))),
            };
            self.answers.push((request, status, body));
        }
    }

    /// An answer comes, perhaps again; a newer one may have come before.
    pub fn deliver(&mut self, which: usize) {
        if self.answers.is_empty() {
            return;
        }
        let (request, status, body) = &self.answers[which % self.answers.len()];
        let came = Answer {
            status: *status,
            body,
            at: Millis(self.now),
        };
        match self.talk.answer(request, came) {
            Reply::Read { batch, next } => {
                self.asked.extend(next);
                self.take(batch);
            }
            Reply::Failed { message } => panic!("{message}"),
        }
    }

    /// The whole stream of an operation that is over.
    fn rest(&self, after: Option<&str>) -> String {
        assert!(self.over && self.backend == Backend::Ours, "it has no end");
        let after: u64 = after.map_or(0, |after| after.parse().unwrap());
        let mut text = ": ok\n\n".to_owned();
        let mut frame = |arrival: u64, data: &str| {
            text += &format!("id: e-{arrival}\ndata: {data}\n\n");
        };
        frame(after, r#"{"type":"status","status":"succeeded"}"#);
        for (number, (at, arrival)) in self.lines.iter().enumerate() {
            if *arrival > after {
                frame(*arrival, &Self::line(number + 1, *at));
            }
        }
        frame(self.arrival, r#"{"type":"complete","status":"succeeded"}"#);
        text
    }

    fn line(number: usize, at: i64) -> String {
        let at = format_millis(at);
        format!(
            r#"{{"type":"log","content":"l{number}","node":"n","timestamp":"{at}","id":"r{number}"}}"#
        )
    }

    pub fn open(&mut self, joined: bool) {
        let request = self.talk.stream();
        let after = request.after.map(|token| {
            assert!(request.address.ends_with(&format!("?after={token}")));
            let arrival = token.as_str().strip_prefix("e-").unwrap();
            arrival.parse::<u64>().unwrap()
        });
        let (next, head) = match (self.backend, joined) {
            (Backend::Plain, _) => return,
            (Backend::Planned, true) => (self.lines.len(), true),
            (Backend::Planned, false) => (0, false),
            // Another page had it open.
            (Backend::Ours, true) => (self.lines.len(), false),
            (Backend::Ours, false) => {
                let after = after.unwrap_or(0);
                let next = self.lines.partition_point(|(_, arrival)| *arrival <= after);
                (next, true)
            }
        };
        self.stream = Some(Open { next, head });
    }

    /// So many frames come.
    pub fn stream(&mut self, frames: usize) {
        for _ in 0..frames {
            let Some(open) = &mut self.stream else { return };
            let (id, data) = if std::mem::take(&mut open.head) {
                let before = open
                    .next
                    .checked_sub(1)
                    .map_or(0, |before| self.lines[before].1);
                let data = r#"{"type":"status","status":"processing"}"#.to_owned();
                (before, data)
            } else if let Some((at, arrival)) = self.lines.get(open.next) {
                open.next += 1;
                let number = open.next;
                let data = match self.backend {
                    Backend::Ours => Self::line(number, *at),
                    _ => format!(r#"{{"type":"log","content":"l{number}"}}"#),
                };
                (*arrival, data)
            } else {
                return;
            };
            let id = match self.backend {
                Backend::Ours => format!("e-{id}"),
                _ => String::new(),
            };
            let mut heard = Heard::default();
            let now = Millis(self.now);
            self.talk.frame("message", &id, &data, now, &mut heard);
            self.take(heard.batch);
        }
    }

    pub fn take(&mut self, batch: Batch) {
        self.problems
            .extend(batch.problems.iter().map(|it| it.what.to_string()));
        let repeated = |item: &Item| matches!(item, Item::Log(_));
        let logs = batch.items.iter().filter(|item| repeated(item)).count();
        let before = self.journal.logs().len();
        self.journal.append(batch.items);
        assert_eq!(
            self.journal.logs().len(),
            before + logs,
            "a line came twice"
        );
    }

    /// The run is over, streams are cut, and the page looks until nothing is left to ask for.
    pub fn settle(&mut self) {
        self.stream = None;
        self.over = true;
        for _ in 0..8 {
            self.now += 1_000;
            let asides = self.talk.asides();
            self.asked.extend(asides);
            let poll = self.talk.begin(Extent::Delta);
            self.asked.extend(poll);
            while !self.asked.is_empty() {
                self.serve();
                let last = self.answers.len() - 1;
                self.deliver(last);
            }
        }
    }

    /// Every line stands once and in order, or within one gap; how many are within gaps.
    pub fn missing(&self) -> u64 {
        let mut next = 1;
        let mut missing = 0;
        let logs = self.journal.logs();
        for line in logs.lines(0..logs.len()) {
            match line.message.strip_prefix('l') {
                Some(number) if number.parse() == Ok(next) => next += 1,
                _ => {
                    let said: u64 = line.message.split(' ').next().unwrap().parse().unwrap();
                    let id = line.id.to_string();
                    let range = id.split_once('.').unwrap().1;
                    let (from, to) = range.split_once('-').unwrap();
                    let (from, to): (u64, u64) = (from.parse().unwrap(), to.parse().unwrap());
                    assert_eq!((from, to + 1 - from), (next, said), "{}", line.message);
                    next = to + 1;
                    missing += said;
                }
            }
        }
        assert_eq!(next, self.lines.len() as u64 + 1, "lines at the end");
        missing
    }
}
