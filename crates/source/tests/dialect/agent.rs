//! Parts of an agent's stream, all majors of the SDK (contract A.14).

use crate::draw::{check_answer, check_frame};
use source::dialect::studio::Endpoint;

#[test]
fn agent_parts_of_all_majors() {
    check_answer(
        Endpoint::AgentParts,
        r#"{"agentRunId":"r:agent-node:uuid","workflowRunId":"r","nodeRef":"agent-node","cursor":1,"parts":[{"sequence":1,"timestamp":"2025-01-01T00:00:00.000Z","chunk":{"type":"start","messageId":"r:agent-node:uuid","messageMetadata":{"workflowRunId":"r","nodeRef":"agent-node","role":"assistant","sequence":1}}}]}"#,
        "agent 2025-01-01T00:00:00.000 r:agent-node:uuid agent-node #1 Step\nresume 1",
    );
    for (chunk, want) in [
        (r#"{"type":"start-step"}"#, "Step"),
        (r#"{"type":"finish-step"}"#, "Step"),
        (r#"{"type":"reset-step"}"#, "ResetStep"),
        (
            r#"{"type":"text-start","id":"t"}"#,
            r#"TextStart { id: "t", voice: Text }"#,
        ),
        (
            r#"{"type":"text-delta","id":"t","delta":"hé","providerMetadata":{"x":1}}"#,
            r#"TextDelta { id: "t", voice: Text, delta: "hé" }"#,
        ),
        (
            r#"{"type":"text-end","id":"t","citations":[]}"#,
            r#"TextEnd { id: "t", voice: Text }"#,
        ),
        (
            r#"{"type":"reasoning-start","id":"t"}"#,
            r#"TextStart { id: "t", voice: Reasoning }"#,
        ),
        (
            r#"{"type":"reasoning-delta","id":"t","delta":"hm"}"#,
            r#"TextDelta { id: "t", voice: Reasoning, delta: "hm" }"#,
        ),
        (
            r#"{"type":"reasoning-end","id":"t"}"#,
            r#"TextEnd { id: "t", voice: Reasoning }"#,
        ),
        (
            r#"{"type":"tool-input-start","toolCallId":"c","toolName":"scan","dynamic":true}"#,
            r#"ToolStart { call: "c", tool: "scan" }"#,
        ),
        (
            r#"{"type":"tool-input-delta","toolCallId":"c","inputTextDelta":"{\"a"}"#,
            r#"ToolInputDelta { call: "c", delta: "{\"a" }"#,
        ),
        (
            r#"{"type":"tool-input-available","toolCallId":"c","toolName":"scan","input":{"big":12345678901234567890}}"#,
            r#"ToolInput { call: "c", tool: "scan", input: ("{\"big\":12345678901234567890}") }"#,
        ),
        (
            r#"{"type":"tool-output-available","toolCallId":"c","toolName":"scan","output":null,"preliminary":true}"#,
            r#"ToolOutput { call: "c", output: ("null"), preliminary: true }"#,
        ),
        (
            r#"{"type":"tool-input-error","toolCallId":"c","toolName":"scan","input":"x","errorText":"bad"}"#,
            r#"ToolError { call: "c", tool: Some("scan"), message: "bad" }"#,
        ),
        (
            r#"{"type":"tool-output-error","toolCallId":"c","errorText":"bad"}"#,
            r#"ToolError { call: "c", tool: None, message: "bad" }"#,
        ),
        (
            r#"{"type":"tool-output-denied","toolCallId":"c"}"#,
            r#"ToolDenied { call: "c" }"#,
        ),
        (
            r#"{"type":"error","errorText":"x"}"#,
            r#"Error { message: "x" }"#,
        ),
        (r#"{"type":"abort"}"#, "Abort { reason: None }"),
        (
            r#"{"type":"finish","finishReason":"stop"}"#,
            r#"Finish { reason: Some("stop") }"#,
        ),
        (
            r#"{"type":"finish","messageMetadata":{"finishReason":"length","responseText":"…"}}"#,
            r#"Finish { reason: Some("length") }"#,
        ),
    ] {
        check_chunk(chunk, want);
    }
    for chunk in [
        r#"{"type":"tool-approval-request","approvalId":"p","toolCallId":"c"}"#,
        r#"{"type":"tool-approval-response","approvalId":"p","approved":true}"#,
        r#"{"type":"source-url","sourceId":"s","url":"u"}"#,
        r#"{"type":"source-document","sourceId":"s","mediaType":"m","title":"t"}"#,
        r#"{"type":"file","url":"u","mediaType":"m"}"#,
        r#"{"type":"reasoning-file","url":"u","mediaType":"m"}"#,
        r#"{"type":"custom","kind":"x.y"}"#,
        r#"{"type":"steering-message","id":"s","parts":[]}"#,
        r#"{"type":"message-metadata","messageMetadata":{}}"#,
        r#"{"type":"data-reasoning-step","data":{"step":1},"transient":true}"#,
    ] {
        let kind = chunk.split('"').nth(3).unwrap();
        check_chunk(chunk, &format!("Other {kind} {chunk}"));
    }
}

#[test]
fn agent_parts_that_cannot_be_understood_are_kept() {
    let place = "! frame `agent`, part 1";
    for (chunk, what) in [
        (
            r#"{"type":"response.created"}"#,
            "chunk type `response.created` is not known here",
        ),
        (
            r#"{"type":"text-delta","id":"t"}"#,
            "a `text-delta` without what it needs",
        ),
        (
            r#"{"type":"tool-input-available","toolName":"x"}"#,
            "a `tool-input-available` without what it needs",
        ),
    ] {
        let kind = chunk.split('"').nth(3).unwrap();
        check_chunk(chunk, &format!("Other {kind} {chunk}\n{place}: {what}"));
    }
    check_frame(
        "agent",
        r#"{"parts":[{"sequence":1,"timestamp":"2026-01-01T00:00:01Z","chunk":{"type":"start"}}]}"#,
        "! frame `agent`, part 1: whose it is: `agentRunId` and `nodeRef` are needed",
    );
    // The agent's run names the node where the envelope does not.
    check_answer(
        Endpoint::AgentParts,
        r#"{"agentRunId":"r:tool-call:7:uuid","workflowRunId":"r","parts":[{"sequence":1,"timestamp":"2026-01-01T00:00:01Z","chunk":{"type":"start"}}]}"#,
        "agent 00:00:01.000 r:tool-call:7:uuid tool-call:7 #1 Step",
    );
}

fn check_chunk(chunk: &str, want: &str) {
    check_frame(
        "agent",
        &format!(
            r#"{{"parts":[{{"agentRunId":"r:a:1","nodeRef":"a","sequence":2,"timestamp":"2026-01-01T00:00:01Z","chunk":{chunk}}}]}}"#
        ),
        &format!("agent 00:00:01.000 r:a:1 a #2 {want}"),
    );
}
