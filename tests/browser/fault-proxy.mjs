// What the fault tests share: the proxies between page and server, and eyes that trust no badge.
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const program = process.env.FAULT_PROXY || join(root, "target/debug/fault-proxy");

/**
 * Starts our own proxy, tests/fault-proxy, before a server.
 * @param {string} server its origin
 * @returns {Promise<FaultProxy>} `stop()` it
 */
export async function startFaultProxy(server) {
  const child = spawn(program, ["--to", new URL(server).host], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await answers.next();
    if (done) throw new Error(`${program} ended`);
    return JSON.parse(value);
  };
  const failed = new Promise((_, reject) => {
    child.on("error", ({ message }) => reject(new Error(`${message}: 'cargo build -p fault-proxy' builds it`)));
  });
  const { listening } = await Promise.race([answer(), failed]);
  return new FaultProxy(`http://${listening}`, child, answer);
}

class FaultProxy {
  #child;
  #answer;
  /** One command at a time: answers come in the order of commands. */
  #turn = Promise.resolve();

  constructor(url, child, answer) {
    /** What the page is opened at. */
    this.url = url;
    this.#child = child;
    this.#answer = answer;
  }

  /**
   * Puts these faults in the place of those in force; see tests/fault-proxy/src/main.rs.
   * @param {...{fault: string, path?: string, connections?: "all" | "new" | "existing"}} faults none: all passes
   * @returns {Promise<number>} how many requests under way are struck
   */
  async set(...faults) {
    return (await this.#tell({ faults })).struck;
  }

  /** Breaks off everything under way, half-open links too, and lets all pass. */
  async heal() {
    await this.set({ fault: "reset", connections: "existing" });
    await this.set();
  }

  /** `{open, opened, up, down, paths: {path: {requests, open, quietMs}}}`; see tests/fault-proxy/src/registry.rs. */
  stats() {
    return this.#tell({ stats: true });
  }

  /** The same summed up over the paths that contain `part`; `quietMs` of the one heard last. */
  async statsOf(part) {
    const { paths } = await this.stats();
    const all = Object.entries(paths).filter(([path]) => path.includes(part));
    return {
      requests: all.reduce((sum, [, { requests }]) => sum + requests, 0),
      open: all.reduce((sum, [, { open }]) => sum + open, 0),
      quietMs: Math.min(...all.map(([, { quietMs }]) => quietMs ?? Infinity)),
    };
  }

  /** Resolves once something has been asked for whose path contains `part`. */
  async asked(part) {
    while ((await this.statsOf(part)).requests === 0) await pause(5);
  }

  async stop() {
    const ended = new Promise((resolve) => this.#child.on("close", resolve));
    this.#child.stdin.end();
    await ended;
  }

  #tell(command) {
    const said = this.#turn.then(async () => {
      this.#child.stdin.write(`${JSON.stringify(command)}\n`);
      const answer = await this.#answer();
      if (answer.error) throw new Error(`fault-proxy: ${answer.error}`);
      return answer;
    });
    this.#turn = said.catch(() => {});
    return said;
  }
}

/**
 * Starts nginx as Debian configures it (it buffers and packs) with these locations.
 * @param {string} locations the inside of its `server` block
 * @returns {Promise<{url: string, stop: () => Promise<void>}>}
 */
export async function startNginx(locations) {
  const folder = await mkdtemp(join(tmpdir(), "runreel-nginx-"));
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`);
  // One process that stays in front, so that its id is the one we started.
  const text = `
    daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log stderr warn;
    events { worker_connections 128; }
    http {
      access_log off; gzip on; sendfile on; types_hash_max_size 2048; include /etc/nginx/mime.types;
      ${temporary.join(" ")}
      server { listen 127.0.0.1:${port}; ${locations} }
    }`;
  await writeFile(join(folder, "nginx.conf"), text);
  const child = spawn(findNginx(), ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
  const killed = () => child.kill("SIGKILL");
  process.on("exit", killed);
  let exit;
  const ended = new Promise((resolve) => child.on("error", resolve).on("close", resolve)).then((code) => (exit = { code }));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    process.off("exit", killed);
    await rm(folder, { recursive: true, force: true });
  };
  // Polls: a server that is only just starting has no event to wait for.
  while (!exit) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer) return { url, stop };
    await pause(25);
  }
  await stop();
  throw new Error(`nginx did not start:\n${output}`);
}

function findNginx() {
  try {
    return execFileSync("sh", ["-c", "PATH=$PATH:/usr/sbin command -v nginx"], { encoding: "utf8" }).trim();
  } catch {
    throw new Error("no nginx: 'make test' installs it");
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

/** Numbers in 0..1, the same for the same seed (mulberry32). */
export function chances(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Resolves with the first snapshot that `matches`, whatever is still under way: `until` of the
 * harness waits for requests, and here they hang on purpose.
 */
export async function when(page, matches, { what = "the state awaited", limit = 60_000 } = {}) {
  const end = Date.now() + limit;
  for (;;) {
    const now = await page.evaluate(() => window.__runreel.snapshot());
    if (matches(now)) return now;
    if (Date.now() > end) throw new Error(`${what} did not come; the page shows ${JSON.stringify(now)}`);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/** Takes down every word the badge shows from now on; `badges(page)` reads it: `[{at, word}]`, `at` as of Date.now(). */
export async function watchBadge(page) {
  await page.evaluate(() => {
    const seen = (window.badgesSeen = []);
    const look = () => {
      const word = document.querySelector('[role=status][aria-label="Connection"]')?.textContent.trim();
      if (word && word !== seen.at(-1)?.word) seen.push({ at: Date.now(), word });
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

export const badges = (page) => page.evaluate(() => window.badgesSeen);

/** What the badge says now. */
export const badge = async (page) => (await page.getByRole("status", { name: "Connection" }).textContent()).trim();

/** Every line of the Logs panel, first to last, by scrolling through it as a reader would. */
export async function readLogs(page) {
  await page.getByRole("tab", { name: "Logs" }).click();
  return page.getByRole("log", { name: "Logs" }).evaluate(async (panel) => {
    const rows = new Map();
    const drawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    for (let top = 0; ; top += panel.clientHeight) {
      panel.scrollTop = top;
      await drawn();
      for (const row of panel.querySelectorAll(".logs__line:not([hidden])")) {
        rows.set(row.parentElement.offsetTop + row.offsetTop, row.querySelector(".logs__text").textContent);
      }
      if (top + panel.clientHeight >= panel.scrollHeight) break;
    }
    return [...rows].sort(([a], [b]) => a - b).map(([, text]) => text);
  });
}

/** The text on a step's screen, rows joined. */
export async function readTerminal(page, node) {
  await page.locator(`[role=treeitem][data-node="${node}"]`).click();
  await page.getByRole("tab", { name: "Terminal" }).click();
  const rows = page.getByRole("region", { name: "Terminal" }).locator(".xterm-rows");
  await rows.waitFor();
  await page.evaluate(() => window.__runreel.idle());
  return rows.evaluate((all) => [...all.children].map((row) => row.textContent).join("").replaceAll("\u00a0", " ").trim());
}
