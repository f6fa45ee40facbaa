//! Agents and containers, with scripts that stand for them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod drawn;

use cli::exec::RunEnd;
use cli::exec::cancel::Cancel;
use drawn::{Played, play, play_in};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

#[test]
fn an_agent_is_recorded_chunk_by_chunk() {
    let played = play(
        r#"
        [[step]]
        name = "think"
        agent = true
        run = '''
        echo 'data: {"type":"start","messageId":"m"}'; echo
        echo ': keep-alive'
        echo '{"type":"text-start","id":"t"}'
        printf 'data: {"type":"text-delta","id":"t",'; printf '"delta":"hé"}\n\n'
        echo 'thinking aloud' >&2
        echo 'data: {"type":"finish","finishReason":"stop"}'
        echo 'data: [DONE]'
        '''
        "#,
    );
    assert_eq!(played.end, RunEnd::Completed);
    let parts = played.of("agent");
    let drawn: Vec<Value> = parts
        .iter()
        .map(|part| json!([part["sequence"], part["chunk"]["type"]]))
        .collect();
    assert_eq!(
        drawn,
        [
            json!([1, "start"]),
            json!([2, "text-start"]),
            json!([3, "text-delta"]),
            json!([4, "finish"])
        ]
    );
    assert_eq!(parts[2]["chunk"]["delta"], "hé");
    let id = parts[0]["agentRunId"].as_str().unwrap();
    assert!(id.starts_with("r:think:"), "{id}");
    let told: Vec<&Value> = played
        .of("trace")
        .into_iter()
        .filter(|event| event["type"] == "PROGRESS")
        .map(|event| &event["data"])
        .collect();
    assert_eq!(
        told,
        [
            &json!({"agentRunId": id, "agentStatus": "started"}),
            &json!({"agentRunId": id, "agentStatus": "completed"})
        ]
    );
    assert_eq!(played.logs("think"), ["info stderr thinking aloud"]);
}

#[test]
fn an_agent_can_fail_in_its_own_way() {
    let agent = |lines: &str| {
        play(&format!(
            "[[step]]\nname = 'a'\nagent = true\nrun = '''{lines}'''\n"
        ))
    };
    let played = agent(r#"echo '{"type":"error","errorText":"no model"}'"#);
    assert_eq!(
        played.error("a"),
        json!({"message": "the agent failed: no model", "type": "AgentError"})
    );

    let played = agent(r#"echo '{"type":"start"}'; echo hello"#);
    assert_eq!(played.end, RunEnd::Completed);
    let want = [
        "info stdout hello",
        "warn console 1 lines of its output are no part of a UI message stream",
        "warn console the agent's stream ended without `finish`",
    ];
    assert_eq!(played.logs("a"), want);
}

/// Runs one container step with a script in the place of the engine.
fn container(engine: &str, more: &str) -> Played {
    container_in(tempfile::tempdir().unwrap().path(), engine, more)
}

/// As `container`, in a folder of the caller's, which the script finds in `$here`.
fn container_in(folder: &Path, engine: &str, more: &str) -> Played {
    let file = folder.join("engine");
    let script = format!("#!/bin/sh\nhere=$(dirname \"$0\")\n{engine}\n");
    std::fs::write(&file, script).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    let text = format!(
        "[[step]]\nname = 'a'\nrun = ['tool', 'x']\nretries = 1\nbackoff = '1ms'\ncontainer = {{image = 'img', engine = './engine'}}\n{more}\n"
    );
    play_in(&text, folder, &Cancel::default(), |_| {})
}

#[test]
fn each_way_a_container_fails_has_an_error_of_its_own() {
    for (engine, code, words) in [
        (
            "echo 'cannot connect to the daemon' >&2; exit 1",
            "engine_not_running",
            "is there but does not answer: cannot connect to the daemon",
        ),
        (
            "[ $1 = version ] && exit; echo 'no such image'; exit 125",
            "start_failed",
            "the container of image `img` did not start (no such image)",
        ),
        (
            "[ $1 = version ] && exit; exit 126",
            "command_not_invokable",
            "the command cannot be invoked in image `img`",
        ),
        (
            "[ $1 = version ] && exit; exit 127",
            "command_not_found",
            "the command is not in image `img`",
        ),
        (
            "[ $1 = version ] && exit; echo oops; exit 4",
            "exited_at_once",
            "the container exited at once with code 4 (oops)",
        ),
        (
            "[ $1 = version ] && exit; sleep 1.1; exit 4",
            "exited",
            "the container exited with code 4",
        ),
    ] {
        let played = container(engine, "");
        let error = played.error("a");
        assert_eq!(
            (error["type"].as_str(), error["code"].as_str()),
            (Some("ContainerError"), Some(code)),
            "{error}"
        );
        assert!(
            error["message"].as_str().unwrap().contains(words),
            "{error}"
        );
        let attempts = if code == "engine_not_running" { 1 } else { 2 };
        assert_eq!(
            played.story_of("a").len(),
            2 * attempts,
            "{code}: {:?}",
            played.story()
        );
    }
}

#[test]
fn an_engine_that_is_not_there_is_told() {
    let played = play(
        "[[step]]\nname = 'a'\nrun = 'true'\ncontainer = {image = 'img', engine = 'no-such-engine'}\n",
    );
    let error = played.error("a");
    assert_eq!(error["code"], "engine_not_found");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .starts_with("no container engine: no-such-engine not found"),
        "{error}"
    );
}

#[test]
fn a_container_that_prints_nothing_is_told() {
    let played = container("exit 0", "");
    assert_eq!(played.end, RunEnd::Completed);
    assert_eq!(
        played.logs("a"),
        ["warn console the container printed nothing"]
    );
}

#[test]
fn a_container_that_takes_too_long_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let played = container_in(
        folder.path(),
        r#"case $1 in version) ;; rm) echo "$3" >> "$here/removed" ;; *) echo "$6" >> "$here/started"; sleep 600 ;; esac"#,
        "timeout = '1s'",
    );
    assert_eq!(played.error("a")["type"], "TimeoutError");
    let names = |file: &str| std::fs::read_to_string(folder.path().join(file)).unwrap();
    assert_eq!(names("removed").lines().count(), 2, "one an attempt");
    assert_eq!(names("removed"), names("started"));
}

#[test]
fn the_engine_is_called_with_command_folder_and_variables() {
    let played = container(
        r#"[ $1 = version ] && exit; echo "$@""#,
        "env = {KEY = 'v'}",
    );
    let line = String::from_utf8(played.terminal("a"))
        .unwrap()
        .replace("\r\n", "");
    for part in [
        "run --rm --init -t --name runreel-",
        " -w /",
        " -e KEY ",
        " -e RUNREEL_OUTPUT ",
        " img tool x",
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert!(
        !line.contains("KEY=v"),
        "values stay out of the process list"
    );
}
