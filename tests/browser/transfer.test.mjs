// The app loads: small, from one origin, without an error.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, openStage } from "./harness.mjs";

const KB = 1000;
const ALL = 450 * KB;
const CODE = 200 * KB;

let stage;
before(async () => {
  stage = await openStage();
});
after(() => stage?.close());

for (const path of ["/", "/runs"]) {
  test(`${path} loads without an error and within its budget`, async () => {
    const page = await stage.page();
    await open(page, path);

    assert.deepEqual(page.watch.problems, []);
    const { transfers } = page.watch;
    const list = transfers.map(({ url, bytes }) => `${bytes} ${url}`).join("\n");
    assert.ok(transfers.some(({ url }) => url.endsWith(".wasm")), `the app did not load:\n${list}`);
    assert.ok(page.watch.bytes() < ALL, `first load over ${ALL} bytes:\n${list}`);
    const code = page.watch.bytes((url) => /\.(wasm|js)$/.test(new URL(url).pathname));
    assert.ok(code < CODE, `wasm and JavaScript over ${CODE} bytes (${code}):\n${list}`);
  });
}

test("xterm.js waits for the first terminal", async () => {
  const page = await stage.page();
  await open(page, "/runs");
  const xterm = page.watch.transfers.filter(({ url }) => /xterm\.(mjs|css)|addon-/.test(url));
  assert.deepEqual(xterm, []);
});

test("a deep link loads the same app", async () => {
  const page = await stage.page();
  page.watch.allow(/404/); // there is no such run, and the API says so
  await open(page, "/runs/no-such-run");
  assert.ok(page.watch.transfers.some(({ url }) => url.endsWith(".wasm")));
  assert.deepEqual(page.watch.problems, []);
});
