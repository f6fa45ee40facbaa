//! A lifecycle event as servers nearly always write it, taken apart where it lies.
//!
//! What it means, and what to do with one that is written otherwise, is for `source` to say.

use crate::json::{Scan, is};
use contract::time::{Nanos, parse_nanos};

/// `contract::studio::TraceEvent`, as far as it is wanted. A member that is not there is `None`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Event<'a> {
    /// `id`.
    pub id: Option<&'a str>,
    /// `nodeId`.
    pub node: Option<&'a str>,
    /// `type`, as the source spells it.
    pub kind: Option<&'a str>,
    /// `level`, as the source spells it.
    pub level: Option<&'a str>,
    /// `timestamp`.
    pub nanos: Option<Nanos>,
    /// `message`, as JSON: quoted, perhaps with escapes.
    pub message: Option<&'a str>,
    /// `outputSummary`, as JSON.
    pub output: Option<&'a str>,
    /// `data`, as JSON.
    pub data: Option<&'a str>,
    /// `error`, as JSON.
    pub error: Option<&'a str>,
    /// `metadata`, as JSON.
    pub metadata: Option<&'a str>,
}

/// Reads one event; none where something in it is not plain, is said twice, or is no date.
pub fn event<'a>(scan: &mut Scan<'a>) -> Option<Event<'a>> {
    let mut event = Event::default();
    let mut run = None;
    scan.eat(b'{')?;
    loop {
        let name = scan.name()?;
        if is(name, b"id") {
            once(&mut event.id, scan.plain()?)?;
        } else if is(name, b"runId") {
            once(&mut run, scan.plain()?)?;
        } else if is(name, b"nodeId") {
            once(&mut event.node, scan.plain()?)?;
        } else if is(name, b"type") {
            once(&mut event.kind, scan.plain()?)?;
        } else if is(name, b"level") {
            once(&mut event.level, scan.plain()?)?;
        } else if is(name, b"timestamp") {
            once(&mut event.nanos, parse_nanos(scan.plain()?)?)?;
        } else if is(name, b"message") {
            once(&mut event.message, scan.value()?)?;
        } else if is(name, b"data") {
            once(&mut event.data, scan.value()?)?;
        } else if is(name, b"metadata") {
            once(&mut event.metadata, scan.value()?)?;
        } else if is(name, b"error") {
            once(&mut event.error, scan.value()?)?;
        } else if is(name, b"outputSummary") {
            once(&mut event.output, scan.value()?)?;
        } else {
            scan.value()?;
        }
        if !scan.goes_on(b'}')? {
            return Some(event);
        }
    }
}

/// Puts what a member says into its place; none where it was said before: which one counts is not
/// for this crate to know.
#[inline]
pub fn once<T>(place: &mut Option<T>, said: T) -> Option<()> {
    place.replace(said).is_none().then_some(())
}
