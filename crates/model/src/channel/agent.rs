//! The agent channel: what an AI agent said, thought and did, as a transcript at any instant.

use crate::graph::NodeIx;
use crate::text::{JsonText, Text};
use crate::time::Millis;
use std::collections::BTreeMap;

/// One chunk of an agent's stream, as we understand it.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "fields are named as the transcript's parts")]
pub enum AgentChunk {
    /// A message or a model call begins or ends.
    Step,
    /// A part of text or thinking begins.
    TextStart { id: Text, voice: Voice },
    /// More of it.
    TextDelta { id: Text, voice: Voice, delta: Text },
    /// It is whole.
    TextEnd { id: Text, voice: Voice },
    /// A tool call begins.
    ToolStart { call: Text, tool: Text },
    /// More of its input, as partial JSON.
    ToolInputDelta { call: Text, delta: Text },
    /// Its input is whole.
    ToolInput {
        call: Text,
        tool: Text,
        input: JsonText,
    },
    /// Its output.
    ToolOutput {
        call: Text,
        output: JsonText,
        preliminary: bool,
    },
    /// It failed, or its input could not be used.
    ToolError {
        call: Text,
        tool: Option<Text>,
        message: Text,
    },
    /// It was not allowed.
    ToolDenied { call: Text },
    /// Everything of the current step is taken back.
    ResetStep,
    /// The stream failed.
    Error { message: Text },
    /// The stream was given up.
    Abort { reason: Option<Text> },
    /// The message is whole.
    Finish { reason: Option<Text> },
    /// Anything else, kept and shown as it is.
    Other { kind: Text, raw: JsonText },
}

/// Aloud or in thought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The answer.
    Text,
    /// The thinking.
    Reasoning,
}

/// A part of the transcript.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "named by what they hold")]
pub enum Part {
    Said {
        id: Text,
        voice: Voice,
        text: String,
        at: Millis,
        open: bool,
        headless: bool,
    },
    Tool(ToolCall),
    Error {
        message: Text,
        at: Millis,
    },
    Ended {
        how: Text,
        at: Millis,
    },
    Other {
        kind: Text,
        raw: JsonText,
        at: Millis,
    },
}

/// A tool call and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolCall {
    /// Its id.
    pub call: Text,
    /// The tool's name.
    pub tool: Text,
    /// When it began.
    pub at: Millis,
    /// When it ended.
    pub ended: Option<Millis>,
    /// Its input; while it is still coming, as far as it came.
    pub input: String,
    /// How it stands.
    pub outcome: Outcome,
}

/// How a tool call stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Going on, perhaps with a preliminary output.
    Running(Option<JsonText>),
    /// Its output.
    Done(JsonText),
    /// It failed.
    Failed(Text),
    /// It was not allowed.
    Denied,
}

#[derive(Clone, Debug)]
struct Entry {
    sequence: u64,
    at: Millis,
    /// The latest instant up to here: a part never shows before the parts that precede it.
    shown: Millis,
    chunk: AgentChunk,
}

/// One of an agent's runs.
#[derive(Clone, Debug)]
pub struct AgentRun {
    /// Its id.
    pub id: Text,
    /// The node that runs it.
    pub node: NodeIx,
    entries: Vec<Entry>,
}

impl AgentRun {
    /// How many chunks are there at `at`.
    pub fn upto(&self, at: Millis) -> usize {
        self.entries.partition_point(|entry| entry.shown <= at)
    }

    /// The transcript as it stood at `at`.
    pub fn transcript(&self, at: Millis) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut step = 0;
        for entry in &self.entries[..self.upto(at)] {
            match &entry.chunk {
                AgentChunk::Step => step = parts.len(),
                AgentChunk::ResetStep => parts.truncate(step),
                chunk => fold(&mut parts, chunk, entry.at),
            }
        }
        parts
    }

    /// A chunk by its number, with its sequence and the instant from which it shows.
    pub fn chunk(&self, number: usize) -> Option<(u64, Millis, &AgentChunk)> {
        let entry = self.entries.get(number)?;
        Some((entry.sequence, entry.shown, &entry.chunk))
    }

    /// The instants of all chunks, in the agent's own order.
    pub fn instants(&self) -> impl Iterator<Item = Millis> {
        self.entries.iter().map(|entry| entry.at)
    }

    /// The ids of the tools' calls, each as often as a chunk begins it.
    pub fn calls(&self) -> impl Iterator<Item = &Text> {
        self.entries.iter().filter_map(|entry| match &entry.chunk {
            AgentChunk::ToolStart { call, .. } | AgentChunk::ToolInput { call, .. } => Some(call),
            _ => None,
        })
    }

    /// Instants at which something began, for marks on the timeline.
    pub fn marks(&self) -> impl Iterator<Item = Millis> {
        self.entries
            .iter()
            .filter(|entry| matches!(entry.chunk, AgentChunk::ToolInput { .. } | AgentChunk::Step))
            .map(|entry| entry.at)
    }
}

/// All agents of a run.
#[derive(Clone, Debug, Default)]
pub struct AgentChannel {
    runs: BTreeMap<Text, AgentRun>,
    end: Option<Millis>,
}

