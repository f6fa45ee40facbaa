// The contestants: each opens a recording and goes to instants of it, given as a fraction of its length.
import init, { Shown } from "/wasm/bench_terminal.js";
import { Terminal } from "/xterm/lib/xterm.mjs";
import { look } from "./look.mjs";

await init();

const place = document.getElementById("place");
const frame = () => new Promise(requestAnimationFrame);
const encoder = new TextEncoder();
/** The terminals opened on the page, to look at. */
const opened = [];
const { open } = Terminal.prototype;
Terminal.prototype.open = function (...args) {
  opened.push(this);
  return open.apply(this, args);
};

async function recording(address) {
  const [head, ...lines] = (await (await fetch(address)).text()).trim().split("\n");
  const events = lines.map((line) => JSON.parse(line));
  return { size: JSON.parse(head), events, seconds: events.at(-1)[0] };
}

/** How many events there are up to `seconds`, to the millisecond, as Runreel counts. */
function upto(events, seconds) {
  const millis = (seconds) => Math.floor(seconds * 1000);
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (millis(events[middle][0]) <= millis(seconds)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Opens a contestant; its `seek(fraction)` then tells milliseconds until done, and until painted. */
async function contestant(address, make) {
  const begin = performance.now();
  const { seek, ...rest } = await make(address);
  await frame();
  window.opened = {
    ...rest,
    async seek(fraction) {
      const begin = performance.now();
      await seek(fraction);
      const done = performance.now() - begin;
      await frame();
      await frame();
      return { done, painted: performance.now() - begin };
    },
  };
  return performance.now() - begin;
}

/** asciinema-player: forward it plays on, backward it plays from the start. */
async function asciinema(address) {
  const player = AsciinemaPlayer.create(address, place, { preload: true, fit: false });
  await player.seek(0);
  const seconds = await player.getDuration();
  return { seek: (fraction) => player.seek(fraction * seconds) };
}

/** xterm.js alone: forward it writes on, backward it is reset and written from the start. */
async function xterm(address) {
  const { size, events, seconds } = await recording(address);
  const terminal = new Terminal({ cols: size.width, rows: size.height, scrollback: 1000 });
  terminal.open(place);
  let shown = 0;
  return {
    async seek(fraction) {
      const target = upto(events, fraction * seconds);
      if (target < shown) {
        terminal.reset();
        shown = 0;
      }
      const text = events.slice(shown, target).map(([, , text]) => text);
      shown = target;
      await new Promise((resolve) => terminal.write(text.join(""), resolve));
    },
  };
}

/** Runreel's terminal; `rest` does what the app does in frames in which nothing is asked of it. */
async function runreel(address) {
  const { size, events, seconds } = await recording(address);
  const shown = await Shown.open(place);
  events.forEach(([at, , text], index) => {
    shown.take(index, at * 1000, encoder.encode(text), size.width, size.height);
  });
  let millis = 0;
  shown.show(millis);
  return {
    async seek(fraction) {
      millis = Math.floor(fraction * seconds * 1000);
      while (!shown.show(millis)) {
        await frame();
        shown.frame(millis, 16);
      }
    },
    /** Frames and milliseconds of work until all is prepared. */
    async rest() {
      const works = [];
      for (let more = true; more; ) {
        await frame();
        const begin = performance.now();
        more = shown.frame(millis, 1000);
        works.push(performance.now() - begin);
      }
      return { frames: works.length, total: works.reduce((sum, work) => sum + work, 0), longest: Math.max(...works) };
    },
  };
}

window.contestants = Object.fromEntries(
  Object.entries({ asciinema, xterm, runreel }).map(([name, make]) => [name, (address) => contestant(address, make)]),
);

/** Screens at `fractions`, in that order, of whoever is open. */
window.screens = async (fractions) => {
  const screens = [];
  for (const fraction of fractions) {
    await window.opened.seek(fraction);
    screens.push(look(opened.at(-1)));
  }
  return screens;
};
