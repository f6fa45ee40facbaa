//! Small helpers for JSON that is mostly passed on as text.

use serde_json::{Map, Value};

/// An object, as records are.
pub(crate) type Object = Map<String, Value>;

/// Reads an object that we wrote ourselves; an unreadable one (which only a damaged store can
/// hold) comes out empty and is logged.
pub(crate) fn object(text: &str) -> Object {
    serde_json::from_str(text).unwrap_or_else(|error| {
        tracing::error!(%error, "the store holds text that is not a JSON object");
        Object::new()
    })
}

/// The text of a field.
pub(crate) fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

/// Sets a field that is not there.
pub(crate) fn default(object: &mut Object, name: &str, value: impl Into<Value>) {
    if !object.contains_key(name) {
        object.insert(name.to_owned(), value.into());
    }
}

/// A JSON string literal.
pub(crate) fn quote(text: &str) -> String {
    Value::from(text).to_string()
}

/// `[a,b,…]` of items that are JSON already.
pub(crate) fn list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::from("[");
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(item);
    }
    out.push(']');
    out
}

/// `{"name":…, rest}`: puts a member before those of an object that is JSON already.
pub(crate) fn prepend(name: &str, value: &str, object: &str) -> String {
    let rest = object.strip_prefix('{').unwrap_or("}");
    let comma = if rest == "}" { "" } else { "," };
    format!("{{\"{name}\":{}{comma}{rest}", quote(value))
}

#[cfg(test)]
mod tests {
    #[test]
    fn members_go_in_front() {
        assert_eq!(
            super::prepend("kind", "log", r#"{"id":"1"}"#),
            r#"{"kind":"log","id":"1"}"#
        );
        assert_eq!(super::prepend("kind", "a\"b", "{}"), r#"{"kind":"a\"b"}"#);
        assert_eq!(super::list(["1", "{}"]), "[1,{}]");
        assert_eq!(super::list([]), "[]");
    }
}
