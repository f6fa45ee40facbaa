#!/usr/bin/env bash
# Serves Runreel in the foreground with a real run going, until Ctrl-C.
#   PORT     where to serve (4700)
#   EXAMPLE  the pipeline to run (the first one in examples/)
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$ROOT"

port=${PORT:-4700}
url=http://127.0.0.1:$port
runreel=target/release/runreel
server= runner=

main() {
    ! answers / || die "something else answers at port $port: stop it, or choose another with PORT=… make demo"
    trap stop EXIT
    trap 'exit 0' INT TERM

    "$runreel" serve --listen "127.0.0.1:$port" --data .runreel &
    server=$!
    until answers /api/v1/workflows/runs; do
        kill -0 $server 2>/dev/null || die "the server ended before it answered (see above)"
        sleep 0.1
    done
    say "Runreel serves at $url"

    run_example
    say "Press Ctrl-C to stop"
    wait $server || die "the server ended (see above)"
}

run_example() {
    local example=${EXAMPLE:-$(find examples -name '*.toml' | LC_ALL=C sort | head -n 1)}
    if [ -z "$example" ]; then
        say "There is no pipeline in examples/ to run"
        return
    fi
    say "Running $example"
    "$runreel" exec "$example" --server "$url" > >(announce) &
    runner=$!
}

# Passes the runner's lines on and repeats the address of the run where it cannot be missed.
announce() {
    local line seen=
    while IFS= read -r line; do
        printf '%s\n' "$line"
        if [ -z "$seen" ] && [[ $line =~ http://[^[:space:]]+/runs/[^[:space:]]+ ]]; then
            seen=1
            say "Watch it: ${BASH_REMATCH[0]}"
        fi
    done
}

# Does $url$1 answer HTTP? (bash alone: a fresh machine need not have curl.)
answers() {
    local status
    {
        exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
        printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$1" >&3
        IFS= read -r -t 5 status <&3
        exec 3>&-
    } 2>/dev/null
    [[ $status == HTTP/* ]]
}

# Ends what we started, by pid, and waits for it.
stop() {
    trap - EXIT INT TERM
    local pid
    for pid in $runner $server; do
        kill -TERM "$pid" 2>/dev/null || true
    done
    for pid in $runner $server; do
        wait "$pid" 2>/dev/null || true
    done
}

main "$@"
