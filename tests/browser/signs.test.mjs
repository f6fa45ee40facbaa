// Signs that cannot lie: both badges, the age of what is shown, the tab's title and icon, the details, the pause.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { barriers, follow, idle, open, openRun, openStage, postReel, seek, snapshot, startServer, steps, until } from "./harness.mjs";
import { hostileRun } from "./hostile.mjs";
import { ending, event, line, smallRun } from "./small.mjs";

/** What Chromium says in the console when a server goes away. */
const CUT = /net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED|FAILED)/;
const DATE = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;
const LOOKS = ["light", "dark"].flatMap((colorScheme) =>
  [{ width: 1440, height: 900 }, { width: 390, height: 844 }].map((viewport) => ({ colorScheme, viewport })),
);

let stage;
before(async () => {
  stage = await openStage();
});
afterEach(() => stage.closePages());
after(() => stage?.close());

const status = (page) => page.getByRole("status", { name: "Connection" });
const corner = (page) => page.locator(".corner");
const details = (page) => page.getByRole("dialog", { name: "Connection details" });
const longest = async (page) => Number(await page.getByRole("slider", { name: "Playhead" }).getAttribute("aria-valuemax"));
const icon = (page) => page.locator("link[rel~=icon]").getAttribute("href");
const now = () => Date.now() - Date.UTC(2026, 0, 1);

/** A run that goes on, as of now: its records are minutes old, not months. */
function goingRun(id, options) {
  return smallRun(id, options);
}

/** A page that follows a fresh run, with a stream that once lost is tried again late. */
async function livePage(id, { server = stage, lines = goingRun(id), retry, ...options } = {}) {
  await postReel(server.url, id, lines);
  const page = await stage.page({ baseURL: server.url, ...options });
  await page.addInitScript(() => {
    window.__drawn = 0;
    const { clearRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...box) {
      window.__drawn += 1;
      return clearRect.apply(this, box);
    };
  });
  if (retry) {
    await page.route("**/config.json", async (route) => {
      const served = await (await route.fetch()).json();
      await route.fulfill({ json: { ...served, retryDelaysMs: retry } });
    });
  }
  await openRun(page, id);
  await until(page, ({ connection }) => connection === "live");
  return page;
}

/** Both badges say this word, one of them to everybody. */
async function bothSay(page, word) {
  const said = status(page);
  assert.equal(await said.count(), 1, "one status, however many badges");
  assert.equal((await said.textContent()).trim(), word);
  assert.ok((await corner(page).innerText()).includes(word), `the corner says ${word}`);
  const keys = await page.locator(".connection").evaluateAll((all) => all.map((badge) => badge.dataset.connection));
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
}

/** Names of what moves by style right now. */
const moving = (page) =>
  page.evaluate(async () => {
    // What only passes over, such as a button's colour under the pointer, is no news of the run.
    const passing = document.getAnimations().filter((it) => it instanceof CSSTransition);
    await Promise.allSettled(passing.map(({ finished }) => finished));
    return document.getAnimations().filter(({ playState }) => playState === "running").map((it) => it.animationName ?? it.transitionProperty);
  });

/** The seconds that "Data as of n s ago" says. */
async function secondsOld(page) {
  const text = await page.getByText(/^Data as of \d+ (s|min) ago$/).textContent();
  return Number(text.match(/\d+/)[0]);
}

/** The icon as it is drawn: that a browser can show it under this page's policy, and its shapes without their colours. */
async function drawnIcon(page) {
  const href = await icon(page);
  assert.match(href, /^data:image\/svg\+xml,/);
  const width = await page.evaluate(async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image.width;
  }, href);
  assert.ok(width > 0, "the icon is a picture");
  const svg = decodeURIComponent(href.slice(href.indexOf(",") + 1));
  return { svg, shape: svg.replaceAll(/(fill|stroke)='#?\w*'/g, "") };
}

