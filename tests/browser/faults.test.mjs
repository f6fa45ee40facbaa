// Whatever happens between page and server: nothing is lost, nothing comes twice, and the badge does not lie.
// Most of them mostly wait, so some go side by side.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { badge, badges, chances, readLogs, readTerminal, startFaultProxy, startNginx, watchBadge, when } from "./fault-proxy.mjs";
import { openRun, openStage, postReel, seek, snapshot, until } from "./harness.mjs";
import { fetchReel, logLinesAt, statesAt } from "./reference.mjs";
import { ending, event, line, smallRun } from "./small.mjs";

/** No sign of life for longer than this, and LIVE is a lie. */
const LONGEST_SILENCE = 40_000;
/** Waits as short as the app allows, and so many that the script runs out first. */
const EAGER = { pollIntervalMs: 250, retryDelaysMs: Array(400).fill(250) };

let stage;
const proxies = [];
before(async () => {
  stage = await openStage();
});
after(async () => {
  await stage?.close();
  await Promise.all(proxies.map((proxy) => proxy.stop()));
});

/** A page that sees the server through a proxy of its own, with these settings in its config.json. */
async function pageBehindProxy(settings) {
  const proxy = await startFaultProxy(stage.url);
  proxies.push(proxy);
  const page = await stage.page({ baseURL: proxy.url });
  // What the network does is in the console, and is the point here.
  page.watch.allow(/net::ERR_|Failed to load resource/);
  await page.route("**/config.json", async (route) => {
    const served = await (await route.fetch()).json();
    await route.fulfill({ json: { ...served, ...settings } });
  });
  return { page, proxy };
}

/** Opens the run of that id, and the badge is watched. */
async function openWatched(page, id, query) {
  await openRun(page, id, query);
  await watchBadge(page);
}

/** The page shows what the server has, and what a page shows that never met a fault. */
async function showsAll(page, id) {
  const direct = await stage.page();
  await openRun(direct, id);
  const want = await until(direct, ({ connection }) => connection === "ended", { what: "the end, seen directly" });
  const shown = await until(page, ({ connection }) => connection === "ended", { what: "the end" });
  assert.deepEqual(shown, want);
  assert.equal(shown.problems, 0);
  const reel = await fetchReel(stage.url, id);
  const logs = reel.records.filter(({ kind }) => kind === "log").map(({ message }) => message);
  assert.deepEqual(await readLogs(page), logs);
  await disturbsNobody(page);
  await direct.context().close();
  return { reel, shown };
}

/** A lost stream is the app's business: nothing pops up, nothing cries out. */
async function disturbsNobody(page) {
  for (const role of ["dialog", "alertdialog", "alert"]) assert.equal(await page.getByRole(role).count(), 0, role);
}

/** The stream's path, as far as it tells it from everything else. */
const streamOf = (id) => `/runs/${id}/stream`;

/** LIVE, unless the proxy has passed on nothing of the stream for too long; asked in this order, the page has the doubt. */
async function badgeIsTrue(page, proxy, id) {
  const word = await badge(page);
  const { quietMs } = await proxy.statsOf(streamOf(id));
  assert.ok(word !== "LIVE" || quietMs <= LONGEST_SILENCE, `LIVE after ${quietMs} ms of silence`);
  return { word, quietMs };
}

