// A run whose every text wants to be more than text.

const START = Date.UTC(2026, 0, 1);
const at = (ms) => new Date(START + ms).toISOString();

/** Markup that would run script where text becomes HTML. */
export const MARKUP = `"'><img src=x onerror=window.__pwned=1><svg onload=window.__pwned=2></script><script>window.__pwned=3</script>`;
/** An address that would run script where text becomes a link. */
export const SCHEME = "javascript:window.__pwned=4";
/** Marks that turn the direction of what follows, and colours, a title and a link of a terminal. */
const BIDI = "\u202Eexe.txt\u2066\u200B";
const ANSI = `\u001b[31mred\u001b[0m\u001b]0;${MARKUP}\u0007\u001b]8;;${SCHEME}\u0007link\u001b]8;;\u0007\u001b[2J\u001b[?1049h`;
const ALL = `${MARKUP} ${SCHEME} ${BIDI} ${ANSI} {{7*7}} \${7*7} \u0000\uFFFD`;

/** The hostile step's reference. */
export const NODE = `${MARKUP}${BIDI}`;
const PROTO = "__proto__";

/** A reel's lines. */
export function hostileRun(id) {
  const trace = (n, nodeId, type, ms, more = {}) => ({
    kind: "trace", id: `${n}${MARKUP}`, nodeId, type, level: "info", timestamp: at(ms), message: ALL,
    metadata: { activityId: ALL, correlationId: ALL, childRunId: SCHEME, attempt: 1 },
    ...more,
  });
  const part = (sequence, chunk) => ({
    kind: "agent", agentRunId: `${id}:${ALL}`, nodeRef: NODE, sequence, timestamp: at(400 + sequence), chunk,
  });
  return [
    {
      reel: 1,
      run: {
        id, workflowId: ALL, workflowName: ALL, status: "RUNNING", startTime: at(0), organizationId: ALL,
        triggerType: ALL, triggerSource: ALL, triggerLabel: ALL, inputPreview: { [ALL]: ALL, [PROTO]: { x: ALL } },
        parentRunId: SCHEME, parentNodeRef: ALL,
      },
      graph: {
        name: ALL, description: ALL,
        nodes: [NODE, PROTO, "constructor", SCHEME].map((ref) => ({
          id: ref, type: ALL, data: { label: `${MARKUP} ${ref}`, config: { groupId: ALL, streamId: ALL } },
        })),
        edges: [{ id: ALL, source: NODE, target: SCHEME, sourceHandle: ALL, targetHandle: ALL }],
      },
    },
    trace(1, NODE, "STARTED", 100),
    trace(2, NODE, "PROGRESS", 200, { data: { current: 1, total: 3, message: ALL } }),
    trace(3, NODE, "FAILED", 300, {
      error: { message: ALL, type: ALL, code: ALL, stack: ALL, details: { [ALL]: ALL }, fieldErrors: { [ALL]: [ALL] } },
    }),
    trace(4, NODE, MARKUP, 310),
    trace(5, PROTO, "COMPLETED", 320, { outputSummary: { [ALL]: ALL } }),
    trace(6, `tool-call:${MARKUP}`, "STARTED", 330),
    { kind: "log", id: ALL, nodeId: NODE, level: ALL, stream: "stdout", message: ALL, timestamp: at(210), sequence: 1 },
    { kind: "log", id: "l2", nodeId: NODE, level: "error", stream: "stderr", message: MARKUP, timestamp: at(220), sequence: 2 },
    terminal(1, `${ANSI}${MARKUP}\r\n${BIDI}\r\n`, 230),
    terminal(2, `${MARKUP}\r\n\u001b]52;c;cHduZWQ=\u0007\u001b[c\u001b[6n\u001b]10;?\u0007`, 240),
    part(1, { type: "start", messageId: ALL }),
    part(2, { type: "text-start", id: "t" }),
    part(3, { type: "text-delta", id: "t", delta: ALL }),
    part(4, { type: "text-end", id: "t" }),
    part(5, { type: "tool-input-available", toolCallId: ALL, toolName: ALL, input: { [ALL]: ALL } }),
    part(6, { type: "tool-output-available", toolCallId: ALL, output: ALL }),
    part(7, { type: `data-${MARKUP}`, data: { [ALL]: ALL } }),
    part(8, { type: "error", errorText: ALL }),
    { kind: "io", nodeRef: NODE, componentId: ALL, status: "completed", startedAt: at(100), completedAt: at(300), inputs: { [ALL]: ALL }, outputs: ALL, errorMessage: ALL },
    { kind: "artifact", id: "a1", componentRef: NODE, name: `../../${MARKUP}`, mimeType: "text/html", size: 40, createdAt: at(350), content: Buffer.from(`<script>window.__pwned=5</script>`).toString("base64") },
    { kind: "artifact", id: SCHEME, componentRef: NODE, name: SCHEME, mimeType: ALL, size: 1, createdAt: at(351), metadata: { remoteUploads: [{ type: "s3", uri: SCHEME, url: SCHEME }] } },
    { kind: "packet", id: ALL, sourceNode: NODE, targetNode: SCHEME, inputKey: ALL, payload: ALL, timestamp: START + 360, type: ALL },
    { kind: "human_input", id: "q1", nodeRef: NODE, status: "pending", inputType: "approval", title: ALL, description: ALL, createdAt: at(370), updatedAt: at(370) },
    { kind: "note", id: "n1", text: ALL, timestamp: at(380), nodeId: NODE },
    { kind: MARKUP, anything: ALL, timestamp: at(390) },
    { kind: "status", status: "FAILED", updatedAt: at(900), completedAt: at(900), failure: { reason: ALL, temporalCode: ALL, details: { [ALL]: ALL } } },
  ];
}

const terminal = (chunkIndex, text, ms) => ({
  kind: "terminal", nodeRef: NODE, stream: "pty", chunkIndex, payload: Buffer.from(text).toString("base64"), recordedAt: at(ms), deltaMs: 0,
});
