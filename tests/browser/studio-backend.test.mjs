// The app in front of a ShipSec Studio: another system, behind our proxy, whose credentials no browser sees. What
// the page shows is what the backend holds, each record once, whatever happens to the stream in between.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { idle, open, openRun, openStage, snapshot, steps, until } from "./harness.mjs";
import { startStudio } from "./studio-double.mjs";

const GRAPH = {
  nodes: ["plan", "scan", "approve", "report"].map((id, n) => ({
    id, type: "core.step", position: { x: 300 * n, y: 0 }, data: { label: id, config: { params: {}, inputOverrides: {} } },
  })),
  edges: [["plan", "scan"], ["scan", "approve"], ["approve", "report"]].map(([source, target]) => ({
    id: `${source}-${target}`, source, target, sourceHandle: "ok", targetHandle: "in",
  })),
  viewport: { x: 0, y: 0, zoom: 1 },
};

let stage, studio;
before(async () => {
  studio = await startStudio();
  process.env.RUNREEL_BACKEND_LAB_HEADERS = studio.credentials;
  stage = await openStage({ serverArgs: ["--backend", `lab=studio,${studio.url}`] });
});
afterEach(async () => {
  studio.mend();
  studio.mode = "realtime";
  await stage.closePages();
});
after(async () => {
  await stage?.close();
  await studio?.stop();
});

/** A page whose attempts at a lost stream follow each other quickly; tall enough for all lines of the log. */
async function labPage() {
  const page = await stage.page({ viewport: { width: 1440, height: 3_000 } });
  // A real Studio knows no `records`: that is how it is recognised.
  page.watch.allow(/404 \(Not Found\).*\/records/);
  page.asked = [];
  page.on("request", (request) => page.asked.push(request));
  await page.route("**/config.json", async (route) => {
    const served = await (await route.fetch()).json();
    await route.fulfill({ json: { ...served, retryDelaysMs: [300, 300, 300, 300, 300] } });
  });
  return page;
}

const shows = (page, wanted) =>
  until(page, ({ nodes }) => Object.entries(wanted).every(([ref, state]) => nodes[ref] === state), { what: JSON.stringify(wanted) });

/** Every message of the run stands in the log, each as often as it was written, in that order. */
async function logIsWhole(page, run) {
  const { messages } = run.held();
  await until(page, ({ logLines }) => logLines === messages.length, { what: `${messages.length} lines` });
  const text = await page.getByRole("log", { name: "Logs" }).innerText();
  const found = [...text.matchAll(/line \d+/g)].map(([words]) => words);
  assert.deepEqual(found, messages);
}

/** As many records as were told; rows are looked for once more a little after the end. */
const everyRecordOnce = (page, run) =>
  until(page, ({ records }) => records === run.held().records, { what: `all records, now ${run.held().records}` });

const connected = (word) => ({ connection }) => connection === word;

test("its runs are listed, and a live one opens LIVE", async () => {
  const run = studio.start("listed", GRAPH);
  run.event("plan", "STARTED");
  const page = await labPage();
  await open(page, "/runs?backend=lab");
  await page.getByRole("link", { name: /Workflow of listed/ }).first().click();
  await until(page, connected("live"));
  assert.equal((await page.getByRole("status", { name: "Connection" }).textContent()).trim(), "LIVE");
  assert.deepEqual(await steps(page), { plan: "running", scan: "waiting", approve: "waiting", report: "waiting" });
  const { problems } = await snapshot(page);
  assert.equal(problems, 0);
});

