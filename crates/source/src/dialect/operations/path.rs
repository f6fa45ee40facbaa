//! Addresses of the Operations API. `base` is what `/operations/…` follows.

use super::super::ResumeToken;
use super::super::address::Address;

/// `GET`, ours: operations, newest first, at most `limit`.
pub fn operations(base: &str, limit: u32) -> String {
    Address::new(base, &["operations"])
        .query("limit", Some(limit))
        .done()
}

/// `GET`: an operation.
pub fn operation(base: &str, id: &str) -> String {
    Address::new(base, &["operations", id]).done()
}

/// `GET`, server-sent events: an operation's log; ours from `after` on. The token is a part of the
/// address so that pages share a stream only if they go on from the same place.
pub fn stream(base: &str, id: &str, after: Option<&ResumeToken>) -> String {
    Address::new(base, &["operations", id, "stream"])
        .query("after", after)
        .done()
}

/// `POST`: stops it, where the backend can.
pub fn cancel(base: &str, id: &str) -> String {
    Address::new(base, &["operations", id, "cancel"]).done()
}
