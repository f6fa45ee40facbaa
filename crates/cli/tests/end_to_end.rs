//! The whole way on real sockets: serve, exec, cancel, export, import.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod served;

use serde_json::{Value, json};
use served::{Served, runreel};
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

#[test]
fn a_run_arrives_and_travels_to_another_server_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let pipeline = folder.path().join("p.toml");
    let text = r#"
        name = "End to end"
        version = 3
        [[step]]
        name = "colours"
        artifacts = ["x.txt"]
        run = '''printf '\033[32mgreen\033[0m\n'; echo kept > x.txt; echo n=1 >> "$RUNREEL_OUTPUT"'''
        [[step]]
        name = "flaky"
        needs = ["colours"]
        retries = 1
        backoff = "1ms"
        run = "test $RUNREEL_ATTEMPT = 2"
    "#;
    std::fs::write(&pipeline, text).unwrap();
    let first = Served::start();
    let ran = runreel(
        &["exec", pipeline.to_str().unwrap(), "--id", "e2e"],
        &first.url,
    )
    .output()
    .unwrap();
    let stdout = String::from_utf8(ran.stdout).unwrap();
    assert_eq!(ran.status.code(), Some(0), "{stdout}");
    assert_eq!(
        stdout.lines().next().unwrap(),
        format!("{}/runs/e2e", first.url)
    );
    assert!(stdout.trim_end().ends_with("The run completed"), "{stdout}");

    let run = first.get_json("workflows/runs/e2e");
    assert_eq!(
        (
            &run["status"],
            &run["workflowName"],
            &run["workflowVersion"]
        ),
        (&json!("COMPLETED"), &json!("End to end"), &json!(3))
    );
    let events = first.get_json("workflows/runs/e2e/trace");
    let types: Vec<&str> = events["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        types,
        [
            "STARTED",
            "COMPLETED",
            "STARTED",
            "FAILED",
            "STARTED",
            "COMPLETED"
        ]
    );

    for name in ["e2e.reel", "e2e.reel.gz"] {
        let file = folder.path().join(name);
        let exported = runreel(&["export", "e2e", "-o", file.to_str().unwrap()], &first.url)
            .output()
            .unwrap();
        assert!(exported.status.success(), "{exported:?}");
        let packed = std::fs::read(&file).unwrap().starts_with(&[0x1f, 0x8b]);
        assert_eq!(packed, name.ends_with("gz"));
        let second = Served::start();
        let import = || {
            let imported = runreel(&["import", file.to_str().unwrap()], &second.url)
                .output()
                .unwrap();
            assert!(imported.status.success(), "{imported:?}");
            String::from_utf8(imported.stdout).unwrap()
        };
        assert!(import().contains(" records accepted, 0 duplicates"));
        assert!(import().contains("\n0 records accepted, "));
        assert_eq!(
            first.get("workflows/runs/e2e/reel"),
            second.get("workflows/runs/e2e/reel")
        );
    }
}

#[test]
fn exit_codes_say_how_it_went() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start();
    let nowhere = "http://127.0.0.1:9".to_owned();
    for (text, server, code, words) in [
        ("[[step]]\nname='a'\nrun='true'", &served.url, 0, ""),
        ("[[step]]\nname='a'\nrun='exit 9'", &served.url, 1, ""),
        (
            "[[step]]\nname='a'\nrun='true'\nneeds='a'",
            &served.url,
            2,
            "p.toml: step `a`: the steps wait for each other in a cycle: a -> a",
        ),
        (
            "[[step]]\nname='a'\nrun='touch ran'",
            &nowhere,
            3,
            "cannot reach the server at http://127.0.0.1:9",
        ),
    ] {
        let file = folder.path().join("p.toml");
        std::fs::write(&file, text).unwrap();
        let ran = runreel(
            &[
                "exec",
                file.to_str().unwrap(),
                "--work",
                folder.path().to_str().unwrap(),
            ],
            server,
        )
        .output()
        .unwrap();
        let stderr = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(code), "{stderr}");
        assert!(stderr.contains(words), "{stderr}");
    }
    assert!(
        !folder.path().join("ran").exists(),
        "nothing runs that cannot be recorded"
    );
    let gone = runreel(&["export", "no-such-run"], &served.url)
        .output()
        .unwrap();
    assert_eq!(gone.status.code(), Some(1));
    assert!(
        String::from_utf8(gone.stderr)
            .unwrap()
            .contains("cannot export the run no-such-run: the server answered 404")
    );
}