test("what happens is shown, and nothing is lost or repeated when the stream breaks", async () => {
  const run = studio.start("cut", GRAPH);
  run.event("plan", "STARTED");
  run.log("plan", "line 1");
  run.print("plan", "\u001b[32mready\u001b[0m ü\r\n");
  const page = await labPage();
  await openRun(page, "cut", { backend: "lab" });
  await until(page, connected("live"));
  await logIsWhole(page, run);

  run.event("plan", "COMPLETED", { outputSummary: { ok: true, listCount: 3 } });
  run.event("scan", "STARTED");
  run.log("scan", "line 2");
  await shows(page, { plan: "success", scan: "running" });
  await logIsWhole(page, run);

  // The line of the same millisecond is what the stream, which goes on strictly after it, never tells.
  studio.break(/\/stream$/, 503);
  studio.cut();
  await until(page, ({ connection }) => connection !== "live");
  run.log("scan", "line 3", { tied: true });
  run.log("scan", "line 4");
  run.event("scan", "COMPLETED", { outputSummary: { ok: true } });
  run.print("plan", "more\r\n");
  await shows(page, { scan: "success" });
  page.watch.allow(/503.*\/stream/);
  studio.mend();
  await page.getByRole("button", { name: "Retry connection" }).click();
  await until(page, connected("live"));
  await logIsWhole(page, run);

  // The worker restarts and numbers its events anew, below the stream's cursor.
  run.restartWorker();
  run.event("approve", "STARTED");
  const question = run.ask("approve", "May we?");
  await shows(page, { approve: "awaiting_input" });
  await until(page, ({ status }) => status === "AWAITING_INPUT");
  run.answer(question, "approve");
  run.event("tool-call:7", "STARTED");
  run.event("tool-call:7", "COMPLETED");
  run.event("report", "STARTED");
  run.agent("report", { type: "start", messageId: "m" }, { type: "text-start", id: "t" }, { type: "text-delta", id: "t", delta: "All is well" });
  await shows(page, { approve: "success", report: "running", "tool-call:7": "success" });
  run.agent("report", { type: "text-end", id: "t" }, { type: "finish" });
  run.artifact("report", "report.txt");
  run.log("report", "line 5");
  run.log("report", "line 6", { tied: true });
  run.event("report", "COMPLETED");
  run.print("plan", "the end\r\n");
  run.end("COMPLETED");
  await until(page, connected("ended"));
  await logIsWhole(page, run);
  const shown = await everyRecordOnce(page, run);
  assert.equal(shown.status, "COMPLETED");
  const states = await steps(page);

  // Who opens it afterwards sees the same, the terminal out of the archive.
  const later = await labPage();
  await openRun(later, "cut", { backend: "lab", node: "plan", tab: "terminal" });
  await until(later, connected("ended"));
  assert.deepEqual(await steps(later), states);
  const fresh = await snapshot(later);
  assert.deepEqual([fresh.logLines, fresh.status], [shown.logLines, shown.status]);
  const rows = later.getByRole("region", { name: "Terminal" }).locator(".xterm-rows");
  await rows.getByText("the end").waitFor();
  assert.match(await rows.innerText(), /ready ü\s+more\s+the end/);
});

test("a stream that breaks again and again costs and doubles nothing", async () => {
  const run = studio.start("broken", GRAPH);
  run.event("plan", "STARTED");
  const page = await labPage();
  await openRun(page, "broken", { backend: "lab" });
  await until(page, connected("live"));
  for (let cut = 0; cut < 9; cut += 1) {
    for (let n = 1; n <= 5; n += 1) run.log("plan", `line ${cut * 5 + n}`, { tied: n % 2 === 0 });
    run.print("plan", `${cut}\r\n`);
    run.event(`tool-call:${cut}`, "STARTED");
    if (cut % 3 === 0) run.restartWorker();
    const opened = studio.asked(/broken\/stream$/).length;
    studio.cut();
    // Each break meets another moment: before the next attempt, after it, and in the end while polling.
    await until(page, ({ connection }) => {
      return cut % 2 === 0 || connection === "polling" || studio.asked(/broken\/stream$/).length > opened;
    });
    run.event(`tool-call:${cut}`, "COMPLETED");
    await shows(page, { [`tool-call:${cut}`]: "success" });
  }
  run.event("plan", "COMPLETED");
  run.end("COMPLETED");
  await until(page, connected("ended"));
  await logIsWhole(page, run);
  await everyRecordOnce(page, run);
  // That a worker has begun to number anew is said, once.
  assert.equal((await snapshot(page)).problems, 1);
});

