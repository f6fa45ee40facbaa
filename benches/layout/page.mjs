// The contestants, all on the page's one thread, whose processor time can be had. Each lays out a graph: from its
// numbers, `{nodes, edges}`, to x and y of the middle of each node.
import { BOX } from "./graphs.mjs";

/** Pixels between two nodes and between two layers. */
const GAP = 50;
/** Pixels in an inch, Graphviz's unit. */
const INCH = 72;

window.contestants = {
  async runreel() {
    const { default: init, lay_out } = await import("/wasm/bench_layout.js");
    await init();
    return ({ nodes, edges }) => lay_out(nodes, BOX.width, BOX.height, GAP, Uint32Array.from(edges));
  },

  dagreTightTree: () => dagre({ ranker: "tight-tree" }),

  dagre: () => dagre({}),

  async graphviz() {
    const { Graphviz } = await import("/graphviz/index.js");
    const graphviz = await Graphviz.load();
    const [gap, width, height] = [GAP, BOX.width, BOX.height].map((pixels) => pixels / INCH);
    const style =
      `nodesep=${gap};ranksep=${gap};splines=polyline;edge[arrowhead=none];` +
      `node[shape=box,fixedsize=true,width=${width},height=${height},label=""];`;
    return ({ nodes, edges }) => {
      const said = [`digraph{${style}`];
      for (let node = 0; node < nodes; node++) said.push(`${node};`);
      for (let i = 0; i < edges.length; i += 2) said.push(`${edges[i]}->${edges[i + 1]};`);
      const middles = new Array(2 * nodes);
      for (const line of graphviz.dot(`${said.join("")}}`, "plain").split("\n")) {
        const [what, node, x, y] = line.split(" ");
        if (what !== "node") continue;
        middles[2 * node] = x * INCH;
        middles[2 * node + 1] = -y * INCH;
      }
      return middles;
    };
  },

  async elk() {
    const elk = new window.ELK();
    const layoutOptions = {
      "elk.algorithm": "layered",
      "elk.direction": "DOWN",
      "elk.edgeRouting": "POLYLINE",
      "elk.spacing.nodeNode": String(GAP),
      "elk.layered.spacing.nodeNodeBetweenLayers": String(GAP),
    };
    return async ({ nodes, edges }) => {
      const children = Array.from({ length: nodes }, (_, node) => ({ id: `n${node}`, ...BOX }));
      const lines = Array.from({ length: edges.length / 2 }, (_, i) => ({
        id: `e${i}`,
        sources: [`n${edges[2 * i]}`],
        targets: [`n${edges[2 * i + 1]}`],
      }));
      const placed = await elk.layout({ id: "all", layoutOptions, children, edges: lines });
      return placed.children.flatMap(({ x, y }) => [x + BOX.width / 2, y + BOX.height / 2]);
    };
  },
};

/** dagre with `options` of its own, which say how it ranks the nodes. */
async function dagre(options) {
  const { graphlib, layout } = await import("/dagre/dagre.esm.js");
  return ({ nodes, edges }) => {
    const graph = new graphlib.Graph({ multigraph: true });
    graph.setGraph({ rankdir: "TB", nodesep: GAP, ranksep: GAP, ...options });
    graph.setDefaultEdgeLabel(() => ({}));
    for (let node = 0; node < nodes; node++) graph.setNode(String(node), { ...BOX });
    for (let i = 0; i < edges.length; i += 2) graph.setEdge(String(edges[i]), String(edges[i + 1]));
    layout(graph);
    return Array.from({ length: nodes }, (_, node) => graph.node(String(node))).flatMap(({ x, y }) => [x, y]);
  };
}

/** Loads a contestant, and lays out `small` with it for `millis`, so that its code is warm when `graph` comes. */
window.prepare = async (name, small, millis, graph) => {
  const layOut = await window.contestants[name]();
  const lay = async () => (window.middles = await layOut(graph));
  window.once = async () => {
    const begin = performance.now();
    await lay();
    return performance.now() - begin;
  };
  /** As often as goes into `millis`; how often that was. */
  window.again = async (millis) => {
    const begin = performance.now();
    for (let runs = 1; ; runs++) {
      await lay();
      if (performance.now() - begin > millis) return runs;
    }
  };
  const begin = performance.now();
  do await layOut(small);
  while (performance.now() - begin < millis);
};
