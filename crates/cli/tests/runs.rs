//! Real processes, run from drawn pipelines into memory: order, retries, limits, output, values.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod drawn;

use cli::exec::RunEnd;
use cli::exec::cancel::{Cancel, Source};
use drawn::{play, play_in, play_with};
use serde_json::{Value, json};

#[test]
fn steps_run_in_dependency_order() {
    let played = play(
        r#"
        max_parallel = 1
        [[step]]
        name = "c"
        needs = ["b"]
        run = "true"
        [[step]]
        name = "b"
        needs = ["a"]
        run = "true"
        [[step]]
        name = "a"
        run = "true"
        "#,
    );
    assert_eq!(played.end, RunEnd::Completed);
    let want = [
        "a STARTED 1",
        "a COMPLETED 1",
        "b STARTED 1",
        "b COMPLETED 1",
        "c STARTED 1",
        "c COMPLETED 1",
    ];
    assert_eq!(played.story(), want);
    assert_eq!(played.last_status()["status"], "COMPLETED");
    assert!(played.last_status()["completedAt"].is_string());
    let edges = &played.lines[0]["graph"]["edges"];
    assert_eq!(edges[0]["source"], "b");
    assert_eq!(edges[0]["target"], "c");
}

#[test]
fn branches_run_at_the_same_time() {
    // Each waits for the other through a pipe: one after the other they would wait for ever.
    let played = play(
        r#"
        max_parallel = 2
        [[step]]
        name = "pipe"
        run = "mkfifo there back"
        [[step]]
        name = "left"
        needs = ["pipe"]
        timeout = "60s"
        run = "echo hello > there; cat back"
        [[step]]
        name = "right"
        needs = ["pipe"]
        timeout = "60s"
        run = "cat there; echo hello > back"
        "#,
    );
    assert_eq!(played.end, RunEnd::Completed);
}

#[test]
fn a_failing_step_is_tried_again() {
    let played = play(
        r#"
        [[step]]
        name = "a"
        retries = 3
        backoff = "1ms"
        run = "echo try $RUNREEL_ATTEMPT; test $RUNREEL_ATTEMPT = 3"
        "#,
    );
    assert_eq!(played.end, RunEnd::Completed);
    let want = [
        "STARTED 1",
        "FAILED 1",
        "STARTED 2",
        "FAILED 2",
        "STARTED 3",
        "COMPLETED 3",
    ];
    assert_eq!(played.story_of("a"), want);
    assert_eq!(played.terminal("a"), b"try 1\r\ntry 2\r\ntry 3\r\n");
    let indices: Vec<i64> = played
        .of("terminal")
        .iter()
        .map(|chunk| chunk["chunkIndex"].as_i64().unwrap())
        .collect();
    assert_eq!(indices, [1, 2, 3], "the index goes on over attempts");
}

#[test]
fn a_failure_blocks_what_needs_it_and_nothing_else() {
    let played = play(
        r#"
        max_parallel = 1
        [[step]]
        name = "bad"
        run = "echo broken; exit 7"
        [[step]]
        name = "child"
        needs = ["bad"]
        run = "true"
        [[step]]
        name = "grandchild"
        needs = ["child"]
        run = "true"
        [[step]]
        name = "other"
        run = "true"
        [[step]]
        name = "either"
        needs = ["bad", "other"]
        join = "any"
        run = "true"
        "#,
    );
    assert_eq!(played.end, RunEnd::Failed("bad".into()));
    let want = [
        "bad STARTED 1",
        "bad FAILED 1",
        "other STARTED 1",
        "other COMPLETED 1",
        "either STARTED 1",
        "either COMPLETED 1",
    ];
    assert_eq!(played.story(), want);
    assert_eq!(
        played.error("bad"),
        json!({"message": "it ended with exit code 7: broken", "type": "ExitError", "code": "7"})
    );
    let failure = &played.last_status()["failure"];
    assert_eq!(
        failure["reason"],
        "step `bad`: it ended with exit code 7: broken"
    );
    assert_eq!(
        failure["details"],
        json!({"node": "bad", "blocked": 2, "code": "7"})
    );
}

#[test]
fn a_tolerated_failure_blocks_nothing() {
    let played = play(
        r#"
        [[step]]
        name = "bad"
        allow_failure = true
        run = "exit 1"
        [[step]]
        name = "child"
        needs = ["bad"]
        run = "true"
        "#,
    );
    assert_eq!(played.end, RunEnd::Completed);
    assert_eq!(played.story_of("child"), ["STARTED 1", "COMPLETED 1"]);
}

