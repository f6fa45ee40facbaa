#!/usr/bin/env bash
# Installs what is missing to build Runreel, and nothing that is there already.
#   scripts/setup.sh           to build and run
#   scripts/setup.sh --tests   to test as well: clippy, rustfmt, Chromium, a font, nginx
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

main() {
    need_basics
    wasm_target
    npm_packages
    crates
    cargo_tool trunk "$TRUNK_VERSION" trunk install_trunk
    cargo_tool wasm-bindgen "$(locked_version wasm-bindgen)" wasm-bindgen-cli install_wasm_bindgen
    if [ "${1:-}" = --tests ]; then
        rust_components
        need_chromium
        need_nginx
    fi
}

need_basics() {
    have cargo || die "cargo is missing: install Rust with rustup, then run this again"
    have node && have npm || die "Node.js 20 or newer with npm is missing: install it, then run this again"
    local major
    major=$(node -p 'process.versions.node.split(".")[0]')
    [ "$major" -ge 20 ] || die "Node.js is too old ($(node --version)): 20 or newer is needed"
    have cc || apt_install "a C compiler" gcc libc6-dev
}

wasm_target() {
    local triple=wasm32-unknown-unknown
    [ -d "$(rustc --print target-libdir --target $triple)" ] && return
    say "Adding the Rust target $triple"
    have rustup || die "the Rust target $triple is missing and there is no rustup to add it"
    rustup target add $triple || die "rustup could not add the Rust target $triple (is there a network?)"
}

npm_packages() {
    local stamp=node_modules/.installed-lock
    cmp -s package-lock.json $stamp && return
    say "Installing npm packages"
    npm ci --no-audit --no-fund --loglevel=error ||
        die "npm could not install the packages of package-lock.json (is there a network?)"
    cp package-lock.json $stamp
}

# Trunk builds offline, so everything in Cargo.lock must be here first.
crates() {
    cargo fetch --locked --offline --quiet 2>/dev/null && return
    say "Fetching crates"
    cargo fetch --locked --quiet ||
        die "cargo could not fetch the crates of Cargo.lock (is there a network? is Cargo.lock up to date?)"
}

# cargo_tool COMMAND VERSION PACKAGE INSTALLER: a tool on PATH in the right version is taken as it is.
cargo_tool() {
    local command=$1 version=$2 package=$3 installer=$4
    [ "$("$command" --version 2>/dev/null | awk '{print $2}')" = "$version" ] && return
    say "Installing $package $version into .tools (once, some minutes)"
    "$installer" "$version" || die "cargo could not install $package $version (see above)"
    rm -rf "$TOOLS/build"
}

# Both need to be built soon rather than run fast.
install_trunk() {
    CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0 CARGO_TARGET_DIR=$TOOLS/build \
        cargo install trunk --version "$1" --locked --debug --quiet --force \
        --no-default-features --features rustls --root "$TOOLS"
}

# Without --locked: the lock file it ships with can name crates a registry mirror does not have yet.
install_wasm_bindgen() {
    CARGO_PROFILE_DEV_DEBUG=0 CARGO_PROFILE_DEV_OPT_LEVEL=1 CARGO_INCREMENTAL=0 \
        CARGO_TARGET_DIR=$TOOLS/build \
        cargo install wasm-bindgen-cli --version "$1" --debug --quiet --force \
        --no-default-features --root "$TOOLS"
}

rust_components() {
    local missing=()
    have cargo-clippy || missing+=(clippy)
    have cargo-fmt || missing+=(rustfmt)
    [ ${#missing[@]} -eq 0 ] && return
    say "Adding ${missing[*]}"
    have rustup || die "${missing[*]} missing and there is no rustup to add it"
    rustup component add "${missing[@]}" || die "rustup could not add ${missing[*]} (is there a network?)"
}

need_chromium() {
    if ! find_chromium >/dev/null; then
        apt_install "Chromium and a font" chromium fonts-dejavu-core
    fi
}

need_nginx() {
    PATH=$PATH:/usr/sbin have nginx || apt_install "nginx, to test behind a real proxy" nginx
}

# apt_install WHAT PACKAGE...: as root, or with sudo.
apt_install() {
    local what=$1 sudo=
    shift
    say "Installing $what ($*)"
    have apt-get || die "$what is missing and there is no apt-get: install $* by hand"
    if [ "$(id -u)" -ne 0 ]; then
        have sudo || die "$what is missing: run as root 'apt-get install $*'"
        sudo=sudo
    fi
    # Somebody else may hold the package lock: wait for it. A stale list is better than none.
    $sudo apt-get -qq -o DPkg::Lock::Timeout=600 update || say "apt-get update failed; going on with the list at hand"
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=600 \
        install --no-install-recommends "$@" >/dev/null || die "apt-get could not install $*"
}

main "$@"
