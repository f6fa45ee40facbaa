// Tables in Markdown, and goals that are met or not.
import { figure } from "./stats.mjs";

/** Prints rows (arrays of cells) under `head`; the first column is words, the others figures. */
export function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) =>
    `| ${row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join(" | ")} |`;
  console.log(line(cells[0]));
  console.log(`| ${widths.map((width, column) => (column ? `${"-".repeat(width - 1)}:` : "-".repeat(width))).join(" | ")} |`);
  for (const row of cells.slice(1)) console.log(line(row));
  console.log();
}

/** A goal that a ratio must reach. */
export const atLeast = (what, ratio, goal) => ({ what, ratio, said: `at least ${goal}×`, met: ratio >= goal });
/** A goal that a ratio must not exceed. */
export const atMost = (what, ratio, goal) => ({ what, ratio, said: `at most ${goal}×`, met: ratio <= goal });
/** A goal that a figure, whose unit `what` names, must stay below. */
export const below = (what, found, goal) => ({ what, found, said: `under ${goal.toLocaleString("en-US")}`, met: found < goal });

/** Prints goals with a verdict each, and makes the process fail in the end if one is missed. */
export function verdicts(goals) {
  table(
    ["goal", "wanted", "here", ""],
    goals.map(({ what, ratio, found, said, met }) => [
      what,
      said,
      ratio === undefined ? figure(found) : `${figure(ratio)}×`,
      met ? "pass" : "FAIL",
    ]),
  );
  if (goals.some(({ met }) => !met)) process.exitCode = 1;
}
