// Takes pictures of every face of the app, to be looked at: node tests/browser/shots.mjs [name …]
// They land in tests/browser/screenshots/, which git ignores.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idle, openRun, openStage, postReel, run, screenshot, seek, startServer, until } from "./harness.mjs";
import { hostileRun } from "./hostile.mjs";
import { startPipeline } from "./pipeline.mjs";
import { smallRun } from "./small.mjs";

const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
const THEMES = ["light", "dark"];

/** Name, address, and what to wait for or do before the picture. */
const FACES = [
  ["list", "/runs", (page) => page.locator("[data-run]").first().waitFor()],
  ["live", "/runs/live?node=scan", (page) => until(page, ({ connection }) => connection === "live")],
  ["live-terminal", "/runs/live?node=prepare&tab=terminal", (page) => page.locator(".xterm-rows").waitFor()],
  ["failed", "/runs/failed", (page) => until(page, ({ connection }) => connection === "ended")],
  ["failed-inspector", "/runs/failed?tab=inspector", (page) => page.getByRole("button", { name: "First failure" }).click()],
  ["finished", "/runs/finished", (page) => until(page, ({ connection }) => connection === "ended")],
  ["scrubbed", "/runs/finished", (page) => seek(page, 4_000)],
  ["agent", "/runs/agent?tab=agent", (page) => until(page, ({ connection }) => connection === "ended")],
  ["huge", "/runs/huge", (page) => until(page, ({ nodes }) => Object.keys(nodes).length === 300)],
  ["hostile", "/runs/hostile", (page) => idle(page)],
  ["unknown", "/runs/never-heard-of", (page) => idle(page)],
];

const wanted = process.argv.slice(2);
const stage = await openStage();
const empty = await startServer();
const folder = await mkdtemp(join(tmpdir(), "runreel-shots-"));
const stops = [];
try {
  await prepare();
  for (const [name, path, ready] of FACES) await shoot(name, stage.url + path, ready);
  await shoot("empty", `${empty.url}/runs`, (page) => page.getByText("No runs yet").waitFor());
} finally {
  for (const stop of stops) await stop();
  await empty.stop();
  await stage.browser.close();
  await stage.server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function shoot(name, url, ready) {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of THEMES) {
      const page = await stage.page({ viewport, colorScheme });
      await page.goto(url, { waitUntil: "load" });
      await ready(page);
      console.log(await screenshot(page, `${name}-${size}-${colorScheme}`));
      await page.context().close();
    }
  }
}

async function prepare() {
  const exec = (example, id) => run("exec", `examples/${example}.toml`, "--server", stage.url, "--id", id);
  const huge = join(folder, "huge.reel");
  await run("synth", "--nodes", "300", "--events", "6000", "--log-lines", "20000", "--fail", "3", "--id", "huge", "-o", huge);
  await run("import", huge, "--server", stage.url);
  await postReel(stage.url, "hostile", hostileRun("hostile"));
  await postReel(stage.url, "small", smallRun("small"));
  await Promise.all([exec("build-and-check", "finished"), exec("fails-half-way", "failed"), exec("with-an-agent", "agent")]);
  const live = await startPipeline(stage.url, "watched.toml", "live");
  stops.push(live.stop);
  await live.open("prepare", "fetch-1");
}
