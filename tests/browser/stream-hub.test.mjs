// The shared worker that holds the streams of all tabs, against a real server, with real ports.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import vm from "node:vm";
import { MessageChannel } from "node:worker_threads";

const script = await readFile(new URL("../../public/stream-hub.js", import.meta.url), "utf8");
let server;
let origin;
/** Requests as they came: `{url, after, answer}`. */
let asked = [];
let arrived = () => {};

before(async () => {
  server = createServer((request, answer) => {
    if (request.url === "/missing") return answer.writeHead(404, { "Content-Type": "application/json" }).end("{}");
    answer.writeHead(200, { "Content-Type": "text/event-stream" });
    answer.flushHeaders();
    asked.push({ url: request.url, after: request.headers["last-event-id"], answer });
    answer.on("close", () => arrived());
    arrived();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => (asked = []));

test("two pages share a stream, and who joins gets whole frames only", async () => {
  const hub = newHub();
  const [one, two] = [hub.page(), hub.page()];
  one.open(1, "/a", "e-5");
  assert.equal((await one.heard("head")).status, 200);
  assert.equal(asked[0].after, "e-5");
  asked[0].answer.write("data: 1\n\ndata: 2\n\ndata: thr");
  assert.equal(await one.text(), "data: 1\n\ndata: 2\n\n");
  two.open(7, "/a", null);
  assert.equal((await two.heard("head")).id, 7);
  assert.equal(await two.text(), ": joined\n\n");
  asked[0].answer.write("ee\n\n");
  for (const page of [one, two]) assert.equal(await page.text(), "data: three\n\n");
  assert.equal(asked.length, 1);
  asked[0].answer.end("data: lost");
  for (const page of [one, two]) assert.equal((await page.heard("end")).error, null);
});

test("who asks while another's request is under way is welcomed before the first frame", async () => {
  const hub = newHub();
  const [one, two] = [hub.page(), hub.page()];
  one.open(1, "/a", "e-9");
  two.open(1, "/a", "e-5");
  for (const page of [one, two]) await page.heard("head");
  assert.equal(await two.text(), ": joined\n\n");
  asked[0].answer.write("data: 1\n\n");
  for (const page of [one, two]) assert.equal(await page.text(), "data: 1\n\n");
  assert.equal(asked.length, 1);
});

test("a frame too long to hold is passed on in pieces, and who comes meanwhile waits for its end", async () => {
  const hub = newHub();
  const [one, two] = [hub.page(), hub.page()];
  one.open(1, "/a", null);
  await one.heard("head");
  const long = "x".repeat(5 << 20);
  asked[0].answer.write(`data: ${long}`);
  let got = "";
  while (got.length < 4 << 20) got += await one.text();
  two.open(1, "/a", null);
  await two.heard("head");
  assert.equal(await two.text(), ": joined\n\n");
  asked[0].answer.write("y\r\n\r\ndata: next\r\n\r\n");
  let rest = "";
  while (!rest.includes("next")) rest += await one.text();
  assert.match(rest, /y\r\n\r\ndata: next\r\n\r\n$/);
  assert.equal(await two.text(), "data: next\r\n\r\n");
});

test("four streams at once; a page that is looked at displaces one that nobody sees", async () => {
  const hub = newHub();
  const pages = ["/a", "/b", "/c", "/d"].map((address) => {
    const page = hub.page();
    page.open(1, address, null);
    return page;
  });
  for (const page of pages) await page.heard("head");
  const fifth = hub.page();
  fifth.open(9, "/e", null);
  assert.equal((await fifth.heard("full")).id, 9);
  pages[1].say({ type: "visible", visible: false });
  await pages[1].settled();
  fifth.open(10, "/e", null);
  assert.equal((await fifth.heard("head")).id, 10);
  assert.equal((await pages[1].heard("full")).id, 1);
  assert.equal(asked.length, 5);
  const hidden = hub.page();
  hidden.say({ type: "visible", visible: false });
  hidden.open(1, "/f", null);
  await hidden.heard("full");
  const plenty = hub.page();
  plenty.open(1, "/g", null, true);
  assert.equal((await plenty.heard("head")).status, 200);
});

test("a stream ends with its last reader, and what is no stream is said", async () => {
  const hub = newHub();
  const [one, two] = [hub.page(), hub.page()];
  one.open(1, "/a", null);
  await one.heard("head");
  two.open(1, "/a", null);
  await two.heard("head");
  const closed = new Promise((resolve) => asked[0].answer.on("close", resolve));
  one.say({ type: "close", id: 1 });
  await one.settled();
  asked[0].answer.write("data: still\n\n");
  await two.text(); // joined
  assert.equal(await two.text(), "data: still\n\n");
  two.port.close();
  await closed;

  const third = hub.page();
  third.open(1, "/missing", null);
  assert.equal((await third.heard("head")).status, 404);
  third.open(2, "/a", null);
  assert.equal((await third.heard("head")).status, 200);
});

test("a stream that was silent too long is not joined but opened anew", async () => {
  const hub = newHub();
  const [one, two] = [hub.page(), hub.page()];
  one.open(1, "/a", null);
  await one.heard("head");
  hub.clock.ahead += 60_000;
  two.open(1, "/a", null);
  assert.match((await one.heard("end")).error, /silent/);
  assert.equal((await two.heard("head")).status, 200);
  assert.equal(asked.length, 2);
});

/** A hub of its own, as a browser would start it, with a clock that can be put ahead. */
function newHub() {
  const clock = { ahead: 0 };
  let connect;
  const context = vm.createContext({
    addEventListener: (_, callback) => (connect = callback),
    setInterval: (callback, millis) => setInterval(callback, millis).unref(),
    fetch,
    AbortController,
    TextEncoder,
    Uint8Array,
    Date: { now: () => Date.now() + clock.ahead },
  });
  vm.runInContext(script, context);
  return {
    clock,
    page() {
      const { port1: port, port2 } = new MessageChannel();
      connect({ ports: [port2] });
      // The worker listens for ever; the tests do not.
      port2.unref();
      return new Page(port);
    },
  };
}

class Page {
  #words = [];
  #wake = () => {};

  constructor(port) {
    this.port = port;
    port.on("message", (word) => {
      if (word.type === "here") return;
      this.#words.push(word);
      this.#wake();
    });
    port.unref();
  }

  say(message) {
    this.port.postMessage(message);
  }

  open(id, address, after, plenty = false) {
    this.say({ type: "open", id, address: origin + address, after, plenty });
  }

  /** The next word, which must be of this type. */
  async heard(type) {
    const word = await this.next();
    assert.equal(word.type, type, JSON.stringify(word).slice(0, 200));
    return word;
  }

  async next() {
    while (this.#words.length === 0) {
      const keep = setInterval(() => {}, 1_000);
      await new Promise((resolve) => (this.#wake = resolve));
      clearInterval(keep);
    }
    return this.#words.shift();
  }

  async text() {
    return new TextDecoder().decode((await this.heard("bytes")).bytes);
  }

  /** When all that was said before has been taken in. */
  async settled() {
    this.open(999, "/missing", null);
    assert.equal((await this.next()).id, 999);
  }
}
