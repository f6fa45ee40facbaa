//! What a playbook knows of an agent: its character, its memory, its talk with others (contract B.2).

use crate::Json;
use crate::wire::wire_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

wire_enum! {
    /// How daring an agent is.
    RiskTolerance {
        /// Careful.
        Low = "low",
        /// In between.
        Medium = "medium",
        /// Daring.
        High = "high",
    }
}

wire_enum! {
    /// How an agent works with others.
    CollaborationStyle {
        /// It leads.
        Assertive = "assertive",
        /// It helps.
        Supportive = "supportive",
        /// Both.
        Balanced = "balanced",
    }
}

wire_enum! {
    /// What a message between steps is.
    MessageType {
        /// Something is asked.
        Request = "request",
        /// It is answered.
        Response = "response",
        /// It is handed up.
        Escalation = "escalation",
        /// It is handed on.
        Delegation = "delegation",
    }
}

wire_enum! {
    /// Who decides.
    EscalationLevel {
        /// Nobody had to.
        None = "none",
        /// Another agent.
        Agent = "agent",
        /// A supervising one.
        Supervisor = "supervisor",
        /// A person.
        Human = "human",
    }
}

/// Something remembered of a step. The original's tables spell names with underscores.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.2)"
)]
pub struct EpisodicTrace {
    #[serde(default, deserialize_with = "crate::wire::id")]
    pub id: String,
    #[serde(default, alias = "run_id", deserialize_with = "crate::wire::id")]
    pub run_id: String,
    #[serde(default, alias = "org_id", deserialize_with = "crate::wire::id")]
    pub org_id: String,
    #[serde(default, alias = "step_key")]
    pub step_key: String,
    #[serde(default)]
    pub content: Option<Json>,
    /// Numbers, many of them; kept as they came.
    #[serde(default)]
    pub embedding: Option<Json>,
    #[serde(default, alias = "created_at")]
    pub created_at: String,
}

/// The character an agent step works with.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.2)"
)]
pub struct AgentPersonality {
    #[serde(default, deserialize_with = "crate::wire::id")]
    pub id: String,
    #[serde(default, alias = "org_id", deserialize_with = "crate::wire::id")]
    pub org_id: String,
    #[serde(default)]
    pub slug: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub configuration: PersonalityConfiguration,
    #[serde(default, alias = "created_by", skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    #[serde(default, alias = "created_at")]
    pub created_at: String,
    #[serde(default, alias = "updated_at")]
    pub updated_at: String,
}

/// The settings of a character.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.2)"
)]
pub struct PersonalityConfiguration {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk_tolerance: Option<RiskTolerance>,
    pub domain_specialty: Vec<String>,
    pub bias_modifiers: BTreeMap<String, Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_weight: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalation_sensitivity: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collaboration_style: Option<CollaborationStyle>,
    pub constraints: AgentConstraints,
}

/// What an agent must and must not do.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.2)"
)]
pub struct AgentConstraints {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forbid: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require: Option<Vec<String>>,
}

/// How the steps of a run talk with each other.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.2)"
)]
pub struct CollaborationContext {
    #[serde(default)]
    pub messages: Vec<CollaborationMessage>,
    #[serde(default)]
    pub shared_state: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation_level: Option<EscalationLevel>,
}

/// One message from step to step.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "field for field as the contract names them (B.2)"
)]
pub struct CollaborationMessage {
    #[serde(default)]
    pub from_step_key: String,
    #[serde(default)]
    pub to_step_key: String,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<MessageType>,
    #[serde(default)]
    pub payload: Option<Json>,
    #[serde(default)]
    pub timestamp: String,
}
