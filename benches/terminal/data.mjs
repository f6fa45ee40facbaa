// A recording of an hour, always the same: 200,000 events, 12 MB; coloured lines, a progress bar at the
// top that a cursor jumps to and back from, and lines that are erased and written anew.

export const SIZE = { width: 80, height: 24 };
const EVENTS = 200_000;

/** @returns {string} in asciicast v2 */
export function cast() {
  let seed = 99;
  const chance = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 4294967296;
  const lines = [JSON.stringify({ version: 2, ...SIZE })];
  let at = 0;
  for (let index = 0; index < EVENTS; index++) {
    at += chance() * 0.036;
    const colour = 31 + Math.floor(chance() * 6);
    lines.push(`[${at.toFixed(4)}, "o", ${JSON.stringify(output(index, colour, chance))}]`);
  }
  return `${lines.join("\n")}\n`;
}

function output(index, colour, chance) {
  const kind = index % 8;
  if (kind < 6) {
    const number = Math.floor(chance() * 1e5);
    return `\x1b[${colour}m[${number}]\x1b[0m host-${Math.floor(chance() * 9999)}\r\n`;
  }
  if (kind === 6) return `\x1b[s\x1b[1;1H\x1b[7m ${((index / EVENTS) * 100).toFixed(1)}% \x1b[0m\x1b[u`;
  return `\r\x1b[2K${"#".repeat(Math.floor(chance() * 30))}\r\n`;
}
