//! A batch of records as Studio's frames: in its order, none too large, and no id that promises more
//! than was sent.

use super::Position;
use super::pieces::Pieces;
use crate::json;
use crate::render;
use crate::store::StoredRecord;
use crate::token::ResumeToken;
use contract::reel::Kind;
use contract::studio::Frame;
use contract::time;

/// Bytes a frame's data has at most, unless one record alone has more. Studio's reader loses an
/// event's name at 64 KiB.
const DATA: usize = 60 * 1_024;

/// The frames of one batch.
pub(super) struct Frames {
    /// Where the reader is until the whole batch is sent.
    before: ResumeToken,
    made: Vec<(Frame, String)>,
}

impl Frames {
    /// Sorts a batch into frames; records that the reader has are left out.
    pub(super) fn of(run: &str, position: &Position, batch: &[StoredRecord]) -> Self {
        let mut frames = Self {
            before: position.token(position.arrival),
            made: Vec::new(),
        };
        let of = |kinds: &[Kind]| -> Vec<&StoredRecord> {
            let wanted =
                |record: &&StoredRecord| kinds.contains(&record.kind) && !position.has(record);
            batch.iter().filter(wanted).collect()
        };
        let cursor = |text: String| match position.cursors {
            true => format!(",\"cursor\":{}", json::quote(&text)),
            false => String::new(),
        };
        let token = |record: &StoredRecord| cursor(position.token(record.arrival).to_string());
        let runs = format!("\"runId\":{},", json::quote(run));
        let plain = |record: &StoredRecord| record.body.clone();

        for graph in of(&[Kind::Graph]) {
            frames.made.push((Frame::Graph, graph.body.clone()));
        }
        frames.add(
            Frame::Trace,
            &of(&[Kind::Trace]),
            |record| render::event(run, record),
            |items, last| format!("{{\"events\":{items}{}}}", token(last)),
        );
        frames.add(
            Frame::Dataflow,
            &of(&[Kind::Packet]),
            |record| render::packet(run, record, None),
            |items, _| format!("{{\"packets\":{items}}}"),
        );
        frames.add(
            Frame::Terminal,
            &of(&[Kind::Terminal]),
            render::chunk,
            |items, last| format!("{{{runs}\"chunks\":{items}{}}}", token(last)),
        );
        frames.add(
            Frame::Logs,
            &of(&[Kind::Log]),
            |record| render::log_line(run, record),
            |items, last| {
                let instant = cursor(time::format_nanos(last.at));
                format!("{{\"logs\":{items}{instant}}}")
            },
        );
        frames.add(Frame::Agent, &of(&[Kind::Agent]), plain, |items, _| {
            format!("{{\"parts\":{items}}}")
        });
        frames.add(Frame::NodeIo, &of(&[Kind::Io]), plain, |items, _| {
            format!("{{\"nodes\":{items}}}")
        });
        frames.add(
            Frame::Artifacts,
            &of(&[Kind::Artifact]),
            plain,
            |items, _| format!("{{\"artifacts\":{items}}}"),
        );
        frames.add(
            Frame::HumanInputs,
            &of(&[Kind::HumanInput]),
            plain,
            |items, _| format!("{{\"inputs\":{items}}}"),
        );
        let rest: Vec<_> = batch
            .iter()
            .filter(|record| matches!(record.kind, Kind::Status | Kind::Note | Kind::Other(_)))
            .collect();
        let with_kind =
            |record: &StoredRecord| json::prepend("kind", record.kind.as_str(), &record.body);
        frames.add(Frame::Records, &rest, with_kind, |items, _| {
            format!("{{\"records\":{items}}}")
        });
        frames
    }

    /// All frames; the last one, and it alone, says that the batch is sent.
    pub(super) fn finish(self, reached: &ResumeToken, out: &mut Pieces) {
        let last = self.made.len().saturating_sub(1);
        for (index, (name, data)) in self.made.iter().enumerate() {
            let id = if index == last { reached } else { &self.before };
            out.event(name.as_str(), id, data);
        }
    }

    fn add(
        &mut self,
        name: Frame,
        records: &[&StoredRecord],
        item: impl Fn(&StoredRecord) -> String,
        wrap: impl Fn(&str, &StoredRecord) -> String,
    ) {
        let mut items: Vec<String> = Vec::new();
        let mut bytes = 0;
        for (index, record) in records.iter().enumerate() {
            let next = item(record);
            if bytes + next.len() > DATA && !items.is_empty() {
                let list = json::list(items.iter().map(String::as_str));
                self.made
                    .push((name.clone(), wrap(&list, records[index - 1])));
                items.clear();
                bytes = 0;
            }
            bytes += next.len() + 1;
            items.push(next);
        }
        if let Some(last) = records.last() {
            let list = json::list(items.iter().map(String::as_str));
            self.made.push((name, wrap(&list, last)));
        }
    }
}
