//! JSON read where it lies: for the few messages that come by the hundred thousand.
//!
//! It takes what is JSON and plain (docs/decisions/0011-usual-events.md): at anything else, as an escape in a
//! text that is wanted, it answers `None`, and whoever asked reads the whole again with serde. What
//! it takes, serde takes as well and reads the same; a test says so.

/// A place in a JSON text.
#[derive(Debug)]
pub struct Scan<'a> {
    text: &'a str,
    at: usize,
}

/// How deep values may be nested in what is taken as it comes.
const DEPTH: u32 = u32::BITS;

/// The bytes at which a text ends, or is not a plain one.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut control = 0;
    while control < 0x20 {
        stops[control] = true;
        control += 1;
    }
    stops[b'"' as usize] = true;
    stops[b'\\' as usize] = true;
    stops
};

impl<'a> Scan<'a> {
    /// At the beginning of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Goes over `byte`, and white space before it.
    #[inline]
    pub fn eat(&mut self, byte: u8) -> Option<()> {
        // Machines write no white space: look for it only where the byte is not there already.
        if self.text.as_bytes().get(self.at) == Some(&byte) {
            self.at += 1;
            return Some(());
        }
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// After a member or an element: whether another one comes, or `close`.
    #[inline]
    pub fn goes_on(&mut self, close: u8) -> Option<bool> {
        if self.text.as_bytes().get(self.at) == Some(&b',') {
            self.at += 1;
            return Some(true);
        }
        let next = self.peek()?;
        self.at += 1;
        match next {
            b',' => Some(true),
            byte if byte == close => Some(false),
            _ => None,
        }
    }

    /// The first byte of what comes next; none at the end.
    #[inline]
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at)? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(*byte),
            }
        }
    }

    /// Whether nothing but white space is left.
    pub fn is_at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    /// A text without escapes.
    #[inline(never)]
    pub fn plain(&mut self) -> Option<&'a str> {
        self.eat(b'"')?;
        let rest = self.text.as_bytes().get(self.at..)?;
        let length = rest.iter().position(|byte| STOPS[usize::from(*byte)])?;
        let text = self.text.get(self.at..self.at + length)?;
        self.at += length + 1;
        (rest[length] == b'"').then_some(text)
    }

    /// A member's name, and the colon after it.
    #[inline]
    pub fn name(&mut self) -> Option<&'a str> {
        let name = self.plain()?;
        self.eat(b':')?;
        Some(name)
    }

    /// Any value, as its text.
    #[inline(never)]
    pub fn value(&mut self) -> Option<&'a str> {
        self.peek()?;
        let start = self.at;
        self.skip()?;
        self.text.get(start..self.at)
    }

    /// Goes over a value. A loop, and not a function that calls itself: browsers put such a one into
    /// itself several times over, and are at work on that while the run arrives.
    fn skip(&mut self) -> Option<()> {
        // The kinds of what is open, a bit each, the innermost lowest: 1 for an object.
        let (mut open, mut depth) = (0_u32, 0);
        loop {
            match self.peek()? {
                b'"' => self.skip_text()?,
                byte @ (b'{' | b'[') => {
                    self.at += 1;
                    let object = byte == b'{';
                    if self.peek()? != close(object) {
                        if depth == DEPTH {
                            return None;
                        }
                        depth += 1;
                        open = open << 1 | u32::from(object);
                        if object {
                            self.skip_name()?;
                        }
                        continue;
                    }
                    self.at += 1;
                }
                b't' => self.skip_word("true")?,
                b'f' => self.skip_word("false")?,
                b'n' => self.skip_word("null")?,
                _ => self.skip_number()?,
            }
            // A value has ended, and with it perhaps those around it.
            loop {
                if depth == 0 {
                    return Some(());
                }
                let object = open & 1 == 1;
                if self.goes_on(close(object))? {
                    if object {
                        self.skip_name()?;
                    }
                    break;
                }
                open >>= 1;
                depth -= 1;
            }
        }
    }

    fn skip_name(&mut self) -> Option<()> {
        self.peek()?;
        self.skip_text()?;
        self.eat(b':')
    }

    /// A text with whatever escapes; those by number are left to serde, which knows halves.
    fn skip_text(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        if bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        self.at += 1;
        loop {
            match bytes.get(self.at)? {
                b'"' => break,
                b'\\' => match bytes.get(self.at + 1)? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 2,
                    _ => return None,
                },
                0..0x20 => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(())
    }

    fn skip_word(&mut self, word: &str) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at..)?;
        rest.starts_with(word.as_bytes())
            .then(|| self.at += word.len())
    }

    fn skip_number(&mut self) -> Option<()> {
        self.skip_if(b"-");
        match self.text.as_bytes().get(self.at)? {
            b'0' => self.at += 1,
            _ => self.skip_digits()?,
        }
        if self.skip_if(b".") {
            self.skip_digits()?;
        }
        if self.skip_if(b"eE") {
            self.skip_if(b"+-");
            self.skip_digits()?;
        }
        Some(())
    }

    fn skip_digits(&mut self) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        (digits > 0).then_some(())
    }

    fn skip_if(&mut self, bytes: &[u8]) -> bool {
        let found = self
            .text
            .as_bytes()
            .get(self.at)
            .is_some_and(|byte| bytes.contains(byte));
        self.at += usize::from(found);
        found
    }
}