impl AgentChannel {
    /// Puts a chunk where it belongs; `false` when its sequence is taken.
    pub fn insert(
        &mut self,
        id: &Text,
        node: NodeIx,
        sequence: u64,
        at: Millis,
        chunk: AgentChunk,
    ) -> bool {
        let run = self.runs.entry(id.clone()).or_insert_with(|| AgentRun {
            id: id.clone(),
            node,
            entries: Vec::new(),
        });
        let index = run
            .entries
            .partition_point(|entry| entry.sequence < sequence);
        if run
            .entries
            .get(index)
            .is_some_and(|entry| entry.sequence == sequence)
        {
            return false;
        }
        run.entries.insert(
            index,
            Entry {
                sequence,
                at,
                shown: at,
                chunk,
            },
        );
        let mut latest = index
            .checked_sub(1)
            .map_or(Millis::MIN, |before| run.entries[before].shown);
        for entry in &mut run.entries[index..] {
            latest = latest.max(entry.at);
            entry.shown = latest;
        }
        self.end = self.end.max(Some(at));
        true
    }

    /// All agents' runs, by id.
    pub fn runs(&self) -> impl Iterator<Item = &AgentRun> {
        self.runs.values()
    }

    /// The agents' runs of a node.
    pub fn of(&self, node: NodeIx) -> impl Iterator<Item = &AgentRun> {
        self.runs.values().filter(move |run| run.node == node)
    }

    /// The instant of the last chunk.
    pub fn end(&self) -> Option<Millis> {
        self.end
    }
}

/// A delta for a part that never began (its beginning was lost) opens it and marks it headless,
/// where the SDK would give up.
fn fold(parts: &mut Vec<Part>, chunk: &AgentChunk, at: Millis) {
    match chunk {
        AgentChunk::TextStart { id, voice } => parts.push(Part::Said {
            id: id.clone(),
            voice: *voice,
            text: String::new(),
            at,
            open: true,
            headless: false,
        }),
        AgentChunk::TextDelta { id, voice, delta } => said(parts, id, *voice, at).push_str(delta),
        AgentChunk::TextEnd { id, voice } => {
            said(parts, id, *voice, at);
            close(parts, id, *voice);
        }
        AgentChunk::ToolStart { call, tool } => {
            tool_call(parts, call, Some(tool), at);
        }
        AgentChunk::ToolInputDelta { call, delta } => {
            tool_call(parts, call, None, at).input.push_str(delta);
        }
        AgentChunk::ToolInput { call, tool, input } => {
            tool_call(parts, call, Some(tool), at).input = input.as_str().to_owned();
        }
        AgentChunk::ToolOutput {
            call,
            output,
            preliminary,
        } => {
            let call = tool_call(parts, call, None, at);
            if *preliminary {
                call.outcome = Outcome::Running(Some(output.clone()));
            } else {
                call.outcome = Outcome::Done(output.clone());
                call.ended = Some(at);
            }
        }
        AgentChunk::ToolError {
            call,
            tool,
            message,
        } => {
            let call = tool_call(parts, call, tool.as_ref(), at);
            call.outcome = Outcome::Failed(message.clone());
            call.ended = Some(at);
        }
        AgentChunk::ToolDenied { call } => {
            let call = tool_call(parts, call, None, at);
            call.outcome = Outcome::Denied;
            call.ended = Some(at);
        }
        AgentChunk::Error { message } => parts.push(Part::Error {
            message: message.clone(),
            at,
        }),
        AgentChunk::Abort { reason } => parts.push(Part::Ended {
            how: reason
                .as_ref()
                .map_or_else(|| "aborted".into(), |why| format!("aborted: {why}").into()),
            at,
        }),
        AgentChunk::Finish { reason } => {
            parts.push(Part::Ended {
                how: reason.clone().unwrap_or_else(|| "finished".into()),
                at,
            });
        }
        AgentChunk::Other { kind, raw } => {
            parts.push(Part::Other {
                kind: kind.clone(),
                raw: raw.clone(),
                at,
            });
        }
        AgentChunk::Step | AgentChunk::ResetStep => {}
    }
}

fn said<'a>(parts: &'a mut Vec<Part>, id: &Text, voice: Voice, at: Millis) -> &'a mut String {
    let open = parts.iter().rposition(
        |part| matches!(part, Part::Said { id: known, voice: of, open: true, .. } if known == id && *of == voice),
    );
    let index = open.unwrap_or_else(|| {
        parts.push(Part::Said {
            id: id.clone(),
            voice,
            text: String::new(),
            at,
            open: true,
            headless: true,
        });
        parts.len() - 1
    });
    match &mut parts[index] {
        Part::Said { text, .. } => text,
        _ => unreachable!("index was found or made as Said"),
    }
}

fn close(parts: &mut [Part], id: &Text, voice: Voice) {
    for part in parts.iter_mut().rev() {
        if let Part::Said {
            id: known,
            voice: of,
            open,
            ..
        } = part
            && known == id
            && *of == voice
        {
            *open = false;
            return;
        }
    }
}

fn tool_call<'a>(
    parts: &'a mut Vec<Part>,
    call: &Text,
    tool: Option<&Text>,
    at: Millis,
) -> &'a mut ToolCall {
    let known = parts
        .iter()
        .rposition(|part| matches!(part, Part::Tool(tool) if tool.call == *call));
    let index = known.unwrap_or_else(|| {
        parts.push(Part::Tool(ToolCall {
            call: call.clone(),
            tool: tool.cloned().unwrap_or_else(|| "tool".into()),
            at,
            ended: None,
            input: String::new(),
            outcome: Outcome::Running(None),
        }));
        parts.len() - 1
    });
    match &mut parts[index] {
        Part::Tool(tool) => tool,
        _ => unreachable!("index was found or made as Tool"),
    }
}
