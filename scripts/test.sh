#!/usr/bin/env bash
# Runs every test, the quickest to fail first.
#   scripts/test.sh        all
#   scripts/test.sh lint   formatting and clippy only
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

native=(--workspace --exclude runreel-app --locked)
# The server embeds dist/: the folder must be there even when there is no app in it yet.
mkdir -p dist

say "Formatting"
cargo fmt --all --check
say "Clippy: native crates"
cargo clippy "${native[@]}" --all-targets --quiet -- -D warnings
say "Clippy: the app"
cargo clippy -p runreel-app --target wasm32-unknown-unknown --locked --quiet -- -D warnings
[ "${1:-}" != lint ] || exit 0

scripts/build-app.sh
say "Tests: in Rust"
cargo test --workspace --locked --quiet
say "Building target/release/runreel"
cargo build --release --locked --quiet -p cli
# What the browser tests put between page and server.
cargo build --locked --quiet -p fault-proxy
say "Tests: in Chromium"
CHROMIUM=$(find_chromium) FAULT_PROXY=$ROOT/target/debug/fault-proxy node --test --test-timeout=300000 tests/browser/*.test.mjs
