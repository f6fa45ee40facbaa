//! Inputs and outputs of nodes as they stand, large ones as previews.

use crate::json;
use crate::render;
use model::item::NodeIo;
use model::{JsonText, Millis, Text};
use std::collections::HashMap;

/// Bytes from which on a value is held as a preview.
const LARGE: usize = 16 << 10;
/// Bytes of whole values that are held of a run; beyond, further ones are previews.
const WHOLE: usize = 8 << 20;
/// Bytes that are held whole in any case: no preview is shorter.
const SMALL: usize = 1 << 10;

/// The values of a run.
#[derive(Debug, Default)]
pub(crate) struct Values {
    nodes: HashMap<Text, NodeValues>,
    bytes: usize,
}

/// What went into a node, and what came out of it.
#[derive(Debug, Default)]
pub(crate) struct NodeValues {
    /// In.
    pub(crate) inputs: Option<Value>,
    /// Out.
    pub(crate) outputs: Option<Value>,
}

/// A value and from when on it is known.
#[derive(Debug)]
pub(crate) struct Value {
    /// From when on.
    pub(crate) at: Millis,
    /// The value, or a text that begins as it does.
    pub(crate) json: JsonText,
    /// Whether it is such a text; the store has the value.
    pub(crate) preview: bool,
}

impl Values {
    /// Takes what a record says; the latest holds, whatever the order they come in.
    pub(crate) fn take(&mut self, io: NodeIo) {
        let bytes = &mut self.bytes;
        let node = self.nodes.entry(io.node).or_default();
        for (held, said) in [
            (&mut node.inputs, io.inputs),
            (&mut node.outputs, io.outputs),
        ] {
            let Some(said) = said.filter(|said| said.as_str() != "null") else {
                continue;
            };
            let older = held.as_ref().is_some_and(|held| io.at < held.at);
            if older {
                continue;
            }
            *bytes -= held.as_ref().map_or(0, Value::bytes);
            let value = Value::new(io.at, said, WHOLE.saturating_sub(*bytes));
            *bytes += value.bytes();
            *held = Some(value);
        }
    }

    /// The values of a node.
    pub(crate) fn of(&self, node: &str) -> Option<&NodeValues> {
        self.nodes.get(node)
    }

    /// Bytes held, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes + self.nodes.len() * 200
    }
}

impl Value {
    fn new(at: Millis, said: JsonText, room: usize) -> Self {
        let preview = said.as_str().len() > LARGE.min(room.max(SMALL));
        Self {
            at,
            json: if preview { self::preview(&said) } else { said },
            preview,
        }
    }

    fn bytes(&self) -> usize {
        self.json.as_str().len()
    }
}

/// A text that begins as the value does.
pub(crate) fn preview(value: &JsonText) -> JsonText {
    JsonText(json::quote(&render::preview(value.as_str())).into())
}

/// The value itself, or a preview where it is large.
pub(crate) fn small(value: JsonText) -> JsonText {
    match value.as_str().len() > LARGE {
        true => preview(&value),
        false => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn io(at: i64, outputs: &str) -> NodeIo {
        NodeIo {
            node: "a".into(),
            at: Millis(at),
            inputs: None,
            outputs: Some(JsonText(outputs.into())),
            truncated: false,
        }
    }

    #[test]
    fn the_latest_holds_and_large_ones_are_previews() {
        let mut values = Values::default();
        for (at, outputs, want) in [
            (2, "{\"n\":2}", "{\"n\":2}"),
            (1, "{\"n\":1}", "{\"n\":2}"),
            (3, "null", "{\"n\":2}"),
            (3, "7", "7"),
        ] {
            values.take(io(at, outputs));
            let held = values.of("a").unwrap().outputs.as_ref().unwrap();
            assert_eq!(held.json.as_str(), want);
            assert!(!held.preview);
            assert_eq!(values.bytes, want.len());
        }
        let large = format!("\"{}\"", "ü".repeat(LARGE));
        values.take(io(4, &large));
        let held = values.of("a").unwrap().outputs.as_ref().unwrap();
        assert!(held.preview && held.json.as_str().len() < 3_000);
        assert!(held.json.as_str().starts_with("\"\\\"üü"));
    }
}
