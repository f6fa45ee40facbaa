// What an xterm.js terminal looks like, to compare two of them. Self-contained: tests send it into pages as text.

/** Each line of the screen with the colours and attributes of every cell, the cursor, and which buffer it is. */
export function look(terminal) {
  const buffer = terminal.buffer.active;
  const { _core: core } = terminal;
  const flags = ["Bold", "Italic", "Dim", "Underline", "Blink", "Inverse", "Invisible", "Strikethrough", "Overline"];
  const lines = [];
  for (let row = 0; row < terminal.rows; row++) {
    const line = buffer.getLine(buffer.baseY + row);
    const cells = [];
    for (let column = 0; column < terminal.cols; column++) {
      const cell = line.getCell(column);
      const on = flags.filter((flag) => cell[`is${flag}`]()).join("");
      const underline = cell.hasExtendedAttrs() ? `${cell.getUnderlineStyle()}/${cell.getUnderlineColor()}` : "";
      const [ink, ground] = [
        [cell.getFgColorMode(), cell.getFgColor()],
        [cell.getBgColorMode(), cell.getBgColor()],
      ];
      cells.push(`${cell.getChars()} ${cell.getWidth()} ${ink} ${ground} ${on} ${underline}`);
    }
    lines.push(cells.join("|"));
  }
  const { cursorX, cursorY, type } = buffer;
  const hidden = core.coreService.isCursorHidden;
  return JSON.stringify({ cols: terminal.cols, rows: terminal.rows, type, cursorX, cursorY, hidden, lines });
}
