// What cannot be done with less: one string, the places where its lines begin, and rows that are used again.
import { rows } from "./rows.mjs";

let text, starts, shown;

export async function mount(log) {
  text = log.text;
  starts = new Uint32Array(log.count + 1);
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts[line++] = at + 1;
  starts[log.count] = text.length + 1;
  shown = rows(log.count, (first, count) =>
    Array.from({ length: count }, (_, index) => text.slice(starts[first + index], starts[first + index + 1] - 1)),
  );
}

export const scroller = () => shown.scroller;

/** Case counts here: that is the quickest that JavaScript can do. */
export async function search({ text: query, regex }) {
  let [hits, first] = [0, -1];
  const pattern = regex ? new RegExp(query, "g") : undefined;
  const next = (from) => {
    if (!pattern) return text.indexOf(query, from);
    pattern.lastIndex = from;
    return pattern.exec(text)?.index ?? -1;
  };
  for (let at = next(0); at >= 0; at = next(regex ? pattern.lastIndex : at + query.length)) {
    if (first < 0) first = at;
    hits++;
  }
  let [low, high] = [0, starts.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= first) low = middle;
    else high = middle;
  }
  shown.show(low);
  return hits;
}
