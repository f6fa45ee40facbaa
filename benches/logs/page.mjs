// Drives one contestant, the one that the address names. It brings
//   mount(log)               shows the log; resolves when the first rows are painted
//   scroller(), or else scrollBy(px) and jump(share)
//   search(query, found)     resolves to the number of hits when the first one is painted
//   held()                   bytes held outside the JS heap, where there are any
import { QUERIES, lines } from "./data.mjs";

const contestant = await import(`/bundle/${new URLSearchParams(location.search).get("is")}.js`);
const frame = () => new Promise(requestAnimationFrame);
const painted = async () => {
  await frame();
  await frame();
};

/** Bytes of text in one piece for those who read bytes: what a body is handed on in. */
const PIECE = 1 << 16;

function log(count) {
  const made = contestant.reads === "bytes" ? inBytes(count) : inStrings(count);
  return { count, ...made };
}

function inStrings(count) {
  const list = [];
  lines(count, (text) => list.push(text));
  const text = list.join("\n");
  // Looked into, so that it is one string and no longer many.
  text.charCodeAt(5);
  return { list, text };
}

function inBytes(count) {
  const encoder = new TextEncoder();
  const pieces = [];
  let [text, at, node, level] = [[], [], [], []];
  const piece = () =>
    pieces.push({
      text: encoder.encode(text.join("\n")),
      at: Float64Array.from(at),
      node: Uint16Array.from(node),
      level: Uint8Array.from(level),
    });
  let bytes = 0;
  lines(count, (...line) => {
    [text, at, node, level].forEach((list, index) => list.push(line[index]));
    bytes += line[0].length + 1;
    if (bytes > PIECE) {
      piece();
      [text, at, node, level, bytes] = [[], [], [], [], 0];
    }
  });
  piece();
  return { pieces };
}

function moveBy(pixels) {
  const scroller = contestant.scroller?.();
  if (scroller) scroller.scrollTop += pixels;
  else contestant.scrollBy(pixels);
}

window.contestants = {
  /** Milliseconds from having the log until its first rows are painted. */
  async load(count) {
    let made = log(count);
    globalThis.gc?.();
    await painted();
    const begin = performance.now();
    const mounted = contestant.mount(made);
    made = undefined;
    await mounted;
    await painted();
    return performance.now() - begin;
  },

  held: () => contestant.held?.() ?? 0,

  /** Milliseconds between frames while it is scrolled. */
  async scroll(frames) {
    const times = [];
    let last = await frame();
    for (let number = 0; number < frames; number++) {
      moveBy(Math.floor(number / 60) % 2 ? -400 : 400);
      const now = await frame();
      times.push(now - last);
      last = now;
    }
    return times;
  },

  /** Milliseconds of jumps to places drawn at random, each until it is painted. */
  async jump(count) {
    const times = [];
    let seed = 7;
    for (let number = 0; number < count; number++) {
      seed = (seed * 48271) % 2147483647;
      const share = seed / 2147483647;
      const begin = performance.now();
      const scroller = contestant.scroller?.();
      if (scroller) scroller.scrollTop = share * (scroller.scrollHeight - scroller.clientHeight);
      else contestant.jump(share);
      await painted();
      times.push(performance.now() - begin);
    }
    return times;
  },

  /** Milliseconds until all hits are counted and the first is painted, and how many there are. */
  async search(name, expected) {
    const begin = performance.now();
    const hits = await contestant.search(QUERIES[name], expected);
    await frame();
    return { ms: performance.now() - begin, hits };
  },
};
