//! Values that travelled along an edge (contract A.7).

use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// The form of a packet's payload.
    PacketType {
        /// Plain text.
        Text = "text",
        /// A JSON value.
        Json = "json",
        /// Bytes.
        Binary = "binary",
        /// A file; declared, not produced by Studio.
        File = "file",
    }
}

/// One value handed from a node to the next.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.7)"
)]
pub struct Packet {
    #[serde(deserialize_with = "crate::wire::id")]
    pub id: String,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::wire::optional_id"
    )]
    pub run_id: Option<String>,
    pub source_node: String,
    pub target_node: String,
    #[serde(default)]
    pub input_key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Json>,
    /// Milliseconds since the epoch: a number, unlike every other time of this dialect.
    pub timestamp: i64,
    /// 0 to 1 between the first and last packet of its answer; not used by us.
    #[serde(default)]
    pub visual_time: f64,
    /// Bytes of the payload.
    #[serde(default)]
    pub size: i64,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<PacketType>,
}

/// `GET …/dataflows` and the `dataflow` frame.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.1, 11)"
)]
pub struct PacketList {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<String>,
    /// Raw, so that one unreadable packet does not cost the others.
    pub packets: Vec<Json>,
}
