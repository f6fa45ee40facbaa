// Playing: a minute is a minute on any screen, nothing leaps or is skipped unseen, steps go where they say.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { idle, openRun, openStage, postReel, snapshot, until } from "./harness.mjs";
import { EVENTS, FAILURES, LENGTH, at, nightRun } from "./night.mjs";

const RUN = "night-1";
/** How long playing is compared with the clock, in seconds; 60 is what is promised, and takes as long. */
const SECONDS = Number(process.env.REPLAY_SECONDS ?? 5);

let stage;
before(async () => {
  stage = await openStage();
  await postReel(stage.url, RUN, nightRun(RUN));
});
afterEach(() => stage.closePages());
after(() => stage?.close());

const button = (page, name) => page.getByRole("button", { name, exact: true });
const quiet = (page) => page.getByRole("status", { name: "Quiet stretch" });

/** A page whose frames the test makes: `frames(hertz, seconds)` after `hold()`, `gap(ms)` for one that comes late. */
async function driven(query = {}, id = RUN) {
  const page = await stage.page();
  await page.addInitScript(() => {
    const real = window.requestAnimationFrame.bind(window);
    // Timers are slow on purpose when one follows another; messages are not.
    const channel = new MessageChannel();
    let waiting = [];
    let held = false;
    let now = 0;
    window.requestAnimationFrame = (callback) => (held ? waiting.push(callback) : real(callback));
    const frame = async (millis) => {
      now += millis;
      const all = waiting;
      waiting = [];
      for (const callback of all) callback(now);
      // What follows from signals runs in microtasks, and in tasks of the page's own.
      await new Promise((resolve) => {
        channel.port1.onmessage = resolve;
        channel.port2.postMessage(0);
      });
    };
    window.__frames = {
      hold: () => (held = true),
      go: async (hertz, seconds) => {
        for (let n = 0; n < hertz * seconds; n++) await frame(1000 / hertz);
      },
      gap: frame,
      release: () => {
        held = false;
        waiting.splice(0).forEach(real);
      },
    };
  });
  await openRun(page, id, query);
  await page.evaluate(() => window.__frames.hold());
  const call = (name, ...given) => page.evaluate(([name, given]) => window.__frames[name](...given), [name, given]);
  return { page, frames: (hertz, seconds) => call("go", hertz, seconds), gap: (millis) => call("gap", millis), release: () => call("release") };
}

for (const hertz of [30, 60, 120]) {
  test(`${SECONDS} s of frames at ${hertz} Hz move the playhead by ${SECONDS} s`, async (t) => {
    const { page, frames } = await driven({ t: 100_000 });
    await button(page, "Play").click();
    // The first frame only says when time began.
    await frames(hertz, 1 / hertz);
    const from = (await snapshot(page)).t;
    await frames(hertz, SECONDS);
    const moved = (await snapshot(page)).t - from;
    t.diagnostic(`${moved} ms in ${SECONDS} s`);
    assert.ok(Math.abs(moved - SECONDS * 1000) <= SECONDS * 5, `${moved} ms`);
  });
}

test("at 1× the run's time is the clock's", async (t) => {
  const page = await stage.page();
  await openRun(page, RUN, { t: 100_000 });
  await button(page, "Play").click();
  for (;;) {
    const { moved, passed, worst } = await page.evaluate(async (seconds) => {
      const frame = () => new Promise(requestAnimationFrame);
      // Both are read in a frame, after the page has moved its playhead by that frame's time.
      const look = async () => ({ now: await frame(), t: window.__runreel.snapshot().t });
      await frame();
      const first = await look();
      let last = first;
      let worst = 0;
      while (last.now - first.now < seconds * 1000) {
        const next = await look();
        worst = Math.max(worst, next.now - last.now);
        last = next;
      }
      return { moved: last.t - first.t, passed: last.now - first.now, worst };
    }, SECONDS);
    t.diagnostic(`${moved} ms of the run in ${passed.toFixed(1)} ms of the clock; longest frame ${worst.toFixed(0)} ms`);
    // A page that stood still for a second must not leap: then there is nothing to compare.
    if (worst > 900) continue;
    assert.ok(Math.abs(moved - passed) <= Math.max(passed * 0.005, 20), `${moved} ms in ${passed} ms`);
    break;
  }
});

test("a page that was hidden goes on where it was", async () => {
  const { page, frames, gap } = await driven({ t: 100_000 });
  await button(page, "Play").click();
  await frames(60, 0.5);
  const before = (await snapshot(page)).t;
  await gap(3_600_000);
  assert.ok((await snapshot(page)).t - before < 50);
});

