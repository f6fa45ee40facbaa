// The whole state of an xterm.js terminal but its scrollback, taken out and put into another one of the
// same page. xterm.js has no such thing: its serialize addon leaves out tab stops, margins, saved cursors,
// character sets and more. So this file, and it alone, reads what xterm.js keeps to itself; the version
// is pinned, and tests/browser/terminal-seek.test.mjs lists every field that version has.

/** What is a number or a string in a buffer and means the same in any terminal. */
const SCALARS = ["x", "y", "scrollTop", "scrollBottom", "savedX"];
/** An empty cell's content: width 1, no character. */
const EMPTY = 1 << 22;
/** In a cell's content: its characters are in `_combined`; in its background: it has `_extendedAttrs`. */
const [IS_COMBINED, HAS_EXTENDED] = [1 << 21, 1 << 28];
/** The number of a link whose address xterm has forgotten: it still looks like one. */
const DEAD_LINK = 2 ** 31 - 1;
/** xterm's kinds of request for a colour. */
const [SET_COLOUR, RESTORE_COLOUR] = [1, 2];
/** About what an object weighs beside its cells. */
const OBJECT = 64;

/** Terminals whose rows on the page xterm has emptied, until it paints them in the next frame. */
const emptied = new WeakSet();
/** The colours that the output itself has set, by terminal: index → request. */
const palettes = new WeakMap();

/** To be called before anything is written to `terminal`. */
export function observe(terminal) {
  const palette = new Map();
  palettes.set(terminal, palette);
  terminal.buffer.onBufferChange(() => emptied.add(terminal));
  terminal._core._inputHandler.onColor((requests) => {
    for (const request of requests) {
      if (request.type === SET_COLOUR) palette.set(request.index, request);
      else if (request.type === RESTORE_COLOUR) restored(palette, request.index);
    }
  });
}

function restored(palette, index) {
  if (index !== undefined) palette.delete(index);
  else for (const ansi of [...palette.keys()].filter((key) => key < 256)) palette.delete(ansi);
}

/** Writes `bytes`, now. (`write` comes back later, and frames could show what is between.) Throws where xterm does. */
export function parse(terminal, bytes) {
  terminal._core._inputHandler.parse(bytes);
}

/** Whether the output so far ends neither within an escape sequence nor within a character. */
export function isBetweenSequences(terminal) {
  const { _parser, _utf8Decoder } = terminal._core._inputHandler;
  return _parser.currentState === 0 && _utf8Decoder.interim[0] === 0;
}

/** @returns the state; `weight` is about how many bytes it takes. */
export function takeState(terminal) {
  const core = terminal._core;
  const { _inputHandler: input, _charsetService: charsets, coreService, buffers } = core;
  const normal = takeBuffer(core, buffers.normal, buffers.normal.ybase);
  const alt = takeBuffer(core, buffers.alt, 0);
  return {
    cols: core.cols,
    rows: core.rows,
    normal,
    alt,
    onAlt: buffers.active === buffers.alt,
    pen: takePen(core, input._curAttrData),
    precedingJoinState: input._parser.precedingJoinState,
    charset: charsets.charset,
    glevel: charsets.glevel,
    charsets: [...charsets._charsets],
    modes: { ...coreService.modes },
    decPrivateModes: { ...coreService.decPrivateModes },
    isCursorHidden: coreService.isCursorHidden,
    convertEol: terminal.options.convertEol,
    palette: new Map(palettes.get(terminal)),
    weight: normal.weight + alt.weight,
  };
}

function takeBuffer(core, buffer, top) {
  const lines = [];
  let weight = 0;
  for (let row = top; row < buffer.lines.length; row++) {
    const line = takeLine(core, buffer.lines.get(row));
    weight += OBJECT + line.cells.byteLength + OBJECT * (line.combined.length + line.extended.length);
    lines.push(line);
  }
  return {
    lines,
    weight,
    // More than there are rows, once it has become smaller while the other buffer was shown.
    maxLength: buffer.lines.maxLength,
    // Rows count from the top of the scrollback, which is not taken along.
    base: buffer.ybase - top,
    savedRow: buffer.savedY - top,
    scalars: SCALARS.map((name) => buffer[name]),
    savedPen: takePen(core, buffer.savedCurAttrData),
    savedCharset: buffer.savedCharset,
    tabs: { ...buffer.tabs },
  };
}

/** Without the empty cells at its end, of which most lines have many. */
function takeLine(core, line) {
  const cells = line._data;
  let end = line.length * 3;
  while (end > 0 && cells[end - 1] === 0 && cells[end - 2] === 0 && cells[end - 3] === EMPTY) end -= 3;
  return {
    cells: cells.slice(0, end),
    // Wider than the terminal after one that shows its alternate screen has become narrower.
    length: line.length,
    combined: Object.entries(line._combined).filter(([column]) => cells[column * 3] & IS_COMBINED),
    extended: Object.entries(line._extendedAttrs)
      .filter(([column, attributes]) => attributes && cells[column * 3 + 2] & HAS_EXTENDED)
      .map(([column, attributes]) => [column, attributes, linkOf(core, attributes)]),
    isWrapped: line.isWrapped,
  };
}

