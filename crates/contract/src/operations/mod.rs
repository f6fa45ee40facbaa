//! The Operations dialect (contract C): one operation, polled or followed, its log and its files.

mod status;
mod stream;

pub use status::{
    AgentResult, ArtifactDownload, ArtifactInfo, ArtifactList, ErrorBody, ErrorCode, ErrorDetail,
    OperationList, OperationState, OperationStatus, ResultStatus,
};
pub use stream::{
    CompleteFrame, ErrorFrame, FrameHead, FrameType, GapFrame, LogFrame, StatusFrame,
};

/// The line that stands where lines were left out.
pub const TRUNCATION_MARKER: &str = "[... logs truncated at 10MB limit ...]";

/// Bytes of log text that are shown before [`TRUNCATION_MARKER`].
pub const LOG_LIMIT_BYTES: usize = 10_000_000;

/// Lines that an answer holds at most: the last ones.
pub const LOG_TAIL_LINES: usize = 100;
