//! How grave a line is, and who wrote it.

/// Severity, least first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Finest.
    Trace,
    /// For those who debug.
    Debug,
    /// As expected.
    #[default]
    Info,
    /// Recoverable.
    Warn,
    /// Failed.
    Error,
}

impl Level {
    /// All levels, least first.
    pub const ALL: [Self; 5] = [
        Self::Trace,
        Self::Debug,
        Self::Info,
        Self::Warn,
        Self::Error,
    ];

    /// The word for attributes, links and people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// Who wrote a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LogStream {
    /// A logger.
    #[default]
    Console,
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl LogStream {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Console, Self::Stdout, Self::Stderr];

    /// The word for attributes and people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}
