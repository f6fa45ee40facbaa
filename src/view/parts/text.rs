//! Text from elsewhere, made safe to look at: nothing in it can reorder or hide its neighbours.

use std::borrow::Cow;

/// `text` with marks in place of what a reader cannot see: control characters as their pictures,
/// bidirectional and zero-width characters by their numbers. Tabs and line ends stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        push_visible(&mut shown, character);
    }
    Cow::Owned(shown)
}

/// Adds one character, or the mark that stands for it.
pub fn push_visible(shown: &mut String, character: char) {
    match character {
        '\t' | '\n' => shown.push(character),
        // C0 controls have pictures of their own.
        '\0'..='\u{1f}' => shown.push(char::from_u32(0x2400 + character as u32).unwrap_or('␀')),
        '\u{7f}' => shown.push('␡'),
        hidden if is_hidden(hidden) => shown.push_str(&format!("⟨U+{:04X}⟩", hidden as u32)),
        other => shown.push(other),
    }
}

fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{8}'
            | '\u{b}'..='\u{1f}'
            | '\u{7f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_hides_or_reorders_is_marked_and_the_rest_is_untouched() {
        for (text, want) in [
            ("Größe 長さ 👩‍🔬?", "Größe 長さ 👩⟨U+200D⟩🔬?"),
            ("admin\u{202e}nimda", "admin⟨U+202E⟩nimda"),
            ("a\u{8}b\u{1b}[31m", "a␈b␛[31m"),
            ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ] {
            assert_eq!(visible(text), want);
        }
    }
}
