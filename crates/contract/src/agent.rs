//! What an AI agent says: chunks of the AI SDK's UI message stream, majors 5 to 7.
//!
//! On the wire each is `data: {json}`, the last `data: [DONE]`. Unknown types and fields are kept
//! by the record around them ([`crate::studio::AgentPart::chunk`] is raw).

use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// The type of a chunk. `data-NAME` chunks are `Other`; see [`ChunkType::data_name`].
    ChunkType {
        /// A message begins.
        Start = "start",
        /// A model call begins.
        StartStep = "start-step",
        /// A model call ended.
        FinishStep = "finish-step",
        /// v7: everything of the current step is taken back.
        ResetStep = "reset-step",
        /// A text part begins.
        TextStart = "text-start",
        /// More text.
        TextDelta = "text-delta",
        /// The text part is whole.
        TextEnd = "text-end",
        /// Thinking begins.
        ReasoningStart = "reasoning-start",
        /// More thinking.
        ReasoningDelta = "reasoning-delta",
        /// The thought is whole.
        ReasoningEnd = "reasoning-end",
        /// v7: a file that belongs to the thinking.
        ReasoningFile = "reasoning-file",
        /// v7: something a provider invented.
        Custom = "custom",
        /// A tool call begins.
        ToolInputStart = "tool-input-start",
        /// More of its input, as partial JSON.
        ToolInputDelta = "tool-input-delta",
        /// Its input is whole.
        ToolInputAvailable = "tool-input-available",
        /// Its input cannot be used.
        ToolInputError = "tool-input-error",
        /// v6: a person is asked whether it may run.
        ToolApprovalRequest = "tool-approval-request",
        /// v7: the answer.
        ToolApprovalResponse = "tool-approval-response",
        /// Its output, or a preliminary one.
        ToolOutputAvailable = "tool-output-available",
        /// It failed.
        ToolOutputError = "tool-output-error",
        /// v6: it was not allowed.
        ToolOutputDenied = "tool-output-denied",
        /// An address the answer rests on.
        SourceUrl = "source-url",
        /// A document the answer rests on.
        SourceDocument = "source-document",
        /// A file.
        File = "file",
        /// v7: a person steers.
        SteeringMessage = "steering-message",
        /// The stream failed.
        Error = "error",
        /// More metadata.
        MessageMetadata = "message-metadata",
        /// The stream was given up.
        Abort = "abort",
        /// The message is whole.
        Finish = "finish",
    }
}

impl ChunkType {
    /// The NAME of a `data-NAME` chunk.
    pub fn data_name(&self) -> Option<&str> {
        match self {
            Self::Other(word) => word.strip_prefix("data-"),
            _ => None,
        }
    }
}

/// Any chunk: the union of all fields, each present for the types the SDK gives it to.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "field for field as the SDK names them")]
pub struct Chunk {
    #[serde(rename = "type")]
    pub kind: ChunkType,
    /// Of a text, reasoning or data part.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::wire::optional_id"
    )]
    pub id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_metadata: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_text_delta: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Json>,
    #[serde(default)]
    pub preliminary: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Json>,
    #[serde(default)]
    pub transient: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
