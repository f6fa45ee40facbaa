// One connection for many tabs: a shared worker that holds the streams of all pages of this origin.
//
// A browser opens at most six HTTP/1.1 connections to one origin. Ten tabs with a stream each would
// leave none for anything else, so tabs that watch the same run share its stream, and at most
// four streams are open at once; tabs beyond them are told that there is no room, and poll.
//
// A page says {type: "open", id, address, after, plenty}, {type: "close", id}, {type: "visible",
// visible} and, every now and then, {type: "here"}. It hears {type: "here"} at once, {type: "head",
// id, status, contentType, retryAfter, date}, {type: "bytes", id, bytes}, {type: "end", id, error}
// and {type: "full", id}.

/** Streams at once where connections are few, and where (HTTP/2) they are not. */
const FEW = 4;
const MANY = 64;
/** A page that was not heard for so long is gone: a hidden one may speak once a minute only. */
const GONE = 150_000;
/** A stream silent for so long is not joined, nor kept for who comes: two and a half heartbeats. */
const SILENT = 37_500;
/** What is held back of a frame that is not complete. */
const HELD = 4 << 20;

/** The streams, by address. */
const streams = new Map();
/** The pages: `{port, visible, heard}`. */
const pages = new Set();

addEventListener("connect", ({ ports: [port] }) => {
  const page = { port, visible: true, heard: Date.now() };
  pages.add(page);
  port.onmessage = ({ data }) => {
    page.heard = Date.now();
    if (data.type === "open") open(page, data);
    if (data.type === "close") leave(page, data.id);
    if (data.type === "visible") page.visible = data.visible;
  };
  port.addEventListener("close", () => forget(page));
  port.postMessage({ type: "here" });
});

setInterval(() => {
  for (const page of pages) if (Date.now() - page.heard > GONE) forget(page);
}, 30_000);

function open(page, { id, address, after, plenty }) {
  const known = streams.get(address);
  if (known?.head && Date.now() - known.heard < SILENT) return join(known, page, id);
  // One that is still being asked for will say soon enough what it is; it begins where another page is.
  if (known && !known.head) return known.readers.push({ page, id, waits: false, joins: true });
  if (known) end(known, "it was silent for too long");
  if (streams.size >= (plenty ? MANY : FEW)) {
    const hidden = [...streams.values()].find((stream) => stream.readers.every((reader) => !reader.page.visible));
    if (!page.visible || !hidden) return page.port.postMessage({ type: "full", id });
    for (const reader of hidden.readers) reader.page.port.postMessage({ type: "full", id: reader.id });
    drop(hidden);
  }
  const stream = {
    address,
    head: null,
    readers: [{ page, id, waits: false }],
    heard: Date.now(),
    held: new Uint8Array(),
    ragged: false,
    abort: new AbortController(),
  };
  streams.set(address, stream);
  read(stream, after);
}

/** The reader's bytes begin with a whole frame. */
function join(stream, page, id) {
  stream.readers.push({ page, id, waits: stream.ragged });
  page.port.postMessage({ type: "head", id, ...stream.head });
  welcome(page, id);
}

/** A first sign of life, ahead of any frame: upon it the page fetches what it has missed so far. */
function welcome(page, id) {
  page.port.postMessage({ type: "bytes", id, bytes: new TextEncoder().encode(": joined\n\n") });
}

async function read(stream, after) {
  try {
    const headers = { Accept: "text/event-stream", "X-Requested-With": "runreel" };
    if (after) headers["Last-Event-ID"] = after;
    const answer = await fetch(stream.address, { headers, cache: "no-store", signal: stream.abort.signal });
    const contentType = answer.headers.get("content-type") ?? "";
    const head = {
      status: answer.status,
      contentType,
      retryAfter: answer.headers.get("retry-after"),
      date: answer.headers.get("date"),
    };
    tell(stream, { type: "head", ...head });
    const isStream = answer.status === 200 && /^\s*text\/event-stream\s*(;|$)/i.test(contentType);
    if (!isStream) return drop(stream);
    stream.head = head;
    stream.heard = Date.now();
    for (const reader of stream.readers) if (reader.joins) welcome(reader.page, reader.id);
    const reader = answer.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      stream.heard = Date.now();
      take(stream, value);
    }
    end(stream, null);
  } catch (error) {
    end(stream, String(error?.message ?? error));
  }
}

/** Passes whole frames on. */
function take(stream, chunk) {
  const bytes = stream.held.length > 0 ? concat(stream.held, chunk) : chunk;
  // What is held has no end in it, but its last two bytes may begin one.
  const last = lastEnd(bytes, Math.max(0, stream.held.length - 2));
  if (last === 0) {
    if (bytes.length <= HELD) return void (stream.held = bytes);
    stream.held = new Uint8Array();
    stream.ragged = true;
    return send(stream.readers.filter((reader) => !reader.waits), bytes);
  }
  stream.held = bytes.slice(last);
  const whole = bytes.subarray(0, last);
  const waiting = stream.readers.filter((reader) => reader.waits);
  send(stream.readers.filter((reader) => !reader.waits), whole);
  if (waiting.length > 0) send(waiting, whole.subarray(firstEnd(whole)));
  for (const reader of waiting) reader.waits = false;
  stream.ragged = false;
}

function send(readers, bytes) {
  if (bytes.length === 0) return;
  for (const { page, id } of readers) {
    // Each gets a copy of its own, which is handed over.
    const copy = bytes.slice();
    page.port.postMessage({ type: "bytes", id, bytes: copy }, [copy.buffer]);
  }
}

/** Where the last blank line that begins at `from` or later ends; 0 without one. Lines end with LF, CR or CRLF. */
function lastEnd(bytes, from) {
  for (let at = bytes.length - 2; at >= from; at--) {
    const end = blankLine(bytes, at);
    if (end > 0) return end;
  }
  return 0;
}

function firstEnd(bytes) {
  for (let at = 0; at < bytes.length - 1; at++) {
    const end = blankLine(bytes, at);
    if (end > 0) return end;
  }
  return bytes.length;
}

/** Where the blank line that begins at the line end `at` ends; 0 when there is none. */
function blankLine(bytes, at) {
  const [LF, CR] = [10, 13];
  const [here, next] = [bytes[at], bytes[at + 1]];
  const blank = (here === LF && (next === LF || next === CR)) || (here === CR && next === CR);
  if (!blank) return 0;
  return next === CR && bytes[at + 2] === LF ? at + 3 : at + 2;
}

function concat(before, after) {
  const both = new Uint8Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}

function tell(stream, message) {
  for (const { page, id } of stream.readers) page.port.postMessage({ ...message, id });
}

function end(stream, error) {
  tell(stream, { type: "end", error });
  drop(stream);
}

function drop(stream) {
  stream.readers = [];
  stream.abort.abort();
  if (streams.get(stream.address) === stream) streams.delete(stream.address);
}

function leave(page, id) {
  for (const stream of streams.values()) {
    stream.readers = stream.readers.filter((reader) => reader.page !== page || reader.id !== id);
    if (stream.readers.length === 0) drop(stream);
  }
}

function forget(page) {
  pages.delete(page);
  for (const stream of streams.values()) {
    stream.readers = stream.readers.filter((reader) => reader.page !== page);
    if (stream.readers.length === 0) drop(stream);
  }
}
