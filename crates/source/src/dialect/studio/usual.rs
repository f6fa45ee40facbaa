//! Lifecycle events as servers nearly always write them, read in one pass and almost without copies.
//!
//! It takes what the reading of [`super::trace`] would take without a word, and nothing else: at the
//! first thing that would be a problem, a repair or another channel's it gives up, and the text is
//! read again there. So this file knows no problem, and none of it shows but the time
//! (docs/decisions/0011-usual-events.md).

use super::super::decoder::{Data, sequence_of, stamp_of};
use super::super::{Batch, ResumeToken};
use super::trace::{Told, detail, error_info, node_of, usual_level};
use contract::studio::{TraceError, TraceMetadata};
use model::channel::log::Level;
use model::item::{ErrorInfo, EventItem, EventKind, HttpPhase, Provenance};
use model::{Item, JsonText, Stamp};
use scan::json::{Scan, is};
use scan::trace::{Event, event, once};
use std::borrow::Cow;

/// Adds a whole envelope, `{events, cursor?, hasMore?}`, to `batch`; none where it is not a usual
/// one, and then nothing is added.
pub(super) fn read_list(text: &str, data: &mut Data, batch: &mut Batch) -> Option<()> {
    let held = batch.items.len();
    let read = envelope(text, data, &mut batch.items);
    match read {
        Some(envelope) => {
            let cursor = envelope.cursor.filter(|cursor| !cursor.is_empty());
            if let Some(cursor) = cursor {
                ResumeToken::renew(&mut batch.resume, cursor);
            }
            batch.has_more = envelope.has_more;
            Some(())
        }
        None => {
            batch.items.truncate(held);
            None
        }
    }
}

/// What an envelope says beside its events.
struct Envelope<'a> {
    cursor: Option<&'a str>,
    has_more: bool,
}

fn envelope<'a>(text: &'a str, data: &mut Data, items: &mut Vec<Item>) -> Option<Envelope<'a>> {
    let mut scan = Scan::new(text);
    let mut events = None;
    let mut cursor = None;
    let mut has_more = None;
    scan.eat(b'{')?;
    loop {
        let name = scan.name()?;
        if is(name, b"events") {
            once(&mut events, list(&mut scan, data, items)?)?;
        } else if is(name, b"cursor") {
            once(&mut cursor, scan.plain()?)?;
        } else if is(name, b"hasMore") {
            once(&mut has_more, scan.value()? == "true")?;
        } else {
            scan.value()?;
        }
        if !scan.goes_on(b'}')? {
            break;
        }
    }
    scan.is_at_end().then_some(())?;
    events?;
    Some(Envelope {
        cursor,
        has_more: has_more.unwrap_or(false),
    })
}

/// One event; none where it is not a usual one.
pub(super) fn read_one(text: &str, data: &mut Data) -> Option<Item> {
    let mut scan = Scan::new(text);
    let event = event(&mut scan)?;
    scan.is_at_end().then_some(())?;
    item(event, data)
}

fn list(scan: &mut Scan<'_>, data: &mut Data, items: &mut Vec<Item>) -> Option<()> {
    scan.eat(b'[')?;
    if scan.peek()? == b']' {
        return scan.eat(b']');
    }
    loop {
        items.push(item(event(scan)?, data)?);
        if !scan.goes_on(b']')? {
            return Some(());
        }
    }
}

/// What it means; none where a word of it is not known, or of another channel.
fn item(event: Event<'_>, data: &mut Data) -> Option<Item> {
    let kind = kind(event.kind?)?;
    let level = match event.level {
        Some(word) => level(word)?,
        None => usual_level(&kind),
    };
    let id = event.id?;
    let metadata = match event.metadata {
        Some(json) => Some(part::<TraceMetadata>(json)?),
        None => None,
    };
    let metadata = metadata.as_deref();
    let error = match event.error {
        Some(json) => Some(error_of(json)?),
        None => None,
    };
    let stamp = Stamp {
        sequence: sequence_of(id),
        ..stamp_of(event.nanos?)
    };
    let message = match event.message {
        Some(json) => Some(words(json)?),
        None => None,
    };
    let told = Told {
        message: message.as_deref(),
        error,
        output: json(event.output),
        data: data.share(event.data),
        child_run: metadata.and_then(|it| it.child_run_id.as_deref()),
        correlation: metadata.and_then(|it| it.correlation_id.as_deref()),
    };
    Some(Item::Event(EventItem {
        id: id.into(),
        node: node_of(event.node.unwrap_or_default(), metadata).into(),
        stamp,
        level,
        attempt: metadata.and_then(|it| it.attempt).unwrap_or(0),
        provenance: Provenance::Observed,
        detail: detail(&kind, told),
        kind,
    }))
}

