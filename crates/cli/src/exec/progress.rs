//! How far a step is, read from its output by the patterns it declares.

use regex::Regex;

/// What one line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many are done.
    pub current: Option<u64>,
    /// Of how many.
    pub total: Option<u64>,
    /// For people.
    pub message: String,
}

/// Reads progress off a line without colours. Groups: `current` and `total`, or the first two; or
/// `percent`; `message`, else what the pattern matched.
pub fn read(line: &str, patterns: &[Regex]) -> Option<Progress> {
    let (pattern, found) = patterns
        .iter()
        .find_map(|pattern| Some((pattern, pattern.captures(line)?)))?;
    let named = |name: &str| found.name(name).map(|part| part.as_str());
    let number = |text: Option<&str>| text.and_then(|text| text.trim().parse::<u64>().ok());
    let is_named = pattern.capture_names().flatten().next().is_some();
    let (current, total) = if is_named {
        (named("current"), named("total"))
    } else {
        let part = |at: usize| found.get(at).map(|part| part.as_str());
        (part(1), part(2))
    };
    let percent = named("percent").and_then(|text| text.trim().parse::<f64>().ok());
    let (current, total) = match percent {
        // Never negative, and `as` stops at the largest number.
        Some(percent) => (Some(percent.round().max(0.0) as u64), Some(100)),
        None => (number(current), number(total)),
    };
    let message = match named("message") {
        Some(message) => message,
        None => found.get(0).map_or("", |all| all.as_str()),
    };
    Some(Progress {
        current,
        total: total.filter(|total| *total > 0),
        message: message.trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_place_by_name_by_percent() {
        let read = |pattern: &str, line: &str| read(line, &[Regex::new(pattern).unwrap()]);
        let want = |current, total, message: &str| {
            Some(Progress {
                current,
                total,
                message: message.into(),
            })
        };
        for (pattern, line, expected) in [
            (
                r"(\d+)/(\d+)",
                "scanned 89/127 hosts",
                want(Some(89), Some(127), "89/127"),
            ),
            (r"(\d+)/(\d+)", "nothing", None),
            (
                r".*?(\d+) of (\d+).*",
                " got 3 of 9 files",
                want(Some(3), Some(9), "got 3 of 9 files"),
            ),
            (
                r"(?<message>\w+): (?<percent>[\d.]+)%",
                "copy: 42.6%",
                want(Some(43), Some(100), "copy"),
            ),
            (
                r"of (?<total>\d+): (?<current>\d+)",
                "of 9: 3",
                want(Some(3), Some(9), "of 9: 3"),
            ),
            (r"step (\w+)", "step two", want(None, None, "step two")),
            (r"(\d+)/(\d+)", "0/0", want(Some(0), None, "0/0")),
        ] {
            assert_eq!(read(pattern, line), expected, "{pattern} on {line}");
        }
    }
}
