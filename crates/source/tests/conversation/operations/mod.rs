//! Conversations with an operations backend: what is asked, and what a refusal says.

mod every_line;
mod world;

use model::{Journal, Millis, RunStatus};
use source::conversation::{Answer, Conversation, Extent, Listings, Reply};
use source::dialect::Dialect;

const BASE: &str = "http://ops/api/v1";
const RUN: &str = "gemini_1767225600000";
/// Lines that an answer shows.
const WINDOW: u64 = 100;
/// 2026-01-01T00:00:00Z.
const ZERO: i64 = 1_767_225_600_000;

fn conversation() -> Conversation {
    Conversation::new(Dialect::Operations, BASE, RUN)
}

fn answer<'a>(status: u16, body: &'a str) -> Answer<'a> {
    Answer {
        status,
        body,
        at: Millis(ZERO),
    }
}

#[test]
fn there_is_one_question_and_its_addresses() {
    let mut talk = conversation();
    for extent in [Extent::Full, Extent::Delta] {
        let asked = talk.begin(extent);
        let addresses: Vec<_> = asked.iter().map(|it| it.address.as_str()).collect();
        assert_eq!(
            addresses,
            ["http://ops/api/v1/operations/gemini_1767225600000"]
        );
    }
    assert!(talk.asides().is_empty());
    let stream = talk.stream();
    assert_eq!(
        stream.address,
        "http://ops/api/v1/operations/gemini_1767225600000/stream"
    );
    assert_eq!(stream.after, None);
    assert_eq!(
        talk.cancel().as_deref(),
        Some("http://ops/api/v1/operations/gemini_1767225600000/cancel")
    );
    assert_eq!(talk.artifact("out/a.md"), None);
    let odd =
        Conversation::new(Dialect::Operations, "/backends/v/api/v1/", "a/b?c").begin(Extent::Full);
    assert_eq!(odd[0].address, "/backends/v/api/v1/operations/a%2Fb%3Fc");
}

/// An operation of ours that has ended with 150 lines, opened afresh.
fn ended(cursor: &str) -> String {
    let shown: Vec<_> = (51..=150).map(|number| format!("\"l{number}\"")).collect();
    format!(
        r#"{{"id":"{RUN}","status":"succeeded","result":{{"logs":[{}],"log_count":150,"truncated":false}}{cursor}}}"#,
        shown.join(",")
    )
}

#[test]
fn an_ended_operation_brings_what_it_no_longer_shows_by_a_stream_that_has_an_end() {
    const OURS: &str = r#","cursor":"e-150""#;
    let frame = |number: u64| {
        format!(
            "id: e-{number}\ndata: {{\"type\":\"log\",\"content\":\"l{number}\",\"node\":\"n\",\"timestamp\":\"2025-12-31T23:00:00Z\"}}\n\n"
        )
    };
    let whole: String = (1..=150).map(frame).collect();
    let torn: String = (1..=30)
        .chain(41..=150)
        .map(|number| match number {
            41 => frame(41).replace("id:", "from: e-40\nid:"),
            _ => frame(number),
        })
        .collect();
    let without_ids = whole.replace("id: e-", "x: ");
    // Streams allowed, the cursor, the stream's answer; lines, and what is said.
    for (streams, cursor, stream, lines, said) in [
        (true, OURS, Some((200, &*whole)), 150, None),
        (true, OURS, Some((404, "")), 101, Some(50)),
        (true, OURS, Some((200, "<html>")), 101, Some(50)),
        (true, OURS, Some((200, &*without_ids)), 101, Some(50)),
        (true, OURS, Some((200, &*torn)), 131, Some(20)),
        // The flag is off: no stream is ever asked.
        (false, OURS, None, 101, Some(50)),
        // Another backend than ours has none that could be read to its end.
        (true, "", None, 101, Some(50)),
    ] {
        let mut talk = conversation();
        talk.allow_streams(streams);
        let mut journal = Journal::default();
        let mut problems = Vec::new();
        let request = talk.begin(Extent::Full).remove(0);
        let mut read = |reply: Reply| match reply {
            Reply::Failed { message } => panic!("{message}"),
            Reply::Read { batch, next } => {
                problems.extend(batch.problems.iter().map(|it| it.what.to_string()));
                journal.append(batch.items);
                next
            }
        };
        let next = read(talk.answer(&request, answer(200, &ended(cursor))));
        let addresses: Vec<_> = next.iter().map(|it| it.address.as_str()).collect();
        let asked = format!("{BASE}/operations/{RUN}/stream");
        assert_eq!(addresses, stream.map(|_| asked.as_str()).as_slice());
        for (request, (status, body)) in next.iter().zip(stream) {
            assert!(read(talk.answer(request, answer(status, body))).is_empty());
        }
        // It is asked once, and nothing is told again.
        let request = talk.begin(Extent::Delta).remove(0);
        assert!(read(talk.answer(&request, answer(200, &ended(cursor)))).is_empty());
        let log = journal.logs();
        let texts: Vec<_> = log
            .lines(0..log.len())
            .map(|line| line.message.to_owned())
            .collect();
        assert_eq!(texts.len(), lines, "{texts:?}");
        assert_eq!(texts.last().unwrap(), "l150");
        let told: Vec<_> = said
            .map(|lines| {
                format!("log: {lines} lines were not sent: an answer shows the last 100 alone")
            })
            .into_iter()
            .collect();
        assert_eq!(problems, told);
    }
}