describe("through faults", { concurrency: 4 }, () => {
  test("of 210 drawn ones, a run of 10,000 records comes out record for record", async (t) => {
    const seed = Number(process.env.FAULT_SEED ?? Math.floor(Math.random() * 2 ** 32));
    t.diagnostic(`FAULT_SEED=${seed}`);
    const chance = chances(seed);
    const id = `faults-${seed}`;
    const { header, records } = bigRun(id);
    await postReel(stage.url, id, [header]);
    const { page, proxy } = await pageBehindProxy(EAGER);
    await openWatched(page, id);
    await when(page, ({ connection }) => connection === "live", { what: "LIVE" });

    const FAULTS = 210;
    const lot = Math.ceil(records.length / FAULTS);
    const met = {};
    for (let step = 0; step < FAULTS; step += 1) {
      const faults = drawFaults(chance, streamOf(id));
      for (const { fault } of faults) met[fault] = (met[fault] ?? 0) + 1;
      await proxy.set(...faults);
      await postReel(stage.url, id, records.slice(step * lot, (step + 1) * lot));
      await pause(20 + chance() * 250);
      const { word } = await badgeIsTrue(page, proxy, id);
      if (word === "Polling" && chance() < 0.7) await press(page, "Retry connection");
      if (chance() < 0.02) await press(page, "Refresh");
    }
    await proxy.heal();
    await postReel(stage.url, id, [ending("COMPLETED", 40_000)]);
    await when(page, ({ connection }) => connection === "ended", { what: "the end", limit: 90_000 });

    const { requests } = await proxy.statsOf(streamOf(id));
    const seen = await badges(page);
    t.diagnostic(`${JSON.stringify(met)}; ${requests} streams, ${seen.length} changes of the badge`);
    assert.ok(requests >= 20, `only ${requests} streams were asked for: the script met none of them`);
    assert.ok(seen.filter(({ word }) => word === "LIVE").length >= 5, `LIVE seldom came back: ${seen.map(({ word }) => word)}`);
    const { reel, shown } = await showsAll(page, id);
    assert.equal(reel.records.length, 10_000);
    assert.equal(shown.logLines, LOGS);
    assert.equal(await readTerminal(page, "n0"), screen());
    // Each event changes its node's state: one too few or too many shows between it and the next.
    for (let look = 0; look < 50; look += 1) {
      const t = Math.floor(chance() * (reel.end - reel.start));
      await seek(page, t);
      const then = await snapshot(page);
      assert.deepEqual(then.nodes, statesAt(reel, t), `at ${t} ms`);
      assert.equal(then.logLines, logLinesAt(reel, t), `log lines at ${t} ms`);
    }
  });

  test("a link cut without a word is LIVE for 40 s at most, and heals by itself", async (t) => {
    const id = "faults-silence";
    await postReel(stage.url, id, smallRun(id));
    const { page, proxy } = await pageBehindProxy(EAGER);
    await openWatched(page, id);
    await when(page, ({ connection }) => connection === "live", { what: "LIVE" });
    await proxy.set({ fault: "half-open" });
    await postReel(stage.url, id, [event(4, "second", "COMPLETED", 2_000), line(2, "second", "said into silence", 2_100)]);
    let saw = { word: "LIVE" };
    let last;
    for (const end = Date.now() + 45_000; Date.now() < end; ) {
      const now = await badgeIsTrue(page, proxy, id);
      if (now.word !== "LIVE" && saw.word === "LIVE") last = now.quietMs;
      saw = now;
      await pause(100);
    }
    t.diagnostic(`no longer LIVE after ${last} ms of silence`);
    assert.notEqual(saw.word, "LIVE");
    assert.equal((await snapshot(page)).logLines, 1, "the link was not cut");

    await proxy.set();
    await when(page, ({ connection, nodes, logLines }) => connection === "live" && nodes.second === "success" && logLines === 2, {
      what: "LIVE again with what was missed",
    });
    await postReel(stage.url, id, [ending("COMPLETED", 3_000)]);
    await showsAll(page, id);
  });

  for (const [name, answer] of [
    ["404", { status: 404, body: "json" }],
    ["a page", { status: 200, body: "html" }],
    ["JSON", { status: 200, body: "json" }],
  ]) {
    test(`a stream answered by ${name} is Polling within 3 s, and LIVE once there is one`, async (t) => {
      const id = `faults-answer-${answer.status}-${answer.body}`;
      await postReel(stage.url, id, smallRun(id));
      const { page, proxy } = await pageBehindProxy({ pollIntervalMs: 250 });
      await proxy.set({ fault: "answer", path: streamOf(id), ...answer });
      await Promise.all([openRun(page, id), proxy.asked(streamOf(id))]);
      const asked = Date.now();
      await when(page, ({ connection }) => connection === "polling", { what: "Polling" });
      const took = Date.now() - asked;
      t.diagnostic(`Polling ${took} ms after the stream was asked for`);
      assert.ok(took < 3_000, `Polling only after ${took} ms`);
      await comesWithoutStream(page, proxy, id, 1);
    });
  }

  test("a stream answered by 503 is Polling after five attempts, with its news on the page meanwhile", async () => {
    const id = "faults-answer-503";
    await postReel(stage.url, id, smallRun(id));
    const { page, proxy } = await pageBehindProxy({ pollIntervalMs: 250, retryDelaysMs: Array(5).fill(1_000) });
    await proxy.set({ fault: "answer", path: streamOf(id), status: 503 });
    await openWatched(page, id);
    await postReel(stage.url, id, [line(7, "second", "meanwhile", 1_500)]);
    const meanwhile = await when(page, ({ logLines }) => logLines === 2, { what: "the delta" });
    assert.equal(meanwhile.connection, "reconnecting", "the delta came before the attempts were used up");
    await when(page, ({ connection }) => connection === "polling", { what: "Polling" });
    assert.deepEqual((await badges(page)).map(({ word }) => word), ["Reconnecting", "Polling"]);
    await comesWithoutStream(page, proxy, id, 6);
  });

  for (const [name, fault] of [
    ["a page", { fault: "answer", status: 200, body: "html" }],
    ["strange JSON", { fault: "answer", status: 200, body: "json" }],
    ["half a head", { fault: "truncate", after: 40 }], // which Chromium takes for a whole one, and the body for empty
    ["half a body", { fault: "truncate", after: 800 }],
  ]) {
    test(`polls answered by ${name} are failed polls`, async () => {
      const id = `faults-${name.replaceAll(" ", "-")}`;
      await postReel(stage.url, id, smallRun(id));
      const { page, proxy } = await pageBehindProxy({ ...EAGER, ENABLE_EXECUTION_STREAMING: false });
      await openWatched(page, id);
      await proxy.set({ ...fault, path: "/records" });
      await postReel(stage.url, id, [event(4, "second", "COMPLETED", 2_000), line(2, "second", LONG, 2_100)]);
      await when(page, ({ connection }) => connection === "reconnecting", { what: "the truth", limit: 20_000 });
      await proxy.set();
      await when(page, ({ connection, logLines }) => connection === "polling" && logLines === 2, { what: "Polling with the news" });
      await postReel(stage.url, id, [ending("COMPLETED", 3_000)]);
      await showsAll(page, id);
    });
  }

  test("with streaming off no stream is asked for", async () => {
    const id = "faults-off";
    await postReel(stage.url, id, smallRun(id));
    const { page, proxy } = await pageBehindProxy({ ENABLE_EXECUTION_STREAMING: false, pollIntervalMs: 250 });
    await openRun(page, id);
    await postReel(stage.url, id, [event(4, "second", "COMPLETED", 2_000), ending("COMPLETED", 3_000)]);
    await showsAll(page, id);
    assert.equal((await proxy.statsOf(streamOf(id))).requests, 0);
  });
});

