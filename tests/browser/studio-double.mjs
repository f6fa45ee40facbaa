// A double of a ShipSec Studio backend, as it really behaves and not as it is documented: numbers start over with
// its worker, the stream leaves out what shares the last line's millisecond, statuses change every second, ids of
// lines differ between list and stream, terminals move into an archive. Driven by a test's commands.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import {
  bare, base64, cursorOf, end, ENDED, ioRow, iso, live, packets, page, status, summary, terminal, told,
} from "./studio-shapes.mjs";

/** Starts one on a free port. It answers those only who know its credentials. `stop()` ends it. */
export async function startStudio() {
  const studio = new Studio();
  await new Promise((resolve) => studio.server.listen(0, "127.0.0.1", resolve));
  studio.url = `http://127.0.0.1:${studio.server.address().port}`;
  return studio;
}

class Studio {
  #runs = new Map();
  #humanInputs = [];
  #streams = new Set();
  #broken = [];
  /** What a caller must show, as lines of headers. */
  credentials = `Authorization: Basic ${base64("admin:secret")}\nX-Organization-Id: local-dev`;
  /** Everything that was asked, refused or not: `{method, path, query, headers}`. */
  requests = [];
  /** Whether news of the store wake the stream, or its timer alone does. */
  mode = "realtime";

