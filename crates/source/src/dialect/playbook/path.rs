//! Addresses of the Playbook API, below `base` as for the other dialects (`…/api/v1`).

use super::super::address::Address;

/// `GET`: a run with all its steps.
pub fn run(base: &str, run: &str) -> String {
    Address::new(base, &["playbook-runs", run]).done()
}

/// `GET`: one step of a run.
pub fn step(base: &str, run: &str, step: &str) -> String {
    Address::new(base, &["playbook-runs", run, "steps", step]).done()
}

/// `GET`, server-sent events: what changes in a run.
pub fn stream(base: &str, run: &str) -> String {
    Address::new(base, &["playbook-runs", run, "stream"]).done()
}

/// `POST`: stop a run.
pub fn cancel(base: &str, run: &str) -> String {
    Address::new(base, &["playbooks", "runs", run, "cancel"]).done()
}

/// `GET`, ours: runs, newest first. The original has no such list.
pub fn runs(base: &str, limit: u32) -> String {
    Address::new(base, &["playbook-runs"])
        .query("limit", Some(limit))
        .done()
}
