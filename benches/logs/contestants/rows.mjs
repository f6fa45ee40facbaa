// A list of rows of equal height of which only those in view are there, and are used again.
const HEIGHT = 18;
const ROWS = 42;

/** Shows `count` rows in `#root`; `read(first, count)` gives their texts. */
export function rows(count, read) {
  const scroller = document.createElement("div");
  scroller.className = "rows";
  const space = document.createElement("p");
  space.style.height = `${count * HEIGHT}px`;
  const made = Array.from({ length: ROWS }, () => document.createElement("div"));
  scroller.append(space, ...made);
  document.getElementById("root").append(scroller);
  const paint = () => {
    const first = Math.floor(scroller.scrollTop / HEIGHT);
    const texts = read(first, Math.min(ROWS, count - first));
    made.forEach((row, index) => {
      row.textContent = texts[index] ?? "";
      row.style.transform = `translateY(${(first + index) * HEIGHT}px)`;
    });
  };
  scroller.onscroll = paint;
  paint();
  const show = (row) => {
    scroller.scrollTop = row * HEIGHT;
    paint();
  };
  return { scroller, show };
}