test("LIVE: both badges, one status, a pulse, and none where motion is not wanted", async () => {
  const page = await livePage("signs-live");
  await bothSay(page, "LIVE");
  assert.deepEqual(await moving(page), ["pulse", "pulse"]);
  assert.equal(await corner(page).getAttribute("aria-hidden"), "true");
  assert.equal(await page.getByText(/data as of/i).count(), 0);

  await page.emulateMedia({ media: "print" });
  assert.equal(await corner(page).isVisible(), false, "not on paper");
  const calm = await stage.page({ reducedMotion: "reduce" });
  await openRun(calm, "signs-live");
  await until(calm, ({ connection }) => connection === "live");
  assert.deepEqual(await moving(calm), []);
});

test("the server goes: both badges, the countdown and the age say so, and nothing goes on; it comes back", async () => {
  const data = await mkdtemp(join(tmpdir(), "runreel-signs-"));
  const first = await startServer([], { data });
  let second;
  const page = await livePage("r", { server: first, retry: [60_000, 60_000] });
  page.watch.allow(CUT);
  try {
    const place = () => page.getByRole("button", { name: "Cancel run" }).boundingBox();
    const stood = await place();
    const fresh = await drawnIcon(page);
    assert.equal(await page.title(), "Running · Small · Runreel");
    await first.stop("SIGKILL");
    await until(page, ({ connection }) => connection === "reconnecting");
    await page.getByText(/^in \d+ s, attempt 1 of 2$/).waitFor();
    await bothSay(page, "Reconnecting");
    assert.deepEqual(await place(), stood, "what may be pressed does not move away");

    const old = await secondsOld(page);
    const shown = { max: await longest(page), t: (await snapshot(page)).t, steps: await page.getByRole("tree").innerText() };
    const drawn = await page.evaluate(() => window.__drawn);
    await page.getByText(new RegExp(`^Data as of (${old + 2}|${old + 3}) s ago$`)).waitFor();
    assert.match(await corner(page).innerText(), /\d+ s old/);
    assert.deepEqual(await moving(page), [], "nothing moves by style");
    assert.equal(await page.evaluate(() => window.__drawn), drawn, "no frame is drawn");
    const later = { max: await longest(page), t: (await snapshot(page)).t, steps: await page.getByRole("tree").innerText() };
    assert.deepEqual(later, shown, "no clock goes on");
    assert.equal(await page.title(), "Reconnecting · Running · Small · Runreel");
    assert.notEqual((await drawnIcon(page)).shape, fresh.shape);

    second = await startServer([], { data, port: first.port });
    await page.getByRole("button", { name: "Retry connection" }).click();
    await until(page, ({ connection }) => connection === "live");
    await page.getByText(/data as of/i).waitFor({ state: "detached" });
    await bothSay(page, "LIVE");
    assert.equal(await page.title(), "Running · Small · Runreel");
    assert.equal((await drawnIcon(page)).svg, fresh.svg);
    await page.getByRole("button", { name: "Connection details" }).click();
    await details(page).getByText(/failed: .* gone right since/).waitFor();
  } finally {
    await page.close();
    await first.stop("SIGKILL");
    await second?.stop();
    await rm(data, { recursive: true, force: true });
  }
});

test("Polling: fresh while polls succeed, and of what age when they fail", async () => {
  await postReel(stage.url, "signs-polls", goingRun("signs-polls"));
  const page = await stage.page();
  page.watch.allow(CUT);
  await openRun(page, "signs-polls", { streaming: 0 });
  await until(page, ({ connection }) => connection === "polling");
  await bothSay(page, "Polling");
  assert.equal(await page.getByText(/data as of/i).count(), 0);
  await page.route("**/api/v1/**", (route) => route.abort("connectionrefused"));
  await secondsOld(page);
  await page.unroute("**/api/v1/**");
  await page.getByText(/data as of/i).waitFor({ state: "detached" });
  await bothSay(page, "Polling");
});

