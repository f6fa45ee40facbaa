//! From the bytes of a terminal to the lines a person would read.

/// What was found in the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// What stood on the line before it was written over (a carriage return without a line feed).
    Rewritten(String),
    /// A complete line, as it stood last.
    Line(String),
}

/// Splits bytes, in any chunks, into lines. Colours stay, everything else that moves or erases goes.
#[derive(Debug, Default)]
pub struct Lines {
    line: Vec<u8>,
    /// Bytes of the line that were left out.
    cut: usize,
    returned: bool,
}

/// Bytes of one line that are kept.
pub const LINE_LIMIT: usize = 16 << 10;

impl Lines {
    /// Takes bytes, gives what they complete.
    pub fn feed(&mut self, bytes: &[u8], mut found: impl FnMut(Piece)) {
        for byte in bytes {
            match byte {
                b'\n' => {
                    self.returned = false;
                    found(Piece::Line(self.take()));
                }
                b'\r' => self.returned = true,
                byte => {
                    if std::mem::take(&mut self.returned) && !self.line.is_empty() {
                        let line = self.take();
                        if !line.trim().is_empty() {
                            found(Piece::Rewritten(line));
                        }
                    }
                    if self.line.len() < LINE_LIMIT {
                        self.line.push(*byte);
                    } else {
                        self.cut += 1;
                    }
                }
            }
        }
    }

    /// The last line, where it did not end.
    pub fn rest(&mut self) -> Option<Piece> {
        (!self.line.is_empty())
            .then(|| self.take())
            .filter(|line| !line.trim().is_empty())
            .map(Piece::Line)
    }

    fn take(&mut self) -> String {
        let line = std::mem::take(&mut self.line);
        let mut text = readable(&String::from_utf8_lossy(&line));
        if self.cut > 0 {
            text.push_str(&format!("…(+{} bytes)", self.cut));
            self.cut = 0;
        }
        text
    }
}

/// Text without control characters and escape sequences, but with colours.
fn readable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' => match letters.next() {
                Some('[') => {
                    let mut sequence = String::new();
                    for letter in letters.by_ref() {
                        sequence.push(letter);
                        if ('@'..='~').contains(&letter) {
                            break;
                        }
                    }
                    if sequence.ends_with('m') {
                        clean.push_str("\u{1b}[");
                        clean.push_str(&sequence);
                    }
                }
                // A title, a link: up to BEL or ESC \.
                Some(']' | 'P' | '_' | '^') => {
                    while let Some(letter) = letters.next() {
                        if letter == '\u{7}' {
                            break;
                        }
                        if letter == '\u{1b}' {
                            letters.next_if_eq(&'\\');
                            break;
                        }
                    }
                }
                // A character set takes one more.
                Some('(' | ')' | '#' | '%') => {
                    letters.next();
                }
                _ => {}
            },
            '\t' => clean.push('\t'),
            letter if letter.is_control() => {}
            letter => clean.push(letter),
        }
    }
    clean
}

/// Text without colours, for patterns.
pub fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..start]);
        rest = match rest[start..].find('m') {
            Some(end) => &rest[start + end + 1..],
            None => "",
        };
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(bytes: &[u8], chunk: usize) -> Vec<String> {
        let mut lines = Lines::default();
        let mut found = Vec::new();
        for bytes in bytes.chunks(chunk) {
            lines.feed(bytes, |piece| found.push(piece));
        }
        found.extend(lines.rest());
        let drawn = |piece| match piece {
            Piece::Rewritten(text) => format!("~{text}"),
            Piece::Line(text) => format!("={text}"),
        };
        found.into_iter().map(drawn).collect()
    }

    #[test]
    fn lines_as_they_stood_last_over_any_chunking() {
        for (bytes, want) in [
            ("one\r\ntwo\n", vec!["=one", "=two"]),
            (
                "1/3\r2/3\r3/3\r\ndone\r\n",
                vec!["~1/3", "~2/3", "=3/3", "=done"],
            ),
            ("\r\u{1b}[K1/2\r\u{1b}[K2/2\r\n", vec!["~1/2", "=2/2"]),
            ("\u{1b}[31mred\u{1b}[0m\n", vec!["=\u{1b}[31mred\u{1b}[0m"]),
            ("\u{1b}[2J\u{1b}[1;1Htop\u{1b}[K\n", vec!["=top"]),
            ("\u{1b}]0;title\u{7}a\u{1b}]8;;x\u{1b}\\b\n", vec!["=ab"]),
            ("a\tb\u{8}\u{7}\u{1b}(Bc\n", vec!["=a\tbc"]),
            ("\n\n", vec!["=", "="]),
            ("grüß 漢 🎬\nno end", vec!["=grüß 漢 🎬", "=no end"]),
            ("\u{1b}[0m", vec!["=\u{1b}[0m"]),
        ] {
            for chunk in [1, 2, 3, 1000] {
                assert_eq!(
                    pieces(bytes.as_bytes(), chunk),
                    want,
                    "{bytes:?} by {chunk}"
                );
            }
        }
        assert_eq!(pieces(b"bad \xff byte\n", 1), ["=bad \u{fffd} byte"]);
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let bytes = vec![b'x'; LINE_LIMIT + 5];
        let found = pieces(&bytes, 1000);
        assert!(found[0].ends_with("x…(+5 bytes)"));
    }

    #[test]
    fn patterns_see_no_colours() {
        assert_eq!(plain("\u{1b}[1;31mERROR\u{1b}[0m: x"), "ERROR: x");
    }
}
