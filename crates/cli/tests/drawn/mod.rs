//! Runs pipelines drawn as text into memory and reads the records back.
#![allow(dead_code, reason = "each test file uses its own part")]

use base64::Engine;
use cli::exec::cancel::Cancel;
use cli::exec::{Console, RunEnd, run};
use cli::pipeline::parse;
use recorder::{Recorder, RunStart, WriteSink};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// What a run left behind.
pub struct Played {
    pub end: RunEnd,
    pub lines: Vec<Value>,
}

#[derive(Clone, Default)]
pub struct Shared(pub Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs the pipeline to its end.
pub fn play(text: &str) -> Played {
    play_with(text, &Cancel::default(), |_| {})
}

/// As `play`; `seen` is called with every record as it is written.
pub fn play_with(text: &str, cancel: &Cancel, seen: impl Fn(&Value) + Send + 'static) -> Played {
    let folder = tempfile::tempdir().unwrap();
    play_in(text, folder.path(), cancel, seen)
}

/// As `play_with`, with the pipeline's folder, which is the work folder, too.
pub fn play_in(
    text: &str,
    folder: &Path,
    cancel: &Cancel,
    seen: impl Fn(&Value) + Send + 'static,
) -> Played {
    let folder = folder.canonicalize().unwrap();
    let pipeline = parse(text, "drawn", &folder).unwrap_or_else(|problems| panic!("{problems:?}"));
    let kept = Shared::default();
    let sink = WriteSink::new(Tee {
        kept: kept.clone(),
        seen,
    });
    let mut start = RunStart::new("r", "Drawn");
    start.graph = Some(cli::pipeline::graph(&pipeline));
    let recorder = Recorder::with_sink(sink, start, recorder::SystemClock).unwrap();
    let end = run(&pipeline, &recorder, cancel, &folder, &Console::silent()).unwrap();
    assert_eq!(recorder.problem(), None);
    let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for line in &lines[1..] {
        let mut record = line.as_object().unwrap().clone();
        contract::reel::canonical_record(&mut record).unwrap();
    }
    Played { end, lines }
}

struct Tee<F> {
    kept: Shared,
    seen: F,
}

impl<F: Fn(&Value)> Write for Tee<F> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        (self.seen)(&serde_json::from_slice(bytes).unwrap());
        self.kept.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Played {
    pub fn of(&self, kind: &str) -> Vec<&Value> {
        self.lines
            .iter()
            .filter(|line| line["kind"] == kind)
            .collect()
    }

    /// Lifecycle events without progress, as `node TYPE attempt`.
    pub fn story(&self) -> Vec<String> {
        let events = self
            .of("trace")
            .into_iter()
            .filter(|event| event["type"] != "PROGRESS");
        events
            .map(|event| {
                let text = |name: &str| event[name].as_str().unwrap().to_owned();
                format!(
                    "{} {} {}",
                    text("nodeId"),
                    text("type"),
                    event["metadata"]["attempt"]
                )
            })
            .collect()
    }

    /// The story of one node, without its name.
    pub fn story_of(&self, node: &str) -> Vec<String> {
        let prefix = format!("{node} ");
        self.story()
            .iter()
            .filter_map(|event| event.strip_prefix(&prefix).map(str::to_owned))
            .collect()
    }

    pub fn logs(&self, node: &str) -> Vec<String> {
        let of = self
            .of("log")
            .into_iter()
            .filter(|line| line["nodeId"] == node);
        of.map(|line| {
            format!(
                "{} {} {}",
                line["level"].as_str().unwrap(),
                line["stream"].as_str().unwrap(),
                line["message"].as_str().unwrap()
            )
        })
        .collect()
    }

    pub fn terminal(&self, node: &str) -> Vec<u8> {
        let of = self
            .of("terminal")
            .into_iter()
            .filter(|chunk| chunk["nodeRef"] == node);
        of.flat_map(|chunk| {
            base64::engine::general_purpose::STANDARD
                .decode(chunk["payload"].as_str().unwrap())
                .unwrap()
        })
        .collect()
    }

    pub fn error(&self, node: &str) -> Value {
        let failed = self
            .of("trace")
            .into_iter()
            .rfind(|event| event["nodeId"] == node && event["type"] == "FAILED");
        failed.map_or(Value::Null, |event| event["error"].clone())
    }

    pub fn last_status(&self) -> &Value {
        self.of("status").last().copied().unwrap()
    }
}
