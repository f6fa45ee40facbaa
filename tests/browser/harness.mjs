// What the browser tests share: a real server with an empty store, a real Chromium, and pages that
// are watched for everything that must never happen. Wait for `idle`, never for time.
import { spawn, execFileSync } from "node:child_process";
import { createServer } from "node:net";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
/** The program under test; RUNREEL names another build of it. */
export const runreel = process.env.RUNREEL || join(root, "target/release/runreel");

/**
 * Starts a server on a free port with a data folder of its own, and Chromium.
 * @param {{serverArgs?: string[]}} options more arguments for `runreel serve`
 * @returns {Promise<Stage>} close it in `after`
 */
export async function openStage({ serverArgs = [] } = {}) {
  const server = await startServer(serverArgs);
  try {
    return new Stage(server, await launchChromium());
  } catch (error) {
    await server.stop();
    throw error;
  }
}

export class Stage {
  #pages = [];

  constructor(server, browser) {
    this.server = server;
    this.browser = browser;
    /** The server's origin, e.g. `http://127.0.0.1:41234`. */
    this.url = server.url;
  }

  /**
   * A page in a context of its own, watched from its first byte on: `page.watch` (see `Watch`).
   * @param {object} options what Playwright's `newContext` takes (viewport, colorScheme, reducedMotion, …);
   *   `sharing: false` takes the browser's shared workers away, so that the page streams by itself, where
   *   Playwright can see and answer its requests
   */
  async page({ sharing = true, ...options } = {}) {
    const context = await this.browser.newContext({
      baseURL: this.url,
      viewport: { width: 1440, height: 900 },
      ...options,
    });
    const page = await context.newPage();
    if (!sharing) await page.addInitScript(() => delete window.SharedWorker);
    page.watch = await Watch.on(page, options.baseURL ?? this.url);
    this.#pages.push(page);
    return page;
  }

  /** Closes all pages: one that is left open goes on painting and slows the next. */
  async closePages() {
    for (const context of this.browser.contexts()) await context.close();
  }

  /** Closes browser and server, then fails when a page did what no page may do. */
  async close() {
    const problems = this.#pages.flatMap((page) => page.watch.problems);
    await this.browser.close();
    await this.server.stop();
    if (problems.length > 0) throw new Error(`pages misbehaved:\n  ${problems.join("\n  ")}`);
  }
}

/** Listens to a page: errors in the console, uncaught ones, CSP violations, requests to other origins, bytes. */
export class Watch {
  #allowed = [];
  #problems = [];
  /** Everything transferred so far: `{url, bytes, type}`, bytes as on the wire, headers included. */
  transfers = [];

