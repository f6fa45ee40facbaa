//! A run's conversation with its backend, in whichever dialect: what to ask for, and what the
//! answers mean. It performs nothing: the client fetches what it names and hands the answers back.
//!
//! ```text
//! begin(Full) ─► requests ─fetch─► answer(request, …) ─► Read{batch, next} ─fetch next─► … until none
//! stream()    ─► address  ─open──► frame(name, id, data) ─► added to Heard{batch, last}
//! asides()    ─► requests that what the stream said gives rise to, at most one round a second
//! ```

mod listing;
mod operations;
mod playbook;
mod studio;

pub use listing::{Listing, Listings};

use crate::dialect::{Batch, Dialect, ResumeToken};
use model::{Millis, Problem};

/// One run at one backend. It keeps the positions up to which the run is known.
#[derive(Debug)]
pub struct Conversation {
    speaker: Speaker,
}

#[derive(Debug)]
enum Speaker {
    Studio(studio::Studio),
    Operations(operations::Operations),
    Playbook(playbook::Playbook),
}

/// How much a fetch is to bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extent {
    /// The whole run, as if nothing were held.
    Full,
    /// What came after what is held, as far as the dialect can tell; else what may have changed.
    Delta,
}

/// A request to make. Those that come together may be made together; their answers are handed in
/// one by one, in the order of the requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Where to.
    pub address: String,
    subject: Subject,
}

/// What a request asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Subject {
    Studio(studio::Subject),
    Operations(operations::Subject),
    Playbook(playbook::Subject),
}

/// An answer as it came.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The body, as text.
    pub body: &'a str,
    /// When it came, by the server's clock as far as that is known: dialects that state no instants
    /// have no other.
    pub at: Millis,
}

/// What an answer means.
#[derive(Debug)]
pub enum Reply {
    /// It was read; there may be more to ask for.
    Read {
        /// What it said.
        batch: Batch,
        /// What to ask for next; the fetch is done when nothing is left.
        next: Vec<Request>,
    },
    /// The run cannot do without it: the whole fetch failed.
    Failed {
        /// For people: what happened and where.
        message: String,
    },
}

/// What frames mean that came together.
#[derive(Debug, Default)]
pub struct Heard {
    /// What they said.
    pub batch: Batch,
    /// One was the server's last word: the run is over and all of it has been sent.
    pub last: bool,
}

/// A stream to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamRequest {
    /// Where to.
    pub address: String,
    /// To be sent as `Last-Event-ID`.
    pub after: Option<ResumeToken>,
}

impl Conversation {
    /// With the backend whose API is at `base` (`api/v1`, `backends/NAME/api/v1`, or a whole URL),
    /// about the run `run`.
    pub fn new(dialect: Dialect, base: &str, run: &str) -> Self {
        let speaker = match dialect {
            Dialect::Studio => Speaker::Studio(studio::Studio::new(base, run)),
            Dialect::Playbook => Speaker::Playbook(playbook::Playbook::new(base, run)),
            Dialect::Operations => Speaker::Operations(operations::Operations::new(base, run)),
        };
        Self { speaker }
    }

    /// Says whether streams may be asked for beside the one that [`Self::stream`] names: those of an
    /// operation that has ended have an end. Unless told, they may not.
    pub fn allow_streams(&mut self, allowed: bool) {
        if let Speaker::Operations(operations) = &mut self.speaker {
            operations.allow_streams(allowed);
        }
    }

    /// What to ask for first.
    pub fn begin(&mut self, extent: Extent) -> Vec<Request> {
        match &mut self.speaker {
            Speaker::Studio(studio) => studio.begin(extent),
            Speaker::Operations(operations) => operations.begin(extent),
            Speaker::Playbook(playbook) => playbook.begin(extent),
        }
    }

