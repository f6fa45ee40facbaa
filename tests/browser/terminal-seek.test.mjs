// The terminal at the playhead: after any jump what xterm.js shows when it is written from the start, cell by cell.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { look } from "../../benches/terminal/look.mjs";
import { follow, idle, openRun, openStage, postReel, seek } from "./harness.mjs";
import { kinds, recording } from "./terminal-recordings.mjs";

const START = Date.UTC(2026, 0, 1);
const INSTANTS = 10;
const iso = (ms) => new Date(START + ms).toISOString();

let stage;
before(async () => {
  stage = await openStage();
});
afterEach(() => stage.closePages());
after(() => stage?.close());

const record = ({ at, bytes, size }, index, stream = "pty") => ({
  kind: "terminal",
  nodeRef: "step",
  stream,
  chunkIndex: index + 1,
  payload: Buffer.from(bytes).toString("base64"),
  recordedAt: iso(at),
  deltaMs: 0,
  ...(size && { cols: size[0], rows: size[1] }),
});

/** Posts a run of one step with these chunks. */
async function post(id, chunks, { stream = "pty", ended = true } = {}) {
  const run = { id, workflowId: "w", workflowName: "Terminal", status: "RUNNING", startTime: iso(0) };
  const node = { id: "step", type: "command", data: { label: "step", config: {} } };
  const started = { kind: "trace", id: "1", nodeId: "step", type: "STARTED", level: "info", timestamp: iso(0) };
  const end = Math.max(...chunks.map(({ at }) => at)) + 10;
  await postReel(stage.url, id, [
    { reel: 1, run, graph: { nodes: [node], edges: [] } },
    started,
    ...chunks.map((chunk, index) => record(chunk, index, stream)),
    ...(ended ? [{ kind: "status", status: "COMPLETED", updatedAt: iso(end), completedAt: iso(end) }] : []),
  ]);
}

/** Opens a run's terminal; the page then has `opened`, xterm's terminals, and `look`. */
async function openTerminal(id) {
  const page = await stage.page();
  await page.addInitScript({ content: `window.look = ${look}; window.opened = []; window.resets = 0;` });
  await openRun(page, id);
  await page.evaluate(async () => {
    const { Terminal } = await import("/vendor/xterm.mjs");
    const { open, reset } = Terminal.prototype;
    Terminal.prototype.open = function (...args) {
      window.opened.push(this);
      return open.apply(this, args);
    };
    Terminal.prototype.reset = function () {
      if (window.opened.includes(this)) window.resets += 1;
      return reset.apply(this);
    };
  });
  await page.getByRole("tab", { name: "Terminal" }).click();
  await page.locator(".xterm-rows").waitFor();
  await idle(page);
  return page;
}

const shown = (page) => page.evaluate(() => window.look(window.opened.at(-1)));

/** What xterm.js looks like at each of `instants` when all is written to it from the start. */
function expected(page, chunks, instants, { convertEol = false } = {}) {
  const plain = chunks.map(({ at, bytes, size }) => ({ at, size, bytes: Buffer.from(bytes).toString("base64") }));
  return page.evaluate(
    async ([chunks, instants, convertEol]) => {
      const { Terminal } = await import("/vendor/xterm.mjs");
      const [cols, rows] = chunks.find(({ size }) => size)?.size ?? [120, 40];
      const screens = [];
      for (const instant of instants) {
        const terminal = new Terminal({ cols, rows, convertEol, scrollback: 10_000, allowProposedApi: true });
        let held = "";
        const write = () => {
          const binary = Uint8Array.from(held, (letter) => letter.charCodeAt(0));
          held = "";
          return new Promise((resolve) => terminal.write(binary, resolve));
        };
        // As one, but for changes of size: xterm.js loses some characters whose bytes come one by one.
        for (const { bytes, size } of chunks.filter(({ at }) => at <= instant)) {
          if (size) await write();
          if (size) terminal.resize(...size);
          held += atob(bytes);
        }
        await write();
        screens.push(window.look(terminal));
        terminal.dispose();
      }
      return screens;
    },
    [plain, instants, convertEol],
  );
}

/** Says where two screens differ, not all they are. */
function assertSame(found, wanted, what) {
  if (found === wanted) return;
  const [a, b] = [JSON.parse(found), JSON.parse(wanted)];
  const heads = [a, b].map(({ lines, ...head }) => head);
  assert.deepEqual(heads[0], heads[1], what);
  const row = a.lines.findIndex((line, index) => line !== b.lines[index]);
  const cells = [a.lines[row].split("|"), b.lines[row].split("|")];
  const column = cells[0].findIndex((cell, index) => cell !== cells[1][index]);
  assert.fail(`${what}: row ${row}, column ${column}: "${cells[0][column]}", not "${cells[1][column]}"`);
}

for (const kind of kinds) {
  test(`${kind}: any instant, in any order, a millisecond back included`, async () => {
    const chunks = recording(kind);
    await post(`seek-${kind}`, chunks);
    const page = await openTerminal(`seek-${kind}`);
    const end = chunks.at(-1).at;
    const some = Array.from({ length: INSTANTS }, (_, index) => Math.floor(((index * 0.618 + 0.05) % 1) * end));
    const order = some.flatMap((at) => [at, Math.max(at - 1, 0)]);
    const ascending = [...new Set(order)].sort((a, b) => a - b);
    const screens = await expected(page, chunks, ascending);
    for (const at of order) {
      await seek(page, at);
      await idle(page);
      assertSame(await shown(page), screens[ascending.indexOf(at)], `${kind} at ${at} ms`);
    }
    assert.deepEqual(page.watch.problems, []);
  });
}

