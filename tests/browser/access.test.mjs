// The page for people who use a keyboard or a screen reader: no barrier that axe-core knows, all names, all keys.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { barriers, idle, open, openRun, openStage, postReel, snapshot, startServer, until } from "./harness.mjs";
import { hostileRun } from "./hostile.mjs";
import { ending, smallRun } from "./small.mjs";

const RUN = "access-1";
const FAILED = "access-failed";
const LOOKS = ["light", "dark"].flatMap((colorScheme) =>
  [{ width: 1440, height: 900 }, { width: 390, height: 844 }].map((viewport) => ({ colorScheme, viewport })),
);

let stage;
before(async () => {
  stage = await openStage();
  await postReel(stage.url, RUN, smallRun(RUN));
  await postReel(stage.url, FAILED, hostileRun(FAILED));
});
afterEach(() => stage.closePages());
after(() => stage?.close());

/** What is serious, with the place; what is less is told, not failed. */
async function grave(page, where, t) {
  const found = await barriers(page);
  const serious = ({ impact }) => ["serious", "critical"].includes(impact);
  for (const { id, impact } of found.filter((one) => !serious(one))) t.diagnostic(`${where}: ${impact} ${id}`);
  return found.filter(serious).map((one) => ({ where, ...one }));
}

for (const look of LOOKS) {
  const name = `${look.colorScheme}, ${look.viewport.width} wide`;

  test(`no barrier on the list (${name})`, async (t) => {
    const page = await stage.page(look);
    await page.goto("/runs", { waitUntil: "load" });
    await page.getByRole("link", { name: new RegExp(RUN) }).waitFor();
    assert.deepEqual(await grave(page, "the list", t), []);
  });

  test(`no barrier on a run (${name})`, async (t) => {
    const page = await stage.page(look);
    const found = [];
    for (const [id, query] of [[RUN, {}], [FAILED, { node: "constructor" }]]) {
      for (const tab of ["logs", "terminal", "agent", "inspector"]) {
        await openRun(page, id, { ...query, tab });
        found.push(...(await grave(page, `${id}, ${tab}`, t)));
      }
    }
    assert.deepEqual(found, []);
  });

  test(`nothing is cut off at the side (${name})`, async () => {
    const page = await stage.page(look);
    for (const path of ["/runs", `/runs/${RUN}`, `/runs/${FAILED}`]) {
      await page.goto(path, { waitUntil: "load" });
      await page.locator(`[data-run="${RUN}"], [role=tree]`).first().waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= look.viewport.width, `${path} is ${wide} px wide`);
    }
  });
}

test("no barrier where a run is not, nor in an empty list", async (t) => {
  const page = await stage.page();
  page.watch.allow(/404/);
  await open(page, "/runs/not-there");
  assert.deepEqual(await grave(page, "an unknown run", t), []);

  const empty = await startServer();
  try {
    const page = await stage.page({ baseURL: empty.url });
    await page.goto("/runs", { waitUntil: "load" });
    await page.getByText("No runs yet").waitFor();
    assert.deepEqual(await grave(page, "an empty list", t), []);
    await page.close();
  } finally {
    await empty.stop();
  }
});

test("everything has the name it is known by", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  await until(page, ({ connection }) => connection === "live");
  const one = async (role, name) => {
    const count = await page.getByRole(role, { name, exact: true }).count();
    assert.equal(count, 1, `${role} "${name}"`);
  };
  await one("status", "Connection");
  await one("slider", "Playhead");
  for (const name of ["Play", "Go live", "Pause updates", "Refresh"]) await one("button", name);
  await one("tree", "Steps");
  assert.equal(await page.locator('canvas[aria-label="Run graph"]:is([role=img], [role=application])').count(), 1);
  await one("searchbox", "Search this run");
  await one("log", "Logs");
  assert.ok((await page.getByRole("tablist").count()) >= 1);
  for (const name of ["Terminal", "Agent", "Inspector"]) {
    await page.getByRole("tab", { name, exact: true }).click();
    await one("region", name);
  }
  const items = page.getByRole("treeitem");
  assert.equal(await items.count(), 2);
  for (const item of await items.all()) {
    assert.ok(await item.getAttribute("data-node"));
    assert.match(await item.getAttribute("data-state"), /^(idle|queued|running|success|failed|waiting|blocked|skipped|canceled|awaiting_input)$/);
  }
});

test("the slider tells where it is, in milliseconds", async () => {
  const page = await stage.page();
  const id = "access-slider";
  await postReel(stage.url, id, [...smallRun(id), ending("COMPLETED", 2_000)]);
  await openRun(page, id, { t: 700 });
  const slider = page.getByRole("slider", { name: "Playhead" });
  const say = async (name) => slider.getAttribute(`aria-value${name}`);
  assert.deepEqual([await say("min"), await say("now"), await say("max")], ["0", "700", "2000"]);
});