  constructor() {
    this.server = createServer((request, response) => this.#answer(request, response));
    this.server.keepAliveTimeout = 60_000;
  }

  async stop() {
    this.cut();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** A run that has just begun, of the graph `{nodes, edges}`. */
  start(id, graph) {
    const run = {
      id, graph, status: "RUNNING", started: Date.now(), sequence: 0, cached: false,
      events: [], lines: [], terminals: new Map(), archive: [], ios: new Map(), rowsTold: new Set(), artifacts: [], agents: new Map(),
    };
    this.#runs.set(id, run);
    return new Commands(this, run);
  }

  /** Breaks all open streams off, in the middle of their bodies. */
  cut() {
    for (const stream of this.#streams) stream.destroy();
  }

  /** Paths that `match` are answered with `status` from now on; `mend` ends that. */
  break(match, status) {
    this.#broken.push({ match, status });
  }

  mend() {
    this.#broken = [];
  }

  /** Requests whose path `matches`. */
  asked(matches) {
    return this.requests.filter(({ path }) => matches.test(path));
  }

  notify() {
    if (this.mode === "realtime") for (const stream of this.#streams) stream.news?.();
  }

  ask(input) {
    this.#humanInputs.push(input);
  }

  resolve(id) {
    const now = iso(Date.now());
    const input = this.#humanInputs.find((it) => it.id === id);
    Object.assign(input, { status: "resolved", responseData: { approved: true }, respondedAt: now, updatedAt: now });
  }

  async #answer(request, response) {
    const url = new URL(request.url, "http://studio");
    const query = Object.fromEntries(url.searchParams);
    const path = url.pathname;
    this.requests.push({ method: request.method, path, query, headers: request.headers });
    request.resume();
    const json = (status, body) => {
      response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
      response.end(JSON.stringify(body));
    };
    const wanted = this.credentials.split("\n").map((line) => line.split(": "));
    if (!wanted.every(([name, value]) => request.headers[name.toLowerCase()] === value)) {
      return json(401, { message: "Authentication required", error: "Unauthorized", statusCode: 401 });
    }
    const broken = this.#broken.find(({ match }) => match.test(path));
    if (broken) return json(broken.status, { message: `broken: ${path}`, error: "Broken", statusCode: broken.status });
    const unknown = () => json(404, { message: `Cannot ${request.method} ${path}`, error: "Not Found", statusCode: 404 });

    const [, root, version, ...parts] = path.split("/").map(decodeURIComponent);
    if (root !== "api" || version !== "v1") return unknown();
    if (parts[0] === "human-inputs" && parts.length === 1) {
      for (const input of this.#humanInputs) this.#runs.get(input.runId)?.rowsTold.add(`${input.id} ${input.status}`);
      return json(200, this.#humanInputs);
    }
    if (parts[0] === "agents" && parts[2] === "parts") return this.#parts(parts[1], query, json);
    if (parts[0] !== "workflows") return unknown();
    if (parts[1] !== "runs") return this.#workflow(parts, json, unknown);
    if (parts.length === 2) {
      return json(200, { runs: [...this.#runs.values()].map(summary).reverse().slice(0, query.limit ?? 50) });
    }
    const run = this.#runs.get(parts[2]);
    // The headers of a stream go out before anything is checked.
    if (parts[3] === "stream") return this.#stream(run, query, response);
    if (run?.status === "RUNNING" || run?.status === "AWAITING_INPUT") {
      const asks = this.#humanInputs.some((input) => input.runId === run.id && input.status === "pending");
      run.status = asks ? "AWAITING_INPUT" : "RUNNING";
    }
    if (!run) return json(404, { message: `Workflow run ${parts[2]} not found`, error: "Not Found", statusCode: 404 });
    const about = parts.slice(3).join("/");
    if (request.method === "POST" && about === "cancel") {
      end(run, "TERMINATED");
      return json(201, { status: "cancelled", runId: run.id });
    }
    const body = { runId: run.id };
    switch (request.method === "GET" ? about : "-") {
      case "":
        return json(200, summary(run));
      case "status":
        return json(200, status(run));
      case "trace":
      case "events": {
        const events = run.events.toSorted((one, other) => one.sequence - other.sequence);
        return json(200, { ...body, events: events.map(bare), ...cursorOf(events) });
      }
      case "dataflows":
        return json(200, { ...body, packets: packets(run, run.events) });
      case "logs":
        return json(200, { ...body, ...page(run, query) });
      case "terminal":
        return json(200, { ...body, ...terminal(run, query) });
      case "terminal/archive":
        return json(200, { ...body, records: run.archive.map(({ chunks, ...recording }) => recording) });
      case "node-io":
        for (const io of run.ios.values()) run.rowsTold.add(`${io.nodeRef} ${io.completedAt}`);
        return json(200, { ...body, nodes: [...run.ios.values()] });
      case "artifacts":
        return json(200, { ...body, artifacts: run.artifacts });
      case "config":
        return json(200, { ...body, workflowId: "w", workflowVersionId: "v-1", workflowVersion: 1, inputs: {} });
      case "children":
        return json(200, { runs: [] });
      case "result":
        // Waits for the end of the run; nobody should.
        if (!ENDED.has(run.status)) return undefined;
        return json(200, { ...body, result: { success: true, outputs: {} } });
      default:
        return unknown();
    }
  }

  #workflow(parts, json, unknown) {
    const run = [...this.#runs.values()].at(-1);
    if (parts[2] !== "versions" || !run) return unknown();
    const graph = this.#runs.get(parts[3].replace(/^v-/, ""))?.graph;
    if (!graph) return unknown();
    return json(200, { id: parts[3], workflowId: parts[1], version: 1, graph, createdAt: iso(0) });
  }

  #parts(id, query, json) {
    for (const run of this.#runs.values()) {
      const agent = run.agents.get(id);
      if (!agent) continue;
      const parts = agent.parts.filter(({ sequence }) => sequence > Number(query.cursor ?? 0));
      const cursor = agent.parts.at(-1)?.sequence ?? 0;
      return json(200, { agentRunId: id, workflowRunId: run.id, nodeRef: agent.node, cursor, parts });
    }
    return json(200, { agentRunId: id, workflowRunId: null, nodeRef: null, cursor: 0, parts: [] });
  }

  #stream(run, query, response) {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache", connection: "keep-alive" });
    response.flushHeaders();
    if (!run) return response.end();
    const say = (event, data) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    const at = { trace: Number(query.cursor) || 0, terminal: query.terminalCursor, logs: Date.parse(query.logCursor ?? "") || 0 };
    let sequence = 0;
    let said = "";
    const events = () => {
      const news = run.events.filter((event) => event.sequence > at.trace);
      if (news.length === 0) return;
      at.trace = Math.max(...news.map((event) => event.sequence));
      say("trace", { events: news.map(bare), cursor: String(at.trace) });
      const flows = packets(run, news);
      if (flows.length > 0) say("dataflow", { packets: flows });
    };
    const pump = () => {
      events();
      const printed = live(run, at.terminal);
      at.terminal = printed.cursor;
      if (printed.chunks.length > 0) say("terminal", { runId: run.id, ...printed });
      const lines = run.lines.filter((line) => line.at > at.logs);
      if (lines.length > 0) {
        at.logs = lines.at(-1).at;
        const logs = lines.map((line) => ({ id: `${run.id}-${sequence}`, ...told(run, line), sequence: sequence++ }));
        say("logs", { logs, cursor: iso(at.logs) });
      }
      const now = JSON.stringify(status(run));
      if (now !== said) say("status", JSON.parse((said = now)));
      if (ENDED.has(run.status)) {
        say("complete", { runId: run.id, status: run.status });
        response.end();
      }
    };
    say("ready", this.mode === "realtime" ? { mode: "realtime", runId: run.id } : { mode: "polling", runId: run.id, interval: 1000 });
    const timers = [setInterval(pump, 1_000), setInterval(() => response.write(": keepalive\n\n"), 15_000)];
    response.news = events;
    this.#streams.add(response);
    response.on("close", () => {
      timers.forEach(clearInterval);
      this.#streams.delete(response);
    });
    pump();
    return undefined;
  }
}

/** What happens in a run. Every command is a record, or several. */
class Commands {
  #studio;
  #run;

  constructor(studio, run) {
    this.#studio = studio;
    this.#run = run;
    this.id = run.id;
  }

  event(nodeId, type, more = {}) {
    const run = this.#run;
    run.sequence += 1;
    const now = Date.now();
    run.events.push({ sequence: run.sequence, runId: run.id, nodeId, type, level: "info", timestamp: iso(now), ...more });
    const io = run.ios.get(nodeId);
    if (type === "STARTED" && !io) run.ios.set(nodeId, ioRow(nodeId, now));
    if ((type === "COMPLETED" || type === "FAILED") && io) {
      Object.assign(io, { status: type.toLowerCase(), completedAt: iso(now), outputs: { ok: true } });
    }
    this.#studio.notify();
  }

  /** The worker died; the one that takes over counts from 1. */
  restartWorker() {
    this.#run.sequence = 0;
  }

  /** At this instant, or at that of the newest line. */
  log(node, message, { tied = false } = {}) {
    const { lines } = this.#run;
    const at = tied ? lines.at(-1).at : Math.max(Date.now(), (lines.at(-1)?.at ?? 0) + 1);
    lines.push({ at, node, message });
  }

  print(node, text) {
    const key = `terminal:${this.#run.id}:${node}:pty`;
    const chunks = this.#run.terminals.get(key) ?? [];
    const at = Math.max(Date.now(), (chunks.at(-1)?.at ?? 0) + 1);
    const chunkIndex = chunks.length + 1;
    chunks.push({
      at, entry: `${at}-0`, nodeRef: node, stream: "pty", chunkIndex, payload: base64(text), recordedAt: iso(at),
      deltaMs: at - (chunks.at(-1)?.at ?? at), origin: "docker", runnerKind: "docker",
    });
    this.#run.terminals.set(key, chunks);
  }

  artifact(node, name) {
    this.#run.artifacts.push({
      id: randomUUID(), runId: this.id, workflowId: "w", workflowVersionId: null, componentId: null, componentRef: node,
      fileId: randomUUID(), name, mimeType: "text/plain", size: 3, destinations: ["run"], metadata: null, createdAt: iso(Date.now()),
    });
  }

  /** Asks a person; also of another run, for the list is of all. */
  ask(node, title) {
    const requestId = randomUUID();
    for (const runId of [this.id, "another-run"]) {
      this.#studio.ask({
        id: runId === this.id ? requestId : randomUUID(), runId, workflowId: "w", nodeRef: node, status: "pending",
        inputType: "approval", inputSchema: {}, title, description: null, context: {}, resolveToken: "t", timeoutAt: null,
        responseData: null, respondedAt: null, respondedBy: null, organizationId: null, createdAt: iso(Date.now()), updatedAt: iso(Date.now()),
      });
    }
    this.event(node, "AWAITING_INPUT", { data: { requestId, inputType: "approval", title } });
    return requestId;
  }

  answer(requestId, node) {
    this.#studio.resolve(requestId);
    this.event(node, "COMPLETED", { data: { activatedPorts: ["approved"] }, outputSummary: { ok: true } });
  }

  agent(node, ...chunks) {
    const id = `${this.id}:${node}:1`;
    const agent = this.#run.agents.get(id) ?? { node, parts: [] };
    this.#run.agents.set(id, agent);
    for (const chunk of chunks) {
      agent.parts.push({ sequence: agent.parts.length + 1, timestamp: iso(Date.now()), chunk });
    }
    if (agent.parts.length === chunks.length) this.event(node, "PROGRESS", { data: { agentRunId: id, agentStatus: "started" } });
  }

  end(status) {
    end(this.#run, status);
  }

  /** What a viewer that saw everything it was told holds: `{records, messages}`. */
  held() {
    const run = this.#run;
    const chunks = run.archive.length > 0 ? run.archive.flatMap((it) => it.chunks) : [...run.terminals.values()].flat();
    const parts = [...run.agents.values()].flatMap((agent) => agent.parts);
    const records =
      run.events.length + run.lines.length + chunks.length + parts.length +
      packets(run, run.events).length + run.rowsTold.size + run.artifacts.length;
    return { records, messages: run.lines.map(({ message }) => message) };
  }
}
