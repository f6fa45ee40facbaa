//! Records of any kind, as a reel and our own `records` frame and answer hold them.

use super::super::decoder::Decoder;
use super::super::lenient::{Members, one_line};
use super::run::Origin;
use contract::reel::{Kind, REEL_VERSION};
use model::{Item, JsonText};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The two words that tell a line apart.
#[derive(Deserialize)]
struct Probe<'a> {
    #[serde(borrow, default)]
    kind: Option<&'a RawValue>,
    #[serde(borrow, default)]
    reel: Option<&'a RawValue>,
}

impl Decoder {
    /// The `records` frame, and the answer to "what arrived after this token":
    /// `{runId, epoch, cursor, hasMore, run?, graph?, records:[{kind,…}]}`. From the start it brings
    /// the run and its graph along.
    pub(super) fn record_list(&mut self, raw: &str) {
        if let Some((records, rest)) = self.list(raw, "records") {
            self.batch.items.reserve(records.len());
            self.run_and_graph(&rest);
            self.each("record", &records, Self::record);
            self.resume(token(&rest));
            self.batch.has_more = rest.get("hasMore") == Some("true");
            self.batch.restarted = rest.text("resume").as_deref() == Some("restarted");
        }
    }

    /// One line of a reel: a header, or a record with its `kind`. A kind that is not known is kept.
    pub(crate) fn record(&mut self, raw: &str) {
        let probe: Probe<'_> = match serde_json::from_str(raw) {
            Ok(probe) => probe,
            Err(error) => return self.problem(error.to_string(), raw),
        };
        let kind = match (probe.kind, probe.reel) {
            (Some(kind), _) => serde_json::from_str::<Kind>(kind.get()).ok(),
            (None, Some(version)) => return self.header(version.get(), raw),
            (None, None) => None,
        };
        match kind {
            Some(Kind::Status) => self.status(raw, Origin::Recorded),
            Some(Kind::Trace) => self.trace(raw),
            Some(Kind::Packet) => self.packet(raw),
            Some(Kind::Io) => self.io(raw),
            Some(Kind::Terminal) => self.terminal(raw),
            Some(Kind::Log) => self.log(raw),
            Some(Kind::Agent) => self.agent(raw, None),
            Some(Kind::Artifact) => self.artifact(raw),
            Some(Kind::HumanInput) => self.human_input(raw),
            Some(Kind::Note) => self.note(raw),
            Some(Kind::Graph) => self.graph(raw),
            Some(Kind::Other(word)) if !word.is_empty() => {
                let kind = self.name(&word);
                self.push(Item::Unknown {
                    kind,
                    raw: JsonText(one_line(raw).into()),
                });
            }
            _ => self.problem("no `kind` that says what it is", raw),
        }
    }

    /// A header: the run, and the graph where it has one.
    fn header(&mut self, version: &str, raw: &str) {
        match version.parse() {
            Ok(1..=REEL_VERSION) => {}
            _ => self.problem(
                format!("a reel of version {version}; versions 1 to {REEL_VERSION} are known here"),
                raw,
            ),
        }
        let members = match Members::read(raw) {
            Ok(members) => members,
            Err(what) => return self.problem(what, raw),
        };
        if members.get("run").is_none() {
            self.problem("missing field `run`", raw);
        }
        self.run_and_graph(&members);
    }

    fn run_and_graph(&mut self, members: &Members<'_>) {
        if let Some(text) = members.get("run")
            && let Some(run) = self.read(text)
        {
            self.run(run, text);
        }
        if let Some(graph) = members.get("graph") {
            self.graph(graph);
        }
    }
}

/// The token of an answer: `cursor`, which stands within `epoch` where it is a mere number.
fn token(members: &Members<'_>) -> Option<String> {
    let cursor = members.text("cursor")?;
    match members.text("epoch") {
        Some(epoch) if cursor.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(format!("{epoch}-{cursor}"))
        }
        _ => Some(cursor),
    }
}