#[test]
fn a_run_that_is_there_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.toml");
    std::fs::write(&file, "[[step]]\nname='a'\nrun='echo x >> ran'").unwrap();
    let served = Served::start();
    let run = || {
        let [file, work] = [file.as_path(), folder.path()].map(|path| path.to_str().unwrap());
        runreel(&["exec", file, "--work", work, "--id", "a b"], &served.url)
            .output()
            .unwrap()
    };
    assert_eq!(run().status.code(), Some(0));
    let reel = served.get("workflows/runs/a%20b/reel");
    let again = run();
    assert_eq!(
        String::from_utf8(again.stderr).unwrap(),
        format!(
            "error: the run `a b` is already on the server at {}. Name another with --id, or leave --id out\n",
            served.url
        )
    );
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(again.stdout, b"", "there is nothing to watch");
    let ran = std::fs::read_to_string(folder.path().join("ran")).unwrap();
    assert_eq!(ran, "x\n", "nothing runs");
    assert_eq!(served.get("workflows/runs/a%20b/reel"), reel);
}

#[test]
fn a_person_cancels_on_the_server_or_with_a_signal() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.toml");
    std::fs::write(
        &file,
        "[[step]]\nname='a'\nrun='sleep 600'\n[[step]]\nname='b'\nneeds='a'\nrun='true'\n",
    )
    .unwrap();
    let served = Served::start();
    for how in ["server", "signal"] {
        let mut running = runreel(&["exec", file.to_str().unwrap(), "--id", how], &served.url)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(running.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("▶ a") {
            line.clear();
            assert!(stdout.read_line(&mut line).unwrap() > 0);
        }
        if how == "server" {
            served.post(&format!("workflows/runs/{how}/cancel"), "");
        } else {
            let pid = nix::unistd::Pid::from_raw(i32::try_from(running.id()).unwrap());
            nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).unwrap();
        }
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(running.wait().unwrap().code(), Some(130), "{how}: {rest}");
        assert!(rest.contains("The run was cancelled"), "{how}: {rest}");
        let run = served.get_json(&format!("workflows/runs/{how}"));
        assert_eq!(run["status"], "CANCELLED", "{how}");
        let trace = served.get_json(&format!("workflows/runs/{how}/trace"));
        let told: Vec<&Value> = trace["events"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|event| event["message"] == "Run cancelled by user")
            .collect();
        assert_eq!(told.len(), 1, "{how}: told once");
    }
}

#[test]
fn a_big_synthetic_reel_goes_in_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("big.reel.gz");
    let made = runreel(
        &[
            "synth",
            "--nodes",
            "300",
            "--events",
            "10000",
            "--log-lines",
            "40000",
            "-o",
            file.to_str().unwrap(),
        ],
        "",
    )
    .output()
    .unwrap();
    assert!(made.status.success(), "{made:?}");
    let served = Served::start();
    let imported = runreel(&["import", file.to_str().unwrap()], &served.url)
        .output()
        .unwrap();
    assert!(imported.status.success(), "{imported:?}");
    let stdout = String::from_utf8(imported.stdout).unwrap();
    assert!(
        stdout.starts_with(&format!("{}/runs/synth-300-1\n", served.url)),
        "{stdout}"
    );
    let reel = served.get("workflows/runs/synth-300-1/reel");
    assert!(reel.iter().filter(|byte| **byte == b'\n').count() > 50_000);
}
