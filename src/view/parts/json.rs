//! JSON as indented text. It is never parsed into numbers, so what is shown is what was sent.

/// At most so many bytes are laid out; the rest is counted.
const SHOWN: usize = 200_000;

/// The same JSON with line breaks and indentation; text that is not JSON comes back as it is.
pub fn pretty(json: &str) -> String {
    let shown: String = match json.char_indices().nth(SHOWN) {
        Some((end, _)) => json[..end].to_owned(),
        None => json.to_owned(),
    };
    let mut out = String::with_capacity(shown.len() * 2);
    let mut depth = 0_usize;
    let mut characters = shown.chars().peekable();
    let mut in_text = false;
    while let Some(character) = characters.next() {
        if in_text {
            out.push(character);
            match character {
                '\\' => out.extend(characters.next()),
                '"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match character {
            '"' => {
                in_text = true;
                out.push('"');
            }
            '{' | '[' => {
                out.push(character);
                while characters
                    .next_if(|next| next.is_ascii_whitespace())
                    .is_some()
                {}
                if let Some(close) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    break_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(',');
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            space if space.is_ascii_whitespace() => {}
            other => out.push(other),
        }
    }
    if shown.len() < json.len() {
        out.push_str(&format!("\n… {} more bytes", json.len() - shown.len()));
    }
    out
}

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    // Hostile depth must not make a page of spaces.
    for _ in 0..depth.min(40) {
        out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn indents_and_keeps_every_number_and_text_as_sent() {
        for (json, want) in [
            ("{}", "{}"),
            (
                r#"{"a":1.0,"b":[12345678901234567890,null]}"#,
                "{\n  \"a\": 1.0,\n  \"b\": [\n    12345678901234567890,\n    null\n  ]\n}",
            ),
            (r#"{"a{,:":"\"}"}"#, "{\n  \"a{,:\": \"\\\"}\"\n}"),
            (r#""plain""#, r#""plain""#),
        ] {
            assert_eq!(pretty(json), want);
        }
    }
}
