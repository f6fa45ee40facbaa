//! The faults, and how a command writes them.

use serde::Deserialize;

/// A fault and the connections it concerns.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Rule {
    /// What happens to them.
    pub fault: Fault,
    /// Only to requests whose path (without query) contains this.
    pub path: Option<String>,
    /// Only to these.
    pub connections: Connections,
}

impl Rule {
    /// Concerns every connection.
    pub fn all(fault: Fault) -> Self {
        Self {
            fault,
            path: None,
            connections: Connections::All,
        }
    }

    /// The same for requests whose path contains `path`.
    pub fn at(self, path: &str) -> Self {
        Self {
            path: Some(path.to_owned()),
            ..self
        }
    }

    /// The same for these connections.
    pub fn only(self, connections: Connections) -> Self {
        Self {
            connections,
            ..self
        }
    }

    pub(crate) fn concerns(&self, path: &str, other_than: Connections) -> bool {
        self.connections != other_than
            && self
                .path
                .as_ref()
                .is_none_or(|wanted| path.contains(wanted.as_str()))
    }
}

/// Whose request had come when the rule was set, and whose had not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Connections {
    /// Both.
    #[default]
    All,
    /// Those that come while the rule is in force.
    New,
    /// Those that are there.
    Existing,
}

/// What happens to a connection. Bytes are those of the answer, counted from when the fault came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Every byte is this much later, each way; order and rate stay.
    Latency {
        /// Milliseconds.
        ms: u64,
    },
    /// Nothing passes any more and nobody is told, for good: lifting the fault does not heal it.
    HalfOpen,
    /// Broken off (RST) after so many bytes, of which a client that reads slowly may lose the last;
    /// 0: at once, also where the link was half-open.
    Reset {
        /// Bytes.
        after: u64,
    },
    /// Ended in order (FIN) after so many bytes, wherever that is.
    Truncate {
        /// Bytes.
        after: u64,
    },
    /// One byte a write.
    OneByte,
    /// Nothing passes while it is in force, then all of it.
    Stall,
    /// The answer is held until the server has ended it (or until 64 MiB).
    Buffer,
    /// Nobody listens. Concerns new connections, of any path.
    Refuse,
    /// Answered in the server's place, which hears nothing. Concerns new connections.
    Answer(Answer),
}

impl Fault {
    /// Whether the connection is lost even if the fault is lifted before it could be felt.
    pub(crate) fn is_final(self) -> bool {
        matches!(
            self,
            Self::HalfOpen | Self::Reset { after: 0 } | Self::Truncate { after: 0 }
        )
    }
}

/// What is answered in the server's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// What the body is.
    pub kind: Kind,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<u32>,
}

/// Bodies to answer with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A page, as proxies and single-page hosts answer.
    #[default]
    Html,
    /// An object, as APIs answer.
    Json,
}

/// A rule as it stands in a command: flat, each number by a name of its own.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    fault: Word,
    path: Option<String>,
    #[serde(default)]
    connections: Connections,
    ms: Option<u64>,
    after: Option<u64>,
    status: Option<u16>,
    #[serde(default)]
    body: Kind,
    retry_after: Option<u32>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    Latency,
    HalfOpen,
    Reset,
    Truncate,
    OneByte,
    Stall,
    Buffer,
    Refuse,
    Answer,
}

impl TryFrom<Written> for Rule {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let fault = match written.fault {
            Word::Latency => Fault::Latency {
                ms: written.ms.ok_or("latency needs `ms`, in milliseconds")?,
            },
            Word::HalfOpen => Fault::HalfOpen,
            Word::Reset => Fault::Reset {
                after: written.after.unwrap_or(0),
            },
            Word::Truncate => Fault::Truncate {
                after: written.after.unwrap_or(0),
            },
            Word::OneByte => Fault::OneByte,
            Word::Stall => Fault::Stall,
            Word::Buffer => Fault::Buffer,
            Word::Refuse if written.path.is_some() => {
                return Err("refuse comes before any path is known: leave `path` out".to_owned());
            }
            Word::Refuse => Fault::Refuse,
            Word::Answer => Fault::Answer(Answer {
                status: written.status.ok_or("answer needs a `status`")?,
                kind: written.body,
                retry_after: written.retry_after,
            }),
        };
        Ok(Self {
            fault,
            path: written.path,
            connections: written.connections,
        })
    }
}
