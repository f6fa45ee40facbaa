// How good a layout is, measured alike for all: by the middles of the nodes, with edges drawn straight between them.
import { BOX } from "./graphs.mjs";

/** Boxes may touch: pixels by which two must cover each other to count. */
const TOUCH = 0.01;

/**
 * @param {{nodes: number, edges: number[]}} graph
 * @param {number[]} middles x and y of each node
 * @returns {{crossings: number, length: number, overlaps: number}} length in pixels
 */
export function quality({ nodes, edges }, middles) {
  if (middles.length !== 2 * nodes || !middles.every(Number.isFinite)) throw new Error("not every node has a place");
  const lines = [];
  let length = 0;
  for (let i = 0; i < edges.length; i += 2) {
    const [a, b] = [edges[i], edges[i + 1]];
    // Sorted from the top down, so that a sweep meets them in order.
    const [up, down] = middles[2 * a + 1] <= middles[2 * b + 1] ? [a, b] : [b, a];
    const line = { up, down, x0: middles[2 * up], y0: middles[2 * up + 1], x1: middles[2 * down], y1: middles[2 * down + 1] };
    length += Math.hypot(line.x1 - line.x0, line.y1 - line.y0);
    lines.push(line);
  }
  return { crossings: crossings(lines), length, overlaps: overlaps(nodes, middles) };
}

/** Pairs of lines that cross; those that share a node do not count. */
function crossings(lines) {
  lines.sort((a, b) => a.y0 - b.y0);
  let count = 0;
  let open = [];
  for (const line of lines) {
    open = open.filter(({ y1 }) => y1 > line.y0);
    for (const other of open) if (!meet(line, other) && cut(line, other) && cut(other, line)) count += 1;
    open.push(line);
  }
  return count;
}

const meet = (a, b) => a.up === b.up || a.down === b.down || a.up === b.down || a.down === b.up;

/** Whether the ends of `b` lie on two sides of `a`. */
function cut(a, b) {
  const side = (x, y) => (a.x1 - a.x0) * (y - a.y0) - (a.y1 - a.y0) * (x - a.x0);
  return side(b.x0, b.y0) * side(b.x1, b.y1) < 0;
}

/** Pairs of boxes that cover each other. */
function overlaps(nodes, middles) {
  const x = (node) => middles[2 * node];
  const y = (node) => middles[2 * node + 1];
  const sorted = Array.from({ length: nodes }, (_, node) => node).sort((a, b) => x(a) - x(b));
  let count = 0;
  let first = 0;
  sorted.forEach((node, i) => {
    while (x(node) - x(sorted[first]) >= BOX.width - TOUCH) first += 1;
    for (const other of sorted.slice(first, i)) {
      if (Math.abs(y(node) - y(other)) < BOX.height - TOUCH) count += 1;
    }
  });
  return count;
}
