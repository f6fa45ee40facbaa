// Runreel's log channel and search in WebAssembly, with the rows of the floor around them.
import init, { Log } from "/wasm/bench_logs.js";
import { rows } from "./rows.mjs";

const { memory } = await init();
let log, shown;
export const reads = "bytes";

export async function mount({ count, pieces }) {
  log = new Log();
  for (const { text, at, node, level } of pieces) log.append(text, at, node, level);
  if (log.len() !== count) throw new Error(`${log.len()} lines`);
  shown = rows(count, (first, many) => log.rows(first, many).split("\n"));
}

export const scroller = () => shown.scroller;
export const held = () => memory.buffer.byteLength;

/** In slices, as between the frames of a page. */
export async function search({ text, regex }) {
  log.search(text, regex);
  const { port1, port2 } = new MessageChannel();
  while (!log.step()) {
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(0);
    });
  }
  port1.close();
  shown.show(log.first());
  return log.hits();
}