test("without streaming it is polled, and nothing is missing", async () => {
  const run = studio.start("polled", GRAPH);
  run.event("plan", "STARTED");
  run.log("plan", "line 1");
  const page = await labPage();
  const before = studio.asked(/polled\/stream$/).length;
  await openRun(page, "polled", { backend: "lab", streaming: 0 });
  await until(page, connected("polling"));
  run.event("plan", "COMPLETED", { outputSummary: { ok: true } });
  run.event("scan", "STARTED");
  run.log("scan", "line 2");
  run.log("scan", "line 3", { tied: true });
  run.artifact("plan", "plan.txt");
  await shows(page, { plan: "success", scan: "running" });
  run.event("scan", "FAILED", { level: "error", error: { message: "no route", type: "NetworkError" } });
  run.end("FAILED");
  await until(page, connected("ended"));
  await logIsWhole(page, run);
  assert.equal(studio.asked(/polled\/stream$/).length, before);
  await everyRecordOnce(page, run);
});

test("a run that is stopped ends as TERMINATED, without any event that says so", async () => {
  studio.mode = "polling"; // the server's way to hear of news, and no concern of ours
  const run = studio.start("stopped", GRAPH);
  run.event("plan", "STARTED");
  const page = await labPage();
  page.on("dialog", (dialog) => dialog.accept());
  await openRun(page, "stopped", { backend: "lab" });
  await until(page, connected("live"));
  await page.getByRole("button", { name: /stop|cancel/i }).first().click();
  const { problems } = await until(page, ({ status }) => status === "TERMINATED");
  assert.equal(problems, 0, "201 is an answer like 200");
  await until(page, connected("ended"));
  assert.equal((await steps(page)).plan, "canceled");
});

test("what cannot be had is said once, and the rest is there", async () => {
  const run = studio.start("partial", GRAPH);
  run.event("plan", "STARTED");
  studio.break(/\/logs$/, 503);
  studio.break(/\/artifacts$/, 403);
  const page = await labPage();
  page.watch.allow(/503.*\/logs|403.*\/artifacts/);
  await openRun(page, "partial", { backend: "lab", streaming: 0 });
  await until(page, connected("polling"));
  run.event("plan", "COMPLETED");
  await shows(page, { plan: "success" });
  await page.getByRole("button", { name: "Refresh" }).click();
  await idle(page);
  assert.equal((await snapshot(page)).problems, 2);
});

test("a run it does not know is refused, and so is one that it may not show", async () => {
  const page = await labPage();
  page.watch.allow(/404 \(Not Found\)/);
  await openRun(page, "nowhere", { backend: "lab" });
  await until(page, connected("refused"));

  studio.start("forbidden", GRAPH);
  studio.break(/forbidden/, 403);
  page.watch.allow(/403/);
  await openRun(page, "forbidden", { backend: "lab" });
  await until(page, connected("refused"));
});

test("no browser ever showed or saw the credentials", async () => {
  const run = studio.start("secret", GRAPH);
  run.event("plan", "STARTED");
  const page = await labPage();
  await openRun(page, "secret", { backend: "lab" });
  await until(page, connected("live"));
  const ours = page.asked.filter((request) => request.url().includes("/backends/lab/"));
  assert.ok(ours.length > 5);
  for (const request of ours) {
    const names = Object.keys(await request.allHeaders());
    assert.deepEqual(names.filter((name) => /authorization|organization|cookie/.test(name)), []);
  }
  const asked = studio.requests.filter(({ path }) => path.includes("secret"));
  assert.ok(asked.every(({ headers }) => headers.authorization && headers["x-organization-id"] === "local-dev"));
  assert.ok(asked.every(({ path }) => path.startsWith("/api/v1/")));
});