test("title and icon tell every state apart, by shape as well, and where the playhead is does not matter", async () => {
  const shapes = new Map();
  const page = await stage.page();
  page.watch.allow(/404/);
  await open(page, "/runs");
  const plain = await icon(page);
  assert.doesNotMatch(plain, /^data:/);
  for (const [state, word] of [["COMPLETED", "Completed"], ["FAILED", "Failed"], ["CANCELLED", "Cancelled"]]) {
    await postReel(stage.url, `signs-${state}`, [...goingRun(`signs-${state}`), ending(state, 2_000)]);
    await openRun(page, `signs-${state}`);
    await until(page, ({ connection }) => connection === "ended");
    await bothSay(page, "Ended");
    assert.match(await page.title(), new RegExp(`^${word} · Small · Runreel$`, "i"));
    shapes.set(state, (await drawnIcon(page)).shape);
    await seek(page, 500);
    assert.match(await page.title(), new RegExp(`^${word} · Small · Runreel$`, "i"), "as of now, not of the playhead");
  }
  await open(page, "/runs/signs-nobody");
  await page.getByRole("heading", { name: "Run not found" }).waitFor();
  assert.equal(await page.title(), "Refused · Runreel");
  await bothSay(page, "Refused");
  shapes.set("refused", (await drawnIcon(page)).shape);

  const live = await livePage("signs-title");
  shapes.set("running", (await drawnIcon(live)).shape);
  await live.getByRole("button", { name: "Pause updates" }).click();
  assert.equal(await live.title(), "Paused · Running · Small · Runreel");
  shapes.set("paused", (await drawnIcon(live)).shape);
  assert.equal(new Set(shapes.values()).size, shapes.size, `alike: ${JSON.stringify([...shapes], null, 1)}`);

  await live.getByRole("link", { name: "All runs" }).click();
  await live.getByRole("heading", { name: "Runs", exact: true }).waitFor();
  assert.equal(await icon(live), plain, "the list has the product's own");
});

test("the details open from either badge, by key and by pointer, and give the focus back", async () => {
  const page = await livePage("signs-details");
  const button = page.getByRole("button", { name: "Connection details" });
  await button.focus();
  await page.keyboard.press("Enter");
  await details(page).waitFor();
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  assert.equal(await focused(), "Connection details");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "dialog");
  const text = await details(page).innerText();
  for (const told of [
    /LIVE The server sends everything as it happens\./,
    /Transport\s+stream/,
    /Attempts\s+none needed now; a lost stream is tried 5 times/,
    new RegExp(`Last heard\\s+\\d+ s ago, ${DATE.source}`),
    /Data as of\s+now/,
    /Backend\s+runreel, speaking studio/,
    /Records\s+4 records held/,
    /Last trouble\s+none/,
    /Missing\s+nothing that is known of/,
    /Everything that was received was understood\./,
  ]) assert.match(text, told);
  // Keys of the page are not meant here.
  await page.keyboard.press("l");
  await page.keyboard.press(" ");
  assert.equal((await snapshot(page)).mode, "following");
  await page.keyboard.press("Escape");
  await details(page).waitFor({ state: "hidden" });
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "BUTTON");
  assert.equal(await focused(), "Connection details", "back where it came from");
  // Closed, it holds nothing; a browser tells the page a moment after it has hidden it.
  await page.locator("#connection-details dl").waitFor({ state: "detached" });

  await corner(page).getByText("LIVE").click();
  await details(page).waitFor();
  await details(page).getByRole("button", { name: "Close" }).click();
  await details(page).waitFor({ state: "hidden" });
});

test("what could not be read is counted and listed with its dates, as text, however much it is", async () => {
  await postReel(stage.url, "signs-hostile", hostileRun("signs-hostile"));
  const page = await stage.page();
  await openRun(page, "signs-hostile");
  const { problems } = await until(page, ({ connection, problems }) => connection === "ended" && problems > 0);
  await page.getByRole("button", { name: "Connection details" }).click();
  await details(page).getByText(new RegExp(`^${problems} things? (was|were) received and not understood\\.`)).waitFor();
  const list = details(page).getByRole("list", { name: "Problems" });
  const items = await list.getByRole("listitem").allInnerTexts();
  assert.ok(items.length > 0 && items.length <= problems);
  for (const item of items) assert.match(item, DATE);
  assert.ok(items.some((item) => item.includes("onerror=")), "an excerpt of what was sent");
  const found = await list.evaluate((list) => ({
    tags: [...new Set([...list.querySelectorAll("*")].map(({ tagName }) => tagName))].sort(),
    high: list.clientHeight,
    select: getComputedStyle(list).userSelect,
  }));
  assert.deepEqual(found.tags.filter((tag) => !["CODE", "LI", "P", "STRONG"].includes(tag)), []);
  assert.ok(found.high <= 320, `bounded, but ${found.high} px high`);
  assert.equal(found.select, "text", "it can be copied");
});

