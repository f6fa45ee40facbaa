// Graphs to lay out, always the same: workflow-like ones, hard ones, and the shapes on which layouts tend to break.

/** Every node, in pixels. */
export const BOX = { width: 180, height: 60 };

/** By name, as `flow-1000`: a kind and about how many nodes; a further number is another seed. */
export function graph(name) {
  const [kind, nodes, seed] = name.split("-");
  return { name, ...KINDS[kind](Number(nodes), Number(seed ?? 0)) };
}

/** Each `(nodes, seed) → {nodes, edges}`: how many nodes there are, and `from, to` of each edge in one flat array. */
const KINDS = {
  /** Steps that mostly lead to what stands near them in the next layers, as in a workflow. */
  flow: (nodes, seed) => inLayers(nodes, nodes + 7 + seed, near),
  /** Steps that lead anywhere in the next layers: no order helps much. */
  layered: (nodes, seed) => inLayers(nodes, nodes + seed, anywhere),
  /** Ten times one step to 499 that join again. */
  fan: (nodes) => {
    const wide = Math.round(nodes / 10) - 1;
    const stages = Array.from({ length: 10 }, (_, stage) => stage * (wide + 1));
    const edges = stages.flatMap((fork) =>
      Array.from({ length: wide }, (_, i) => [fork, fork + 1 + i, fork + 1 + i, fork + wide + 1]),
    );
    return { nodes: 10 * (wide + 1) + 1, edges: edges.flat() };
  },
  chain: (nodes) => ({ nodes, edges: chained(nodes, 1) }),
  /** A binary tree, filled level after level. */
  tree: (nodes) => ({
    nodes,
    edges: Array.from({ length: nodes - 1 }, (_, i) => [i >> 1, i + 1]).flat(),
  }),
  /** A workflow in which every tenth step also leads to one a quarter to a half of the whole further on. */
  skips: (nodes, seed) => {
    const flow = inLayers(nodes, nodes + 7 + seed, near);
    const next = random(nodes + 11 + seed);
    for (let from = 0; from < nodes / 2; from += 10) {
      flow.edges.push(from, from + Math.floor(nodes * (0.25 + next() / 4)));
    }
    return flow;
  },
  /** Workflows of 40 steps that have nothing to do with each other, and as many single steps as workflows. */
  parts: (nodes, seed) => {
    const edges = [];
    let first = 0;
    for (; first + 41 <= nodes; first += 41) {
      const part = inLayers(40, first + seed, near).edges;
      for (const node of part) edges.push(first + node);
    }
    return { nodes, edges };
  },
};

/**
 * About √n layers, each step with one edge from the layer before it, then more until there are 1.5 a node: three
 * quarters of those over one layer, the others over two or three. `choose` picks where an edge starts.
 */
function inLayers(nodes, seed, choose) {
  const next = random(seed);
  const usual = Math.round(Math.sqrt(nodes));
  const layers = [];
  for (let first = 0; first < nodes; ) {
    const wide = Math.min(nodes - first, Math.max(1, Math.round(usual * (0.6 + 0.8 * next()))));
    layers.push({ first, wide });
    first += wide;
  }
  const known = new Set();
  const edges = [];
  const connect = (layer, span, place) => {
    const [above, below] = [layers[layer - span], layers[layer]];
    const from = above.first + choose(next, above.wide, place / below.wide);
    const to = below.first + place;
    if (known.has(from * nodes + to)) return;
    known.add(from * nodes + to);
    edges.push(from, to);
  };
  for (let layer = 1; layer < layers.length; layer++) {
    for (let place = 0; place < layers[layer].wide; place++) connect(layer, 1, place);
  }
  while (edges.length < 2 * Math.round(1.5 * nodes)) {
    const kind = next();
    const span = kind < 0.75 ? 1 : kind < 0.93 ? 2 : 3;
    const layer = span + Math.floor(next() * (layers.length - span));
    connect(layer, span, Math.floor(next() * layers[layer].wide));
  }
  return { nodes, edges };
}

/** Within three places of the one that is as far along its layer. */
function near(next, wide, share) {
  const place = Math.round(share * wide + (next() - 0.5) * 6);
  return Math.min(wide - 1, Math.max(0, place));
}

function anywhere(next, wide) {
  return Math.floor(next() * wide);
}

function chained(nodes, step) {
  return Array.from({ length: nodes - step }, (_, i) => [i, i + step]).flat();
}

/** Mulberry32: numbers in 0 to 1, the same everywhere. */
function random(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