    /// Reads an answer of any status.
    pub fn answer(&mut self, request: &Request, answer: Answer<'_>) -> Reply {
        match (&mut self.speaker, &request.subject) {
            (Speaker::Studio(studio), Subject::Studio(subject)) => {
                studio.answer(&request.address, subject, answer)
            }
            (Speaker::Operations(operations), Subject::Operations(subject)) => {
                operations.answer(&request.address, subject, answer)
            }
            (Speaker::Playbook(playbook), Subject::Playbook(subject)) => {
                playbook.answer(&request.address, subject, answer)
            }
            // Requests of another conversation are not to be handed in here.
            (_, Subject::Studio(_) | Subject::Operations(_) | Subject::Playbook(_)) => {
                Reply::read(Batch::default())
            }
        }
    }

    /// The stream to open now, from where the run is known up to.
    pub fn stream(&mut self) -> StreamRequest {
        match &mut self.speaker {
            Speaker::Studio(studio) => studio.stream(),
            Speaker::Operations(operations) => operations.stream(),
            Speaker::Playbook(playbook) => playbook.stream(),
        }
    }

    /// Reads a frame: its name, its id (empty where it has none) and its data; what it says is added
    /// to `heard`. `at` as of [`Answer`].
    pub fn frame(&mut self, name: &str, id: &str, data: &str, at: Millis, heard: &mut Heard) {
        match &mut self.speaker {
            Speaker::Studio(studio) => studio.frame(name, id, data, heard),
            Speaker::Operations(operations) => heard.add(operations.frame(name, id, data, at)),
            Speaker::Playbook(playbook) => heard.add(playbook.frame(name, id, data, at)),
        }
    }

    /// What to fetch beside a live stream: what its frames only hinted at. To be asked for about once
    /// a second; one that fails is a problem and no more.
    pub fn asides(&mut self) -> Vec<Request> {
        match &mut self.speaker {
            Speaker::Studio(studio) => studio.asides(),
            Speaker::Operations(operations) => operations.asides(),
            Speaker::Playbook(playbook) => playbook.asides(),
        }
    }

    /// `POST`: stops the run, where the dialect can.
    pub fn cancel(&self) -> Option<String> {
        match &self.speaker {
            Speaker::Studio(studio) => Some(studio.cancel()),
            Speaker::Operations(operations) => Some(operations.cancel()),
            Speaker::Playbook(playbook) => Some(playbook.cancel()),
        }
    }

    /// The address of an artifact's bytes, where `GET` gives them.
    pub fn artifact(&self, id: &str) -> Option<String> {
        match &self.speaker {
            Speaker::Studio(studio) => Some(studio.artifact(id)),
            // Its bytes are given for a signed POST alone.
            Speaker::Operations(_) => None,
            // It has no artifacts.
            Speaker::Playbook(_) => None,
        }
    }

    /// Whether the source may lose records between two frames and nothing but the numbers of what
    /// follows tells: then a full fetch is to bring them. Our own server's tokens leave no gap.
    pub fn may_lose(&self) -> bool {
        match &self.speaker {
            Speaker::Studio(studio) => studio.may_lose(),
            Speaker::Playbook(_) | Speaker::Operations(_) => false,
        }
    }

    /// The waits before the n-th poll, milliseconds, the last one holding from then on; empty where
    /// the dialect leaves it to the configuration.
    pub fn cadence(&self) -> Vec<i64> {
        match &self.speaker {
            Speaker::Studio(_) | Speaker::Playbook(_) => Vec::new(),
            Speaker::Operations(_) => operations::Operations::cadence(),
        }
    }
}

impl Heard {
    fn add(&mut self, later: Self) {
        self.batch.extend(later.batch);
        self.last |= later.last;
    }
}

impl Reply {
    fn read(batch: Batch) -> Self {
        Self::Read {
            batch,
            next: Vec::new(),
        }
    }

    /// Something the run can do without did not come: a problem, and the fetch goes on.
    fn without(place: &str, what: String) -> Self {
        Self::read(Batch {
            problems: vec![Problem {
                place: place.into(),
                what: what.into(),
                excerpt: "".into(),
            }],
            ..Batch::default()
        })
    }

    fn failed(address: &str, status: u16) -> Self {
        Self::Failed {
            message: format!("the server answered {status} to {address}"),
        }
    }
}
