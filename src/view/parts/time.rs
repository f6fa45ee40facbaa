//! Spans of time as people read them.

/// `420 ms`, `3.2 s`, `42 s`, `4m 02s`, `1h 04m`: short, and of steady width while it ticks.
pub fn short_span(millis: i64) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    let millis = millis.unsigned_abs();
    let (seconds, minutes, hours) = (millis / 1_000, millis / 60_000, millis / 3_600_000);
    let text = match () {
        () if millis < 1_000 => format!("{millis} ms"),
        () if seconds < 60 => format!("{}.{} s", seconds, millis % 1_000 / 100),
        () if minutes < 60 => format!("{minutes}m {:02}s", seconds % 60),
        () if hours < 48 => format!("{hours}h {:02}m", minutes % 60),
        () => format!("{}d {:02}h", hours / 24, hours % 24),
    };
    format!("{sign}{text}")
}

/// `1:02:03.456` or `02:03.456`: an exact place in a run.
pub fn clock(millis: i64) -> String {
    let sign = if millis < 0 { "-" } else { "" };
    let millis = millis.unsigned_abs();
    let (hours, minutes, seconds) = (
        millis / 3_600_000,
        millis / 60_000 % 60,
        millis / 1_000 % 60,
    );
    match hours {
        0 => format!("{sign}{minutes:02}:{seconds:02}.{:03}", millis % 1_000),
        _ => format!(
            "{sign}{hours}:{minutes:02}:{seconds:02}.{:03}",
            millis % 1_000
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_well_at_any_length() {
        for (millis, want) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (3_250, "3.2 s"),
            (59_999, "59.9 s"),
            (62_000, "1m 02s"),
            (3_840_000, "1h 04m"),
            (200_000_000, "2d 07h"),
            (-1_500, "-1.5 s"),
        ] {
            assert_eq!(short_span(millis), want);
        }
        assert_eq!(clock(62_003), "01:02.003");
        assert_eq!(clock(3_662_003), "1:01:02.003");
    }
}
