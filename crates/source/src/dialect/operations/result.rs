//! What an operation has to show: an agent's result, or whatever another provider says.

use super::super::decoder::Decoder;
use super::super::lenient::Members;
use contract::operations::{ArtifactInfo, ResultStatus};
use model::{JsonText, Text};
use serde_json::value::RawValue;

/// A count of lines above this is none.
pub(super) const MAX_COUNT: u64 = 1 << 40;

/// A result as it was read.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The agent says that it failed, whatever the operation says.
    pub(super) failed: bool,
    /// In a sentence.
    pub(super) summary: Option<Text>,
    /// What went wrong, where anybody says so.
    pub(super) reason: Option<Text>,
    /// The agent's exit code.
    pub(super) code: Option<Text>,
    pub(super) artifacts: Vec<ArtifactInfo>,
    /// All of it but the log, as it came.
    pub(super) output: Option<JsonText>,
    /// None where the result has no log.
    pub(super) window: Option<Window>,
}

/// The end of the log.
#[derive(Debug, Default)]
pub(super) struct Window {
    /// Its last lines.
    pub(super) lines: Vec<String>,
    /// How many it has in all; none where that makes no sense.
    pub(super) count: Option<u64>,
    pub(super) truncated: bool,
}

impl Window {
    pub(super) fn len(&self) -> u64 {
        self.lines.len() as u64
    }
}

impl Decoder {
    pub(super) fn outcome(&mut self, raw: &str) -> Outcome {
        let Ok(members) = Members::read(raw) else {
            // Other providers answer with a text or a list.
            return Outcome {
                output: Some(JsonText(raw.into())),
                ..Outcome::default()
            };
        };
        let said = |name: &str| said(&members, name);
        let failed = members
            .text("status")
            .is_some_and(|word| ResultStatus::from_word(&word) == ResultStatus::Error);
        let summary = said("summary");
        let of_failure = summary.clone().filter(|_| failed);
        let has_log = members.get("logs").is_some() || members.get("log_count").is_some();
        Outcome {
            failed,
            reason: said("error").or_else(|| said("detail")).or(of_failure),
            summary,
            code: said("return_code"),
            artifacts: self.artifact_infos(&members),
            window: has_log.then(|| self.window(&members)),
            output: without_log(raw),
        }
    }

    fn artifact_infos(&mut self, members: &Members<'_>) -> Vec<ArtifactInfo> {
        let mut infos = Vec::new();
        for raw in self.elements(members, "artifacts") {
            // An agent itself states paths alone.
            let path = serde_json::from_str::<String>(raw.get());
            let info = match path {
                Ok(path) => Some(ArtifactInfo {
                    path,
                    size: 0,
                    content_type: None,
                }),
                Err(_) => self.read::<ArtifactInfo>(raw.get()),
            };
            infos.extend(info);
        }
        infos
    }

    fn window(&mut self, members: &Members<'_>) -> Window {
        let lines = members.get("logs").map(serde_json::from_str::<Vec<String>>);
        let lines = match lines {
            None => Vec::new(),
            Some(Ok(lines)) => lines,
            Some(Err(_)) => self.odd_lines(members),
        };
        let count = members
            .text("log_count")
            .and_then(|count| count.parse().ok());
        let shown = lines.len() as u64;
        let usable = count.filter(|count| (shown..=MAX_COUNT).contains(count));
        if usable.is_none() {
            let what = format!(
                "`log_count` is {}, with {shown} lines shown: lines cannot be told apart by it",
                members.get("log_count").unwrap_or("missing"),
            );
            self.problem(what, "");
        }
        Window {
            lines,
            count: usable,
            truncated: members.get("truncated") == Some("true"),
        }
    }

    /// Lines some of which are no text.
    #[cold]
    fn odd_lines(&mut self, members: &Members<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        for raw in self.elements(members, "logs") {
            let line = serde_json::from_str::<String>(raw.get()).unwrap_or_else(|_| {
                self.problem("a line of the log is no text; shown as it came", raw.get());
                raw.get().to_owned()
            });
            lines.push(line);
        }
        lines
    }

    fn elements<'a>(&mut self, members: &Members<'a>, name: &str) -> Vec<&'a RawValue> {
        let Some(raw) = members.get(name) else {
            return Vec::new();
        };
        serde_json::from_str(raw).unwrap_or_else(|error| {
            self.problem(format!("`{name}`: {error}"), raw);
            Vec::new()
        })
    }
}

/// A text, or a number as text, or the `message` of an object.
fn said(members: &Members<'_>, name: &str) -> Option<Text> {
    let text = members.text(name).or_else(|| {
        let inner = Members::read(members.get(name)?).ok()?;
        inner.text("message").or_else(|| inner.text("detail"))
    });
    text.filter(|text| !text.trim().is_empty()).map(Text::from)
}

/// The object without the members that make the log.
fn without_log(raw: &str) -> Option<JsonText> {
    const LOG: [&str; 3] = ["logs", "log_count", "truncated"];
    let members = Members::read(raw).ok()?;
    Some(JsonText(members.without(&LOG).into()))
}
