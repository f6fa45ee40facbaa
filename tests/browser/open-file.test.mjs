// A run from a file: shown as from a server, without asking one; and a file that is none says so.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { idle, open, openStage, postReel, seek, snapshot } from "./harness.mjs";
import { ending, smallRun } from "./small.mjs";

const RUN = "from-a-file";

let stage, reel, served;
before(async () => {
  stage = await openStage();
  await postReel(stage.url, RUN, [...smallRun(RUN), ending("COMPLETED", 3_000)]);
  reel = await (await fetch(`${stage.url}/api/v1/workflows/runs/${RUN}/reel`)).text();
  const page = await stage.page();
  await open(page, `/runs/${RUN}`);
  await idle(page);
  served = [await snapshot(page), (await seek(page, 700), await snapshot(page))];
});
afterEach(() => stage.closePages());
after(() => stage?.close());

const choose = (page, name, buffer) =>
  page.getByLabel("Choose a file").setInputFiles({ name, mimeType: "application/octet-stream", buffer });

for (const [how, name, pack] of [
  ["as it is", "night.reel", Buffer.from],
  ["packed with gzip", "night.reel.gz", gzipSync],
]) {
  test(`a reel ${how} shows what the server shows, at any instant, and asks nobody`, async () => {
    const page = await stage.page();
    await open(page, "/open");
    const asked = [];
    page.on("request", ({ url }) => asked.push(url()));
    await choose(page, name, pack(reel));
    await page.getByRole("slider", { name: "Playhead" }).waitFor();
    await idle(page);
    const same = async (want) => assert.deepEqual({ ...(await snapshot(page)), connection: want.connection }, want);
    await same(served[0]);
    await seek(page, 700);
    await same(served[1]);
    assert.equal((await page.getByRole("status", { name: "Connection" }).textContent()).trim(), "Ended");
    for (const absent of ["Refresh", "Pause updates", "Retry connection", "Cancel run"]) {
      assert.equal(await page.getByRole("button", { name: absent }).count(), 0, `nobody is there to ${absent}`);
    }
    assert.deepEqual(asked.filter((url) => url.includes(`/${RUN}`)), []);
    assert.deepEqual(page.watch.problems, []);
  });
}

for (const [what, name, bytes, said] of [
  ["a file that is no run", "notes.txt", Buffer.from("milk\neggs\n"), /notes\.txt holds no run/],
  ["an empty file", "empty.reel", Buffer.alloc(0), /empty\.reel holds no run/],
]) {
  test(`${what} is refused with its name, and another can be chosen`, async () => {
    const page = await stage.page();
    await open(page, "/open");
    await choose(page, name, bytes);
    await page.getByRole("alert").getByText(said).waitFor();
    await choose(page, "night.reel", Buffer.from(reel));
    await page.getByRole("slider", { name: "Playhead" }).waitFor();
  });
}

test("of a packed file that is cut off, what can be read is shown or why not is said", async () => {
  const page = await stage.page();
  await open(page, "/open");
  const packed = gzipSync(reel);
  await choose(page, "cut.reel.gz", packed.subarray(0, packed.length - 20));
  await page.getByRole("alert").getByText(/cannot be unpacked/).waitFor();
});
