//! A long log in a journal, taken in and searched as the app does it.

use model::channel::log::{Level, LogStream};
use model::item::LogItem;
use model::search::{Kind, Query, Search};
use model::{Item, Journal, Millis, Stamp, Text};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// A log, and what is looked for in it.
#[wasm_bindgen]
#[derive(Default)]
pub struct Log {
    journal: Journal,
    /// Names are shared, as a dialect shares them.
    names: Vec<Text>,
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
        let text = std::str::from_utf8(text)?;
        let most = nodes.iter().copied().max().map_or(0, usize::from);
        for node in self.names.len()..=most {
            self.names.push(format!("node-{node}").into());
        }
        let first = self.journal.logs().len() as u64;
        let lines = text
            .split('\n')
            .zip(times)
            .zip(nodes)
            .zip(levels)
            .zip(first..);
        self.journal
            .append(lines.map(|((((message, at), node), level), number)| {
                Item::Log(LogItem {
                    id: format!("l{number}").into(),
                    node: self.names[usize::from(*node)].clone(),
                    stamp: Stamp {
                        at: Millis(*at as i64),
                        nanos: 0,
                        sequence: number,
                    },
                    level: Level::ALL[usize::from(*level)],
                    stream: LogStream::Stdout,
                    message: message.into(),
                })
            }));
        Ok(())
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.journal.logs().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.journal.logs().is_empty()
    }

    /// Bytes that the lines take, texts and all else.
    pub fn weight(&self) -> usize {
        self.journal.logs().weight()
    }

    /// The texts of so many lines, with a line feed between them.
    pub fn rows(&self, first: usize, count: usize) -> String {
        let lines = self.journal.logs().lines(first..first + count);
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
        search.is_none_or(|search| search.step(&self.journal, Search::FRAME))
    }

    /// How often it was found.
    pub fn hits(&self) -> f64 {
        let search = self.search.as_ref();
        let count = search.map(|search| search.count(&self.journal, Millis::MAX));
        count.unwrap_or_default().times as f64
    }

    /// The line in which it was found first.
    pub fn first(&self) -> usize {
        let search = self.search.as_ref();
        let first =
            search.and_then(|search| search.next_from(&self.journal, Millis(0), Millis::MAX));
        first.map_or(0, |place| place.hit.place as usize)
    }
}
