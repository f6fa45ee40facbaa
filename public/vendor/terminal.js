// Stands in for `xterm` and its addons (see the import map in index.html) until a terminal is first
// shown: the names below are live bindings, so what imports them at start-up sees the real classes
// as soon as `load()` has resolved. Until then they are undefined and cost no transfer.
export let Terminal, FitAddon, SearchAddon, Unicode11Addon, WebLinksAddon;

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
  const [xterm, fit, search, unicode11, webLinks] = await Promise.all([
    import("./xterm.mjs"),
    import("./addon-fit.mjs"),
    import("./addon-search.mjs"),
    import("./addon-unicode11.mjs"),
    import("./addon-web-links.mjs"),
    styleSheet("./xterm.css"),
  ]);
  ({ Terminal } = xterm);
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