#[test]
fn a_skipped_step_skips_what_needs_it() {
    let played = play(
        r#"
        [[step]]
        name = "maybe"
        when = "test -e no-such-file"
        run = "true"
        [[step]]
        name = "child"
        needs = ["maybe"]
        run = "true"
        "#,
    );
    assert_eq!(played.end, RunEnd::Completed);
    assert_eq!(played.story(), ["maybe SKIPPED 1", "child SKIPPED 1"]);
}

#[test]
fn a_when_that_takes_too_long_counts_as_failed() {
    let folder = tempfile::tempdir().unwrap();
    let witness = Witness::new(folder.path());
    let played = play_in(
        "[[step]]\nname = 'a'\ntimeout = '300ms'\nwhen = 'exec 3>witness; sleep 30 & wait'\nrun = 'true'\n",
        folder.path(),
        &Cancel::default(),
        |_| {},
    );
    assert_eq!(played.end, RunEnd::Completed);
    assert_eq!(played.story(), ["a SKIPPED 1"]);
    assert_eq!(
        played.of("trace")[0]["message"],
        "`exec 3>witness; sleep 30 & wait` took longer than 300 ms and was ended"
    );
    witness.assert_all_ended();
}

#[test]
fn cancelling_ends_a_when_and_starts_nothing() {
    // The second says yes when it is ended.
    for trap in ["", "trap 'exit 0' TERM; "] {
        let folder = tempfile::tempdir().unwrap();
        let witness = Witness::new(folder.path());
        let asking = pipe(folder.path(), "asking");
        let cancel = Cancel::default();
        let asked = cancel.clone();
        let person = std::thread::spawn(move || {
            std::fs::read(asking).unwrap();
            asked.ask(Source::Server);
        });
        let played = play_in(
            &format!(
                "[[step]]\nname = 'a'\nrun = 'true'\nwhen = \"{trap}exec 3>witness; echo > asking; sleep 30 & wait\"\n"
            ),
            folder.path(),
            &cancel,
            |_| {},
        );
        person.join().unwrap();
        assert_eq!(played.end, RunEnd::Cancelled);
        assert_eq!(played.story(), Vec::<String>::new(), "{trap}");
        witness.assert_all_ended();
    }
}

#[test]
fn cancelling_while_a_step_is_ended_for_its_timeout_starts_no_other_attempt() {
    let folder = tempfile::tempdir().unwrap();
    let go = pipe(folder.path(), "go");
    let cancel = Cancel::default();
    let asked = cancel.clone();
    let played = play_in(
        r#"
        [[step]]
        name = "a"
        timeout = "300ms"
        retries = 1
        backoff = "3s"
        run = "trap 'echo ending; cat go; exit 1' TERM; sleep 30 & wait"
        "#,
        folder.path(),
        &cancel,
        move |record| {
            if record["kind"] == "log" && record["message"] == "ending" {
                let (asked, go) = (asked.clone(), go.clone());
                std::thread::spawn(move || {
                    asked.ask(Source::Server);
                    std::fs::write(go, "").unwrap();
                });
            }
        },
    );
    assert_eq!(played.end, RunEnd::Cancelled);
    assert_eq!(played.story(), ["a STARTED 1", "a FAILED 1"]);
}

#[test]
fn failures_have_types() {
    for (run, kind, code) in [
        ("exit 3", "ExitError", json!("3")),
        ("no_such_command_7", "NotFoundError", json!("127")),
        ("touch x; ./x", "PermissionError", json!("126")),
        ("kill -KILL $$", "SignalError", json!("Killed")),
    ] {
        let played = play(&format!("[[step]]\nname = 'a'\nrun = '''\n:\n{run}'''\n"));
        assert_eq!(played.error("a")["type"], kind, "{run}");
        assert_eq!(played.error("a")["code"], code, "{run}");
    }
}

#[test]
fn a_step_that_takes_too_long_is_ended_with_all_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let witness = Witness::new(folder.path());
    let played = play_in(
        r#"
        [[step]]
        name = "a"
        timeout = "300ms"
        run = "exec 3>witness; sleep 600 & echo waiting; wait"
        "#,
        folder.path(),
        &Cancel::default(),
        |_| {},
    );
    assert_eq!(
        played.error("a"),
        json!({"message": "it took longer than 300 ms and was ended", "type": "TimeoutError"})
    );
    assert_eq!(played.terminal("a"), b"waiting\r\n");
    witness.assert_all_ended();
}

