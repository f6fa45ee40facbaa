//! The terminal's colours, from the tokens.

use crate::dom::canvas::token;
use crate::dom::xterm::Theme;

/// As the tokens say at the moment.
pub fn theme() -> Theme {
    let colours = [
        ("black", "--term-black"),
        ("red", "--term-red"),
        ("green", "--term-green"),
        ("yellow", "--term-yellow"),
        ("blue", "--term-blue"),
        ("magenta", "--term-magenta"),
        ("cyan", "--term-cyan"),
        ("white", "--term-white"),
        ("brightBlack", "--term-bright-black"),
        ("brightRed", "--term-red"),
        ("brightGreen", "--term-green"),
        ("brightYellow", "--term-yellow"),
        ("brightBlue", "--term-blue"),
        ("brightMagenta", "--term-magenta"),
        ("brightCyan", "--term-cyan"),
        ("brightWhite", "--term-white"),
    ];
    Theme {
        foreground: token("--term-ink"),
        background: token("--term-ground"),
        selection: token("--term-selection"),
        ansi: colours
            .into_iter()
            .map(|(name, colour)| (name, token(colour)))
            .collect(),
    }
}