/** Polling brings news, `asked` streams have been asked for and refused; once there is one, the page is LIVE by itself. */
async function comesWithoutStream(page, proxy, id, asked) {
  assert.equal(await badge(page), "Polling");
  await postReel(stage.url, id, [event(4, "second", "COMPLETED", 2_000), line(2, "second", "news", 2_100)]);
  await when(page, ({ nodes }) => nodes.second === "success", { what: "the news" });
  assert.equal(await badge(page), "Polling");
  await disturbsNobody(page);
  assert.equal((await proxy.statsOf(streamOf(id))).requests, asked);
  await proxy.set();
  await when(page, ({ connection }) => connection === "live", { what: "LIVE" });
  await postReel(stage.url, id, [ending("COMPLETED", 3_000)]);
  await showsAll(page, id);
}

describe("behind nginx as it comes", () => {
  // Debian's defaults: HTTP/1.0 to the server, answers buffered and packed.
  const cases = [
    ["at the root", "/", (server) => `location / { proxy_pass ${server}; }`],
    [
      "below a path",
      "/runreel/",
      // The page's <base> alone has to say where it lives; it can only be rewritten unpacked.
      (server) => `location /runreel/ {
        proxy_pass ${server}/; proxy_set_header Accept-Encoding "";
        sub_filter '<base href=/>' '<base href=/runreel/>';
      }`,
    ],
  ];
  for (const [name, path, location] of cases) {
    test(`${name} the app is LIVE and shows an event within 2 s`, async (t) => {
      const id = `nginx-${path.length}`;
      await postReel(stage.url, id, smallRun(id));
      const nginx = await startNginx(location(stage.url));
      try {
        const page = await stage.page({ baseURL: nginx.url });
        await page.goto(`${nginx.url}${path}runs/${id}`, { waitUntil: "load" });
        await until(page, ({ connection }) => connection === "live", { what: "LIVE" });
        await watchBadge(page);
        const posted = Date.now();
        await postReel(stage.url, id, [event(4, "second", "COMPLETED", 2_000)]);
        await when(page, ({ nodes }) => nodes.second === "success", { what: "the event" });
        const took = Date.now() - posted;
        t.diagnostic(`shown ${took} ms after it was posted`);
        assert.ok(took < 2_000, `shown only after ${took} ms`);
        await postReel(stage.url, id, [line(2, "second", "news", 2_100), ending("COMPLETED", 3_000)]);
        await showsAll(page, id);
        assert.deepEqual((await badges(page)).map(({ word }) => word), ["LIVE", "Ended"]);
        assert.deepEqual(page.watch.problems, []);
        await page.context().close();
      } finally {
        await nginx.stop();
      }
    });
  }
});

