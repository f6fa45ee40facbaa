//! Addresses of an API, part by part: percent-encoded, with what the query needs.

use std::fmt::{Display, Write};

/// An address being built.
pub(crate) struct Address {
    text: String,
    /// What the next query parameter follows.
    joint: char,
}

impl Address {
    pub(crate) fn new(base: &str, parts: &[&str]) -> Self {
        let mut address = Self {
            text: base.trim_end_matches('/').to_owned(),
            joint: '?',
        };
        parts.iter().for_each(|part| address.part(part));
        address
    }

    pub(crate) fn part(&mut self, part: &str) {
        self.text.push('/');
        encode(part, &mut self.text);
    }

    pub(crate) fn query(mut self, name: &str, value: Option<impl Display>) -> Self {
        if let Some(value) = value {
            self.text.push(self.joint);
            self.text.push_str(name);
            self.text.push('=');
            encode(&value.to_string(), &mut self.text);
            self.joint = '&';
        }
        self
    }

    pub(crate) fn done(self) -> String {
        self.text
    }
}

/// Everything but the unreserved characters of RFC 3986 is encoded.
fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            into.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(into, "%{byte:02X}");
        }
    }
}