  static async on(page, origin) {
    const watch = new Watch();
    page.on("console", (message) => {
      if (message.type() === "error") watch.#note(`console: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => watch.#note(`uncaught: ${error.stack || error.message || error}`));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (/^https?:|^wss?:/.test(url.protocol) && url.origin !== origin) watch.#note(`left the origin: ${url}`);
    });
    // Through the console, so that it also works from a page that is about to be left.
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI || "inline"} at ${event.sourceFile}`);
      });
    });
    await watch.#measure(page);
    return watch;
  }

  /** Errors that the test at hand provokes on purpose, such as a 404 in the console. */
  allow(pattern) {
    this.#allowed.push(pattern);
  }

  /** What happened and was not allowed. */
  get problems() {
    return this.#problems.filter((text) => !this.#allowed.some((pattern) => pattern.test(text)));
  }

  /** Bytes on the wire of the transfers whose URL `matches` (all by default). */
  bytes(matches = () => true) {
    return this.transfers.filter(({ url }) => matches(url)).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #note(text) {
    this.#problems.push(text);
  }

  async #measure(page) {
    const session = await page.context().newCDPSession(page);
    const open = new Map();
    session.on("Network.responseReceived", ({ requestId, response, type }) => {
      open.set(requestId, { url: response.url, type });
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const transfer = open.get(requestId);
      if (transfer) this.transfers.push({ ...transfer, bytes: encodedDataLength });
    });
    await session.send("Network.enable");
  }
}

/**
 * Opens the viewer of a run and waits until it is painted.
 * @param {import("playwright-core").Page} page from `stage.page()`
 * @param {string} id the run
 * @param {Record<string, string | number>} query `t`, `node`, `tab`, … as in the address
 */
export async function openRun(page, id, query = {}) {
  await open(page, `/runs/${encodeURIComponent(id)}?${new URLSearchParams(query)}`.replace(/\?$/, ""));
}

/** Opens a path of the app and waits until it is painted. */
export async function open(page, path) {
  await page.goto(path, { waitUntil: "load" });
  await idle(page);
}

/** Resolves when the data has come and all work at hand is done and painted. */
export async function idle(page) {
  // `waitForFunction` would need eval, which the policy forbids; a handle the app defines does not.
  await page.evaluate(async () => {
    const end = Date.now() + 20_000;
    while (!window.__runreel) {
      if (Date.now() > end) throw new Error(`no window.__runreel on ${location.pathname}`);
      await new Promise(requestAnimationFrame);
    }
    await window.__runreel.idle();
  });
}

/** What the page shows at the playhead: `{runId, t, mode, connection, status, nodes, logLines, records, problems}`. */
export const snapshot = (page) => page.evaluate(() => window.__runreel.snapshot());

/** Moves the playhead to `ms` after the run's start; resolves when painted. */
export const seek = (page, ms) => page.evaluate((at) => window.__runreel.seek(at), ms);

/** Back to the live edge; resolves when painted. */
export const follow = (page) => page.evaluate(() => window.__runreel.follow());

/** `{ref: state}` as the Steps tree says it, that is, as a screen reader would be told. */
export async function steps(page) {
  const items = page.getByRole("tree", { name: "Steps" }).getByRole("treeitem");
  return Object.fromEntries(
    await items.evaluateAll((all) => all.map((item) => [item.dataset.node, item.dataset.state])),
  );
}

/**
 * Resolves with the first snapshot that `matches`, looking after each painted frame.
 * The limit is for a page that hangs, not for a slow one.
 */
export async function until(page, matches, { what = "the state awaited", limit = 60_000 } = {}) {
  const end = Date.now() + limit;
  for (;;) {
    await idle(page);
    const now = await snapshot(page);
    if (matches(now)) return now;
    if (Date.now() > end) throw new Error(`${what} did not come; the page shows ${JSON.stringify(now)}`);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/**
 * Appends records to a run.
 * @param {string} url the server's origin
 * @param {string} id the run
 * @param {object[]} lines header first when the run is new
 * @returns {Promise<{accepted: number, duplicates: number}>}
 */
export async function postReel(url, id, lines) {
  const response = await fetch(`${url}/api/v1/workflows/runs/${encodeURIComponent(id)}/reel`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  });
  if (!response.ok) throw new Error(`POST reel of ${id}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Runs `runreel …ARGS` to its end; rejects with its output when it fails. */
export async function run(...args) {
  const child = spawn(runreel, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output.stderr += text));
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { code, ...output };
}

/** What axe-core finds wrong for people with assistive technology: `[{id, impact, nodes}]`, empty when all is well. */
export async function barriers(page) {
  // As a protocol command, not as a script of the page: the policy refuses those.
  await page.evaluate(await readFile(join(root, "node_modules/axe-core/axe.min.js"), "utf8"));
  return page.evaluate(async () => {
    const { violations } = await window.axe.run();
    return violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map((node) => node.html) }));
  });
}

/** Saves what the page looks like in tests/browser/screenshots/ (not in git) and returns the path. */
export async function screenshot(page, name) {
  const folder = join(here, "screenshots");
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: "disabled" });
  return path;
}

/** Starts `runreel serve` and waits until it answers. `stop()` ends it and removes its data. */
export async function startServer(args = [], { port, data } = {}) {
  port ??= await freePort();
  const folder = data ?? (await mkdtemp(join(tmpdir(), "runreel-test-")));
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(runreel, ["serve", "--listen", `127.0.0.1:${port}`, "--data", folder, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = new Promise((resolve) => child.on("error", resolve).on("close", resolve));
  const killed = () => child.kill("SIGKILL");
  process.on("exit", killed);

  const stop = async (signal = "SIGTERM") => {
    child.kill(signal);
    const hung = globalThis.setTimeout(killed, 10_000);
    await ended;
    clearTimeout(hung);
    process.off("exit", killed);
    if (!data) await rm(folder, { recursive: true, force: true });
  };
  try {
    await answers(`${url}/api/v1/workflows/runs`, ended);
  } catch (error) {
    await stop();
    throw new Error(`runreel serve did not start: ${error.message}\n${output}`);
  }
  return { url, port, data: folder, child, stop, output: () => output };
}

async function launchChromium() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || findChromium(),
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

function findChromium() {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  for (const name of names) {
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
      // Not this one.
    }
  }
  throw new Error(`no Chromium: none of ${names.join(", ")} is on PATH; 'make test' installs it, or set CHROMIUM`);
}

// Polls: a server that is only just starting has no event to wait for. `ended` cuts it short.
async function answers(url, ended) {
  let exit;
  ended.then((code) => (exit = { code }));
  const end = Date.now() + 30_000;
  for (;;) {
    if (exit) throw new Error(`it ended (${exit.code})`);
    const response = await fetch(url).catch(() => undefined);
    await response?.arrayBuffer();
    if (response?.ok) return;
    if (Date.now() > end) throw new Error(`${url} answers ${response?.status ?? "nothing"}`);
    await pause(25);
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