/// Events of the event track; the others go elsewhere, are not known, or are spelled otherwise.
fn kind(word: &str) -> Option<EventKind> {
    Some(match word {
        "STARTED" => EventKind::Started,
        "PROGRESS" => EventKind::Progress,
        "COMPLETED" => EventKind::Completed,
        "FAILED" => EventKind::Failed,
        "AWAITING_INPUT" => EventKind::AwaitingInput,
        "SKIPPED" => EventKind::Skipped,
        "HTTP_REQUEST_SENT" => EventKind::Http(HttpPhase::Sent),
        "HTTP_RESPONSE_RECEIVED" => EventKind::Http(HttpPhase::Received),
        "HTTP_REQUEST_ERROR" => EventKind::Http(HttpPhase::Error),
        _ => return None,
    })
}

fn level(word: &str) -> Option<Level> {
    Some(match word {
        "info" => Level::Info,
        "warn" => Level::Warn,
        "error" => Level::Error,
        "debug" => Level::Debug,
        _ => return None,
    })
}

/// The text that `json` says.
fn words(json: &str) -> Option<Cow<'_, str>> {
    let inside = json.strip_prefix('"')?.strip_suffix('"')?;
    match inside.contains('\\') {
        false => Some(Cow::Borrowed(inside)),
        true => serde_json::from_str(json).ok().map(Cow::Owned),
    }
}

/// A part that serde reads. Not inlined and boxed: what is around it stays small, which a browser
/// pays back by compiling it sooner.
#[inline(never)]
fn part<T: serde::de::DeserializeOwned>(json: &str) -> Option<Box<T>> {
    serde_json::from_str(json).ok().map(Box::new)
}

#[inline(never)]
fn error_of(json: &str) -> Option<Box<ErrorInfo>> {
    let error = serde_json::from_str::<TraceError>(json).ok()?;
    Some(Box::new(error_info(error)))
}

fn json(text: Option<&str>) -> Option<JsonText> {
    let text = text.filter(|text| *text != "null")?;
    Some(JsonText(text.into()))
}

#[cfg(test)]
mod tests {
    use super::super::super::decoder::Decoder;
    use super::*;
    use proptest::prelude::*;

    const EVENTS: [&str; 5] = [
        r#"{"id":"1","runId":"r","nodeId":"a","type":"STARTED","level":"info","timestamp":"2026-01-01T00:00:01.000Z","metadata":{"activityId":"act","attempt":2,"correlationId":"r:a:1","childRunId":"r2"}}"#,
        r#"{"id":"12","nodeId":"b","type":"PROGRESS","timestamp":"2026-01-01T00:00:02.123456Z","message":"scanned \"x\" 3/10","data":{"stream":"stdout","n":[1,-2.5e3,null,true]}}"#,
        r#" { "id" : "13" , "nodeId" : "ü" , "type" : "FAILED" , "timestamp" : "2026-01-01T00:00:03+01:00" , "error" : {"message":"no","code":404,"fieldErrors":{"url":["bad"]}} , "data" : null } "#,
        r#"{"id":"e-14","type":"HTTP_RESPONSE_RECEIVED","level":"error","timestamp":"2026-01-01T00:00:04Z","data":{"correlationId":"x1"},"outputSummary":{"ok":true},"unheardOf":[{}]}"#,
        r#"{"id":"15","nodeId":"workflow","type":"COMPLETED","level":"warn","timestamp":"2026-01-01T00:00:05Z","message":"","metadata":{"activityId":"workflow-orchestration"}}"#,
    ];

    fn drawn(batch: &Batch) -> String {
        format!("{batch:?}")
    }