#[test]
fn cancelling_ends_what_runs_and_starts_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let witness = Witness::new(folder.path());
    let cancel = Cancel::default();
    let asked = cancel.clone();
    let played = play_in(
        r#"
        [[step]]
        name = "a"
        run = "exec 3>witness; sleep 600 & echo ready; wait"
        [[step]]
        name = "b"
        needs = ["a"]
        run = "true"
        "#,
        folder.path(),
        &cancel,
        move |record| {
            // Not from here: the recorder is at work.
            if record["kind"] == "log" && record["message"] == "ready" {
                let asked = asked.clone();
                std::thread::spawn(move || asked.ask(Source::Signal));
            }
        },
    );
    assert_eq!(played.end, RunEnd::Cancelled);
    assert_eq!(played.story(), ["a STARTED 1"]);
    assert_eq!(played.last_status()["status"], "CANCELLED");
    let events = played.of("trace");
    let last = events.last().unwrap();
    assert_eq!(
        (&last["message"], &last["level"], &last["nodeId"]),
        (
            &json!("Run cancelled by user"),
            &json!("warn"),
            &json!("workflow")
        )
    );
    witness.assert_all_ended();
}

#[test]
fn a_process_that_will_not_end_is_killed_when_asked_twice() {
    let cancel = Cancel::default();
    let asked = cancel.clone();
    let played = play_with(
        "[[step]]\nname = 'a'\nrun = '''trap 'echo no' TERM HUP; echo ready; while :; do sleep 600 & wait; done'''\n",
        &cancel,
        move |record| {
            if record["kind"] == "log"
                && (record["message"] == "ready" || record["message"] == "no")
            {
                let asked = asked.clone();
                std::thread::spawn(move || asked.ask(Source::Signal));
            }
        },
    );
    assert_eq!(played.end, RunEnd::Cancelled);
    assert!(
        played.logs("a").iter().any(|line| line.ends_with(" no")),
        "it was asked first"
    );
}

#[test]
fn cancelling_does_not_wait_for_the_next_attempt() {
    let cancel = Cancel::default();
    let asked = cancel.clone();
    let played = play_with(
        "[[step]]\nname = 'a'\nretries = 1\nbackoff = '1h'\nrun = 'false'\n",
        &cancel,
        move |record| {
            if record["type"] == "FAILED" {
                let asked = asked.clone();
                std::thread::spawn(move || asked.ask(Source::Server));
            }
        },
    );
    assert_eq!(played.end, RunEnd::Cancelled);
    assert_eq!(played.story(), ["a STARTED 1", "a FAILED 1"]);
    assert!(
        played
            .of("trace")
            .iter()
            .all(|event| event["nodeId"] != "workflow"),
        "the server tells it itself"
    );
}

