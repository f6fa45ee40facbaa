#!/usr/bin/env bash
# The server at 4700, and in front of it Trunk at 4701, which rebuilds and reloads the app on change.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

# A folder of its own: dist/ holds the release build, which the server embeds.
mkdir -p dist target/dev-dist
cargo build -p cli --locked
target/debug/runreel serve --listen 127.0.0.1:4700 --data .runreel &
server=$!
trap 'kill -TERM $server 2>/dev/null || true; wait $server 2>/dev/null || true' EXIT
trap 'exit 0' INT TERM
say "The app with reload: http://127.0.0.1:4701"
run_trunk serve --dist target/dev-dist &
wait $!
