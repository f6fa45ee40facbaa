// A stream that says what it should not: each thing becomes a counted problem in the connection's details, and the run goes on.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { idle, openRun, openStage, postReel, snapshot, until } from "./harness.mjs";
import { event, smallRun } from "./small.mjs";

let stage;
before(async () => {
  stage = await openStage();
});
afterEach(() => stage.closePages());
after(() => stage?.close());

const trace = (fields) => `event: trace\ndata: ${JSON.stringify({ events: [{ id: "90", nodeId: "first", type: "PROGRESS", level: "info", ...fields }] })}\n\n`;

/** What is said, and words of the problem it becomes. */
const BAD = [
  ["event: trace\ndata: {not json\n\n", /frame `trace`/],
  ["event: trace\ndata: 42\n\n", /frame `trace`/],
  [`event: trace\ndata: {"events":{"id":1}}\n\n`, /frame `trace`/],
  ["event: gossip\ndata: {}\n\n", /not known here/],
  [trace({ timestamp: "2026-01-01T00:00:00" }), /not a date and time with a zone/],
  [trace({ timestamp: "0001-01-01T00:00:00Z" }), /0001-01-01/],
  [trace({ timestamp: "9999-12-31T23:59:59Z" }), /9999-12-31/],
  [trace({ timestamp: 7 }), /timestamp/],
  [`event: terminal\ndata: ${JSON.stringify({ chunks: [{ nodeRef: "first", stream: "pty", chunkIndex: -1, payload: "!!", recordedAt: "2026-01-01T00:00:01Z", deltaMs: 0 }] })}\n\n`, /frame `terminal`/],
  [`event: logs\ndata: ${JSON.stringify({ logs: "none" })}\n\n`, /frame `logs`/],
  ["event: status\ndata: {}\n\n", /frame `status`/],
  [`data: ${"x".repeat(2 << 20)}\n\n`, /bytes/],
];

test("frames of every wrong kind are counted problems, and the run goes on", async () => {
  const id = "bad-frames";
  await postReel(stage.url, id, smallRun(id));
  const page = await stage.page({ sharing: false });
  let first = true;
  await page.route("**/stream*", (route) => {
    if (!first) return route.continue();
    first = false;
    return route.fulfill({ contentType: "text/event-stream", body: BAD.map(([said]) => said).join("") });
  });
  await openRun(page, id);
  await until(page, ({ problems }) => problems >= BAD.length, { what: "a problem each" });
  await page.getByRole("button", { name: "Retry connection" }).click();
  const live = await until(page, ({ connection }) => connection === "live");
  assert.deepEqual(live.nodes, { first: "success", second: "running" });
  await postReel(stage.url, id, [event(4, "second", "COMPLETED", 2_000)]);
  await until(page, ({ nodes }) => nodes.second === "success");

  await page.getByRole("button", { name: "Connection details" }).first().click();
  await page.getByRole("dialog").getByText(/not known here/).first().waitFor();
  await idle(page);
  const details = await page.getByRole("dialog").innerText();
  for (const [said, words] of BAD) assert.match(details, words, said.slice(0, 80));
  assert.equal((await snapshot(page)).connection, "live");
});
