// Many tabs of one browser on plain HTTP/1.1, where six connections are all there is.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { idle, openRun, openStage, postReel, snapshot, until } from "./harness.mjs";
import { ending, event, line, smallRun } from "./small.mjs";

let stage;
before(async () => {
  stage = await openStage();
});
afterEach(() => stage.closePages());
after(() => stage?.close());

/** So many pages of one browser context: they share its connections, as tabs do. */
async function tabs(count) {
  const first = await stage.page();
  const more = Array.from({ length: count - 1 }, () => first.context().newPage());
  return [first, ...(await Promise.all(more))];
}

test("ten tabs of one run are all live, and other requests are answered", async () => {
  const id = "shared";
  await postReel(stage.url, id, smallRun(id));
  const pages = await tabs(10);
  for (const page of pages) await openRun(page, id);
  for (const page of pages) await until(page, ({ connection }) => connection === "live");

  await postReel(stage.url, id, [event(4, "second", "COMPLETED", 2_000), line(2, "second", "to all", 2_100)]);
  for (const page of pages) {
    const shown = await until(page, ({ nodes, logLines }) => nodes.second === "success" && logLines === 2);
    assert.equal(shown.connection, "live");
  }
  const status = await pages[9].evaluate(async () => (await fetch("api/v1/workflows/runs/shared/status")).status);
  assert.equal(status, 200);

  // The tab that asked first may go: the others keep the stream.
  await pages[0].close();
  await postReel(stage.url, id, [line(3, "second", "to the rest", 2_200)]);
  for (const page of pages.slice(1)) await until(page, ({ logLines }) => logLines === 3);
  await postReel(stage.url, id, [ending("COMPLETED", 2_300)]);
  for (const page of pages.slice(1)) await until(page, ({ connection }) => connection === "ended");
});

test("ten tabs of ten runs all get their news: four by stream, the others by polling", async () => {
  const ids = Array.from({ length: 10 }, (_, index) => `own-${index}`);
  for (const id of ids) await postReel(stage.url, id, smallRun(id));
  const pages = await tabs(10);
  for (const [index, page] of pages.entries()) await openRun(page, ids[index]);
  const settled = ({ connection }) => connection === "live" || connection === "polling";
  const shown = [];
  for (const page of pages) shown.push((await until(page, settled)).connection);
  assert.equal(shown.filter((connection) => connection === "live").length, 4);

  for (const id of ids) await postReel(stage.url, id, [event(4, "second", "COMPLETED", 2_000)]);
  for (const page of pages) await until(page, ({ nodes }) => nodes.second === "success");

  // A place that falls free is taken by who is looked at.
  const live = pages[shown.indexOf("live")];
  const polling = pages[shown.indexOf("polling")];
  await live.close();
  await polling.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await until(polling, ({ connection }) => connection === "live");
});

test("without shared workers a page streams by itself", async () => {
  const id = "alone";
  await postReel(stage.url, id, smallRun(id));
  const page = await stage.page({ sharing: false });
  await openRun(page, id);
  await until(page, ({ connection }) => connection === "live");
  await postReel(stage.url, id, [line(2, "second", "more", 2_100)]);
  await until(page, ({ logLines }) => logLines === 2);
  await idle(page);
  assert.equal((await snapshot(page)).problems, 0);
});