/** One fault, or two that concern different paths; now and then none. */
function drawFaults(chance, stream) {
  const below = (most) => Math.floor(chance() * most);
  const pick = (all) => all[below(all.length)];
  const one = (path) => {
    const connections = pick(["all", "all", "new", "existing"]);
    const kinds = [
      () => ({ fault: "latency", ms: below(150) }),
      () => ({ fault: "half-open" }),
      () => ({ fault: "reset" }),
      () => ({ fault: "reset", after: 1 + below(5_000) }),
      () => ({ fault: "truncate", after: below(5_000) }),
      () => ({ fault: "one-byte" }),
      () => ({ fault: "stall" }),
      () => ({ fault: "buffer" }),
      () => ({ fault: "answer", status: pick([500, 502, 503, 504]), ...pick([{}, { retryAfter: 1 }]) }),
    ];
    // Not of the run itself: a 404 is the last word on it, and a page in place of data a problem.
    if (path === stream) kinds.push(() => ({ fault: "answer", ...pick([{ status: 404 }, { status: 200 }, { status: 200, body: "json" }]) }));
    return { ...pick(kinds)(), connections, ...(path && { path }) };
  };
  const path = pick([stream, stream, "/records", undefined]);
  const drawn = chance();
  if (drawn < 0.05) return [];
  if (drawn < 0.1) return [{ fault: "refuse" }];
  // As when a router comes back: what hangs is over, so that something new is tried.
  if (drawn < 0.2) return [{ fault: "reset", connections: "existing" }];
  return drawn < 0.4 ? [one(stream), one("/records")] : [one(path)];
}

/** As a person would, if the button is there. */
async function press(page, name) {
  const button = page.getByRole("button", { name });
  if ((await button.count()) > 0) await button.dispatchEvent("click", {}, { timeout: 1_000 }).catch(() => {});
}

/** Longer than a cut, packed too. */
const LONG = Array.from({ length: 400 }, (_, n) => (n * 7_919) % 997).join(" ");

const NODES = 50;
const EVENTS = 1_000;
const CHUNKS = 1_000;
const LOGS = 10_000 - EVENTS - CHUNKS - 1;

/** 10,000 records with the end: everything distinct, several at an instant, steps that fail and are tried again. */
function bigRun(id) {
  const start = Date.UTC(2026, 0, 1);
  const at = (ms) => new Date(start + ms).toISOString();
  const ref = (n) => `n${n % NODES}`;
  const nodes = Array.from({ length: NODES }, (_, n) => ({ id: ref(n), type: "command", data: { label: ref(n), config: {} } }));
  const edges = nodes.slice(10).map((node, n) => ({ id: `e${n}`, source: ref(n), target: node.id }));
  const header = {
    reel: 1,
    run: { id, workflowId: "faults", workflowName: "Faults", status: "RUNNING", startTime: at(0) },
    graph: { nodes, edges },
  };
  const make = {
    event: (n, ms) => {
      const [round, last] = [Math.floor(n / NODES), n >= EVENTS - NODES];
      const type = round % 2 === 0 ? "STARTED" : last && n % 7 ? "COMPLETED" : "FAILED";
      return { ...event(n + 1, ref(n), type, ms), metadata: { attempt: Math.floor(round / 2) + 1 } };
    },
    log: (n, ms) => line(n + 1, ref(n), `line ${n}`, ms),
    chunk: (n, ms) => ({
      kind: "terminal", nodeRef: "n0", stream: "pty", chunkIndex: n + 1, recordedAt: at(ms), deltaMs: 0,
      payload: Buffer.from(word(n)).toString("base64"),
    }),
  };
  const made = { event: 0, log: 0, chunk: 0 };
  const records = Array.from({ length: EVENTS + CHUNKS + LOGS }, (_, n) => {
    const kind = n % 10 === 0 && made.event < EVENTS ? "event" : n % 10 === 5 && made.chunk < CHUNKS ? "chunk" : "log";
    return make[kind](made[kind]++, Math.floor(n / 3));
  });
  return { header, records };
}

/** Four columns a chunk: a chunk too few or too many moves all that come after it. */
const word = (n) => `${n.toString(36).padStart(3, "0")} `;
const screen = () => Array.from({ length: CHUNKS }, (_, n) => word(n)).join("").trim();
