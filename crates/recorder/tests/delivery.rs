//! Whatever the network does, every record arrives, in order, and bad ones are told.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod faulty_server;

use faulty_server::{FaultyServer, Reply};
use recorder::{Error, Limits, Recorder, RunStart, Server};
use serde_json::Value;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(60);

fn quick() -> Limits {
    Limits {
        age: Duration::from_millis(1),
        records: 7,
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(4),
        request: Duration::from_secs(5),
        ..Limits::default()
    }
}

fn start(server: &FaultyServer, limits: Limits) -> Recorder {
    let start = RunStart::new("r 1", "Test");
    Recorder::start_with(
        Server::new(server.url()),
        start,
        limits,
        recorder::SystemClock,
    )
    .unwrap()
}

/// Log messages in order of first arrival.
fn messages(lines: &[String]) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    lines
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["kind"] == "log" && seen.insert(line["id"].to_string()))
        .map(|line| line["message"].as_str().unwrap().to_owned())
        .collect()
}

fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("line {number}")).collect()
}

fn log(run: &Recorder, lines: &[String]) {
    let node = run.node("a");
    for line in lines {
        node.log(
            contract::studio::LogLevel::Info,
            contract::studio::Stream::Stdout,
            line,
        );
    }
}

#[test]
fn every_record_arrives_once_and_in_order_whatever_happens() {
    for (name, script) in [
        ("nothing goes wrong", vec![]),
        (
            "server errors",
            vec![Reply::Status(500), Reply::Status(502), Reply::Status(500)],
        ),
        (
            "too many requests",
            vec![Reply::RetryAfter(429, 0), Reply::RetryAfter(503, 0)],
        ),
        (
            "cut before anything is read",
            vec![Reply::CutBefore, Reply::CutBefore],
        ),
        (
            "cut in the middle of the answer",
            vec![Reply::KeepAndCut, Reply::Ok, Reply::KeepAndCut],
        ),
        (
            "half a batch is kept, then an error",
            vec![Reply::KeepHalf, Reply::KeepHalf],
        ),
        (
            "all of it",
            vec![
                Reply::Status(500),
                Reply::KeepAndCut,
                Reply::RetryAfter(429, 0),
                Reply::KeepHalf,
                Reply::CutBefore,
            ],
        ),
    ] {
        let mut all = vec![Reply::Ok]; // the header
        all.extend(script);
        let server = FaultyServer::start(all);
        let run = start(&server, quick());
        let lines = numbered(100);
        log(&run, &lines);
        run.finish(LONG)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(run.pending(), 0, "{name}");
        assert_eq!(run.problem(), None, "{name}");
        assert_eq!(messages(&server.kept()), lines, "{name}");
        assert!(
            server.kept()[0].starts_with(r#"{"graph":"#)
                || server.kept()[0].contains(r#""reel":1"#)
        );
        assert_eq!(server.path(), "/api/v1/workflows/runs/r%201/reel");
    }
}

#[test]
fn a_server_that_is_away_costs_nothing_even_beyond_memory() {
    let server = FaultyServer::start(vec![Reply::Ok]);
    let limits = Limits {
        memory: 500,
        ..quick()
    };
    let run = start(&server, limits);
    server.refuse_connections();
    let lines = numbered(300);
    log(&run, &lines);
    assert!(
        matches!(run.flush(Duration::from_millis(20)), Err(Error::Unsent { records, .. }) if records > 290)
    );
    assert!(run.pending() > 290);
    server.accept_connections();
    run.finish(LONG).unwrap();
    assert_eq!(messages(&server.kept()), lines);
}

#[test]
fn one_bad_record_costs_no_other() {
    let server = FaultyServer::start(vec![]);
    server.find_fault_with("line 33");
    let run = start(
        &server,
        Limits {
            records: 50,
            age: LONG,
            ..quick()
        },
    );
    let lines = numbered(100);
    log(&run, &lines);
    let error = run.finish(LONG).unwrap_err();
    assert_eq!(
        error,
        Error::Rejected {
            records: 1,
            message: "no line 33 please".into()
        }
    );
    let mut rest = lines;
    rest.remove(33);
    assert_eq!(messages(&server.kept()), rest);
}

#[test]
fn a_refusal_is_told_at_once_and_what_is_left_can_be_kept() {
    let server = FaultyServer::start(vec![Reply::Ok, Reply::Status(401)]);
    let run = start(&server, quick());
    log(&run, &numbered(30));
    let error = run.finish(LONG).unwrap_err();
    assert!(
        matches!(error, Error::Refused { status: 401, .. }),
        "{error}"
    );
    assert_eq!(messages(&run.give_up()), numbered(30));
    assert_eq!(run.pending(), 0);
}

#[test]
fn starting_tells_why_it_cannot() {
    let server = FaultyServer::start(vec![Reply::Status(403)]);
    let refused = Recorder::start(Server::new(server.url()), RunStart::new("r", "R"))
        .err()
        .unwrap();
    assert!(refused.to_string().contains("RUNREEL_TOKEN"), "{refused}");

    server.refuse_connections();
    let away = Recorder::start(Server::new(server.url()), RunStart::new("r", "R"))
        .err()
        .unwrap();
    assert!(
        matches!(&away, Error::Unreachable { server: url, .. } if *url == server.url()),
        "{away}"
    );
    assert!(away.to_string().contains("runreel serve"), "{away}");
}
