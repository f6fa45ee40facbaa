// Stands in for `xterm` and its addons (see the import map in index.html) until a terminal is first
// shown: the names below are live bindings, so what imports them at start-up sees the real classes
// as soon as `load()` has resolved. Until then they are undefined and cost no transfer.
export let Terminal, FitAddon, SearchAddon, Unicode11Addon, WebLinksAddon;

// What terminal-state.js offers. WebAssembly takes functions only when it starts, so these are some, for later.
let state;
export const observe = (...args) => state.observe(...args);
export const parse = (...args) => state.parse(...args);
export const isBetweenSequences = (...args) => state.isBetweenSequences(...args);
export const takeState = (...args) => state.takeState(...args);
export const putState = (...args) => state.putState(...args);
export const paintNow = (...args) => state.paintNow(...args);
export const isInUse = (...args) => state.isInUse(...args);

let loading;

/** Fetches xterm.js, its addons and its style sheet, once; a failed try may be repeated. */
export function load() {
  loading ??= fetchAll().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function fetchAll() {
  const [xterm, stateModule, fit, search, unicode11, webLinks] = await Promise.all([
    import("./xterm.mjs"),
    import("./terminal-state.js"),
    import("./addon-fit.mjs"),
    import("./addon-search.mjs"),
    import("./addon-unicode11.mjs"),
    import("./addon-web-links.mjs"),
    styleSheet("./xterm.css"),
  ]);
  ({ Terminal } = xterm);
  state = stateModule;
  ({ FitAddon } = fit);
  ({ SearchAddon } = search);
  ({ Unicode11Addon } = unicode11);
  ({ WebLinksAddon } = webLinks);
}

function styleSheet(name) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(name, import.meta.url).href;
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => {
      link.remove();
      reject(new Error(`could not load ${link.href}`));
    };
    document.head.append(link);
  });
}