test("three hours are over in half a minute, at the speed that is shown", async () => {
  const { page, frames } = await driven({ t: 0 });
  const speed = page.getByRole("combobox", { name: "Speed" });
  await speed.selectOption("fit");
  assert.match(await speed.locator("option:checked").innerText(), /^360×/);
  await button(page, "Play").click();
  await frames(60, 29.5);
  assert.equal((await snapshot(page)).mode, "playing");
  await frames(60, 1);
  const { mode, t } = await snapshot(page);
  assert.deepEqual([mode, t], ["paused", LENGTH]);
});

test("a quiet stretch is offered to be skipped, and is not skipped unasked", async () => {
  const { page, frames } = await driven({ t: 589_000 });
  await button(page, "Play").click();
  await frames(60, 0.5);
  assert.equal((await quiet(page).innerText()).trim(), "", "something happens within a second");
  await frames(60, 1);
  assert.match(await quiet(page).innerText(), /Nothing happens for 56m 50s, until 1:06:40\.000/);
  const { t } = await snapshot(page);
  assert.ok(t > 590_000 && t < 592_000, `${t}`);
  await button(page, "Skip").click();
  await frames(60, 0.1);
  const after = await snapshot(page);
  assert.equal(after.mode, "playing");
  assert.ok(after.t > 3_999_000 && after.t < 4_000_000, `${after.t}: a moment before it goes on`);
});

test("skipping quiet stretches is a choice, and says what it skipped", async () => {
  const { page, frames } = await driven({ t: 590_000 });
  const choice = button(page, "Skip quiet");
  assert.equal(await choice.getAttribute("aria-pressed"), "false");
  await choice.click();
  assert.equal(await choice.getAttribute("aria-pressed"), "true");
  await button(page, "Play").click();
  await frames(60, 1);
  assert.match(await quiet(page).innerText(), /^Skipped 56m 49s in which nothing happened: 09:50\.\d+ to 1:06:39\.5/);
  await frames(60, 1);
  assert.ok((await snapshot(page)).t > 4_000_000);
});

test("what is marked is repeated", async () => {
  const { page, frames } = await driven({ loop: "100000-102000", t: 101_000 });
  assert.equal(await button(page, "Loop").getAttribute("aria-pressed"), "true");
  await button(page, "Play").click();
  for (let second = 0; second < 5; second++) {
    await frames(60, 1);
    const { t, mode } = await snapshot(page);
    assert.equal(mode, "playing");
    assert.ok(t >= 100_000 && t < 102_000, `${t}`);
  }
  await button(page, "Loop").click();
  await frames(60, 3);
  assert.ok((await snapshot(page)).t > 102_000);
});

test("steps go from event to event, past all of one instant, and say when there is none", async () => {
  const page = await stage.page();
  await openRun(page, RUN, { t: 0 });
  const walk = async (key, count) => {
    const seen = [];
    for (let n = 0; n < count; n++) {
      await page.keyboard.press(key);
      await idle(page);
      seen.push((await snapshot(page)).t);
    }
    return seen;
  };
  const said = page.getByRole("status", { name: "Message" });
  assert.deepEqual(await walk(".", EVENTS.length), EVENTS);
  await page.keyboard.press(".");
  await said.getByText("No event after this moment").waitFor();
  assert.deepEqual(await walk(",", EVENTS.length - 1), EVENTS.slice(0, -1).reverse());
  await walk("a", 1);
  assert.deepEqual(await walk("e", 2), FAILURES);
  await page.keyboard.press("e");
  await said.getByText("Nothing fails after this moment").waitFor();
  assert.deepEqual(await walk("Shift+E", 1), FAILURES.slice(0, 1));
  assert.deepEqual(await walk("z", 1), [LENGTH]);
  assert.deepEqual(await walk("f", 1), FAILURES.slice(0, 1));
  await page.locator('[role=treeitem][data-node="merge"][aria-selected=false]').click();
  await walk("a", 1);
  assert.deepEqual(await walk("n", 2), [9_000_000, 9_100_000]);
  await walk("a", 1);
  const gaps = await walk("g", 2);
  assert.deepEqual(gaps, [590_000, 4_010_000], "where silence begins");
});

test("a run of one event, of no length, and of one instant can be played", async () => {
  for (const [id, events] of [["point-1", 1], ["point-3", 3]]) {
    const head = nightRun(id)[0];
    const traces = Array.from({ length: events }, (_, n) => ({ kind: "trace", id: String(n + 1), nodeId: "fetch", type: n ? "PROGRESS" : "STARTED", timestamp: at(0) }));
    await postReel(stage.url, id, [head, ...traces, { kind: "status", status: "COMPLETED", completedAt: at(0), updatedAt: at(0) }]);
    const page = await stage.page();
    await openRun(page, id);
    await button(page, "Play").click();
    const rested = await until(page, ({ mode }) => mode === "paused");
    assert.equal(rested.t, 0);
    for (const key of [".", ",", "e", "g", "a", "z", "r", "s"]) await page.keyboard.press(key);
    await idle(page);
    assert.equal((await snapshot(page)).t, 0);
  }
});