function takePen(core, pen) {
  return { pen: pen.clone(), link: linkOf(core, pen.extended) };
}

/** A link's number means nothing in another terminal. */
function linkOf(core, attributes) {
  return attributes.urlId ? core._oscLinkService.getLinkData(attributes.urlId) : undefined;
}

/**
 * Puts a state in, in place of everything that is there or, with `keepsScrollback`, of everything but the lines
 * above the screen.
 */
export function putState(terminal, state, keepsScrollback) {
  const core = terminal._core;
  const { _inputHandler: input, _charsetService: charsets, coreService, buffers } = core;
  if (keepsScrollback) buffers.activateNormalBuffer();
  else terminal.reset();
  if (core.cols !== state.cols || core.rows !== state.rows) terminal.resize(state.cols, state.rows);
  const links = new Map();
  putBuffer(core, core.buffers.normal, state.normal, core.buffers.normal.ybase, links);
  if (state.onAlt) core.buffers.activateAltBuffer();
  putBuffer(core, core.buffers.alt, state.alt, 0, links);
  input._parser.reset();
  input._utf8Decoder.clear();
  input._curAttrData = putPen(core, state.pen, links);
  input._parser.precedingJoinState = state.precedingJoinState;
  Object.assign(charsets, { charset: state.charset, glevel: state.glevel, _charsets: [...state.charsets] });
  coreService.modes = { ...state.modes };
  coreService.decPrivateModes = { ...state.decPrivateModes };
  coreService.isCursorHidden = state.isCursorHidden;
  if (terminal.options.convertEol !== state.convertEol) terminal.options.convertEol = state.convertEol;
  putPalette(terminal, state.palette);
  terminal.refresh(0, terminal.rows - 1);
}

function putBuffer(core, buffer, state, top, links) {
  buffer.lines.maxLength = state.maxLength;
  buffer.lines.length = top + state.lines.length;
  state.lines.forEach(({ cells, length, combined, extended, isWrapped }, index) => {
    const line = buffer.getBlankLine(undefined, isWrapped);
    line.resize(length, buffer.getNullCell());
    line._data.set(cells);
    line._combined = Object.fromEntries(combined);
    for (const [column, attributes, link] of extended) {
      line._extendedAttrs[column] = relinked(core, attributes, link, links, top + index);
    }
    buffer.lines.set(top + index, line);
  });
  SCALARS.forEach((name, index) => (buffer[name] = state.scalars[index]));
  buffer.ybase = top + state.base;
  buffer.ydisp = buffer.ybase;
  buffer.savedY = top + state.savedRow;
  buffer.savedCurAttrData = putPen(core, state.savedPen, links);
  buffer.savedCharset = state.savedCharset;
  buffer.tabs = { ...state.tabs };
}

function putPen(core, { pen, link }, links) {
  const copy = pen.clone();
  copy.extended = relinked(core, copy.extended, link, links);
  return copy;
}

/** The attributes with the number their link has here; one number for what was one link there. */
function relinked(core, attributes, link, links, row) {
  if (!attributes.urlId) return attributes;
  const copy = attributes.clone();
  if (link && !links.has(attributes.urlId)) links.set(attributes.urlId, core._oscLinkService.registerLink(link));
  copy.urlId = link ? links.get(attributes.urlId) : DEAD_LINK;
  if (link && row !== undefined) core._oscLinkService.addLineToLink(copy.urlId, row);
  return copy;
}

function putPalette(terminal, palette) {
  const own = palettes.get(terminal);
  for (const index of own.keys()) {
    if (!palette.has(index)) terminal._core._handleColorEvent([{ type: RESTORE_COLOUR, index }]);
  }
  terminal._core._handleColorEvent([...palette.values()]);
  own.clear();
  for (const [index, request] of palette) own.set(index, request);
}

/**
 * Paints now what would be blank for a frame; after a jump also what a program would hold back until its
 * picture is complete.
 */
export function paintNow(terminal, jumped) {
  const core = terminal._core;
  if (jumped) core.coreService.decPrivateModes.synchronizedOutput = false;
  if (emptied.delete(terminal)) core._renderService._renderRows(0, terminal.rows - 1);
}

/** Whether a person selects in it or has scrolled up: then it is not to be written anew under their hands. */
export function isInUse(terminal) {
  const { viewportY, baseY } = terminal.buffer.active;
  return terminal.hasSelection() || viewportY !== baseY;
}
