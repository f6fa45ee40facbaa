//! What time it is.

/// Milliseconds since the epoch by the browser's clock.
pub fn now_millis() -> i64 {
    js_sys::Date::now() as i64
}

/// A number from 0 to 1 by chance, for seeds and jitter.
pub fn chance() -> f64 {
    js_sys::Math::random()
}

/// An instant as local time of day, `14:03:07.123`.
pub fn local_time(millis: i64) -> String {
    let date = local_date(millis);
    let (hours, minutes, seconds) = (date.get_hours(), date.get_minutes(), date.get_seconds());
    format!(
        "{hours:02}:{minutes:02}:{seconds:02}.{:03}",
        date.get_milliseconds()
    )
}

/// An instant as local date and time, `2026-01-31 14:03:07`.
pub fn local_date_time(millis: i64) -> String {
    let date = local_date(millis);
    let (year, month, day) = (date.get_full_year(), date.get_month() + 1, date.get_date());
    let (hours, minutes, seconds) = (date.get_hours(), date.get_minutes(), date.get_seconds());
    format!("{year:04}-{month:02}-{day:02} {hours:02}:{minutes:02}:{seconds:02}")
}

fn local_date(millis: i64) -> js_sys::Date {
    js_sys::Date::new(&(millis as f64).into())
}
