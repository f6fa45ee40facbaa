//! Stored parts of an agent's stream: chunks of the AI SDK's UI message stream, majors 5 to 7.

use super::super::decoder::{Decoder, count};
use super::super::lenient::{Members, one_line};
use contract::agent::{Chunk, ChunkType};
use contract::studio::AgentPart;
use model::channel::agent::{AgentChunk, Voice};
use model::item::AgentItem;
use model::{Item, JsonText, Text};
use serde_json::value::RawValue;

/// What the envelope says of all its parts.
pub(super) struct Envelope {
    agent_run: Option<String>,
    node: Option<String>,
}

impl Decoder {
    /// `GET /agents/:agentRunId/parts` and the `agent` frame.
    pub(super) fn agent_list(&mut self, raw: &str) {
        if let Some((parts, rest)) = self.list(raw, "parts") {
            let envelope = Envelope::read(&rest);
            self.batch.items.reserve(parts.len());
            self.each("part", &parts, |decoder, raw| {
                decoder.agent(raw, Some(&envelope));
            });
            self.resume(rest.text("cursor"));
            self.batch.has_more = rest.get("hasMore") == Some("true");
        }
    }

    pub(super) fn agent(&mut self, raw: &str, envelope: Option<&Envelope>) {
        let Some(part) = self.read::<AgentPart>(raw) else {
            return;
        };
        let Some(stamp) = self.stamp("timestamp", &part.timestamp, raw) else {
            return;
        };
        let named = |own: Option<String>, shared: Option<&String>| {
            own.filter(|name| !name.is_empty())
                .or_else(|| shared.cloned())
        };
        let agent_run = named(
            part.agent_run_id,
            envelope.and_then(|it| it.agent_run.as_ref()),
        );
        let node = named(part.node_ref, envelope.and_then(|it| it.node.as_ref()));
        let (Some(agent_run), Some(node)) = (agent_run, node) else {
            return self.problem("whose it is: `agentRunId` and `nodeRef` are needed", raw);
        };
        let Some(chunk) = self.chunk(&part.chunk) else {
            return;
        };
        let item = AgentItem {
            agent_run: self.name(&agent_run),
            node: self.name(&node),
            sequence: count(part.sequence),
            at: stamp.at,
            chunk,
        };
        self.push(Item::Agent(Box::new(item)));
    }

    /// A chunk that lacks what its type needs, or whose type is not known, is kept as it came.
    fn chunk(&mut self, raw: &RawValue) -> Option<AgentChunk> {
        let chunk = self.read::<Chunk>(raw.get())?;
        let kind = chunk.kind.clone();
        let understood = self.understand(chunk, raw);
        if understood.is_none() {
            self.problem(format!("a `{kind}` without what it needs"), raw.get());
        }
        Some(understood.unwrap_or_else(|| self.as_it_came(&kind, raw)))
    }

    fn understand(&mut self, chunk: Chunk, raw: &RawValue) -> Option<AgentChunk> {
        let id = |decoder: &mut Self| decoder.name(chunk.id.as_deref().unwrap_or_default());
        let call = |decoder: &mut Self| Some(decoder.name(chunk.tool_call_id.as_deref()?));
        let tool = |decoder: &mut Self| Some(decoder.name(chunk.tool_name.as_deref()?));
        let said = |text: &Option<String>| Text::from(text.as_deref().unwrap_or_default());
        Some(match &chunk.kind {
            ChunkType::Start | ChunkType::StartStep | ChunkType::FinishStep => AgentChunk::Step,
            ChunkType::ResetStep => AgentChunk::ResetStep,
            ChunkType::TextStart | ChunkType::ReasoningStart => AgentChunk::TextStart {
                id: id(self),
                voice: voice(&chunk.kind),
            },
            ChunkType::TextDelta | ChunkType::ReasoningDelta => AgentChunk::TextDelta {
                id: id(self),
                voice: voice(&chunk.kind),
                delta: chunk.delta.as_deref()?.into(),
            },
            ChunkType::TextEnd | ChunkType::ReasoningEnd => AgentChunk::TextEnd {
                id: id(self),
                voice: voice(&chunk.kind),
            },
            ChunkType::ToolInputStart => AgentChunk::ToolStart {
                call: call(self)?,
                tool: tool(self)?,
            },
            ChunkType::ToolInputDelta => AgentChunk::ToolInputDelta {
                call: call(self)?,
                delta: chunk.input_text_delta.as_deref()?.into(),
            },
            ChunkType::ToolInputAvailable => AgentChunk::ToolInput {
                call: call(self)?,
                tool: tool(self)?,
                input: value(chunk.input.as_deref()),
            },
            ChunkType::ToolOutputAvailable => AgentChunk::ToolOutput {
                call: call(self)?,
                output: value(chunk.output.as_deref()),
                preliminary: chunk.preliminary,
            },
            ChunkType::ToolInputError | ChunkType::ToolOutputError => AgentChunk::ToolError {
                call: call(self)?,
                tool: tool(self),
                message: said(&chunk.error_text),
            },
            ChunkType::ToolOutputDenied => AgentChunk::ToolDenied { call: call(self)? },
            ChunkType::Error => AgentChunk::Error {
                message: said(&chunk.error_text),
            },
            ChunkType::Abort => AgentChunk::Abort {
                reason: chunk.reason.map(Text::from),
            },
            ChunkType::Finish => AgentChunk::Finish {
                reason: finish_reason(&chunk),
            },
            ChunkType::Other(word) if chunk.kind.data_name().is_none() => {
                self.problem(format!("chunk type `{word}` is not known here"), raw.get());
                self.as_it_came(&chunk.kind, raw)
            }
            kind => self.as_it_came(kind, raw),
        })
    }

    fn as_it_came(&mut self, kind: &ChunkType, raw: &RawValue) -> AgentChunk {
        AgentChunk::Other {
            kind: self.name(kind.as_str()),
            raw: JsonText(one_line(raw.get()).into()),
        }
    }
}

impl Envelope {
    /// Where the node is not named, the agent's run names it: `<run>:<node>:<its own>`.
    fn read(members: &Members<'_>) -> Self {
        let filled = |name: &str| members.text(name).filter(|text| !text.is_empty());
        let agent_run = filled("agentRunId");
        let node = filled("nodeRef").or_else(|| {
            let run = filled("workflowRunId")?;
            let rest = agent_run
                .as_deref()?
                .strip_prefix(&run)?
                .strip_prefix(':')?;
            Some(rest.rsplit_once(':')?.0.to_owned())
        });
        Self { agent_run, node }
    }
}

fn voice(kind: &ChunkType) -> Voice {
    match kind {
        ChunkType::ReasoningStart | ChunkType::ReasoningDelta | ChunkType::ReasoningEnd => {
            Voice::Reasoning
        }
        _ => Voice::Text,
    }
}

/// A value; one that is missing on the wire was null or undefined.
fn value(raw: Option<&RawValue>) -> JsonText {
    JsonText(raw.map_or("null", RawValue::get).into())
}

/// Studio puts the reason into the metadata.
fn finish_reason(chunk: &Chunk) -> Option<Text> {
    let within = || {
        let metadata = chunk.message_metadata.as_deref()?;
        Members::read(metadata.get()).ok()?.text("finishReason")
    };
    chunk.finish_reason.clone().or_else(within).map(Text::from)
}
