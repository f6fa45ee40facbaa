//! Takes typed values out of a TOML table and says what is wrong with those it cannot take.

use super::Problem;
use super::duration::parse_duration;
use super::nearest::nearest;
use regex::Regex;
use std::collections::BTreeMap;
use std::time::Duration;
use toml::{Table, Value};

/// A table being read. Whatever nobody took is unknown.
pub(super) struct Fields<'a> {
    table: Table,
    step: Option<String>,
    /// Keys asked for so far.
    known: Vec<&'static str>,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(table: Table, step: Option<String>, problems: &'a mut Vec<Problem>) -> Self {
        Self {
            table,
            step,
            known: Vec::new(),
            problems,
        }
    }

    pub(super) fn problem(&mut self, what: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem {
            step: self.step.clone(),
            what: what.into(),
            hint: hint.into(),
        });
    }

    pub(super) fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        self.table.remove(key)
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) => Some(text),
            other => self.wrong(key, "text", &other),
        }
    }

    pub(super) fn whole(&mut self, key: &'static str, from: i64) -> Option<i64> {
        match self.take(key)? {
            Value::Integer(number) if number >= from => Some(number),
            other => self.wrong(key, &format!("a whole number from {from}"), &other),
        }
    }

    pub(super) fn yes_no(&mut self, key: &'static str) -> Option<bool> {
        match self.take(key)? {
            Value::Boolean(value) => Some(value),
            other => self.wrong(key, "true or false", &other),
        }
    }

    pub(super) fn duration(&mut self, key: &'static str) -> Option<Duration> {
        let value = self.take(key)?;
        match value.as_str().and_then(parse_duration) {
            Some(duration) => Some(duration),
            None => self.wrong(
                key,
                "a duration as \"500ms\", \"10s\", \"1m30s\" or \"2h\"",
                &value,
            ),
        }
    }

    /// A list of texts; one text is a list of one.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<String> {
        let value = self.take(key);
        let texts = match &value {
            None => return Vec::new(),
            Some(Value::String(text)) => Some(vec![text.clone()]),
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect(),
            Some(_) => None,
        };
        match (texts, value) {
            (Some(texts), _) => texts,
            (None, Some(value)) => self
                .wrong(key, "a list of texts", &value)
                .unwrap_or_default(),
            (None, None) => Vec::new(),
        }
    }

    /// A table of texts; numbers and truth values count as text.
    pub(super) fn map(&mut self, key: &'static str) -> BTreeMap<String, String> {
        let mut map = BTreeMap::new();
        let Some(value) = self.take(key) else {
            return map;
        };
        let Value::Table(table) = value else {
            return self.wrong(key, "a table", &value).unwrap_or_default();
        };
        for (name, value) in table {
            let text = match value {
                Value::String(text) => text,
                Value::Integer(number) => number.to_string(),
                Value::Float(number) => number.to_string(),
                Value::Boolean(value) => value.to_string(),
                _ => {
                    self.problem(format!("`{key}.{name}` must be text"), "");
                    continue;
                }
            };
            map.insert(name, text);
        }
        map
    }

    pub(super) fn regex(&mut self, key: &str, pattern: &str) -> Option<Regex> {
        match Regex::new(pattern) {
            Ok(regex) => Some(regex),
            Err(error) => {
                let text = error.to_string();
                let reason = text
                    .lines()
                    .last()
                    .unwrap_or_default()
                    .trim_start_matches("error: ");
                self.problem(
                    format!("`{key}` is not a regular expression: {pattern:?}: {reason}"),
                    "Use the syntax of Rust's regex crate; single quotes keep backslashes as they are",
                );
                None
            }
        }
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = words
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            self.problem(
                format!("`{key}` is {text:?}"),
                format!("It must be one of {}", words.join(", ")),
            );
        }
        found
    }

    /// Complains about the keys nobody asked for.
    pub(super) fn finish(mut self) {
        let unknown: Vec<String> = self.table.keys().cloned().collect();
        for key in unknown {
            let hint = match nearest(&key, self.known.iter().copied()) {
                Some(meant) => format!("Did you mean `{meant}`?"),
                None => format!("Known here: {}", self.known.join(", ")),
            };
            self.problem(format!("unknown key `{key}`"), hint);
        }
    }

    fn wrong<T>(&mut self, key: &str, wanted: &str, given: &Value) -> Option<T> {
        self.problem(format!("`{key}` must be {wanted}, got {given}"), "");
        None
    }
}
