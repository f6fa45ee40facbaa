// The palette and the list of runs: a few letters find steps, moments, commands and runs, by keyboard and screen reader.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idle, openRun, openStage, postReel, run, snapshot } from "./harness.mjs";
import { nightRun } from "./night.mjs";

const RUN = "palette-1";

let stage, folder;
before(async () => {
  stage = await openStage();
  folder = await mkdtemp(join(tmpdir(), "runreel-palette-"));
  await postReel(stage.url, RUN, nightRun(RUN));
});
afterEach(() => stage.closePages());
after(async () => {
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
});

const dialog = (page) => page.locator("dialog");
const field = (page) => dialog(page).getByRole("combobox");
const options = (page) => dialog(page).getByRole("option");
const names = (page) => dialog(page).locator(".picker__name").allInnerTexts();
const focused = (page) => page.evaluate(() => document.activeElement.getAttribute("aria-label"));

async function openPalette(page, text = "") {
  await page.keyboard.press("Control+k");
  await field(page).waitFor();
  await page.keyboard.type(text);
  await idle(page);
}

/** The row that Enter would take, as a screen reader is told of it. */
async function active(page) {
  return page.evaluate(() => {
    const field = document.activeElement;
    const named = document.getElementById(field.getAttribute("aria-activedescendant"));
    const chosen = [...document.querySelectorAll("dialog [aria-selected=true]")];
    if (chosen.length !== 1 || chosen[0] !== named) throw new Error("aria-activedescendant is not the selected row");
    const list = document.getElementById(field.getAttribute("aria-controls"));
    const [room, row] = [list.getBoundingClientRect(), named.getBoundingClientRect()];
    if (row.top < room.top - 1 || row.bottom > room.bottom + 1) throw new Error("the selected row is out of sight");
    return named.querySelector(".picker__name").textContent;
  });
}

test("it is a combobox with a listbox, and the arrows go round", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  await openPalette(page);
  assert.equal(await field(page).getAttribute("aria-expanded"), "true");
  assert.equal(await dialog(page).getByRole("listbox").count(), 1);
  const all = await names(page);
  assert.equal(all[0], "Play or pause");
  assert.equal(await active(page), all[0]);
  for (const [key, row] of [["ArrowDown", 1], ["ArrowDown", 2], ["ArrowUp", 1], ["PageDown", 9], ["PageUp", 1], ["ArrowUp", 0], ["ArrowUp", all.length - 1], ["ArrowDown", 0]]) {
    await page.keyboard.press(key);
    await idle(page);
    assert.equal(await active(page), all[row], key);
  }
});

test("Escape and a press outside close it and give the focus back", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  const slider = page.getByRole("slider", { name: "Playhead" });
  for (const close of [() => page.keyboard.press("Escape"), () => page.mouse.click(5, 5)]) {
    await slider.focus();
    await openPalette(page, "sca");
    await close();
    await idle(page);
    assert.equal(await dialog(page).count(), 0);
    assert.equal(await focused(page), "Playhead");
  }
  assert.equal((await snapshot(page)).mode, "following", "the press did nothing else");
});

test("it finds steps, commands and moments", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  const take = async (text) => {
    await openPalette(page, text);
    const name = await active(page);
    await page.keyboard.press("Enter");
    await idle(page);
    assert.equal(await dialog(page).count(), 0);
    return [name, await snapshot(page), new URL(page.url()).searchParams.get("node")];
  };
  for (const [text, name, t, node] of [
    ["merg", "merge", 10_800_000, "merge"],
    ["first fail", "First failure", 4_000_000, "scan"],
    ["merge failed", "merge failed", 9_100_000, "merge"],
    ["12:30", "Go to 12:30", 750_000, "merge"],
    ["+90s", "Go to +90s", 840_000, "merge"],
    ["-1:00", "Go to -1:00", 780_000, "merge"],
    ["1h", "Go to 1h", 3_600_000, "merge"],
    ["99:00:00", "Go to 99:00:00", 10_800_000, "merge"],
    ["to the start", "To the start", 0, "merge"],
    ["SELECT NO", "Select no step", 0, null],
  ]) {
    const [taken, shown, selected] = await take(text);
    assert.deepEqual([taken, shown.t, selected], [name, t, node], text);
  }
});

test("a command of the palette may open another dialog", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  await openPalette(page, "keyboard");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await page.keyboard.press("Escape");
  await idle(page);
  assert.equal(await dialog(page).count(), 0);
});

test("what matches nothing says what could be typed", async () => {
  const page = await stage.page();
  await openRun(page, RUN);
  await openPalette(page, "qqqq");
  assert.equal(await options(page).count(), 0);
  assert.equal(await field(page).getAttribute("aria-activedescendant"), null);
  await dialog(page).getByRole("status").getByText(/Nothing matches\. Try/).waitFor();
  await page.keyboard.press("Enter");
  assert.equal(await dialog(page).count(), 1);
});

test("of 10,000 steps the best 50 are shown", async () => {
  const file = join(folder, "many.reel");
  const made = await run("synth", "--nodes", "10000", "--events", "20000", "--log-lines", "10", "--id", "many", "-o", file);
  assert.equal(made.code, 0, made.stderr);
  const reel = await readFile(file, "utf8");
  const posted = await fetch(`${stage.url}/api/v1/workflows/runs/many/reel`, { method: "POST", headers: { "content-type": "application/x-ndjson" }, body: reel });
  assert.ok(posted.ok, await posted.text());
  const nodes = JSON.parse(reel.slice(0, reel.indexOf("\n"))).graph.nodes;
  const last = nodes.at(-1);
  const page = await stage.page();
  await openRun(page, "many");
  await openPalette(page);
  assert.equal(await options(page).count(), 50);
  await dialog(page).getByRole("status").getByText(/The best 50 of 1\d{4} that match/).waitFor();
  await page.keyboard.type(last.id);
  await idle(page);
  assert.ok((await options(page).count()) <= 50);
  await page.keyboard.press("Enter");
  await idle(page);
  assert.equal(new URL(page.url()).searchParams.get("node"), last.id);
});

test("another run is a few letters away, those that go on first", async () => {
  const page = await stage.page();
  const going = "palette-going";
  await postReel(stage.url, going, nightRun(going, { over: false }));
  for (const id of ["palette-2", "palette-3"]) await postReel(stage.url, id, nightRun(id));
  await openRun(page, RUN);
  const kinds = async () => dialog(page).locator(".picker__kind").allInnerTexts();
  await page.getByRole("button", { name: "Switch run" }).click();
  await options(page).first().waitFor();
  const [first, ...rest] = await kinds();
  assert.equal(first, "Running");
  assert.ok(!rest.includes("Running") && rest.includes("This run"), JSON.stringify(rest));
  await page.keyboard.type("palette-3");
  await idle(page);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/runs/palette-3");
  await page.getByRole("tree", { name: "Steps" }).waitFor();
  await idle(page);
  assert.equal((await snapshot(page)).runId, "palette-3");

  await page.keyboard.press("w");
  await page.keyboard.type("running schedule");
  await options(page).first().waitFor();
  while ((await options(page).count()) !== 1) await idle(page);
  await options(page).first().click();
  await page.waitForURL(`**/runs/${going}`);
  await page.goBack();
  await page.waitForURL("**/runs/palette-3");
  await page.getByRole("tree", { name: "Steps" }).waitFor();
  await idle(page);
  assert.equal((await snapshot(page)).runId, "palette-3");
});
