#!/usr/bin/env bash
# Builds the app into dist/, for size, unless it was built from the very same inputs before.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

stamp=target/app-inputs.sha256

# The hash of everything the app is made of. Dates do not count: a checkout changes them all.
inputs() {
    { find src style public crates/{contract,model,scan,source,layout,worker} scripts index.html Trunk.toml \
        Cargo.toml .cargo Cargo.lock package-lock.json -type f -print0 2>/dev/null || true; } | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
}

# What the stamp says of a build: its inputs, and that dist/ still holds what was made of them.
seal() {
    inputs
    sha256sum dist/index.html
}

if [ -f dist/index.html ] && [ "$(cat $stamp 2>/dev/null)" = "$(seal)" ]; then
    exit 0
fi
say "Building the app"
rm -f $stamp
# Of warnings there is one, each time: that it cannot minify what wasm-bindgen writes.
RUST_LOG=error run_trunk build --release --cargo-profile app
node scripts/compress.mjs dist
mkdir -p target
seal >$stamp
