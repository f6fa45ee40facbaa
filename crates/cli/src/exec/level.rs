//! How severe a line of output is.

use contract::studio::LogLevel;
use regex::Regex;

/// The level of a line without colours: by the step's own patterns, else by its first words.
pub fn level(line: &str, patterns: &[(LogLevel, Regex)]) -> LogLevel {
    if let Some((level, _)) = patterns.iter().find(|(_, pattern)| pattern.is_match(line)) {
        return level.clone();
    }
    // A level stands among the first words, after a date, a time, brackets.
    for word in line.split_ascii_whitespace().take(4) {
        let word = word.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
        let word = word.split([':', '[', '(']).next().unwrap_or_default();
        let level = match word {
            "ERROR" | "Error" | "error" | "FATAL" | "fatal" | "CRITICAL" | "panic" => {
                LogLevel::Error
            }
            "WARN" | "WARNING" | "Warning" | "warning" | "warn" => LogLevel::Warn,
            "DEBUG" | "debug" => LogLevel::Debug,
            "TRACE" => LogLevel::Trace,
            "INFO" | "info" => LogLevel::Info,
            _ if is_preface(word) => continue,
            _ => break,
        };
        return level;
    }
    LogLevel::Info
}

/// Whether a word may stand before the level: a date, a number, a name with digits or dots.
fn is_preface(word: &str) -> bool {
    word.is_empty() || word.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_stands_at_the_start() {
        let patterns = [(LogLevel::Error, Regex::new("^not ok").unwrap())];
        for (line, want) in [
            ("ERROR: no such file", LogLevel::Error),
            ("error[E0308]: mismatched types", LogLevel::Error),
            ("warning: unused", LogLevel::Warn),
            ("[WARN] slow", LogLevel::Warn),
            ("2026-01-01 10:00:00 DEBUG x", LogLevel::Debug),
            ("the error rate is 0", LogLevel::Info),
            ("0 errors", LogLevel::Info),
            ("ok", LogLevel::Info),
            ("not ok 3", LogLevel::Error),
            ("", LogLevel::Info),
        ] {
            assert_eq!(level(line, &patterns), want, "{line}");
        }
    }
}
