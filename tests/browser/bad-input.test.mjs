// What is not there, what goes away, and what is meant to do harm.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idle, open, openRun, openStage, postReel, snapshot, startServer, steps, until } from "./harness.mjs";
import { hostileRun, MARKUP, NODE, SCHEME } from "./hostile.mjs";
import { ending, event, smallRun } from "./small.mjs";

/** What Chromium says in the console when a server goes away. */
const CUT = /net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/;

let stage;
before(async () => {
  stage = await openStage();
});
afterEach(() => stage.closePages());
after(() => stage?.close());

const badge = (page) => page.getByRole("status", { name: "Connection" });

test("an unknown run: the page says so and leads back", async () => {
  const page = await stage.page();
  page.watch.allow(/404/);
  await open(page, "/runs/never-heard-of");
  await page.getByRole("heading", { name: "Run not found" }).waitFor();
  assert.match(await page.locator("main").innerText(), /never-heard-of/);
  assert.equal((await snapshot(page)).connection, "refused");

  await page.getByRole("link", { name: /runs/i }).first().click();
  await page.getByRole("heading", { name: "Runs", exact: true }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/runs");
});

test("an unknown run appears on its open page once it is there", async () => {
  const page = await stage.page();
  page.watch.allow(/404/);
  await open(page, "/runs/comes-later");
  await page.getByRole("heading", { name: "Run not found" }).waitFor();
  await postReel(stage.url, "comes-later", smallRun("comes-later"));
  await page.getByRole("button", { name: "Retry connection" }).click();
  await until(page, ({ connection }) => connection === "live");
  assert.deepEqual(await steps(page), { first: "success", second: "running" });
});

test("an unknown run or path of the API is a 404 in JSON", async () => {
  for (const path of ["workflows/runs/nope", "workflows/runs/nope/status", "workflows/runs/nope/stream", "workflows/runs/nope/reel", "no/such/thing"]) {
    const answer = await fetch(`${stage.url}/api/v1/${path}`);
    assert.equal(answer.status, 404, path);
    assert.match(answer.headers.get("content-type"), /^application\/json/, path);
    const body = await answer.json();
    assert.equal(body.statusCode, 404, path);
    assert.ok(body.message.length > 0, path);
  }
});

test("an address that is no page says so", async () => {
  const page = await stage.page();
  page.watch.allow(/404/);
  await page.goto("/runs/a/b/c/d", { waitUntil: "load" });
  await page.getByRole("link", { name: /runs/i }).first().waitFor();
});

for (const signal of ["SIGTERM", "SIGKILL"]) {
  test(`the server goes (${signal}) and comes back: the page says what it tried, and goes on`, async () => {
    const data = await mkdtemp(join(tmpdir(), "runreel-comes-back-"));
    const first = await startServer([], { data });
    let second;
    const page = await stage.page({ baseURL: first.url });
    page.watch.allow(CUT);
    try {
      await postReel(first.url, "r", smallRun("r"));
      await openRun(page, "r");
      await until(page, ({ connection }) => connection === "live");

      await first.stop(signal);
      await until(page, ({ connection }) => connection === "reconnecting");
      assert.equal((await badge(page).textContent()).trim(), "Reconnecting");
      // What was seen stays.
      assert.deepEqual(await steps(page), { first: "success", second: "running" });
      await page.getByText(/failed/i).filter({ visible: true }).first().waitFor({ timeout: 15_000 });

      second = await startServer([], { data, port: first.port });
      await page.getByRole("button", { name: "Retry connection" }).click({ timeout: 15_000 });
      await until(page, ({ connection }) => connection === "live");
      await postReel(second.url, "r", [event(9, "second", "COMPLETED", 3_000), ending("COMPLETED", 3_100)]);
      const shown = await until(page, ({ connection }) => connection === "ended");
      assert.equal(shown.status, "COMPLETED");
      assert.deepEqual(await steps(page), { first: "success", second: "success" });
    } finally {
      await page.close();
      await first.stop("SIGKILL");
      await second?.stop();
      await rm(data, { recursive: true, force: true });
    }
  });
}

test("the server comes back and nobody clicks: the page finds it by itself", async () => {
  const data = await mkdtemp(join(tmpdir(), "runreel-comes-back-"));
  const first = await startServer([], { data });
  let second;
  const page = await stage.page({ baseURL: first.url });
  page.watch.allow(CUT);
  try {
    await postReel(first.url, "r", smallRun("r"));
    await openRun(page, "r");
    await until(page, ({ connection }) => connection === "live");
    await first.stop();
    await until(page, ({ connection }) => connection !== "live");
    second = await startServer([], { data, port: first.port });
    await until(page, ({ connection }) => connection === "live");
  } finally {
    await page.close();
    await first.stop("SIGKILL");
    await second?.stop();
    await rm(data, { recursive: true, force: true });
  }
});

test("a backend that is down from the start: the page says what it tried and retries", async () => {
  await postReel(stage.url, "down-1", smallRun("down-1"));
  const page = await stage.page();
  page.watch.allow(CUT);
  const asked = [];
  await page.route("**/api/v1/**", (route) => {
    asked.push(route.request().url());
    return route.abort("connectionrefused");
  });
  await open(page, "/runs/down-1");
  await page.getByRole("heading", { name: "The server cannot be reached" }).waitFor();
  assert.match(await page.getByRole("alert").innerText(), /api\/v1\/workflows\/runs\/down-1/);
  assert.ok(asked.length > 0);

  await page.unroute("**/api/v1/**");
  await page.getByRole("button", { name: "Retry connection" }).click();
  await until(page, ({ connection }) => connection === "live");
});

test("the list says when the backend is down, keeps what it knows, and recovers", async () => {
  await postReel(stage.url, "listed-1", smallRun("listed-1", { name: "Listed" }));
  const page = await stage.page();
  page.watch.allow(CUT);
  await page.goto("/runs", { waitUntil: "load" });
  await page.getByRole("link", { name: /listed-1/ }).waitFor();
  await page.route("**/api/v1/**", (route) => route.abort("connectionrefused"));
  await page.getByRole("alert").filter({ hasText: "api/v1/workflows/runs" }).waitFor();
  assert.equal(await page.getByRole("link", { name: /listed-1/ }).count(), 1);
  await page.unroute("**/api/v1/**");
  await page.getByRole("alert").waitFor({ state: "detached" });
});

test("hostile text in every field of a run is shown as text and does nothing", async () => {
  const id = `h ${MARKUP.slice(0, 60).replaceAll("/", "")}`;
  const posted = hostileRun(id);
  assert.deepEqual(await postReel(stage.url, id, posted), { accepted: posted.length - 1, duplicates: 0 });
  const page = await stage.page();
  page.on("dialog", (dialog) => assert.fail(`a dialog: ${dialog.message()}`));

  await page.goto("/runs", { waitUntil: "load" });
  await page.getByRole("link").filter({ hasText: MARKUP }).click();
  await page.getByRole("tree", { name: "Steps" }).waitFor();
  await idle(page);
  const shown = await snapshot(page);
  assert.equal(shown.runId, id);
  assert.ok(NODE in shown.nodes);
  assert.ok((await page.locator("h1").innerText()).includes(MARKUP), "the name is text");
  assert.ok((await page.getByRole("tree", { name: "Steps" }).innerText()).includes(MARKUP), "the label is text");

  for (const select of [false, true]) {
    if (select) await page.getByRole("treeitem").first().click();
    for (const name of ["Logs", "Terminal", "Agent", "Inspector"]) {
      await page.getByRole("tab", { name }).click();
      await idle(page);
      await page.getByRole("tabpanel").getByText("onerror=").first().waitFor();
      await harmless(page, `${name}, ${select ? "a step selected" : "nothing selected"}`);
    }
  }
  await page.reload({ waitUntil: "load" });
  await idle(page);
  await harmless(page, "after a reload");
  assert.deepEqual(page.watch.problems, []);
});

test("hostile text in the address is shown as text and does nothing", async () => {
  await postReel(stage.url, "query-1", smallRun("query-1"));
  const page = await stage.page();
  await openRun(page, "query-1", { q: MARKUP, node: MARKUP, tab: MARKUP, level: SCHEME, t: `1${MARKUP}` });
  await harmless(page, "query");
  page.watch.allow(/404/);
  await open(page, `/runs/${encodeURIComponent(MARKUP.replaceAll("/", ""))}?backend=${encodeURIComponent(SCHEME)}`);
  await harmless(page, "run id");
  assert.deepEqual(page.watch.problems, []);
});

/** Nothing of what the run brought has become part of the page. */
async function harmless(page, where) {
  const found = await page.evaluate(() => ({
    pwned: window.__pwned,
    images: document.images.length,
    frames: document.querySelectorAll("iframe, object, embed, base[href^='http']").length,
    handlers: document.querySelectorAll("[onerror], [onload], [onclick]").length,
    schemes: [...document.querySelectorAll("a, area, form")].filter((link) => /^\s*javascript:/i.test(link.href ?? link.action)).length,
  }));
  assert.deepEqual(found, { pwned: undefined, images: 0, frames: 0, handlers: 0, schemes: 0 }, where);
}