test("paused, the view stands still even for records of the past; Resume jumps to now", async () => {
  const page = await livePage("signs-paused");
  await page.getByRole("button", { name: "Pause updates" }).click();
  await bothSay(page, "Paused");
  const still = { max: await longest(page), steps: await steps(page), shown: await snapshot(page) };
  const drawn = await page.evaluate(() => window.__drawn);
  await postReel(stage.url, "signs-paused", [event(4, "second", "COMPLETED", 2_000), line(2, "second", "news", 2_100)]);
  await page.getByText("2 records wait", { exact: true }).waitFor();
  assert.match(await corner(page).innerText(), /\+2/);
  const shown = await snapshot(page);
  assert.deepEqual(
    { max: await longest(page), steps: await steps(page), shown: { ...shown, records: still.shown.records } },
    still,
  );
  assert.deepEqual(await moving(page), []);
  assert.ok((await page.evaluate(() => window.__drawn)) - drawn <= 4, "no more than the frames of the pause itself");
  await page.getByRole("button", { name: "Connection details" }).click();
  await details(page).getByText("6 records held, 2 of them behind the pause").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Resume updates" }).click();
  await until(page, ({ nodes, logLines }) => nodes.second === "success" && logLines === 2);
  assert.ok((await longest(page)) >= still.max);
});

test("Fast-forward plays what was missed and then follows; it is offered only where that can be", async () => {
  const page = await livePage("signs-forward");
  const button = page.getByRole("button", { name: "Fast-forward" });
  assert.equal(await button.count(), 0, "nothing is missed while updates flow");
  await seek(page, 500);
  await page.getByRole("button", { name: "Pause updates" }).click();
  assert.equal(await button.count(), 0, "the playhead stood still anyway");
  await follow(page);
  await button.waitFor();
  const from = (await snapshot(page)).t;
  // An hour of it, whatever the clock says.
  const late = now() + 3_600_000;
  await postReel(stage.url, "signs-forward", [line(2, "second", "half-way", late - 1_800_000), event(4, "second", "COMPLETED", late)]);
  await page.getByText("2 records wait", { exact: true }).waitFor();
  const pressed = Date.now();
  await button.click();
  await until(page, ({ connection, mode }) => connection === "live" && mode === "playing");
  const half = await until(page, ({ logLines }) => logLines === 2, { what: "the line half-way" });
  assert.equal(half.mode, "playing");
  assert.ok(half.t > from);
  assert.equal(half.nodes.second, "running", "the rest is yet to come");
  const caught = await until(page, ({ mode }) => mode === "following");
  assert.equal(caught.nodes.second, "success");
  assert.ok(Date.now() - pressed < 30_000, "the bound is for a page that hangs; the model's tests hold the five seconds");
  assert.equal(new URL(page.url()).searchParams.get("t"), null);
});

