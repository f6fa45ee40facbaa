// What a ShipSec Studio answers with, made of what its double holds of a run: payloads as they really are, quirks
// included.
import { randomUUID } from "node:crypto";

export const ENDED = new Set(["COMPLETED", "FAILED", "CANCELLED", "TERMINATED", "TIMED_OUT"]);
export const iso = (ms) => new Date(ms).toISOString();
export const base64 = (text) => Buffer.from(text).toString("base64");

export function ioRow(nodeRef, at) {
  return {
    nodeRef, componentId: "core.step", status: "running", startedAt: iso(at), completedAt: null, durationMs: null,
    inputs: { n: 1 }, outputs: null, inputsSize: 7, outputsSize: 0, inputsSpilled: false, outputsSpilled: false,
    inputsTruncated: false, outputsTruncated: false, errorMessage: null,
  };
}

export function summary(run) {
  return {
    id: run.id, workflowId: "w", organizationId: "local-dev", workflowVersionId: `v-${run.id}`, workflowVersion: 1,
    status: run.status, startTime: iso(run.started), endTime: iso(run.ended ?? Date.now()), temporalRunId: "t",
    workflowName: `Workflow of ${run.id}`, eventCount: run.events.filter(({ type }) => type === "STARTED").length,
    nodeCount: run.graph.nodes.length, duration: 0, triggerType: "manual", triggerSource: null, triggerLabel: null,
    inputPreview: { runtimeInputs: {}, nodeOverrides: {} }, parentRunId: null, parentNodeRef: null,
  };
}

// Once an end has been told it comes out of a cache, which has lost most of it. Who first sees it archives.
export function status(run) {
  const done = new Set(run.events.filter(({ type }) => type === "COMPLETED").map(({ nodeId }) => nodeId)).size;
  const ended = ENDED.has(run.status);
  const body = {
    runId: run.id, workflowId: "w", status: run.status, startedAt: iso(run.started), updatedAt: iso(run.ended ?? Date.now()),
    taskQueue: run.cached ? "" : "shipsec-default", historyLength: run.cached ? 0 : 3 + 6 * run.events.length,
    progress: { completedActions: done, totalActions: run.graph.nodes.length },
  };
  if (!ended) return body;
  if (!run.cached) archive(run);
  run.cached = true;
  return { ...body, completedAt: iso(run.ended) };
}

export function end(run, status) {
  run.status = status;
  run.ended = Date.now();
}

export function bare({ sequence, ...event }) {
  return { id: String(sequence), ...event };
}

export function cursorOf(events) {
  return events.length > 0 ? { cursor: String(events.at(-1).sequence) } : {};
}

// Only values that are neither lists nor objects survive in a summary, and so on an edge.
export function packets(run, events) {
  return events.filter(({ type, outputSummary }) => type === "COMPLETED" && outputSummary).flatMap((event) =>
    run.graph.edges.filter((edge) => edge.source === event.nodeId && edge.sourceHandle in event.outputSummary).map((edge, n) => {
      const payload = event.outputSummary[edge.sourceHandle];
      return {
        id: `${run.id}:${event.sequence}:${edge.target}:${n}`, runId: run.id, sourceNode: edge.source, targetNode: edge.target,
        inputKey: edge.targetHandle, payload, timestamp: Date.parse(event.timestamp), visualTime: 0,
        size: JSON.stringify(payload).length, type: "json",
      };
    }));
}

export function told(run, { at, node, message }) {
  return { runId: run.id, nodeId: node, level: "info", message, timestamp: iso(at) };
}

// Cut at the limit from the oldest end, and then counted as if that had been all.
export function page(run, query) {
  const limit = Number(query.limit ?? 100);
  const offset = Number(query.cursor ?? 0);
  const from = Date.parse(query.startTime ?? "") || 0;
  const found = run.lines.filter(({ at }) => at >= from).slice(0, limit);
  const lines = found.slice(offset, offset + limit);
  const hasMore = lines.length === limit;
  const logs = lines.map((line, index) => ({ id: `${run.id}-${iso(line.at)}-${index}`, ...told(run, line) }));
  return { logs, totalCount: found.length, hasMore, ...(hasMore ? { nextCursor: String(offset + limit) } : {}) };
}

export function terminal(run, query) {
  if (run.archive.length === 0 || !query.nodeRef) return live(run, query.cursor);
  const recording = run.archive.find((it) => it.nodeRef === query.nodeRef && it.stream === (query.stream ?? it.stream));
  if (!recording) return { cursor: "{}", chunks: [] };
  const offset = query.cursor ? (JSON.parse(query.cursor).archive?.offset ?? 0) : 0;
  const cursor = JSON.stringify({ archive: { recordId: recording.id, offset: recording.chunks.length } });
  return { cursor, chunks: recording.chunks.slice(offset) };
}

export function live(run, cursor) {
  const state = cursor ? JSON.parse(cursor) : {};
  const chunks = [];
  for (const [key, all] of run.terminals) {
    for (const { at, entry, ...chunk } of all.filter((it) => it.at > Number(state[key]?.split("-")[0] ?? 0))) {
      chunks.push(chunk);
      state[key] = entry;
    }
  }
  return { cursor: JSON.stringify(state), chunks };
}

// As a .cast: each chunk text of its own, instants from a whole second on.
function archive(run) {
  for (const chunks of run.terminals.values()) {
    const [first] = chunks;
    const start = Math.floor(first.at / 1000) * 1000;
    const stored = chunks.map(({ at, entry, ...chunk }) => ({
      ...chunk, origin: "archive", recordedAt: iso(start + at - first.at),
      payload: base64(Buffer.from(chunk.payload, "base64").toString("utf8")),
    }));
    run.archive.push({
      id: run.archive.length + 1, runId: run.id, nodeRef: first.nodeRef, stream: "pty", fileId: randomUUID(),
      chunkCount: chunks.length, durationMs: chunks.at(-1).at - first.at, createdAt: iso(Date.now()), chunks: stored,
    });
  }
  run.terminals.clear();
}
