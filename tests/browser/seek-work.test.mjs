// What a seek makes the page do, counted: what is made anew, drawn again or laid out twice is what made seeks slow, and
// could come back without anybody seeing it.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { idle, openRun, openStage, postReel, seek, snapshot } from "./harness.mjs";
import { drawn } from "./timeline-runs.mjs";

const RUN = "seek-work";
/** So many that the graph is painted from afar; a second apart, as are the lines. */
const NODES = 2_000;
/** Instants of which each shows other states, lines and bars than the one before. */
const INSTANTS = [700_500, 1_900_500, 1_200_500, 1_201_500, 300_500];

let stage;
let page;
before(async () => {
  stage = await openStage();
  const names = Array.from({ length: NODES }, (_, n) => `step-${n}`);
  const edges = names.slice(50).map((name, n) => [names[n], name]);
  const events = names.flatMap((name, n) => [
    [n * 1_000, name, "STARTED", 1],
    [n * 1_000 + 30_000, name, "COMPLETED", 1],
  ]);
  const more = names.map((nodeId, n) => ({ at: n * 1_000, kind: "log", id: `l${n}`, nodeId, level: "info", message: `line ${n}` }));
  await postReel(stage.url, RUN, drawn(RUN, names, edges, events.sort(([a], [b]) => a - b), { end: NODES * 1_000 + 30_000, more }));
  page = await stage.page();
  await page.addInitScript(count);
});
beforeEach(async () => {
  await openRun(page, RUN, { t: 1_000_500 });
});
after(() => stage?.close());

/** In the page: `__work` counts calls that draw, by canvas, and changes of the address. */
function count() {
  window.__work = { canvas: {}, address: 0 };
  const label = (canvas) => {
    if (!canvas.isConnected) return "hidden";
    return canvas.getAttribute("aria-label") ?? "still timeline";
  };
  const { prototype } = CanvasRenderingContext2D;
  for (const name of ["fill", "fillRect", "stroke", "lineTo", "bezierCurveTo", "drawImage", "getImageData", "putImageData"]) {
    const original = prototype[name];
    prototype[name] = function (...given) {
      const calls = (window.__work.canvas[label(this.canvas)] ??= {});
      calls[name] = (calls[name] ?? 0) + 1;
      return original.apply(this, given);
    };
  }
  const replace = history.replaceState;
  history.replaceState = function (...given) {
    window.__work.address += 1;
    return replace.apply(this, given);
  };
}

/** Seeks to all instants, and tells what was counted on the way. */
async function work() {
  await page.evaluate(() => {
    window.__work = { canvas: {}, address: 0 };
    window.__made = [];
    const made = (node) => node.nodeType === Node.ELEMENT_NODE && window.__made.push(node.outerHTML.slice(0, 200));
    // Who draws an element anew in place takes its class away first.
    window.__watch = new MutationObserver((changes) => changes.forEach(({ type, target, addedNodes }) => {
      if (type === "attributes") made(target);
      addedNodes.forEach(made);
    }));
    const watched = { childList: true, subtree: true, attributeFilter: ["class"] };
    for (const part of document.querySelectorAll("[role=log], [role=tree]")) window.__watch.observe(part, watched);
  });
  for (const at of INSTANTS) await seek(page, at);
  return page.evaluate(() => {
    window.__watch.disconnect();
    return { ...window.__work, made: window.__made };
  });
}

test("no row of logs or steps is made anew", async () => {
  const rows = page.getByRole("log", { name: "Logs" }).locator(".logs__line:not([hidden])");
  const { made } = await work();
  assert.deepEqual(made, []);
  // The rows say all the same what there was: the last is that of the instant.
  assert.match(await rows.last().innerText(), /line 300$/);
  assert.equal((await snapshot(page)).logLines, 301);
});

test("from afar only pixels that changed are painted, and no edge", async () => {
  const { canvas } = await work();
  assert.deepEqual(canvas["Run graph"], { putImageData: INSTANTS.length });
  assert.equal(canvas.hidden, undefined, "nothing is drawn off the page");
});

test("of the timeline only what moves is drawn", async () => {
  assert.ok((await page.evaluate(() => window.__work.canvas["still timeline"].fillRect)) > 0);
  const { canvas } = await work();
  assert.equal(canvas["still timeline"], undefined);
  assert.ok(canvas.Timeline.fillRect > 0);
});

test("the address waits until the seeks are over, and is right then", async () => {
  // However slow the machine is, they follow each other at once.
  await page.evaluate(() => {
    const now = Date.now();
    window.__clock = Date.now;
    Date.now = () => now;
  });
  const { address } = await work();
  assert.ok(address <= 1, `${address} changes`);
  await page.evaluate(() => (Date.now = window.__clock));
  await idle(page);
  assert.equal(new URL(page.url()).searchParams.get("t"), String(INSTANTS.at(-1)));
});

test("the page is laid out once a seek, and nothing moves on by itself", async () => {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const layouts = async () => (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "LayoutCount").value;
  const before = await layouts();
  await work();
  const taken = (await layouts()) - before;
  assert.ok(taken <= INSTANTS.length, `${taken} layouts of ${INSTANTS.length} seeks`);
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});
