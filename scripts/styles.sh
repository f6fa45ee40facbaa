#!/usr/bin/env bash
# Joins style/ into the one sheet that index.html links: tokens, base, then the rest by name.
set -euo pipefail
cd "$(dirname "$0")/.."

out=target/style/runreel.css
mkdir -p "$(dirname $out)" style
{
    for first in style/tokens.css style/base.css; do
        [ -f $first ] && cat $first
    done
    find style -name '*.css' ! -path style/tokens.css ! -path style/base.css -print0 |
        LC_ALL=C sort -z | xargs -0 -r cat
} >$out.tmp
# An unchanged sheet keeps its date, so that a watcher is not woken by its own build.
cmp -s $out.tmp $out && rm $out.tmp || mv $out.tmp $out
