//! What a request of the Studio dialect asks about, so that its answer is read as what it is.

use super::{lines, terminals, wishes};
use crate::conversation::Extent;
use crate::dialect::ResumeToken;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::conversation) enum Subject {
    /// A page of records, ours.
    Records {
        after: Option<ResumeToken>,
    },
    Run,
    Status,
    /// All lifecycle events: a real Studio has no other list. A first look hints at nothing, for
    /// everything is being fetched beside it.
    Trace(Extent),
    Logs(lines::Asked),
    Terminal,
    /// A terminal as archived.
    Recorded(terminals::Asked),
    /// The workflow as it is now, where the version of the run cannot be had.
    Workflow,
    /// What the run can do without.
    Part(wishes::Wish),
}
