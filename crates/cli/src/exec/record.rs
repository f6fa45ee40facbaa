//! Turns a step's output into records: terminal chunks, log lines, progress, an agent's chunks.

use super::agent_stream::{self, Said};
use super::level::level;
use super::lines::{Lines, Piece, plain};
use super::process::{Channel, TERMINAL_SIZE};
use super::progress::{self, Progress};
use crate::pipeline::{self, Logs, Step};
use contract::studio::{LogLevel, Stream};
use recorder::Node;
use std::time::{Duration, Instant};

/// Bytes of one attempt's output that are recorded.
pub const OUTPUT_LIMIT: usize = 64 << 20;

/// Bytes of one terminal record: below what one frame of a stream may hold, in base64.
const CHUNK_LIMIT: usize = 32 << 10;

/// Progress is told this often at most.
const PROGRESS_PAUSE: Duration = Duration::from_millis(100);

/// The output of one attempt.
pub struct Output<'a> {
    step: &'a Step,
    node: &'a Node,
    /// Terminal bytes not yet recorded.
    gathered: Vec<u8>,
    /// Told with the first chunk only.
    size: Option<(u16, u16)>,
    stdout: Lines,
    stderr: Lines,
    progress: Option<Progress>,
    told: Option<(Progress, Instant)>,
    /// All bytes so far.
    bytes: usize,
    /// The last line that is not blank.
    last_line: String,
    agent: Option<Agent>,
}

/// The agent of an attempt.
pub struct Agent {
    /// `<run>:<node>:<uuid>`.
    pub id: String,
    /// What it said so far.
    pub stream: agent_stream::Stream,
    /// Lines that were no part of its stream.
    pub strays: usize,
}

impl<'a> Output<'a> {
    /// The output of a step; `agent` is the id of its agent run, where it is one.
    pub fn new(step: &'a Step, node: &'a Node, agent: Option<String>) -> Self {
        let agent = agent.map(|id| Agent {
            id,
            stream: agent_stream::Stream::default(),
            strays: 0,
        });
        Self {
            step,
            node,
            gathered: Vec::new(),
            size: Some(TERMINAL_SIZE),
            stdout: Lines::default(),
            stderr: Lines::default(),
            progress: None,
            told: None,
            bytes: 0,
            last_line: String::new(),
            agent,
        }
    }

    /// Takes bytes as they come.
    pub fn take(&mut self, channel: Channel, bytes: &[u8]) {
        let before = self.bytes;
        self.bytes += bytes.len();
        if before >= OUTPUT_LIMIT {
            return;
        }
        if self.bytes >= OUTPUT_LIMIT {
            let message = format!("output beyond {} MiB is not recorded", OUTPUT_LIMIT >> 20);
            self.node.log(LogLevel::Warn, Stream::Console, message);
        }
        if channel == Channel::Terminal {
            self.gathered.extend_from_slice(bytes);
            if self.gathered.len() >= CHUNK_LIMIT {
                self.write_terminal();
            }
        }
        let stderr = channel == Channel::Stderr;
        let mut lines = std::mem::take(if stderr {
            &mut self.stderr
        } else {
            &mut self.stdout
        });
        lines.feed(bytes, |piece| self.piece(channel, piece));
        *(if stderr {
            &mut self.stderr
        } else {
            &mut self.stdout
        }) = lines;
    }

    /// Records what was gathered.
    pub fn flush(&mut self) {
        self.write_terminal();
        let due = |told: &(Progress, Instant)| told.1.elapsed() >= PROGRESS_PAUSE;
        if self.told.as_ref().is_none_or(due) {
            self.tell_progress();
        }
    }

    /// Records all that is left: no more will come.
    pub fn finish(&mut self) {
        let rest = [
            (Channel::Terminal, self.stdout.rest()),
            (Channel::Stderr, self.stderr.rest()),
        ];
        for (channel, piece) in rest {
            if let Some(piece) = piece {
                self.piece(channel, piece);
            }
        }
        self.write_terminal();
        self.tell_progress();
    }

    /// Bytes printed so far.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The last line that is not blank, without colours.
    pub fn last_line(&self) -> &str {
        &self.last_line
    }

    /// What the agent said, where the step is one.
    pub fn agent(&self) -> Option<&Agent> {
        self.agent.as_ref()
    }

    fn piece(&mut self, channel: Channel, piece: Piece) {
        let (text, complete) = match piece {
            Piece::Rewritten(text) => (text, false),
            Piece::Line(text) => (text, true),
        };
        if complete && channel != Channel::Stderr && self.agent_line(&text) {
            return;
        }
        let plain = plain(&text);
        if let Some(progress) = progress::read(&plain, &self.step.progress) {
            self.progress = Some(progress);
        }
        if !plain.trim().is_empty() {
            self.last_line = plain.trim().chars().take(300).collect();
        }
        if complete && self.step.logs == Logs::Lines && !plain.trim().is_empty() {
            let stream = match channel {
                Channel::Stderr => Stream::Stderr,
                Channel::Terminal | Channel::Stdout => Stream::Stdout,
            };
            self.node
                .log(level(&plain, &self.step.levels), stream, text);
        }
    }

    /// Takes a line as an agent's; `false` when it is not.
    fn agent_line(&mut self, line: &str) -> bool {
        let Some(agent) = &mut self.agent else {
            return false;
        };
        match agent_stream::read(line) {
            Said::Nothing | Said::Done => true,
            Said::Chunk(chunk) => match self.node.agent(&agent.id, &chunk) {
                Ok(()) => {
                    agent.stream.note(&chunk);
                    true
                }
                Err(_) => false,
            },
            Said::Other => {
                agent.strays += 1;
                false
            }
        }
    }

    fn write_terminal(&mut self) {
        for chunk in self.gathered.chunks(CHUNK_LIMIT) {
            self.node.terminal(Stream::Pty, chunk, self.size.take());
        }
        self.gathered.clear();
    }

    fn tell_progress(&mut self) {
        let Some(progress) = self.progress.take() else {
            return;
        };
        if self
            .told
            .as_ref()
            .is_some_and(|(told, _)| *told == progress)
        {
            return;
        }
        self.node
            .progress(progress.message.clone(), progress.current, progress.total);
        self.told = Some((progress, Instant::now()));
    }
}

/// Whether a step's output comes through a terminal.
pub fn has_terminal(step: &Step) -> bool {
    step.output == pipeline::Output::Terminal
}
