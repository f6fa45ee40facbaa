#!/usr/bin/env bash
# Plays an agent: an AI SDK UI message stream on standard output, tools that really run, an answer.
#   agent.sh FOLDER
set -euo pipefail

folder=$1
chunk() { printf 'data: %s\n\n' "$1"; }

# Text as a JSON string, quotes included.
json() {
    local text=$1
    text=${text//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//$'\n'/\\n}
    text=${text//$'\t'/\\t}
    printf '"%s"' "$text"
}

# say KIND ID TEXT: streams TEXT word by word as a text or reasoning part.
say() {
    chunk "{\"type\":\"$1-start\",\"id\":\"$2\"}"
    local word
    while IFS= read -r -d ' ' word || [ -n "$word" ]; do
        chunk "{\"type\":\"$1-delta\",\"id\":\"$2\",\"delta\":$(json "$word ")}"
        sleep 0.04
    done < <(printf '%s' "$3")
    chunk "{\"type\":\"$1-end\",\"id\":\"$2\"}"
}

# tool ID NAME COMMAND: announces the call, runs it, tells its output; the output is left in $output.
tool() {
    local command=$3 half
    half=$((${#command} / 2))
    chunk "{\"type\":\"tool-input-start\",\"toolCallId\":\"$1\",\"toolName\":\"$2\"}"
    chunk "{\"type\":\"tool-input-delta\",\"toolCallId\":\"$1\",\"inputTextDelta\":$(json "{\"command\":\"${command:0:half}")}"
    sleep 0.2
    chunk "{\"type\":\"tool-input-delta\",\"toolCallId\":\"$1\",\"inputTextDelta\":$(json "${command:half}\"}")}"
    chunk "{\"type\":\"tool-input-available\",\"toolCallId\":\"$1\",\"toolName\":\"$2\",\"input\":{\"command\":$(json "$command")}}"
    sleep 0.5
    if output=$(cd "$folder" && bash -c "$command" 2>&1); then
        chunk "{\"type\":\"tool-output-available\",\"toolCallId\":\"$1\",\"output\":$(json "$output")}"
    else
        chunk "{\"type\":\"tool-output-error\",\"toolCallId\":\"$1\",\"errorText\":$(json "$output")}"
    fi
}

chunk '{"type":"start","messageId":"m1"}'
chunk '{"type":"start-step"}'
say reasoning r1 "The folder holds a few text files. I count their words first, then look for the longest line."
tool c1 count_words 'wc -w *'
words=$(awk '$2 == "total" { print $1 }' <<<"$output")
chunk '{"type":"finish-step"}'

chunk '{"type":"start-step"}'
tool c2 longest_line "awk '{ if (length > n) { n = length; f = FILENAME } } END { print n, f }' *"
longest=$output
tool c3 read_missing 'cat no-such-file'
chunk '{"type":"finish-step"}'

chunk '{"type":"start-step"}'
answer="The files hold **$words words**. The longest line has ${longest% *} characters and stands in \`${longest#* }\`. One tool call failed: the file it asked for is not there, and the answer does not need it."
say text t1 "$answer"
chunk '{"type":"finish-step"}'
chunk '{"type":"finish","finishReason":"stop"}'
printf 'data: [DONE]\n\n'

printf '# Answer\n\n%s\n' "$answer" > answer.md
printf 'words=%s\n' "$words" >> "$RUNREEL_OUTPUT"