    /// The event as it is read where nothing is taken for granted.
    fn with_care(text: &str) -> Batch {
        let mut decoder = Decoder::new("event".to_owned());
        decoder.trace_with_care(text);
        decoder.take()
    }

    fn usual(text: &str) -> Option<Batch> {
        let item = read_one(text, &mut Data::default())?;
        Some(Batch {
            items: vec![item],
            ..Batch::default()
        })
    }

    #[test]
    fn usual_events_are_read_and_read_the_same() {
        for text in EVENTS {
            let usual = usual(text).map(|batch| drawn(&batch));
            assert_eq!(usual, Some(drawn(&with_care(text))), "{text}");
        }
    }

    #[test]
    fn what_is_not_usual_is_left() {
        for text in [
            r#"{"id":7,"type":"STARTED","timestamp":"2026-01-01T00:00:01Z"}"#,
            r#"{"id":"1","id":"2","type":"STARTED","timestamp":"2026-01-01T00:00:01Z"}"#,
            r#"{"id":"1","type":"STARTED","timestamp":"2026-01-01T00:00:01Z","message":null}"#,
            r#"{"id":"1","type":"STARTED","timestamp":"2026-01-01T00:00:01Z","message":7}"#,
            r#"{"id":"1","type":"NODE_LOG","timestamp":"2026-01-01T00:00:01Z"}"#,
            r#"{"id":"1","type":"DREAMT","timestamp":"2026-01-01T00:00:01Z"}"#,
            r#"{"id":"1","type":"STARTED","level":"loud","timestamp":"2026-01-01T00:00:01Z"}"#,
            r#"{"id":"1","type":"STARTED","timestamp":"yesterday"}"#,
            r#"{"id":"1","type":"STARTED","timestamp":"2026-01-01T00:00:01Z","metadata":{"attempt":"two"}}"#,
            r#"{"id":"1","type":"STARTED","timestamp":"2026-01-01T00:00:01Z"} x"#,
            r#"{"id":"1","type":"STARTED"}"#,
            "{}",
            "",
        ] {
            assert!(usual(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_whole_list_is_its_events() {
        let list = EVENTS.join(",");
        for (text, events, cursor, more) in [
            (
                format!(r#"{{"runId":"r","events":[{list}],"cursor":"15"}}"#),
                5,
                Some("15"),
                false,
            ),
            (
                format!(r#"{{"hasMore":true,"cursor":"","events":[{list}]}}"#),
                5,
                None,
                true,
            ),
            (r#"{"events":[]}"#.to_owned(), 0, None, false),
        ] {
            let mut batch = Batch::default();
            read_list(&text, &mut Data::default(), &mut batch).unwrap();
            let resume = batch.resume.as_ref().map(ResumeToken::as_str);
            assert_eq!(
                (batch.items.len(), resume, batch.has_more),
                (events, cursor, more)
            );
            let mut decoder = Decoder::new("list".to_owned());
            decoder.trace_events(&text);
            assert_eq!(drawn(&batch), drawn(&decoder.take()));
        }
        for text in [
            format!(r#"{{"events":[{list}],"events":[]}}"#),
            format!(r#"{{"events":[{list},{{}}]}}"#),
            format!(r#"{{"events":[{list}],"cursor":7}}"#),
            format!("[{list}]"),
            r#"{"cursor":"7"}"#.to_owned(),
        ] {
            let mut batch = Batch::default();
            let read = read_list(&text, &mut Data::default(), &mut batch);
            assert_eq!((read, batch.items.len()), (None, 0), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_it_takes_is_taken_with_care_as_well(
            event in 0..EVENTS.len(),
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4_usize, r#"[ ",:{}\[\]0-9a-zü\\.+-]{0,3}"#), 1..4),
        ) {
            let mut text = EVENTS[event].to_owned();
            for (place, length, piece) in edits {
                let starts: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
                let first = place.index(starts.len());
                let last = (first + length).min(starts.len() - 1);
                text.replace_range(starts[first]..starts[last], &piece);
            }
            if let Some(batch) = usual(&text) {
                prop_assert_eq!(drawn(&batch), drawn(&with_care(&text)), "{}", text);
            }
        }
    }
}
