// A run that failed says why, and leads to where it began, whether it was watched or opened later.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { idle, openRun, openStage, postReel, snapshot, until } from "./harness.mjs";
import { ending, event, smallRun } from "./small.mjs";

const END = [
  { ...event(4, "second", "FAILED", 3_000), error: { message: "the disk is full", type: "IoError", code: "ENOSPC" } },
  { ...ending("FAILED", 3_500), failure: { reason: "second gave up", temporalCode: "E_STEP", details: { tries: 1 } } },
];

let stage;
before(async () => {
  stage = await openStage();
});
afterEach(() => stage.closePages());
after(() => stage?.close());

async function saysWhy(page) {
  const banner = page.getByRole("alert");
  await banner.waitFor();
  const text = await banner.innerText();
  for (const part of ["second gave up", "E_STEP", "tries"]) assert.ok(text.includes(part), `${part} in: ${text}`);

  await page.getByRole("button", { name: /First failure/ }).click();
  await idle(page);
  assert.equal((await snapshot(page)).t, 3_000);
  assert.equal(await page.locator('[role=treeitem][data-node="second"]').getAttribute("aria-selected"), "true");
  const inspector = page.getByRole("region", { name: "Inspector" });
  for (const part of ["the disk is full", "IoError", "ENOSPC"]) await inspector.getByText(part).first().waitFor();
}

test("opened after its end", async () => {
  const id = "failure-later";
  await postReel(stage.url, id, [...smallRun(id), ...END]);
  const page = await stage.page();
  await openRun(page, id);
  await saysWhy(page);
});

test("watched while it failed", async () => {
  const id = "failure-live";
  await postReel(stage.url, id, smallRun(id));
  const page = await stage.page();
  await openRun(page, id);
  await until(page, ({ connection }) => connection === "live");
  await postReel(stage.url, id, END);
  await until(page, ({ connection }) => connection === "ended");
  await saysWhy(page);
});

test("before its end, nothing says that it failed", async () => {
  const id = "failure-before";
  await postReel(stage.url, id, [...smallRun(id), ...END]);
  const page = await stage.page();
  await openRun(page, id, { t: 3_200 });
  assert.equal((await snapshot(page)).status, "RUNNING");
  assert.equal(await page.getByRole("alert").count(), 0);
});
