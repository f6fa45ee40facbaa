// Streaming can be forbidden, by the deployment or for one page: then no stream is ever asked for, and data comes all the same.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { openRun, openStage, postReel, steps, until } from "./harness.mjs";
import { ending, event, line, smallRun } from "./small.mjs";

let stage;
before(async () => {
  stage = await openStage();
});
afterEach(() => stage.closePages());
after(() => stage?.close());

/** A page that notes every request for a stream. */
async function watchedPage() {
  const page = await stage.page({ sharing: false });
  page.streams = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.endsWith("/stream")) page.streams.push(request.url());
  });
  return page;
}

/** Overrides one setting of the served config.json. */
async function configure(page, settings) {
  await page.route("**/config.json", async (route) => {
    const served = await (await route.fetch()).json();
    await route.fulfill({ json: { ...served, ...settings } });
  });
}

/** News arrive by polling, up to the run's end. */
async function polls(page, id, query) {
  await postReel(stage.url, id, smallRun(id));
  await openRun(page, id, query);
  await until(page, ({ connection }) => connection === "polling");
  assert.equal((await page.getByRole("status", { name: "Connection" }).textContent()).trim(), "Polling");

  await postReel(stage.url, id, [event(4, "second", "COMPLETED", 2_000), line(2, "second", "news", 2_100)]);
  await until(page, ({ nodes, logLines }) => nodes.second === "success" && logLines === 2);
  assert.deepEqual(await steps(page), { first: "success", second: "success" });
  await page.getByRole("log", { name: "Logs" }).getByText("news").waitFor();

  await postReel(stage.url, id, [ending("COMPLETED", 2_200)]);
  await until(page, ({ connection }) => connection === "ended");
  assert.deepEqual(page.streams, []);
}

test("?streaming=0 polls", async () => {
  await polls(await watchedPage(), "off-by-address", { streaming: 0 });
});

test("ENABLE_EXECUTION_STREAMING false polls", async () => {
  const page = await watchedPage();
  await configure(page, { ENABLE_EXECUTION_STREAMING: false });
  await polls(page, "off-by-config");
});

test("?streaming=1 streams where the deployment says no", async () => {
  const page = await watchedPage();
  await configure(page, { ENABLE_EXECUTION_STREAMING: false });
  await postReel(stage.url, "on-by-address", smallRun("on-by-address"));
  await openRun(page, "on-by-address", { streaming: 1 });
  await until(page, ({ connection }) => connection === "live");
  assert.equal(page.streams.length, 1);
});

test("a server without a stream is polled", async () => {
  const page = await watchedPage();
  page.watch.allow(/404/);
  await page.route("**/stream*", (route) => route.fulfill({ status: 404, json: { statusCode: 404, message: "none" } }));
  await postReel(stage.url, "no-stream", smallRun("no-stream"));
  await openRun(page, "no-stream");
  await until(page, ({ connection }) => connection === "polling");
  await postReel(stage.url, "no-stream", [event(4, "second", "COMPLETED", 2_000)]);
  await until(page, ({ nodes }) => nodes.second === "success");
});

test("what forbids streaming stays in the address", async () => {
  const page = await watchedPage();
  await postReel(stage.url, "kept", smallRun("kept"));
  await openRun(page, "kept", { streaming: 0 });
  await page.getByRole("treeitem").first().click();
  await until(page, () => true);
  const query = new URL(page.url()).searchParams;
  assert.deepEqual([query.get("streaming"), query.get("node")], ["0", "first"]);
});
