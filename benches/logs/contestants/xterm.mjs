// xterm.js as a sink for logs. Its search stops at the first hit: it counts only what it also decorates.
import { SearchAddon } from "@xterm/addon-search";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";

const COLUMNS = 150;
let terminal, finder;

export async function mount({ count, text }) {
  terminal = new Terminal({ cols: COLUMNS, rows: 40, scrollback: count + 10, convertEol: true, fontSize: 12, allowProposedApi: true });
  finder = new SearchAddon();
  terminal.loadAddon(finder);
  terminal.open(document.getElementById("root"));
  for (let at = 0; at < text.length; at += 1 << 20) {
    await new Promise((resolve) => terminal.write(text.slice(at, at + (1 << 20)), resolve));
  }
}

export const scrollBy = (pixels) => terminal.scrollLines(Math.round(pixels / 18));
export const jump = (share) => terminal.scrollToLine(Math.floor(share * terminal.buffer.active.length));

/** A cell takes twelve bytes, outside of the heap. */
export const held = () => terminal.buffer.active.length * COLUMNS * 12;

export async function search({ text, regex }) {
  terminal.scrollToTop();
  terminal.clearSelection();
  if (!finder.findNext(text, { regex })) throw new Error("nothing found");
  return 1;
}