test("Play and Pause are one button, and space presses it", async () => {
  const page = await stage.page();
  await openRun(page, RUN, { t: 0 });
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await idle(page);
  assert.equal((await snapshot(page)).mode, "paused");
  await page.locator("h1").click();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
  assert.equal((await snapshot(page)).mode, "playing");
});

test("space on a focused button presses that button and nothing else", async () => {
  const page = await stage.page();
  await openRun(page, RUN, { t: 100 });
  await page.getByRole("button", { name: "Zoom in" }).focus();
  await page.keyboard.press("Space");
  await idle(page);
  assert.equal((await snapshot(page)).mode, "paused", "the run does not begin to play");
});

test("Tab reaches the tree, the canvas, the slider, the tabs and the panel", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  const reached = [];
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const { activeElement: on } = document;
      return on === document.body ? undefined : `${on.getAttribute("role") ?? on.localName}: ${on.getAttribute("aria-label") ?? on.textContent.trim()}`;
    });
    if (name === undefined) break;
    reached.push(name);
  }
  for (const wanted of ["tree: Steps", "img: Run graph", "input: Playhead", "tab: Logs", "input: Search this run", "log: Logs"]) {
    assert.ok(reached.some((name) => name === wanted), `${wanted} among ${JSON.stringify(reached)}`);
  }
});

test("what has the focus shows it", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  const invisible = [];
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(() => {
      const on = document.activeElement;
      if (on === document.body) return undefined;
      const look = (element) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      };
      // A ring may be drawn around a field, or beside a bare slider.
      const near = [on, on.parentElement, on.nextElementSibling].filter(Boolean);
      return { name: on.getAttribute("aria-label") ?? on.textContent.trim(), seen: near.some(look) };
    });
    if (found === undefined) break;
    if (!found.seen) invisible.push(found.name);
  }
  assert.deepEqual(invisible, []);
});

test("arrow keys move in the tree, and the inspector follows", async () => {
  const page = await stage.page();
  await openRun(page, RUN, { tab: "inspector" });
  const tree = page.getByRole("tree", { name: "Steps" });
  const selected = () => tree.locator('[aria-selected="true"]').evaluateAll((all) => all.map((item) => item.dataset.node));
  await tree.focus();
  for (const [key, node] of [["ArrowDown", "first"], ["ArrowDown", "second"], ["ArrowDown", "second"], ["ArrowUp", "first"], ["End", "second"], ["Home", "first"]]) {
    await page.keyboard.press(key);
    await idle(page);
    assert.deepEqual(await selected(), [node], key);
    const active = await tree.getAttribute("aria-activedescendant");
    assert.equal(await page.evaluate((id) => document.getElementById(id)?.dataset.node, active), node, "aria-activedescendant");
    await page.getByRole("region", { name: "Inspector" }).getByRole("heading", { name: node }).waitFor();
  }
});

test("aria-activedescendant names an element whatever the step is called", async () => {
  const page = await stage.page();
  await openRun(page, FAILED);
  const tree = page.getByRole("tree", { name: "Steps" });
  await tree.focus();
  const count = await page.getByRole("treeitem").count();
  for (let n = 0; n < count; n++) {
    await page.keyboard.press("ArrowDown");
    await idle(page);
    const active = await tree.getAttribute("aria-activedescendant");
    assert.match(active, /^\S+$/, "an IDREF has no space");
    assert.ok(await page.evaluate((id) => document.getElementById(id) !== null, active));
  }
});

test("arrow keys move between the panels", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  await page.getByRole("tab", { name: "Logs" }).focus();
  for (const [key, name] of [["ArrowRight", "Terminal"], ["ArrowRight", "Agent"], ["ArrowLeft", "Terminal"], ["End", "Inspector"], ["ArrowRight", "Logs"], ["ArrowLeft", "Inspector"], ["Home", "Logs"]]) {
    await page.keyboard.press(key);
    const tab = page.getByRole("tab", { name });
    await idle(page);
    assert.equal(await tab.getAttribute("aria-selected"), "true", key);
    assert.ok(await tab.evaluate((tab) => tab === document.activeElement), `${key} moves the focus`);
  }
});

test("motion is left out for those who ask", async () => {
  const page = await stage.page({ reducedMotion: "reduce" });
  await openRun(page, RUN);
  await until(page, ({ connection }) => connection === "live");
  const moving = await page.evaluate(() =>
    document.getAnimations().filter(({ playState, effect }) => playState === "running" && effect.getTiming().duration > 1).map(({ animationName }) => animationName),
  );
  assert.deepEqual(moving, []);
});
