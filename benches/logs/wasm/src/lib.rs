//! A long log in the model's log channel, and the model's search through it.

use model::channel::log::{Level, LogChannel, LogStream, NewLine};
use model::search::{Kind, Query, Search};
use model::{Millis, NodeIx, Stamp};
use std::fmt::Write as _;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// A log, and what is looked for in it.
#[wasm_bindgen]
#[derive(Default)]
pub struct Log {
    logs: LogChannel,
    search: Option<Search>,
}

#[wasm_bindgen]
impl Log {
    /// An empty one.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes lines in, which a line feed parts: text, milliseconds, node and level of each.
    pub fn append(
        &mut self,
        text: &[u8],
        times: &[f64],
        nodes: &[u16],
        levels: &[u8],
    ) -> Result<(), JsError> {
        let lines = std::str::from_utf8(text)?.split('\n');
        let mut id = String::new();
        for (((message, at), node), level) in lines.zip(times).zip(nodes).zip(levels) {
            let sequence = self.logs.len() as u64;
            id.clear();
            write!(id, "l{sequence}")?;
            self.logs.insert(NewLine {
                stamp: Stamp {
                    at: Millis(*at as i64),
                    nanos: 0,
                    sequence,
                },
                node: Some(NodeIx(u32::from(*node))),
                level: Level::ALL[usize::from(*level)],
                stream: LogStream::Stdout,
                id: &id,
                message,
            });
        }
        Ok(())
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.logs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.logs.is_empty()
    }

    /// Bytes that the lines take, texts and all else.
    pub fn weight(&self) -> usize {
        self.logs.weight()
    }

    /// The texts of so many lines, with a line feed between them.
    pub fn rows(&self, first: usize, count: usize) -> String {
        let lines = self.logs.lines(first..first + count);
        let texts: Vec<_> = lines.map(|line| line.message).collect();
        texts.join("\n")
    }

    /// Begins to look for something, whatever its case.
    pub fn search(&mut self, text: &str, regex: bool) -> Result<(), JsError> {
        let kind = if regex { Kind::Regex } else { Kind::Plain };
        self.search = Some(Search::new(Query {
            kind,
            ..Query::plain(text)
        })?);
        Ok(())
    }

    /// Looks on for a frame's time; whether that was all.
    pub fn step(&mut self) -> bool {
        let search = self.search.as_mut();
        search.is_none_or(|search| search.step_log(&self.logs, Search::FRAME))
    }

    /// How often it was found.
    pub fn hits(&self) -> f64 {
        let search = self.search.as_ref();
        search.map_or(0.0, |search| {
            search.log().upto(self.logs.len()).times as f64
        })
    }

    /// The line in which it was found first.
    pub fn first(&self) -> usize {
        let first = self.search.as_ref().and_then(|search| search.log().get(0));
        first.map_or(0, |(number, _)| number)
    }
}
