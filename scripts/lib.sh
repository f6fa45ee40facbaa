# What the scripts share: where things are, which versions we need, how we speak.
# To be sourced, not run.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TOOLS=$ROOT/.tools
TRUNK_VERSION=0.21.14
# Ours come first, so that another version elsewhere on the machine does no harm.
export PATH=$TOOLS/bin:$ROOT/node_modules/.bin:$PATH:$HOME/.cargo/bin

say() { printf '==> %s\n' "$*"; }

# One line that says what is missing and what to do, then the end.
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Trunk with what it needs around it.
run_trunk() {
    # NO_COLOR=1, as many terminals set it, is a value that trunk refuses.
    PATH=$ROOT/scripts/for-trunk:$PATH env -u NO_COLOR trunk "$@"
}

# The version that Cargo.lock holds of package $1. wasm-bindgen's command must equal its crate.
locked_version() {
    awk -v name="name = \"$1\"" '$0 == name { getline; gsub(/[^0-9.]/, ""); print; exit }' \
        "$ROOT/Cargo.lock"
}

# The Chromium to test with: $CHROMIUM, else the first one on PATH; fails when there is none.
find_chromium() {
    if [ -n "${CHROMIUM:-}" ]; then
        have "$CHROMIUM" || die "CHROMIUM is set to '$CHROMIUM', which is not a program"
        command -v "$CHROMIUM"
        return
    fi
    command -v chromium || command -v chromium-browser || command -v google-chrome
}