/// What closes an object, or an array.
fn close(object: bool) -> u8 {
    match object {
        true => b'}',
        false => b']',
    }
}

/// Whether `name` is `word`, of up to 16 bytes; for short words quicker than a comparison by call.
#[inline(always)]
pub fn is<const LENGTH: usize>(name: &str, word: &[u8; LENGTH]) -> bool {
    match <&[u8; LENGTH]>::try_from(name.as_bytes()) {
        Ok(name) => ends(name) == ends(word),
        Err(_) => false,
    }
}

/// The first and the last half of up to 16 bytes, which may overlap: two loads in place of a loop.
#[inline(always)]
const fn ends<const LENGTH: usize>(bytes: &[u8; LENGTH]) -> (u64, u64) {
    const { assert!(LENGTH <= 16) };
    let half = if LENGTH >= 8 { 8 } else { LENGTH.div_ceil(2) };
    (number(bytes, 0, half), number(bytes, LENGTH - half, half))
}

#[inline(always)]
const fn number(bytes: &[u8], from: usize, length: usize) -> u64 {
    let (mut number, mut at) = (0, 0);
    while at < length {
        number |= (bytes[from + at] as u64) << (8 * at);
        at += 1;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    fn value(text: &str) -> Option<&str> {
        let mut scan = Scan::new(text);
        let value = scan.value()?;
        scan.is_at_end().then_some(value)
    }

    #[test]
    fn values_that_are_taken_and_values_that_are_left() {
        for (text, taken) in [
            ("{}", true),
            (" [ ] ", true),
            (r#"{"a":[1,-0.5e+3,true,null],"b":{"c":"x\n\"y\""}}"#, true),
            ("0", true),
            ("-12.50E-7", true),
            (r#""ü""#, true),
            ("01", false),
            ("1.", false),
            ("-", false),
            ("+1", false),
            ("1e", false),
            ("tru", false),
            ("truex", false),
            ("[1,]", false),
            ("[,1]", false),
            (r#"{"a"}"#, false),
            (r#"{"a":1,}"#, false),
            (r#"{a:1}"#, false),
            (r#""\u00fc""#, false),
            (r#""\x""#, false),
            ("\"\n\"", false),
            (r#""open"#, false),
            ("", false),
        ] {
            assert_eq!(value(text), taken.then(|| text.trim()), "{text}");
        }
        let deep = |depth: u32| {
            let depth = depth as usize;
            format!("{}{}", "[".repeat(depth), "]".repeat(depth))
        };
        assert!(value(&deep(DEPTH)).is_some());
        assert!(value(&deep(DEPTH + 2)).is_none());
    }

    proptest! {
        #[test]
        fn what_is_taken_is_what_serde_takes(text in r#"[ \[\]{}",:0-9eE.+\-\\antrufls]{0,24}"#) {
            if let Some(value) = value(&text) {
                let read = serde_json::from_str::<&RawValue>(&text);
                prop_assert_eq!(read.map(RawValue::get).ok(), Some(value));
            }
        }
    }
}
