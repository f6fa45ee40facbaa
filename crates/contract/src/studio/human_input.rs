//! Questions a run puts to a person (contract A.11).

use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// What became of a question.
    HumanInputStatus {
        /// Unanswered.
        Pending = "pending",
        /// Answered.
        Resolved = "resolved",
        /// Its time ran out.
        Expired = "expired",
        /// Withdrawn.
        Cancelled = "cancelled" | "canceled",
    }
}

wire_enum! {
    /// The form of a question.
    InputType {
        /// Yes or no.
        Approval = "approval",
        /// Fields to fill in.
        Form = "form",
        /// One or several of a list.
        Selection = "selection",
        /// Yes or no after reading.
        Review = "review",
        /// "Seen".
        Acknowledge = "acknowledge",
    }
}

/// One question and, once given, its answer.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.11)"
)]
pub struct HumanInput {
    #[serde(deserialize_with = "crate::wire::id")]
    pub id: String,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::wire::optional_id"
    )]
    pub run_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow_id: Option<String>,
    #[serde(default)]
    pub node_ref: String,
    pub status: HumanInputStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_type: Option<InputType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_schema: Option<Json>,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve_token: Option<String>,
    #[serde(default)]
    pub timeout_at: Option<String>,
    #[serde(default)]
    pub response_data: Option<Json>,
    #[serde(default)]
    pub responded_at: Option<String>,
    #[serde(default)]
    pub responded_by: Option<String>,
    #[serde(default)]
    pub organization_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
}

/// Body of `POST /human-inputs/:id/resolve`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (A.11)"
)]
pub struct Resolve {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_data: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responded_by: Option<String>,
}
