// A server on a free loopback port: files of a few folders, and answers made by functions.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/**
 * @param {Record<string, string>} folders by the first part of the address, e.g. `{ page: "benches/sse" }`
 * @param {Record<string, (request, response) => void>} routes by whole path
 * @returns {Promise<{url: string, close: () => void}>}
 */
export function serve(folders, routes = {}) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://here").pathname));
    if (routes[path]) return routes[path](request, response);
    const [, first, ...rest] = path.split("/");
    const file = folders[first] && join(folders[first], ...rest);
    const size = file && statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined) return response.writeHead(404).end();
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-length": size,
      // A page on its own gets a clock of 5 µs instead of 100.
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve({
        url: `http://127.0.0.1:${server.address().port}`,
        close() {
          server.closeAllConnections();
          server.close();
        },
      }),
    );
  });
}

/** Sends `bytes` in writes of 64 KiB as fast as they are taken, and ends the answer. */
export function pour(bytes, headers) {
  return (_, response) => {
    response.writeHead(200, headers);
    let at = 0;
    const next = () => {
      while (at < bytes.length) {
        const piece = bytes.subarray(at, (at += 65_536));
        if (!response.write(piece)) return response.once("drain", next);
      }
      response.end();
    };
    next();
  };
}