test("the lines above come back when the playhead is at rest", async () => {
  const page = await openTerminal("seek-log");
  const end = recording("log").at(-1).at;
  await follow(page);
  await seek(page, end - 50);
  const above = await page.evaluate(async () => {
    const { active } = window.opened.at(-1).buffer;
    while (active.baseY < 2000) await new Promise(requestAnimationFrame);
    return Array.from({ length: 500 }, (_, row) => active.getLine(active.baseY - 500 + row).translateToString(true));
  });
  const numbers = above.map((line) => Number.parseInt(line, 10));
  numbers.forEach((number, index) => assert.equal(number, numbers[0] + index, above[index]));
});

test("many steps within a frame move the screen once, and it is never blank", async () => {
  const page = await openTerminal("seek-log");
  const end = recording("log").at(-1).at;
  await seek(page, end);
  await idle(page);
  const { resets, blank } = await page.evaluate(async (end) => {
    const rows = document.querySelector(".xterm-rows");
    let blank = 0;
    let going = true;
    const watch = () => {
      if (rows.textContent.trim() === "") blank += 1;
      if (going) requestAnimationFrame(watch);
    };
    watch();
    const before = window.resets;
    const steps = Array.from({ length: 60 }, (_, index) => window.__runreel.seek(end - 1 - index));
    await Promise.all(steps);
    const resets = window.resets - before;
    for (let step = 0; step < 20; step++) await window.__runreel.seek(end - 100 - step * 7);
    going = false;
    return { resets, blank };
  }, end);
  assert.ok(resets >= 1 && resets <= 3, `${resets} jumps for 60 steps in one frame`);
  assert.equal(blank, 0, "frames without text");
});

test("what a pipe wrote begins each line at its first column, and all of one second is played in order", async () => {
  const chunks = ["one\n", "two\n", "\u001b[32mthree\u001b[0m\n", "four\n"].map((text, index) => ({ at: index < 3 ? 1000 : 1001, bytes: Buffer.from(text) }));
  await post("seek-pipe", chunks, { stream: "stdout" });
  const page = await openTerminal("seek-pipe");
  const [first, all] = await expected(page, chunks, [1000, 1001], { convertEol: true });
  await seek(page, 1001);
  assertSame(await shown(page), all, "all of it");
  await seek(page, 1000);
  assertSame(await shown(page), first, "a step back");
  assert.match(JSON.parse(first).lines[2], /^t .*h .*r .*e .*e/);
});

test("what comes late is shown where it belongs", async () => {
  const line = (at, text) => ({ at, bytes: Buffer.from(`${text}\r\n`) });
  const chunks = [line(0, "zero"), line(100, "first"), line(300, "third")];
  await post("seek-late", chunks, { ended: false });
  const page = await openTerminal("seek-late");
  const late = line(200, "second");
  await postReel(stage.url, "seek-late", [record(late, 9)]);
  await page.getByText("second", { exact: true }).first().waitFor({ timeout: 20_000 });
  await idle(page);
  const [wanted] = await expected(page, [chunks[0], chunks[1], late, chunks[2]], [300]);
  assertSame(await shown(page), wanted, "after the late line");
});

// terminal-state.js copies what xterm.js keeps. Another version may keep more: then look there whether it is state.
test("xterm.js keeps no state that is not known", async () => {
  const page = await openTerminal("seek-log");
  const kept = await page.evaluate(() => {
    // A fresh one: some fields are there only once they were used.
    const core = new window.opened[0].constructor({ allowProposedApi: true })._core;
    const own = (object) => Object.keys(object).filter((key) => !/^_?on[A-Z]|Service$|^_store$|serviceBrand/.test(key) && typeof object[key] !== "function").sort();
    return {
      buffer: own(core.buffers.normal),
      line: own(core.buffers.normal.lines.get(0)),
      pen: own(core._inputHandler._curAttrData),
      input: own(core._inputHandler),
      parser: own(core._inputHandler._parser),
      charsets: own(core._charsetService),
      core: own(core.coreService),
      modes: own(core.coreService.modes),
      decPrivateModes: own(core.coreService.decPrivateModes),
    };
  });
  assert.deepEqual(kept, KEPT);
});

const KEPT = {
  buffer: [
    ...["_cols", "_hasScrollback", "_isClearing", "_memoryCleanupPosition", "_memoryCleanupQueue", "_nullCell", "_rows"],
    ...["_whitespaceCell", "lines", "markers", "savedCharset", "savedCurAttrData", "savedX", "savedY", "scrollBottom"],
    ...["scrollTop", "tabs", "x", "y", "ybase", "ydisp"],
  ],
  line: ["_combined", "_data", "_extendedAttrs", "isWrapped", "length"],
  pen: ["bg", "extended", "fg"],
  input: [
    ...["_activeBuffer", "_curAttrData", "_dirtyRowTracker", "_eraseAttrDataInternal", "_iconName", "_iconNameStack"],
    ...["_parseBuffer", "_parseStack", "_parser", "_specialColors", "_stringDecoder", "_utf8Decoder", "_windowTitle"],
    ...["_windowTitleStack"],
  ],
  parser: [
    ...["_collect", "_csiHandlers", "_dcsParser", "_escHandlers", "_executeHandlers", "_oscParser", "_params"],
    ...["_parseStack", "_transitions", "currentState", "initialState", "precedingJoinState"],
  ],
  charsets: ["_charsets", "glevel"],
  core: ["decPrivateModes", "isCursorHidden", "isCursorInitialized", "modes"],
  modes: ["insertMode"],
  decPrivateModes: [
    ...["applicationCursorKeys", "applicationKeypad", "bracketedPasteMode", "cursorBlink", "cursorStyle", "origin"],
    ...["reverseWraparound", "sendFocus", "synchronizedOutput", "wraparound"],
  ],
};
