// Watching live: from an event written at the server to its pixels on the page, at 1,000 events a
// second for a minute. With FULL=1 also the traffic of a run of ten minutes, streamed and polled.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const part = (name, ...args) => {
  const path = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  return execFileSync(process.execPath, [path, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
};

const measured = JSON.parse(part("latency", "--rate", "1000", "--seconds", "60"));
const goals = [
  ["p95 from written to painted", `${measured.p95} ms`, "< 100 ms", measured.p95 < 100],
  ["main thread, time on a core", `${Math.round(measured.mainCpu * 100)} %`, "< 50 %", measured.mainCpu < 0.5],
  ["flips of state never seen", `${measured.missed} of ${measured.flips}`, "none", measured.missed === 0],
];
console.table(goals.map(([what, value, goal, held]) => ({ what, measured: value, goal, held: held ? "yes" : "NO" })));
console.log(`p50 ${measured.p50} ms, p99 ${measured.p99} ms, most ${measured.max} ms; ${measured.rate} events/s for ${measured.seconds} s;`);
console.log(`main thread busy by the wall clock ${Math.round(measured.mainBusy * 100)} % (other programs included)`);
if (process.env.FULL) console.log(part("traffic", "--minutes", "10"));
if (goals.some(([, , , held]) => !held)) process.exitCode = 1;
