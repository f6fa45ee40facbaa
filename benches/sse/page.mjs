// The contestants: each reads a stream of `trace` frames to its last event and tells how long that took.
import init, { watch } from "/wasm/bench_sse.js";
import { createParser } from "/eventsource-parser/index.js";

await init();

/** Runs `read`, which returns how many events it saw. */
async function timed(read) {
  const begin = performance.now();
  const events = await read();
  return { ms: performance.now() - begin, events };
}

async function* pieces(address) {
  const reader = (await fetch(address)).body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

window.contestants = {
  /** The machine's floor: every byte is looked at, blank lines are counted, nothing is kept. */
  bytes: (address) =>
    timed(async () => {
      let frames = 0;
      for await (const piece of pieces(address)) {
        for (let at = 1; at < piece.length; at++) if (piece[at] === 10 && piece[at - 1] === 10) frames += 1;
      }
      return frames;
    }),

  eventSource: (address, total) =>
    timed(
      () =>
        new Promise((resolve, reject) => {
          let events = 0;
          const source = new EventSource(address);
          source.onerror = () => reject(new Error(`the stream ended after ${events} events`));
          source.addEventListener("trace", ({ data }) => {
            events += JSON.parse(data).events.length;
            if (events === total) {
              source.close();
              resolve(events);
            }
          });
        }),
    ),

  eventsourceParser: (address) =>
    timed(async () => {
      let events = 0;
      const parser = createParser({ onEvent: ({ data }) => (events += JSON.parse(data).events.length) });
      const text = (await fetch(address)).body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await text.read();
        if (done) return events;
        parser.feed(value);
      }
    }),

  /** Parsed, decoded and stored in the journal, which the page then holds. */
  runreel: (address, total) =>
    timed(async () => {
      window.watched = await watch(address);
      const problems = window.watched.problems();
      if (problems > 0) throw new Error(`${problems} problems`);
      if (window.watched.resume() !== String(total)) throw new Error(`resumes from ${window.watched.resume()}`);
      return window.watched.events();
    }),
};
