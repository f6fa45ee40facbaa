//! Synthetic reels: as big as asked, sound, and the same for the same seed.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod drawn;

use clap::Parser;
use cli::synth::{Args, write};
use contract::reel::{canonical_header, canonical_record, identity};
use drawn::Shared;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

fn synth(flags: &str) -> Result<String, String> {
    let line = Line::parse_from(std::iter::once("synth").chain(flags.split_whitespace()));
    let kept = Shared::default();
    write(&line.args, kept.clone()).map_err(|error| error.to_string())?;
    let text = kept.0.lock().unwrap().clone();
    Ok(String::from_utf8(text).unwrap())
}

/// Checks every line; counts by kind, the sum of terminal bytes, and the last status.
fn read(reel: &str) -> (BTreeMap<String, usize>, usize, String) {
    let mut lines = reel
        .lines()
        .map(|line| serde_json::from_str::<Map<String, Value>>(line).unwrap());
    canonical_header(&mut lines.next().unwrap()).unwrap();
    let (mut counts, mut bytes, mut status) = (BTreeMap::new(), 0, String::new());
    let mut seen = HashSet::new();
    for mut record in lines {
        let kind = canonical_record(&mut record).unwrap();
        assert!(seen.insert(identity(&kind, &record)), "twice: {record:?}");
        *counts.entry(kind.to_string()).or_default() += 1;
        if let Some(payload) = record.get("payload").and_then(Value::as_str)
            && kind.as_str() == "terminal"
        {
            bytes += payload.trim_end_matches('=').len() * 3 / 4;
        }
        if kind.as_str() == "status" {
            status = record["status"].as_str().unwrap().to_owned();
        }
    }
    (counts, bytes, status)
}

#[test]
fn as_big_as_asked() {
    for (flags, events, logs, bytes, status) in [
        ("--nodes 1", 6, 20, 0, "COMPLETED"),
        ("--nodes 1 --events 2 --log-lines 0", 2, 0, 0, "COMPLETED"),
        (
            "--nodes 300 --events 5000 --log-lines 7000 --terminal-bytes 100000",
            5000,
            7000,
            100_000,
            "COMPLETED",
        ),
        ("--nodes 50 --fail 3", 300, 1000, 0, "FAILED"),
        ("--nodes 50 --live", 300, 1000, 0, "RUNNING"),
        ("--nodes 7 --seed 99", 42, 140, 0, "COMPLETED"),
    ] {
        let (counts, had, last) = read(&synth(flags).unwrap());
        let count = |kind: &str| counts.get(kind).copied().unwrap_or(0);
        assert_eq!(
            (count("trace"), count("log"), had, last.as_str()),
            (events, logs, bytes, status),
            "{flags}"
        );
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let flags = "--nodes 40 --events 900 --log-lines 500 --terminal-bytes 9000 --fail 2";
    assert_eq!(synth(flags), synth(flags));
    assert_ne!(synth(flags), synth(&format!("{flags} --seed 2")));
}

#[test]
fn no_step_starts_before_what_it_needs() {
    let reel = synth("--nodes 200 --fail 4").unwrap();
    let mut lines = reel
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let header = lines.next().unwrap();
    let mut completed: HashSet<String> = HashSet::new();
    let mut last = String::new();
    for event in lines.filter(|line| line["kind"] == "trace") {
        let (node, at) = (
            event["nodeId"].as_str().unwrap().to_owned(),
            event["timestamp"].as_str().unwrap().to_owned(),
        );
        assert!(last <= at);
        last = at;
        if event["type"] == "STARTED" {
            for edge in header["graph"]["edges"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|edge| edge["target"] == *node)
            {
                assert!(
                    completed.contains(edge["source"].as_str().unwrap()),
                    "{node} before {}",
                    edge["source"]
                );
            }
        }
        if event["type"] == "COMPLETED" {
            completed.insert(node);
        }
    }
}

#[test]
fn what_does_not_fit_together_is_told() {
    for (flags, words) in [
        (
            "--nodes 10 --events 5",
            "--events 5: a run of 10 nodes has 20 events at least",
        ),
        ("--nodes 2 --fail 3", "--fail 3: there are only 2 nodes"),
    ] {
        assert_eq!(synth(flags).unwrap_err(), words);
    }
}
