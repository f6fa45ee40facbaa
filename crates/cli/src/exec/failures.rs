//! Why an attempt failed, in words for people.

use super::process::Exit;
use recorder::Failure;
use std::time::Duration;

/// The failure that a bad end is; `last_line` is what was printed last.
pub fn exit_failure(exit: &Exit, last_line: &str) -> Failure {
    let said = match last_line {
        "" => String::new(),
        words => format!(": {words}"),
    };
    let (kind, code, message) = match exit {
        Exit::Code(127) => (
            "NotFoundError",
            Some("127".into()),
            format!("a command was not found (exit code 127){said}"),
        ),
        Exit::Code(126) => (
            "PermissionError",
            Some("126".into()),
            format!("a command could not be invoked (exit code 126){said}"),
        ),
        Exit::Code(code) => (
            "ExitError",
            Some(code.to_string()),
            format!("it ended with exit code {code}{said}"),
        ),
        Exit::Signal(signal) => (
            "SignalError",
            Some(signal.clone()),
            format!("it was ended by a signal ({signal}){said}"),
        ),
        Exit::Unknown(reason) => (
            "UnknownError",
            None,
            format!("how it ended is not known: {reason}"),
        ),
    };
    failure(kind, message, code)
}

/// A failure of a kind.
pub fn failure(kind: &str, message: String, code: Option<String>) -> Failure {
    Failure {
        message,
        kind: Some(kind.into()),
        code,
        details: None,
    }
}

/// An engine that is not there will not be there a second later.
pub fn is_worth_retrying(failure: &Failure) -> bool {
    !matches!(
        failure.code.as_deref(),
        Some("engine_not_found" | "engine_not_running")
    )
}

/// A duration in words: `1.5 s`, `2 m 5 s`.
pub fn words(duration: Duration) -> String {
    let millis = duration.as_millis();
    match millis {
        0..=999 => format!("{millis} ms"),
        1_000..=59_999 => format!("{}.{} s", millis / 1000, millis % 1000 / 100),
        _ => format!("{} m {} s", millis / 60_000, millis % 60_000 / 1000),
    }
}
