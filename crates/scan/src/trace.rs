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

/// Which member a name names.
enum Member {
    Id,
    Run,
    Node,
    Kind,
    Level,
    Timestamp,
    Message,
    Output,
    Data,
    Error,
    Metadata,
    Other,
}

/// Apart from [`event`], as all that it calls: what is small a browser compiles soon.
#[inline(never)]
fn member(name: &str) -> Member {
    match name.len() {
        2 if is(name, b"id") => Member::Id,
        4 if is(name, b"type") => Member::Kind,
        4 if is(name, b"data") => Member::Data,
        5 if is(name, b"runId") => Member::Run,
        5 if is(name, b"level") => Member::Level,
        5 if is(name, b"error") => Member::Error,
        6 if is(name, b"nodeId") => Member::Node,
        7 if is(name, b"message") => Member::Message,
        8 if is(name, b"metadata") => Member::Metadata,
        9 if is(name, b"timestamp") => Member::Timestamp,
        13 if is(name, b"outputSummary") => Member::Output,
        _ => Member::Other,
    }
}

/// Reads one event; none where something in it is not plain, is said twice, or is no date.
#[inline(never)]
pub fn event<'a>(scan: &mut Scan<'a>) -> Option<Event<'a>> {
    let mut event = Event::default();
    let mut run = None;
    scan.eat(b'{')?;
    loop {
        let place = match member(scan.name()?) {
            Member::Id => plain(&mut event.id, scan),
            Member::Run => plain(&mut run, scan),
            Member::Node => plain(&mut event.node, scan),
            Member::Kind => plain(&mut event.kind, scan),
            Member::Level => plain(&mut event.level, scan),
            Member::Timestamp => once(&mut event.nanos, nanos(scan.plain()?)?),
            Member::Message => value(&mut event.message, scan),
            Member::Output => value(&mut event.output, scan),
            Member::Data => value(&mut event.data, scan),
            Member::Error => value(&mut event.error, scan),
            Member::Metadata => value(&mut event.metadata, scan),
            Member::Other => scan.value().map(|_| ()),
        };
        place?;
        if !scan.goes_on(b'}')? {
            return Some(event);
        }
    }
}

#[inline(never)]
fn plain<'a>(place: &mut Option<&'a str>, scan: &mut Scan<'a>) -> Option<()> {
    once(place, scan.plain()?)
}

#[inline(never)]
fn value<'a>(place: &mut Option<&'a str>, scan: &mut Scan<'a>) -> Option<()> {
    once(place, scan.value()?)
}

#[inline(never)]
fn nanos(text: &str) -> Option<Nanos> {
    parse_nanos(text)
}

/// Puts what a member says into its place; none where it was said before: which one counts is not
/// for this crate to know.
#[inline]
pub fn once<T>(place: &mut Option<T>, said: T) -> Option<()> {
    place.replace(said).is_none().then_some(())
}