#[test]
fn the_terminal_is_real_and_kept_byte_for_byte() {
    let played = play(
        r#"
        [[step]]
        name = "a"
        run = '''
        test -t 1 && test -t 2 && ! test -t 0 && echo tty
        stty size < /dev/tty
        echo "$TERM"
        printf '\033[31mred\033[0m\n'
        printf '\346\274'; sleep 0.1; printf '\242 \360\237\216\254\n'
        cat
        '''
        "#,
    );
    let want = "tty\r\n30 120\r\nxterm-256color\r\n\u{1b}[31mred\u{1b}[0m\r\n漢 🎬\r\n";
    assert_eq!(String::from_utf8(played.terminal("a")).unwrap(), want);
    let want = [
        "info stdout tty",
        "info stdout 30 120",
        "info stdout xterm-256color",
        "info stdout \u{1b}[31mred\u{1b}[0m",
        "info stdout 漢 🎬",
    ];
    assert_eq!(played.logs("a"), want);
    let chunks = played.of("terminal");
    assert_eq!(
        (&chunks[0]["cols"], &chunks[0]["rows"], &chunks[0]["stream"]),
        (&json!(120), &json!(30), &json!("pty"))
    );
    let times: Vec<&str> = chunks
        .iter()
        .map(|chunk| chunk["recordedAt"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
}

#[test]
fn lines_have_levels_and_can_be_switched_off() {
    let played = play(
        r#"
        [[step]]
        name = "a"
        levels = { warn = "careful" }
        run = "echo 'ERROR: no'; echo be careful; echo fine"
        [[step]]
        name = "b"
        log = "off"
        run = "echo quiet"
        "#,
    );
    assert_eq!(
        played.logs("a"),
        [
            "error stdout ERROR: no",
            "warn stdout be careful",
            "info stdout fine"
        ]
    );
    assert_eq!(played.logs("b"), Vec::<String>::new());
    assert_eq!(played.terminal("b"), b"quiet\r\n");
}

#[test]
fn progress_is_read_off_rewritten_lines() {
    let played = play(
        r#"
        [[step]]
        name = "a"
        progress = { pattern = '(\d+)/(\d+)' }
        run = '''printf '1/3\r'; sleep 0.2; printf '2/3\r'; sleep 0.2; printf '3/3\n' '''
        "#,
    );
    let progress: Vec<&Value> = played
        .of("trace")
        .into_iter()
        .filter(|event| event["type"] == "PROGRESS")
        .collect();
    let last = progress.last().unwrap();
    assert_eq!(last["data"], json!({"current": 3, "total": 3}));
    assert_eq!(last["message"], "3/3");
    assert!(progress.len() >= 2, "it was told on the way: {progress:?}");
    assert_eq!(
        played.logs("a"),
        ["info stdout 3/3"],
        "a rewritten line is one line"
    );
}

#[test]
fn artifacts_and_values_travel() {
    let played = play(
        r#"
        [[step]]
        name = "make-it"
        artifacts = ["out/*.csv", "gone.txt"]
        run = '''
        mkdir out; printf 'a,b\n' > out/x.csv
        printf 'rows=2\nname=x y\nlist=[1,2]\n' > "$RUNREEL_OUTPUT"
        '''
        [[step]]
        name = "use-it"
        needs = ["make-it"]
        run = 'echo "$RUNREEL_INPUT_MAKE_IT_ROWS $RUNREEL_INPUT_MAKE_IT_NAME"'
        "#,
    );
    assert_eq!(played.terminal("use-it"), b"2 x y\r\n");
    let artifact = played.of("artifact")[0];
    let fields =
        ["componentRef", "name", "mimeType", "size", "content"].map(|name| artifact[name].clone());
    assert_eq!(
        fields,
        [
            json!("make-it"),
            json!("out/x.csv"),
            json!("text/csv"),
            json!(4),
            json!("YSxiCg==")
        ]
    );
    assert_eq!(
        played.logs("make-it"),
        ["warn console no file matches the artifact `gone.txt`"]
    );
    let completed = played
        .of("trace")
        .into_iter()
        .find(|event| event["type"] == "COMPLETED")
        .unwrap();
    assert_eq!(
        completed["outputSummary"],
        json!({"rows": 2, "name": "x y", "listCount": 2, "_truncated": true})
    );
    let packets: Vec<Value> = played
        .of("packet")
        .iter()
        .map(|packet| {
            json!([
                packet["sourceNode"],
                packet["targetNode"],
                packet["inputKey"],
                packet["payload"],
                packet["type"]
            ])
        })
        .collect();
    assert_eq!(packets.len(), 3);
    assert!(packets.contains(&json!(["make-it", "use-it", "name", "x y", "text"])));
    assert!(packets.contains(&json!(["make-it", "use-it", "list", [1, 2], "json"])));
    let io: Vec<&Value> = played
        .of("io")
        .into_iter()
        .filter(|row| row["nodeRef"] == "make-it")
        .collect();
    assert_eq!(io[0]["status"], "running");
    assert_eq!(
        io[1]["outputs"],
        json!({"rows": 2, "name": "x y", "list": [1, 2]})
    );
}

#[test]
fn the_token_is_kept_from_steps() {
    // Set for this process by the test below would race; the runner removes it by name, always.
    let played = play(
        "[[step]]\nname = 'a'\nenv = {RUNREEL_TOKEN = 'secret'}\nrun = 'echo \"[$RUNREEL_TOKEN]\"'\n",
    );
    assert_eq!(played.terminal("a"), b"[]\r\n");
}

/// A named pipe that tells when all who hold it open have ended.
struct Witness {
    gone: std::sync::mpsc::Receiver<()>,
}

impl Witness {
    fn new(folder: &std::path::Path) -> Self {
        let pipe = pipe(folder, "witness");
        let (to, gone) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            std::fs::read(pipe).unwrap();
            to.send(()).unwrap();
        });
        Self { gone }
    }

    fn assert_all_ended(&self) {
        let long = std::time::Duration::from_secs(60);
        assert_eq!(self.gone.recv_timeout(long), Ok(()), "something still runs");
    }
}

/// Makes a named pipe.
fn pipe(folder: &std::path::Path, name: &str) -> std::path::PathBuf {
    let pipe = folder.join(name);
    let made = std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .unwrap();
    assert!(made.success());
    pipe
}
