// A pipeline under way that goes on when the test says so.
import { spawn, execFileSync } from "node:child_process";
import { constants } from "node:fs";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runreel } from "./harness.mjs";

const fixtures = fileURLToPath(new URL("../fixtures", import.meta.url));

/**
 * Starts `runreel exec` of a pipeline in tests/fixtures and waits until its run is there.
 * @param {string} url the server's origin
 * @param {string} file the pipeline; every `NAME.gate` it reads becomes a gate
 * @param {string} id the run's id
 * @returns {Promise<{open: (...gates: string[]) => Promise<void>, ended: Promise<number>, stop: () => Promise<void>}>}
 *   `open` lets the steps at these gates go on, now or once they get there; `ended` is the exit code
 */
export async function startPipeline(url, file, id) {
  const path = join(fixtures, file);
  const work = await mkdtemp(join(tmpdir(), "runreel-gates-"));
  const gates = await makeGates(work, await gateNames(path));
  const child = spawn(runreel, ["exec", path, "--server", url, "--id", id, "--work", work], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const killed = () => child.kill("SIGKILL");
  process.on("exit", killed);
  let output = "";
  let announced;
  const there = new Promise((resolve) => (announced = resolve));
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
      if (output.includes(`/runs/${id}`)) announced();
    });
  }
  const ended = new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  await Promise.race([there, ended]);
  if (!output.includes(`/runs/${id}`)) throw new Error(`runreel exec did not start:\n${output}`);
  return {
    ended,
    output: () => output,
    open: async (...names) => {
      for (const name of names) await gates.get(name).write("\n");
    },
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
      process.off("exit", killed);
      for (const gate of gates.values()) await gate.close();
      await rm(work, { recursive: true, force: true });
    },
  };
}

// `fetch-$RUNREEL_ATTEMPT.gate` stands for a gate an attempt.
async function gateNames(path) {
  const text = await readFile(path, "utf8");
  return [...text.matchAll(/\/([\w$-]+)\.gate/g)]
    .map(([, name]) => name)
    .flatMap((name) => [1, 2, 3].map((attempt) => name.replace("$RUNREEL_ATTEMPT", attempt)))
    .filter((name, place, all) => all.indexOf(name) === place);
}

// Held open for reading and writing, a FIFO keeps what is written until its step comes to read it.
async function makeGates(folder, names) {
  const gates = new Map();
  for (const name of names) {
    const path = join(folder, `${name}.gate`);
    execFileSync("mkfifo", [path]);
    gates.set(name, await open(path, constants.O_RDWR));
  }
  return gates;
}
