//! Lengths of time in words.

/// The unit of a ruler step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Thousandths of a second.
    Millis,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days of 24 hours.
    Days,
}

impl Unit {
    /// From the longest to the shortest.
    pub const ALL: [Unit; 5] = [
        Unit::Days,
        Unit::Hours,
        Unit::Minutes,
        Unit::Seconds,
        Unit::Millis,
    ];

    /// How long one is, in milliseconds.
    pub const fn millis(self) -> i64 {
        match self {
            Unit::Millis => 1,
            Unit::Seconds => 1_000,
            Unit::Minutes => 60_000,
            Unit::Hours => 3_600_000,
            Unit::Days => 86_400_000,
        }
    }

    /// Its usual sign.
    pub const fn sign(self) -> &'static str {
        match self {
            Unit::Millis => "ms",
            Unit::Seconds => "s",
            Unit::Minutes => "m",
            Unit::Hours => "h",
            Unit::Days => "d",
        }
    }
}

/// Writes a span, given in milliseconds, exactly: `1m 30s`, `250ms`, `-2h`. Zero is `0s`.
pub fn format_span(millis: i64) -> String {
    if millis == 0 {
        return "0s".to_owned();
    }
    let mut rest = millis.unsigned_abs();
    let mut parts = Vec::new();
    for unit in Unit::ALL {
        let one = unit.millis().unsigned_abs();
        if rest >= one {
            parts.push(format!("{}{}", rest / one, unit.sign()));
            rest %= one;
        }
    }
    format!("{}{}", if millis < 0 { "-" } else { "" }, parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::format_span;

    #[test]
    fn spans_read_as_people_write_them() {
        for (millis, text) in [
            (0, "0s"),
            (1, "1ms"),
            (1_250, "1s 250ms"),
            (90_000, "1m 30s"),
            (3_600_000, "1h"),
            (90_061_001, "1d 1h 1m 1s 1ms"),
            (-90_000, "-1m 30s"),
        ] {
            assert_eq!(format_span(millis), text);
        }
        assert!(format_span(i64::MIN).starts_with('-'));
    }
}