test("what never came is said where it is missed, and in the details by channel and step", async () => {
  const chunk = (nodeRef, chunkIndex) => ({
    kind: "terminal", nodeRef, stream: "pty", chunkIndex, payload: Buffer.from(`${chunkIndex}\r\n`).toString("base64"),
    recordedAt: new Date(Date.UTC(2026, 0, 1) + 1_000 + chunkIndex).toISOString(), deltaMs: 0,
  });
  const lines = [...[1, 2, 5].map((n) => chunk("first", n)), ...[13, 14].map((n) => chunk("second", n))];
  const page = await livePage("signs-missing", { lines: [...goingRun("signs-missing"), ...lines] });
  await page.getByRole("tab", { name: "Terminal" }).click();
  const terminal = page.getByRole("region", { name: "Terminal" });
  await page.getByRole("treeitem").first().click();
  await terminal.getByText("2 chunks expired or never sent").waitFor();
  await page.getByRole("treeitem").nth(1).click();
  await terminal.getByText("12 earlier chunks expired").waitFor();

  await page.getByRole("button", { name: "Connection details" }).click();
  await details(page).getByText("14 entries expired or never sent").waitFor();
  assert.deepEqual(await details(page).getByRole("list", { name: "Missing entries" }).getByRole("listitem").allInnerTexts(), [
    "Terminal of first (pty): 2 chunks expired or never sent",
    "Terminal of second (pty): 12 earlier chunks expired",
  ]);
  // What comes late is missed no more, also while one looks.
  await postReel(stage.url, "signs-missing", [3, 4].map((n) => chunk("first", n)));
  await details(page).getByText("12 entries expired or never sent").waitFor();
});

test("what the server lost is said with its number, until it is taken note of, and stays in the details", async () => {
  const first = await startServer();
  let second;
  const more = [1, 2, 3].map((n) => line(10 + n, "second", `more ${n}`, 2_000 + n));
  const page = await livePage("r", { server: first, lines: [...goingRun("r"), ...more] });
  page.watch.allow(CUT);
  try {
    await first.stop("SIGKILL");
    await until(page, ({ connection }) => connection === "reconnecting");
    // The same address, and a store that knows less.
    second = await startServer([], { port: first.port });
    await postReel(second.url, "r", goingRun("r"));
    await page.getByRole("button", { name: "Retry connection" }).click();
    await until(page, ({ connection }) => connection === "live");
    const notice = page.getByRole("status").filter({ hasText: "expired" });
    await notice.getByText(/^3 entries expired: /).waitFor();
    assert.equal((await snapshot(page)).logLines, 4, "what was seen stays");
    await notice.getByRole("button", { name: "Dismiss" }).click();
    await notice.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Connection details" }).click();
    await details(page).getByText(/3 entries expired on the server and still shown here/).waitFor();
  } finally {
    await page.close();
    await first.stop("SIGKILL");
    await second?.stop();
  }
});

for (const look of LOOKS) {
  const name = `${look.colorScheme}, ${look.viewport.width} wide`;

  test(`no barrier in the signs, and nothing is covered (${name})`, async () => {
    const id = `signs-access-${look.colorScheme}-${look.viewport.width}`;
    const page = await livePage(id, { ...look, lines: [...goingRun(id), { kind: "trace", id: "x", nodeId: "first", type: "ODD", level: "info", timestamp: new Date().toISOString() }] });
    page.watch.allow(CUT);
    await page.getByRole("button", { name: "Connection details" }).click();
    await details(page).getByRole("list", { name: "Problems" }).waitFor();
    assert.deepEqual(await barriers(page), [], "details");
    const box = await details(page).boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= look.viewport.width);
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Pause updates" }).click();
    assert.deepEqual(await barriers(page), [], "paused");
    const covered = await page.evaluate(() => {
      const strip = document.querySelector(".corner");
      const found = [];
      for (const control of document.querySelectorAll("button, a, input, select, [role=treeitem]")) {
        if (control.closest(".corner, .details")) continue;
        control.scrollIntoView({ block: "nearest" });
        const { x, y, width, height } = control.getBoundingClientRect();
        const at = document.elementFromPoint(x + width / 2, y + height - 2);
        if (strip.contains(at)) found.push(control.outerHTML);
      }
      return found;
    });
    assert.deepEqual(covered, []);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= look.viewport.width);

    await page.getByRole("button", { name: "Resume updates" }).click();
    await page.route("**/api/v1/**", (route) => route.abort("connectionrefused"));
    await page.getByRole("button", { name: "Refresh" }).click();
    await idle(page);
    assert.deepEqual(await barriers(page), [], "in trouble");
  });
}
