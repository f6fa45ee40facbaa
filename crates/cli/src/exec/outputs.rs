//! Values that a step hands on: `key=value` lines in the file that `$RUNREEL_OUTPUT` names.

use serde_json::{Map, Value};

/// Bytes of the file that are read.
pub const OUTPUT_LIMIT: usize = 1 << 20;

/// Reads the lines. A value that is a JSON number, truth value, list or object counts as such, anything
/// else is text. Also returns the lines that say nothing.
pub fn read(text: &str) -> (Map<String, Value>, Vec<String>) {
    let mut values = Map::new();
    let mut unread = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match line.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() => {
                values.insert(key.trim().to_owned(), typed(value.trim()));
            }
            _ => unread.push(line.to_owned()),
        }
    }
    (values, unread)
}

/// The name of the variable in which a dependent finds a value.
pub fn variable(step: &str, key: &str) -> String {
    let shout = |text: &str| -> String {
        let letter = |letter: char| match letter.is_ascii_alphanumeric() {
            true => letter.to_ascii_uppercase(),
            false => '_',
        };
        text.chars().map(letter).collect()
    };
    format!("RUNREEL_INPUT_{}_{}", shout(step), shout(key))
}

/// A value as text for a variable.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// What an event says of values: the simple ones; a list by its length (contract A.5).
pub fn summary(values: &Map<String, Value>) -> Map<String, Value> {
    let mut summary = Map::new();
    for (key, value) in values {
        match value {
            Value::Array(items) => {
                summary.insert(format!("{key}Count"), items.len().into());
                summary.insert("_truncated".into(), true.into());
            }
            Value::Object(_) => {
                summary.insert("_truncated".into(), true.into());
            }
            simple => {
                summary.insert(key.clone(), simple.clone());
            }
        }
    }
    summary
}

fn typed(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(Value::String(_) | Value::Null) | Err(_) => Value::String(text.to_owned()),
        Ok(value) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_have_types() {
        let (values, unread) = read(
            "n=3\nname = a=b \nok=true\nlist=[1,2]\nmap={\"x\":1}\nquoted=\"x\"\nnothing\n\n=x\n",
        );
        let want = json!({"n": 3, "name": "a=b", "ok": true, "list": [1, 2], "map": {"x": 1}, "quoted": "\"x\""});
        assert_eq!(Value::Object(values.clone()), want);
        assert_eq!(unread, ["nothing", "=x"]);
        let want = json!({"n": 3, "name": "a=b", "ok": true, "listCount": 2, "_truncated": true, "quoted": "\"x\""});
        assert_eq!(Value::Object(summary(&values)), want);
    }

    #[test]
    fn variables_shout() {
        assert_eq!(
            variable("make-data", "rows.n"),
            "RUNREEL_INPUT_MAKE_DATA_ROWS_N"
        );
    }
}