#[test]
fn polls_come_quickly_first_and_then_back_off() {
    let cadence = conversation().cadence();
    assert_eq!(cadence[..10], [1_000; 10]);
    assert_eq!(cadence[10..], [1_500, 2_250, 3_375, 5_000]);
}

#[test]
fn a_refusal_says_why() {
    let address = "the server answered 404 to http://ops/api/v1/operations/gemini_1767225600000";
    for (body, want) in [
        (
            r#"{"detail":{"kind":"Error","detail":"Operation not found","error_code":"NOT_FOUND_ERROR"}}"#,
            format!("{address}: Operation not found"),
        ),
        (r#"{"detail":"Not Found"}"#, format!("{address}: Not Found")),
        ("<html>", address.to_owned()),
    ] {
        let mut talk = conversation();
        let request = &talk.begin(Extent::Full)[0];
        match talk.answer(request, answer(404, body)) {
            Reply::Failed { message } => assert_eq!(message, want),
            Reply::Read { .. } => panic!("a 404 is no answer"),
        }
    }
}

#[test]
fn what_does_not_say_how_the_operation_stands_is_a_failed_fetch() {
    let address = "http://ops/api/v1/operations/gemini_1767225600000";
    let stands = |rest: &str| format!(r#"{{"id":"{RUN}","status":"processing"{rest}}}"#);
    for (body, want) in [
        (String::new(), "EOF while parsing"),
        ("<html>sign in</html>".into(), "expected value"),
        ("null".into(), ""),
        ("[]".into(), ""),
        ("{}".into(), "missing field `id`"),
        (r#"{"detail":"Not Found"}"#.into(), "missing field `id`"),
        (format!(r#"{{"id":"{RUN}"}}"#), "missing field `status`"),
        (
            r#"{"id":"x","status":"processing"}"#.into(),
            "it is about another operation: `x`",
        ),
        (stands("")[..40].to_owned(), "EOF while parsing"),
    ] {
        let mut talk = conversation();
        for extent in [Extent::Full, Extent::Delta] {
            let request = &talk.begin(extent)[0];
            match talk.answer(request, answer(200, &body)) {
                Reply::Failed { message } => {
                    let told = format!("the answer to {address} could not be read: {want}");
                    assert!(message.starts_with(&told), "{message}");
                    assert!(message.len() < 200, "{message}");
                }
                Reply::Read { .. } => panic!("`{body}` is no answer"),
            }
        }
        // It leaves nothing behind.
        let request = &talk.begin(Extent::Delta)[0];
        let read = talk.answer(request, answer(200, &stands("")));
        assert!(
            matches!(&read, Reply::Read { batch, .. } if !batch.items.is_empty() && batch.problems.is_empty()),
            "{read:?}"
        );
    }
    // What says it and something odd besides is an answer, as often as it comes.
    let mut talk = conversation();
    for _ in 0..3 {
        let request = &talk.begin(Extent::Delta)[0];
        let read = talk.answer(request, answer(200, &stands(r#","started_at":7"#)));
        assert!(
            matches!(&read, Reply::Read { batch, .. } if batch.problems.len() == 1),
            "{read:?}"
        );
    }
}

#[test]
fn a_backend_that_lists_nothing_says_so() {
    let listings = Listings::new(Dialect::Operations, BASE);
    let address = listings.address(50);
    assert_eq!(address, "http://ops/api/v1/operations?limit=50");
    for status in [404, 405] {
        let said = listings.refusal(&address, status, r#"{"detail":"Not Found"}"#);
        assert!(
            said.starts_with("this backend does not list its operations; open one by its address")
        );
    }
    assert_eq!(
        listings.refusal(&address, 503, r#"{"detail":{"detail":"Busy"}}"#),
        format!("the server answered 503 to {address}: Busy")
    );
    let listed =
        listings.read(r#"{"operations":[{"id":"a_1767225600000","status":"processing"}]}"#);
    assert_eq!(listed.runs[0].status, RunStatus::Running);
}
