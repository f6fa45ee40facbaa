// Going from page to page: by links, by the browser's way back and forward, and to addresses that lead nowhere.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { idle, open, openRun, openStage, postReel } from "./harness.mjs";
import { smallRun } from "./small.mjs";

const RUN = "pages 1 ä";
const address = `/runs/${encodeURIComponent(RUN)}`;

let stage;
before(async () => {
  stage = await openStage();
  await postReel(stage.url, RUN, smallRun(RUN));
});
afterEach(() => stage.closePages());
after(() => stage?.close());

test("links and the way back change the page without loading the app anew", async () => {
  const page = await stage.page();
  await open(page, "/runs");
  await page.evaluate(() => (window.stays = true));
  const row = page.locator("a.runs__row");
  const viewer = page.locator("main.run");

  await row.first().click();
  await viewer.waitFor();
  await idle(page);
  assert.equal(decodeURIComponent(new URL(page.url()).pathname), `/runs/${RUN}`);
  await page.goBack();
  await row.first().waitFor();
  assert.equal(await viewer.count(), 0);
  await page.goForward();
  await viewer.waitFor();
  await page.getByRole("link", { name: "All runs" }).click();
  await row.first().waitFor();
  assert.equal(new URL(page.url()).pathname, "/runs");
  assert.ok(await page.evaluate(() => window.stays), "the app was loaded anew");
  assert.deepEqual(page.watch.problems, []);
});

test("a click that asks for another tab is the browser's", async () => {
  const page = await stage.page();
  await open(page, "/runs");
  const other = page.context().waitForEvent("page");
  await page.locator("a.runs__row").first().click({ modifiers: ["ControlOrMeta"] });
  await (await other).waitForURL(/runs\/./);
  assert.equal(new URL(page.url()).pathname, "/runs");
});

for (const path of ["/runs/a/b", `${address}/more`]) {
  test(`${path} is no page, and says so`, async () => {
    const page = await stage.page();
    await open(page, path);
    await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    await page.getByRole("link", { name: "All runs" }).click();
    await page.locator("a.runs__row").first().waitFor();
  });
}

test("an address may end in a slash, and the base is the list", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  for (const [path, shows] of [["/", "a.runs__row"], ["/runs/", "a.runs__row"], [`${address}/`, "main.run"]]) {
    await open(page, path);
    await page.locator(shows).first().waitFor();
  }
});
