// Everything by keyboard: what each key does, where keys must do nothing, and the list that tells of them.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { barriers, idle, openRun, openStage, postReel, snapshot } from "./harness.mjs";
import { LENGTH, nightRun } from "./night.mjs";

const RUN = "keys-1";

let stage;
before(async () => {
  stage = await openStage();
  await postReel(stage.url, RUN, nightRun(RUN));
});
afterEach(() => stage.closePages());
after(() => stage?.close());

const dialog = (page) => page.getByRole("dialog", { name: "Keyboard shortcuts" });
const selected = (page) => page.getByRole("tab", { selected: true }).innerText();
const speed = (page) => page.getByRole("combobox", { name: "Speed" }).locator("option:checked").innerText();
const focused = (page) => page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.localName);

test("keys do what the list says", async () => {
  const page = await stage.page();
  await openRun(page, RUN, { t: 5_000 });
  const shown = () => snapshot(page);
  for (const [key, look, wanted] of [
    ["k", async () => (await shown()).mode, "playing"],
    ["Space", async () => (await shown()).mode, "paused"],
    ["l", async () => (await shown()).mode, "following"],
    ["a", async () => (await shown()).t, 0],
    ["z", async () => [(await shown()).t, (await shown()).mode].join(), `${LENGTH},paused`],
    ["f", async () => (await shown()).t, 4_000_000],
    [">", () => speed(page), "2×"],
    ["<", () => speed(page), "1×"],
    ["<", () => speed(page), "0.5×"],
    ["r", () => speed(page), "360× · run in 30 s"],
    ["2", () => selected(page), "Terminal"],
    ["3", () => selected(page), "Agent"],
    ["4", () => selected(page), "Inspector"],
    ["1", () => selected(page), "Logs"],
    ["d", () => page.locator("[role=treeitem][aria-selected=true]").count(), 0],
    ["q", () => page.getByRole("button", { name: "Skip quiet" }).getAttribute("aria-pressed"), "true"],
    ["/", () => focused(page), "Search this run"],
  ]) {
    await page.keyboard.press(key);
    await idle(page);
    assert.equal(await look(), wanted, key);
  }
});

test("what is marked by keys is in the link, and repeated by another", async () => {
  const page = await stage.page();
  await openRun(page, RUN, { t: 1_000 });
  const query = async () => (await idle(page), Object.fromEntries(new URL(page.url()).searchParams));
  await page.keyboard.press("Shift+L");
  await page.getByRole("status", { name: "Message" }).getByText(/Mark what is to be repeated/).waitFor();
  await page.keyboard.press("i");
  assert.equal((await query()).range, `1000-${LENGTH}`);
  await page.keyboard.press(".");
  await page.keyboard.press("o");
  assert.equal((await query()).range, "1000-60000");
  await page.keyboard.press("Shift+L");
  assert.equal((await query()).loop, "1000-60000");
  await page.keyboard.press("u");
  assert.deepEqual([(await query()).loop, (await query()).range], [undefined, undefined]);
});

test("keys do nothing while one types", async () => {
  const page = await stage.page();
  await openRun(page, RUN, { t: 5_000 });
  const field = page.getByRole("searchbox", { name: "Search this run" });
  await field.focus();
  await page.keyboard.type("k l.,?1zq y/");
  await idle(page);
  assert.equal(await field.inputValue(), "k l.,?1zq y/");
  const { t, mode } = await snapshot(page);
  assert.deepEqual([t, mode, await selected(page), await page.locator("dialog").count()], [5_000, "paused", "Logs", 0]);
  await page.getByRole("combobox", { name: "Speed" }).focus();
  await page.keyboard.press("z");
  assert.equal((await snapshot(page)).t, 5_000, "a list is chosen from by typing");
});

test("keys of the browser, of screen readers and of parts of the page stay theirs", async () => {
  const page = await stage.page();
  await openRun(page, RUN, { t: 5_000 });
  const refused = await page.evaluate(() => {
    const all = [];
    const presses = [["l", "ctrlKey"], ["1", "ctrlKey"], ["w", "metaKey"], ["d", "altKey"], ["p", "ctrlKey"], [" ", "ctrlKey"], ["Tab"], ["Escape"], ["F5"], ["Home"], ["End"], ["PageDown"], ["ArrowDown"], ["k", "isComposing"]];
    for (const [key, ...held] of presses) {
      const given = Object.fromEntries(held.map((name) => [name, true]));
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...given });
      document.body.dispatchEvent(event);
      if (event.defaultPrevented) all.push([key, ...held].join(" "));
    }
    return all;
  });
  assert.deepEqual(refused, []);
  assert.deepEqual([(await snapshot(page)).t, (await snapshot(page)).mode], [5_000, "paused"]);
  // A button presses itself with Space, and lets other keys through.
  await page.getByRole("button", { name: "Zoom in" }).focus();
  await page.keyboard.press("Space");
  assert.equal((await snapshot(page)).mode, "paused");
  await page.keyboard.press("a");
  await idle(page);
  assert.equal((await snapshot(page)).t, 0);
});

test("? lists every key, and Escape returns the focus", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  const slider = page.getByRole("slider", { name: "Playhead" });
  await slider.focus();
  await page.keyboard.press("?");
  await dialog(page).waitFor();
  const rows = await dialog(page).locator("dt").allInnerTexts();
  for (const wanted of ["Play or pause", "Next failure", "Copy link to this moment", "Find steps, moments and commands", "Switch to another run", "Show the inspector"]) {
    assert.ok(rows.includes(wanted), wanted);
  }
  assert.ok(await dialog(page).evaluate((it) => it.contains(document.activeElement)), "the focus is in the dialog");
  // Keys are of the dialog while it is open.
  await page.keyboard.press("a");
  await page.keyboard.press("Control+k");
  assert.equal((await snapshot(page)).mode, "following");
  assert.equal(await page.locator("dialog").count(), 1);
  await page.keyboard.press("Escape");
  await idle(page);
  assert.equal(await page.locator("dialog").count(), 0);
  assert.equal(await focused(page), "Playhead");
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await dialog(page).getByRole("button", { name: "Close" }).click();
  assert.equal(await focused(page), "Keyboard shortcuts");
});

test("letters can be turned off, for good", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  await page.keyboard.press("?");
  await dialog(page).getByRole("checkbox").uncheck();
  await page.keyboard.press("Escape");
  const still = async () => {
    await page.keyboard.press("a");
    await page.keyboard.press("?");
    await idle(page);
    assert.equal((await snapshot(page)).mode, "following");
    assert.equal(await page.locator("dialog").count(), 0);
  };
  await still();
  await page.reload({ waitUntil: "load" });
  await idle(page);
  await still();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: /^Find/ }).waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
    test(`no barrier in the dialogs (${colorScheme}, ${viewport.width} wide)`, async () => {
      const page = await stage.page({ colorScheme, viewport });
      await openRun(page, RUN, { t: 4_500_000, loop: "4000000-5000000" });
      for (const keys of ["?", "Control+k", "w"]) {
        await page.keyboard.press(keys);
        await page.locator("dialog").waitFor();
        await idle(page);
        const grave = (await barriers(page)).filter(({ impact }) => ["serious", "critical"].includes(impact));
        assert.deepEqual(grave, [], keys);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= viewport.width, `${wide} px wide`);
        await page.keyboard.press("Escape");
      }
    });
  }
}
