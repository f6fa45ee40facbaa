//! Colours in log lines: ANSI sequences become spans with class names, everything else text.
//!
//! Cursor movements and titles are dropped: a log is no terminal. Control and bidirectional marks
//! are shown as signs, so that no line can pass for another.

use crate::view::parts::text::push_visible;

/// A stretch of text in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Class names, separated by spaces; empty for plain text.
    pub class: String,
    /// What is shown.
    pub text: String,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Style {
    colour: Option<usize>,
    bold: bool,
    dim: bool,
    italic: bool,
    underline: bool,
}

const COLOURS: [&str; 8] = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
];

/// Takes a line apart.
pub fn spans(line: &str) -> Vec<Span> {
    let mut spans = vec![Span::default()];
    let mut style = Style::default();
    let mut rest = line.chars().peekable();
    while let Some(character) = rest.next() {
        if character != '\u{1b}' {
            if let Some(span) = spans.last_mut() {
                push(&mut span.text, character);
            }
            continue;
        }
        match rest.next() {
            Some('[') => {
                let mut parameters = String::new();
                let end = loop {
                    match rest.next() {
                        Some(parameter) if ('\u{20}'..='\u{3f}').contains(&parameter) => {
                            parameters.push(parameter)
                        }
                        end => break end,
                    }
                };
                if end == Some('m') {
                    style = select(style, &parameters);
                    spans.push(Span {
                        class: style.class(),
                        text: String::new(),
                    });
                }
            }
            // An operating system command (title, link …) ends with BEL or ESC \.
            Some(']') => {
                while rest
                    .next_if(|next| *next != '\u{7}' && *next != '\u{1b}')
                    .is_some()
                {}
            }
            _ => {}
        }
        // The BEL that closed a command is not text.
        rest.next_if_eq(&'\u{7}');
    }
    spans.retain(|span| !span.text.is_empty());
    spans
}

fn select(mut style: Style, parameters: &str) -> Style {
    let mut codes = parameters
        .split([';', ':'])
        .map(|code| code.parse().unwrap_or(0_usize));
    while let Some(code) = codes.next() {
        match code {
            0 => style = Style::default(),
            1 => style.bold = true,
            2 => style.dim = true,
            3 => style.italic = true,
            4 => style.underline = true,
            22 => (style.bold, style.dim) = (false, false),
            23 => style.italic = false,
            24 => style.underline = false,
            30..=37 => style.colour = Some(code - 30),
            90..=97 => style.colour = Some(code - 90 + 8),
            39 => style.colour = None,
            // 256 colours and true colour: the first 16 are ours, the others keep the text's colour.
            38 | 48 => match codes.next() {
                Some(5) => {
                    let index = codes.next().filter(|index| *index < 16);
                    if code == 38 && index.is_some() {
                        style.colour = index;
                    }
                }
                Some(2) => codes.by_ref().take(3).for_each(drop),
                _ => {}
            },
            _ => {}
        }
    }
    style
}

impl Style {
    fn class(self) -> String {
        let colour = self.colour.map(|index| match index {
            0..8 => format!("ansi-{}", COLOURS[index]),
            _ => format!("ansi-bright-{}", COLOURS[index % 8]),
        });
        let marks = [
            (self.bold, "ansi-bold"),
            (self.dim, "ansi-dim"),
            (self.italic, "ansi-italic"),
            (self.underline, "ansi-underline"),
        ];
        let marks = marks
            .into_iter()
            .filter(|(on, _)| *on)
            .map(|(_, class)| class.to_owned());
        colour
            .into_iter()
            .chain(marks)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

fn push(text: &mut String, character: char) {
    match character {
        '\t' => text.push_str("    "),
        '\r' => {}
        other => push_visible(text, other),
    }
}

#[cfg(test)]
mod tests {
    use super::spans;

    /// `class:text|text`, a `|` between spans.
    fn check(line: &str, want: &str) {
        let drawn: Vec<_> = spans(line)
            .into_iter()
            .map(|span| {
                if span.class.is_empty() {
                    span.text
                } else {
                    format!("{}:{}", span.class, span.text)
                }
            })
            .collect();
        assert_eq!(drawn.join("|"), want, "{line:?}");
    }

    #[test]
    fn colours_become_classes_and_nothing_becomes_markup() {
        check("plain", "plain");
        check("\u{1b}[31mred\u{1b}[0m on", "ansi-red:red| on");
        check(
            "\u{1b}[1;92mok\u{1b}[22m!",
            "ansi-bright-green ansi-bold:ok|ansi-bright-green:!",
        );
        check(
            "\u{1b}[38;5;4mb\u{1b}[38;2;1;2;3mx",
            "ansi-blue:b|ansi-blue:x",
        );
        check("\u{1b}[31m<b>", "ansi-red:<b>");
        check("\u{1b}[2K\u{1b}[1Gbar", "bar");
        check("\u{1b}]0;title\u{7}text", "text");
        check("a\tb\u{8}c\r", "a    b␈c");
        check("admin\u{202e}nimda", "admin⟨U+202E⟩nimda");
        check("cut \u{1b}[3", "cut ");
    }
}
