// Recordings of terminals for the tests that compare screens: each is long enough for keyframes and has
// one thing in it that is easily lost on the way to one. Always the same; cut into chunks anywhere.

/** @typedef {{at: number, bytes: Uint8Array, size?: [number, number]}} Chunk `at`: ms from the run's start */

const encoder = new TextEncoder();

/** Numbers by chance, always the same. */
function chances(seed) {
  const chance = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 4294967296;
  const below = (limit) => Math.floor(chance() * limit);
  return { below, pick: (list) => list[below(list.length)] };
}

const COLOURS = ["31", "1;32", "4;33", "7;34", "2;35", "3;36", "9;37", "53;91", "38;5;208", "48;5;19", "38;2;9;120;200", "48;2;60;0;30", "4:3;58;5;9", "21", "8", "0"];
const WIDE = ["日本語のテスト", "한국어", "e\u0301o\u0308a\u0323\u0302", "🚀🔥✅", "👩‍👩‍👧", "ﬀ", "Ω≈ç√", "\u200b", "naïve", "🇩🇪", "①②", "▁▂▃█"];

const line = ({ below, pick }, index) => `\x1b[${pick(COLOURS)}m${index} ${pick(["ok", "warn", "error"])}\x1b[0m ${"step ".repeat(below(14))}\r\n`;

/** Each makes a piece of output; `index` counts them. */
const KINDS = {
  log: (c, index) => line(c, index),

  editor(c, index) {
    if (index % 400 === 0) return "\x1b[?1049h\x1b[22;0;0t\x1b[?1h\x1b=\x1b[2J\x1b[H\x1b[?25l\x1b[1;23r";
    if (index % 400 === 399) return `\x1b[?1l\x1b>\x1b[?25h\x1b[r\x1b[?1049l${line(c, index)}`;
    return c.pick([
      `\x1b[${1 + c.below(23)};${1 + c.below(70)}H\x1b[${c.pick(COLOURS)}m${c.pick(["let x = 1;", "fn main()", "~", "// todo"])}\x1b[m`,
      `\x1b[${1 + c.below(23)}H\x1b[${1 + c.below(3)}${c.pick(["L", "M"])}`,
      `\x1b[24;1H\x1b[7m -- INSERT -- ${index} \x1b[27m\x1b[K`,
      `\x1b[${1 + c.below(23)};${1 + c.below(60)}H\x1b[${1 + c.below(9)}${c.pick(["P", "@", "X"])}`,
      "\x1b[H\x1bM\x1b[23H\x1bD",
    ]);
  },

  wide: (c, index) => `${c.pick(WIDE)}${" ".repeat(c.below(4))}${c.pick(WIDE).repeat(c.below(9))}${index % 3 ? "" : "\r\n"}`,

  regions(c, index) {
    const top = 1 + c.below(10);
    if (index % 20 === 0) return `\x1b[${top};${top + 3 + c.below(10)}r`;
    if (index % 97 === 0) return "\x1b[r";
    return c.pick([line(c, index), `\x1b[${c.below(5)}S`, `\x1b[${c.below(4)}T`, `\x1b[${1 + c.below(24)};1Hrow`, "\x1b7\x1b[1;1Htop\x1b8", `\x1b[${c.pick(["?6h", "?6l"])}`]);
  },

  resized: (c, index) => line(c, index) + (index % 11 ? "" : "a line that is long enough to be wrapped when it becomes narrower, and joined again ".repeat(2) + "\r\n"),

  tabs: (c, index) =>
    c.pick([
      `\x1b[${1 + c.below(70)}G\x1bH`,
      index % 50 ? "" : "\x1b[3g",
      `a\tb\tc\x1b[${1 + c.below(3)}Zd\x1b[${1 + c.below(3)}Ie\r\n`,
      "\x1b[g",
    ]),

  modes: (c, index) =>
    c.pick([
      line(c, index),
      `\x1b[${c.pick(["4h", "4l", "?7h", "?7l", "?25l", "?25h", "?6h", "?6l", "?1h", "?1l", "?45h", "?45l", "?2004h"])}`,
      `${"wrap".repeat(30)}\x1b[${1 + c.below(60)}Gin`,
      "\x1b(0lqqk\x1b(B\x0e\x1b)0x\x0f",
      `\x1b[1"qsafe\x1b[0"q\x1b[?K${index % 60 ? "" : "\x1bc"}`,
      "\x1b[!p",
      `x\x1b[${c.below(9)}b\r\n`,
      "\x1b]8;id=a;https://example.invalid/\x1b\\link\x1b]8;;\x1b\\ \x1b]0;title\x07",
    ]),

  invalid: (c, index) =>
    c.pick([line(c, index), [0xff, 0xfe, 0x41], [0xe2, 0x82], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x9a], [0xc2, 0x9b, 0x33, 0x31, 0x6d], [0xf4, 0x90, 0x80, 0x80], [0x1b, 0x5b], [0x1b, 0x5d, 0x32, 0x3b, 0x9c], [0x0d, 0x0a]]),

  /** Sequences that go on for longer than a keyframe is apart from the next. */
  endless: (c, index) => (index % 900 === 5 ? `\x1b]2;${"t".repeat(90_000)}\x07` : index % 900 === 500 ? `\x1bPq${"#".repeat(80_000)}\x1b\\` : line(c, index)),
};

const LENGTH = 240_000;

/**
 * @param {keyof typeof KINDS} kind
 * @returns {Chunk[]} a chunk every few milliseconds, several at some of them
 */
export function recording(kind) {
  const c = chances(kind.length * 7919 + 3);
  const chunks = [];
  let at = 0;
  let bytes = 0;
  let held = [];
  for (let index = 0; bytes < LENGTH; index++) {
    const made = KINDS[kind](c, index);
    const piece = typeof made === "string" ? encoder.encode(made) : Uint8Array.from(made);
    // Chunks end wherever a pipe was full: within a character, within a sequence.
    for (const byte of piece) {
      held.push(byte);
      if (c.below(200) === 0) flush();
    }
  }
  flush();
  return chunks;

  function flush() {
    if (held.length === 0) return;
    const size = chunks.length === 0 ? [80, 24] : kind === "resized" && c.below(400) === 0 ? [20 + c.below(100), 5 + c.below(40)] : undefined;
    chunks.push({ at, bytes: Uint8Array.from(held), size });
    bytes += held.length;
    held = [];
    at += c.below(3);
  }
}

export const kinds = Object.keys(KINDS);
